#include <algorithm>

#include "models/firewall.h"

namespace trustfall {
namespace {

/// The moments before the horizon at which what is cut off may change, the start among them.
std::vector<Instant> moments_of(const std::vector<FirewallRule>& rules, Instant horizon) {
  std::vector<Instant> moments = {Instant{}};
  for (const FirewallRule& rule : rules)
    for (const Instant moment : {rule.from, rule.until})
      if (!rule.pairs() && moment > Instant{} && moment < horizon) moments.push_back(moment);
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

}  // namespace

/// Classes of device that rules cut off from all that a zone carries, in whichever direction.
DeviceSet Firewalls::cut_off(std::uint32_t membership, Instant now) const {
  const Membership& m = estate_->memberships()[membership];
  DeviceSet off = 0;
  for (std::size_t r = 0; r < rules_->size(); ++r) {
    const FirewallRule& rule = (*rules_)[r];
    if (rule.pairs() || rule.zone_kind != (*estate_)[m.zone].kind || (rule.closes && !rule.everything)) continue;
    if (now < rule.from || now >= rule.until || !stands(r, m.segment)) continue;
    const DeviceSet concerned = rule.where.devices();
    off = static_cast<DeviceSet>(rule.closes ? off | concerned : off & ~concerned);
  }
  return off;
}

std::vector<Cut> Firewalls::cuts(Instant horizon) const {
  std::vector<Cut> found;
  const bool any = std::any_of(rules_->begin(), rules_->end(),
                               [](const FirewallRule& rule) { return rule.closes && rule.everything; });
  if (!any) return found;
  const std::vector<Instant> moments = moments_of(*rules_, horizon);
  for (std::uint32_t m = 0; m < estate_->memberships().size(); ++m) {
    const Membership& member = estate_->memberships()[m];
    DeviceSet for_good = all_devices;
    for (const Instant moment : moments) for_good &= cut_off(m, moment);
    DeviceSet before = 0;
    for (const Instant moment : moments) {
      const auto now = static_cast<DeviceSet>(cut_off(m, moment) & ~for_good);
      if (now == before) continue;
      if (before != 0) found.back().until = moment;
      if (now != 0) found.push_back({member.segment, member.zone, now, moment, never});
      before = now;
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Cut& a, const Cut& b) { return a.from < b.from; });
  return found;
}

}  // namespace trustfall
