#include "scenarios/inspection/may_be_open.h"

#include <algorithm>

namespace trustfall {
namespace {

/// What is open behind one more rule: an opening may always hold, a closing only counts when it always does.
DeviceSet behind(const FirewallRule& rule, DeviceSet open) {
  const DeviceSet concerned = rule.where.devices();
  if (!rule.closes) return static_cast<DeviceSet>(open | concerned);
  const bool always = rule.share >= 1 && rule.misconfigured <= 0 && rule.from <= Instant{} && rule.until == never;
  return always ? static_cast<DeviceSet>(open & ~concerned) : open;
}

}  // namespace

bool MayBeOpen::concerns(const FirewallRule& rule, std::uint32_t membership) const {
  const Membership& m = estate_.memberships()[membership];
  return rule.zone_kind == estate_[m.zone].kind && rule.where.covers(m.segment);
}

DeviceSet MayBeOpen::open(std::uint32_t membership, FirewallRule::Direction direction) const {
  DeviceSet open = all_devices;
  for (const FirewallRule& rule : rules_)
    if (!rule.pairs() && concerns(rule, membership) &&
        (rule.direction == direction || rule.direction == FirewallRule::Direction::both))
      open = behind(rule, open);
  return open;
}

DeviceSet MayBeOpen::inbound(std::uint32_t membership, std::uint16_t from_network) const {
  DeviceSet open = all_devices;
  for (const FirewallRule& rule : rules_)
    if (rule.pairs() && rule.from_networks[from_network] && concerns(rule, membership)) open = behind(rule, open);
  return static_cast<DeviceSet>(open & inbound(membership));
}

bool MayBeOpen::paired(std::uint16_t zone_kind) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const FirewallRule& rule) { return rule.pairs() && rule.zone_kind == zone_kind; });
}

}  // namespace trustfall
