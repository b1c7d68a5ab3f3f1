// Who can be reached, and who scans: blocks, rules, isolation of segments, emission.
#include "sim/engine/incident.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace trustfall {

// --- blocks ---

std::size_t Incident::slot_of(SegmentId segment, ZoneId zone) const {
  const auto zones = estate_->zones_of(segment);
  for (std::size_t slot = 0; slot < zones.size(); ++slot)
    if (zones[slot].zone == zone) return slot;
  assert(false);
  return 0;
}

std::optional<std::uint64_t> Incident::blocker(HostId host, ZoneId zone, const Targets& targets) const {
  const int plan = targets.power_plan(host);
  if (switched_off(plan)) return plan_key(plan, zone);
  const SegmentId segment = estate_->segment_of(host);
  const std::size_t slot = slot_of(segment, zone);
  const std::uint32_t membership = estate_->zones_of(segment)[slot].membership;
  if ((blocked_inbound(segment, membership) & only(estate_->device(host))) != 0) return membership_key(membership);
  if (isolated(host)) return host_key(host, slot);
  return std::nullopt;
}

Pressure Incident::blocked_since(const Threshold& threshold, ZoneId zone, const Targets& targets) {
  found_.clear();
  const int plan = targets.power_plan(threshold.host);
  if (plan != always_on)
    for (const PowerSwitch& period : power_[index_of(plan)].switches)
      if (period.off >= threshold.since)
        found_.push_back({period.off, pressure_then(period.pressure_off, zone),
                          period.over ? pressure_then(period.pressure_on, zone) : no_limit, all_devices});
  const SegmentId segment = estate_->segment_of(threshold.host);
  const std::size_t slot = slot_of(segment, zone);
  const DeviceClass device = estate_->device(threshold.host);
  segment_blocks_.collect(estate_->zones_of(segment)[slot].membership, device, threshold.since, found_);
  host_blocks_.collect(host_key(threshold.host, slot), device, threshold.since, found_);
  return found_.empty() ? 0 : blocked_pressure(found_, clocks_[index(zone)].pressure_at(now_));
}

void Incident::release(std::uint64_t key, ZoneId zone, const Targets& targets) {
  unblock_links(key);
  const auto waiting = parked_.find(key);
  if (waiting == parked_.end()) return;
  const std::vector<Threshold> thresholds = std::move(waiting->second);
  parked_.erase(waiting);
  for (const Threshold& threshold : thresholds) {
    if (settled(threshold.host) && !again_) continue;
    if (const auto other = blocker(threshold.host, zone, targets)) {
      parked_[*other].push_back(threshold);  // as it is: what it missed is reckoned when nothing holds it any more
    } else if (threshold.since == start_over) {
      start_anew(threshold, zone, targets);
    } else {
      const Pressure missed = blocked_since(threshold, zone, targets);
      clocks_[index(zone)].push({threshold.at + missed, threshold.host, threshold.attempt, now_});
    }
  }
  rekey(zone, targets);
}

void Incident::settle_membership(SegmentId segment, ZoneOfSegment of, DeviceSet before, const Targets& targets) {
  const DeviceSet after = blocked_inbound(segment, of.membership);
  if (paced_) {
    flow_[of.membership].paces = paces_reaching(segment, of.membership);
    share_out(segment);
  } else {
    add_emission(of,
                 std::int64_t{reaching(segment, of.membership)} - std::int64_t{reach_[of.membership].contributing});
  }
  if (before != after) {
    blocks_ = true;
    segment_blocks_.change(of.membership, after, now_, clocks_[index(of.zone)].pressure_at(now_));
    if ((before & ~after) != 0) release(membership_key(of.membership), of.zone, targets);
  }
  unblock_links(outbound_key(of.membership));
  rekey(of.zone, targets);
}

void Incident::set_rules(std::uint32_t membership, DeviceSet inbound, DeviceSet outbound, const Targets& targets) {
  const Membership& m = estate_->memberships()[membership];
  const DeviceSet before = blocked_inbound(m.segment, membership);
  reach_[membership].inbound = inbound;
  reach_[membership].outbound = outbound;
  settle_membership(m.segment, {membership, m.zone}, before, targets);
}

void Incident::isolate(SegmentId segment, const Targets& targets) { change_isolation(segment, +1, targets); }

void Incident::reconnect(SegmentId segment, const Targets& targets) {
  assert(isolated(segment));
  change_isolation(segment, -1, targets);
}

void Incident::change_isolation(SegmentId segment, int by, const Targets& targets) {
  const auto zones = estate_->zones_of(segment);
  std::array<DeviceSet, 16> before{};
  for (std::size_t slot = 0; slot < zones.size(); ++slot)
    before[slot] = blocked_inbound(segment, zones[slot].membership);
  isolations_[index(segment)] = isolations_[index(segment)] + static_cast<std::uint32_t>(by);
  for (std::size_t slot = 0; slot < zones.size(); ++slot)
    settle_membership(segment, zones[slot], before[slot], targets);
}

