#include "models/firewall.h"

#include <algorithm>
#include <cassert>

namespace trustfall {

Firewalls::Firewalls(const Estate& estate, const std::vector<FirewallRule>& rules)
    : estate_(&estate),
      rules_(&rules),
      timed_(estate.zone_kinds().size()),
      ruled_(estate.zone_kinds().size()),
      paired_(estate.zone_kinds().size()) {
  for (const FirewallRule& rule : rules) {
    (rule.pairs() ? paired_ : ruled_)[rule.zone_kind] = 1;
    if (rule.pairs()) continue;
    for (const Instant change : {rule.from, rule.until}) {
      if (change <= Instant{} || change == never) continue;
      timed_[rule.zone_kind] = 1;
      changes_.push_back(change);
    }
  }
  std::sort(changes_.begin(), changes_.end());
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
}

void Firewalls::reset(const Draws& draws) {
  stands_.clear();
  for (std::size_t r = 0; r < rules_->size(); ++r) select(r, draws);
}

/// Appends, segment by segment, whether the rule is there and holds.
void Firewalls::select(std::size_t rule, const Draws& draws) {
  const FirewallRule& r = (*rules_)[rule];
  const bool everywhere = r.share >= 1 && r.misconfigured <= 0;
  const auto unit_of = [&](std::uint32_t segment) {
    const Segment& s = (*estate_)[SegmentId{segment}];
    return r.per == FirewallRule::Unit::organisation ? static_cast<std::uint32_t>(s.organisation)
           : r.per == FirewallRule::Unit::site       ? static_cast<std::uint32_t>(s.site)
                                                     : segment;
  };
  std::uint32_t asked = 0xffffffffu;  // the segments of a unit stand side by side
  bool holds = everywhere;
  for (std::uint32_t s = 0; s < estate_->segments(); ++s) {
    const bool covers = r.where.covers(SegmentId{s});
    if (covers && !everywhere && unit_of(s) != asked) {
      asked = unit_of(s);
      holds = draws.uniform(Purpose::firewall, asked, r.luck) < r.share &&
              draws.uniform(Purpose::misconfigured, asked, r.luck) >= r.misconfigured;
    }
    stands_.push_back(covers && holds);
  }
}

Firewalls::Closed Firewalls::closed(std::uint32_t membership, Instant now) const {
  const Membership& m = estate_->memberships()[membership];
  Closed closed;
  for (std::size_t r = 0; r < rules_->size(); ++r) {
    const FirewallRule& rule = (*rules_)[r];
    if (rule.pairs() || rule.zone_kind != (*estate_)[m.zone].kind) continue;
    if (now < rule.from || now >= rule.until || !stands(r, m.segment)) continue;
    const auto set = [&](DeviceSet& devices) {
      const DeviceSet concerned = rule.where.devices();
      devices = static_cast<DeviceSet>(rule.closes ? devices | concerned : devices & ~concerned);
    };
    if (rule.direction != FirewallRule::Direction::outbound) set(closed.inbound);
    if (rule.direction != FirewallRule::Direction::inbound) set(closed.outbound);
  }
  return closed;
}

void Firewalls::begin(Incident& incident, const Targets& targets) const {
  for (std::uint32_t m = 0; m < estate_->memberships().size(); ++m) {
    const std::uint16_t kind = (*estate_)[estate_->memberships()[m].zone].kind;
    if (!ruled_[kind]) continue;
    const Closed at_start = closed(m, Instant{});
    DeviceSet for_good = at_start.inbound;
    if (timed_[kind])
      for (const Instant change : changes_) for_good &= closed(m, change).inbound;
    if (for_good != 0) incident.close_for_good(m, for_good);
    if (at_start.inbound != for_good || at_start.outbound != 0)
      incident.set_rules(m, at_start.inbound, at_start.outbound, targets);
  }
  for (const Instant change : changes_) incident.schedule(change, EventKind::rule, 0);
}

std::uint32_t Firewalls::membership_of(HostId host, ZoneId zone) const {
  for (const ZoneOfSegment& of : estate_->zones_of(estate_->segment_of(host)))
    if (of.zone == zone) return of.membership;
  assert(false);
  return 0;
}

bool Firewalls::closed_between(HostId source, HostId target, ZoneId zone, Instant now) const {
  // What a host is is far away in memory: asked for only where it matters.
  const auto among = [&](HostId host, DeviceSet set) {
    return set != 0 && (set == all_devices || (set & only(estate_->device(host))) != 0);
  };
  return among(source, closed(membership_of(source, zone), now).outbound) ||
         among(target, closed(membership_of(target, zone), now).inbound);
}

std::optional<Instant> Firewalls::stops_link(HostId source, HostId target, ZoneId zone, Instant now) const {
  if (closed_between(source, target, zone, now)) {
    for (auto change = std::upper_bound(changes_.begin(), changes_.end(), now); change != changes_.end(); ++change)
      if (!closed_between(source, target, zone, *change)) return *change;
    return never;
  }
  if (refuses(source, target, zone, now)) return now;
  return std::nullopt;
}

bool Firewalls::refuses(HostId source, HostId target, ZoneId zone, Instant now) const {
  const std::uint16_t kind = (*estate_)[zone].kind;
  if (!paired_[kind] || source == no_host) return false;
  const std::uint16_t from = (*estate_)[estate_->segment_of(source)].network;
  return (refused(kind, from, estate_->segment_of(target), now) & only(estate_->device(target))) != 0;
}

DeviceSet Firewalls::refused(std::uint16_t zone_kind, std::uint16_t from_network, SegmentId target,
                             Instant now) const {
  DeviceSet refused = 0;
  for (std::size_t r = 0; r < rules_->size(); ++r) {
    const FirewallRule& rule = (*rules_)[r];
    if (!rule.pairs() || rule.zone_kind != zone_kind || !rule.from_networks[from_network]) continue;
    if (now < rule.from || now >= rule.until || !stands(r, target)) continue;
    const DeviceSet concerned = rule.where.devices();
    refused = static_cast<DeviceSet>(rule.closes ? refused | concerned : refused & ~concerned);
  }
  return refused;
}

}  // namespace trustfall