// --- emission ---

void Incident::add_emission(ZoneOfSegment of, std::int64_t hosts) {
  if (hosts == 0) return;
  const Zone& pool = (*estate_)[of.zone];
  ZoneClock& clock = clocks_[index(of.zone)];
  touch(of.zone);
  clock.settle(now_);
  // Unsigned arithmetic wraps, so that adding a negative number subtracts it.
  clock.rate += static_cast<std::uint64_t>(hosts) * rate_[pool.kind];
  reach_[of.membership].contributing += static_cast<std::uint32_t>(hosts);
  sums_[sums_of_[index(of.zone)]].add(of.membership - pool.first, static_cast<std::uint64_t>(hosts));
}

std::uint32_t Incident::reaching(SegmentId segment, std::uint32_t membership) const {
  const DeviceSet blocked = blocked_outbound(segment, membership);
  const std::uint32_t emitting = emitting_in_[index(segment)];
  if (blocked == 0) return emitting;
  if (blocked == all_devices) return 0;
  const auto first = emitters_.begin() + static_cast<std::ptrdiff_t>(index(estate_->first_host(segment)));
  return static_cast<std::uint32_t>(std::count_if(
      first, first + emitting, [&](std::uint32_t h) { return (blocked & only(estate_->device(HostId{h}))) == 0; }));
}

void Incident::start_emitting(HostId host, const Targets& targets) {
  assert(!has(host, emitting_));
  set(host, emitting_);
  const SegmentId segment = estate_->segment_of(host);
  const std::size_t at = index(estate_->first_host(segment)) + emitting_in_[index(segment)]++;
  emitters_[at] = static_cast<std::uint32_t>(host);
  place_[index(host)] = static_cast<std::uint32_t>(at);
  const DeviceSet device = only(estate_->device(host));
  if (paced_) {
    start_pace(host, at);
  } else {
    for (const ZoneOfSegment of : estate_->zones_of(segment)) {
      if ((blocked_outbound(segment, of.membership) & device) != 0) continue;
      add_emission(of, +1);
      rekey(of.zone, targets);
    }
  }
  unblock_links(source_key(host));
}

/// Leaves the clocks' next moments as they are: they are too early now, and put right when they come.
void Incident::stop_emitting(HostId host) {
  if (!has(host, emitting_)) return;
  unset(host, emitting_);
  const SegmentId segment = estate_->segment_of(host);
  const std::size_t last = index(estate_->first_host(segment)) + --emitting_in_[index(segment)];
  const std::size_t at = place_[index(host)];
  emitters_[at] = emitters_[last];
  place_[emitters_[at]] = static_cast<std::uint32_t>(at);
  if (paced_) return stop_pace(host, at, last);
  const DeviceSet device = only(estate_->device(host));
  for (const ZoneOfSegment of : estate_->zones_of(segment))
    if ((blocked_outbound(segment, of.membership) & device) == 0) add_emission(of, -1);
}

HostId Incident::source_of(HostId target, ZoneId zone, std::uint32_t attempt) const {
  const ZoneClock& clock = clocks_[index(zone)];
  const Zone& pool = (*estate_)[zone];
  const auto draw = [&](std::uint32_t k) { return source_draw(target, zone, attempt, k); };
  const auto pick = [](double u, std::uint64_t of) {
    return std::min(static_cast<std::uint64_t>(u * static_cast<double>(of)), of - 1);
  };
  const std::uint64_t share = pick(draw(0), clock.rate);
  if (share >= clock.rate - clock.outside) return no_host;

  // To the segment, then among its hosts.
  if (paced_) {
    std::uint64_t rest = share;
    const auto emitted = [&](std::uint32_t at) { return flow_[pool.first + at].emitted; };
    return source_by_pace(pool.first + sums_[sums_of_[index(zone)]].find(rest, emitted), target, attempt);
  }
  std::uint64_t rest = share / rate_[pool.kind];
  const auto contributing = [&](std::uint32_t at) { return reach_[pool.first + at].contributing; };
  const std::uint32_t membership = pool.first + sums_[sums_of_[index(zone)]].find(rest, contributing);
  const SegmentId segment = estate_->memberships()[membership].segment;
  const std::size_t first = index(estate_->first_host(segment));
  const std::uint32_t emitting = emitting_in_[index(segment)];
  if (reach_[membership].contributing == emitting) return HostId{emitters_[first + rest]};

  const DeviceSet blocked = blocked_outbound(segment, membership);
  for (std::uint32_t k = 1;; ++k) {
    const HostId source = HostId{emitters_[first + pick(draw(k), emitting)]};
    if ((blocked & only(estate_->device(source))) == 0) return source;
  }
}

}  // namespace trustfall
