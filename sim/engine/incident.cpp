#include "sim/engine/incident.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "sim/base/numeric.h"

namespace trustfall {
namespace {

// Keys of what blocks a threshold. A host is in at most sixteen zones.
std::uint64_t plan_key(int plan, ZoneId zone) {
  return (std::uint64_t{1} << 62) | (static_cast<std::uint64_t>(plan) << 32) | static_cast<std::uint64_t>(zone);
}
std::uint64_t membership_key(std::uint32_t membership) { return (std::uint64_t{2} << 62) | membership; }
std::uint64_t host_key(HostId host, std::size_t slot) {
  return (std::uint64_t{3} << 62) | (static_cast<std::uint64_t>(host) << 4) | slot;
}

HostId host_at(std::uint32_t position) { return HostId{position}; }

}  // namespace

Incident::Incident(const Estate& estate, const std::vector<double>& rates, std::size_t plans, Draws draws,
                   Instant horizon)
    : estate_(&estate),
      draws_(draws),
      horizon_(horizon),
      emitters_(estate.hosts()),
      place_(estate.hosts()),
      clocks_(estate.zones()),
      power_(plans) {
  for (const double rate : rates) rate_.push_back(rate_from(rate));
  reset(draws);
}

void Incident::reset(Draws draws) {
  draws_ = draws;
  now_ = Instant{};
  queue_.reset(horizon_);
  trace_.clear();
  state_.assign(estate_->hosts(), 0);
  emitting_in_.assign(estate_->segments(), 0);
  isolations_.assign(estate_->segments(), 0);
  for (ZoneClock& clock : clocks_) {
    auto kept = std::move(clock.thresholds);
    kept.clear();
    clock = ZoneClock{};
    clock.thresholds = std::move(kept);
  }
  order_.clear();
  reach_.assign(estate_->memberships().size(), {});
  tree_.assign(estate_->memberships().size(), 0);
  for (Power& power : power_) power = Power{};
  segment_blocks_.clear();
  host_blocks_.clear();
  blocks_ = false;
  parked_.clear();
}

// --- the clock
// --------------------------------------------------------------------------------------------------------

std::optional<Event> Incident::next(const Targets& targets, Instant until) {
  for (;;) {
    const Event* queued = queue_.top();
    const bool clock_first = !order_.empty() && (queued == nullptr || clocks_[order_[0]].due < queued->time);
    const Instant time = clock_first ? clocks_[order_[0]].due : queued != nullptr ? queued->time : never;
    if (time >= until) return std::nullopt;
    assert(time >= now_);  // the clock never goes back
    now_ = time;
    if (!clock_first) {
      const Event event = *queued;
      queue_.pop();
      fetch_ahead();
      return event;
    }
    if (attempt(ZoneId{order_[0]}, targets))
      return Event{now_, EventKind::attempt, static_cast<std::uint32_t>(hit_.host),
                   static_cast<std::uint32_t>(hit_.source)};
  }
}

/// Most of an event's time would go by waiting for the memory of its host: asked for a few events before its turn.
void Incident::fetch_ahead() const {
  if (const Event* far = queue_.soon(8); far != nullptr && far->subject < state_.size()) {
    __builtin_prefetch(&state_[far->subject]);
    __builtin_prefetch(&place_[far->subject]);
  }
  if (const Event* near = queue_.soon(4); near != nullptr && near->subject < state_.size()) {
    const SegmentId segment = estate_->segment_of(HostId{near->subject});
    __builtin_prefetch(&emitting_in_[index(segment)]);
    __builtin_prefetch(&emitters_[place_[near->subject]]);
    for (const ZoneOfSegment of : estate_->zones_of(segment)) __builtin_prefetch(&reach_[of.membership]);
  }
}

bool Incident::attempt(ZoneId zone, const Targets& targets) {
  ZoneClock& clock = clocks_[index(zone)];
  clock.settle(now_);
  if (clock.thresholds.empty() || clock.thresholds.front().at > clock.pressure) {
    // Either a new window begins, or the rate has fallen since this moment was reckoned.
    if (clock.pressure >= clock.drawn_to) draw_thresholds(zone, next_window(zone), targets);
    rekey(zone, targets);
    return false;
  }
  Threshold due = clock.thresholds.front();
  clock.pop();
  bool effect = false;
  if (!settled(due.host) && !targets.protected_at(due.host, now_)) {
    const auto waits_for = blocks_ ? blocker(due.host, zone, targets) : std::nullopt;
    const Pressure missed = blocks_ && !waits_for ? blocked_since(due, zone, targets) : 0;
    if (waits_for) {
      parked_[*waits_for].push_back(due);
    } else if (missed > 0) {
      clock.push({due.at + missed, due.host, due.attempt, now_});
    } else {
      const HostId source = source_of(due.host, zone, due.attempt);
      effect = !targets.refuses(source, due.host, zone, now_);
      if (effect) {
        hit_ = {due.host, source, zone};
      } else {
        const std::uint32_t k = due.attempt + 1;
        const double u = draws_.uniform(Purpose::threshold, static_cast<std::uint32_t>(due.host),
                                        static_cast<std::uint32_t>(zone), k);
        const double gap = -natural_log(u) / targets.chance(due.host);
        clock.push({due.at + pressure_at_members(gap, zone), due.host, k, now_});
      }
    }
  }
  rekey(zone, targets);
  return effect;
}

void Incident::draw_thresholds(ZoneId zone, Pressure to, const Targets& targets) {
  ZoneClock& clock = clocks_[index(zone)];
  const Pressure from = clock.drawn_to;
  const Zone& pool = (*estate_)[zone];
  // Draws below exp(-chance * attempts) lie beyond the window: the logarithm of most is not needed. A little less, so
  // that rounding decides nothing. Few chances occur, and hosts that are alike stand side by side.
  const double attempts =
      to == no_limit ? 0 : static_cast<double>(to) / static_cast<double>(pressure_at_members(1, zone));
  double chance_before = 0;
  double least_before = 0;
  const auto least = [&](double chance) {
    if (to == no_limit) return 0.0;
    if (chance != chance_before) {
      chance_before = chance;
      least_before = exponential(-chance * attempts) * (1 - 1e-9);
    }
    return least_before;
  };
  for (std::uint32_t m = pool.first; m < pool.last; ++m) {
    const DeviceSet unreachable = reach_[m].never;
    if (unreachable == all_devices) continue;
    const SegmentId segment = estate_->memberships()[m].segment;
    const auto first = static_cast<std::uint32_t>(estate_->first_host(segment));
    const auto last = static_cast<std::uint32_t>(estate_->last_host(segment));
    chances_.resize(last - first);
    targets.chances(segment, chances_);
    for (std::uint32_t h = first; h < last; ++h) {
      const double chance = chances_[h - first];
      if (chance <= 0 || settled(host_at(h))) continue;
      if (unreachable != 0 && (unreachable & only(estate_->device(host_at(h)))) != 0) continue;
      const double u = draws_.uniform(Purpose::threshold, h, static_cast<std::uint32_t>(zone), 0);
      if (u < least(chance)) continue;
      const Pressure at = pressure_at_members(-natural_log(u) / chance, zone);
      if (at >= from && at < to) clock.thresholds.push_back({at, host_at(h), 0, Instant::min()});
    }
  }
  std::make_heap(clock.thresholds.begin(), clock.thresholds.end(), falls_later);
  clock.drawn_to = to;
}

/// How far to draw thresholds next: most hosts of a wide zone are never reached, and their draws can be repeated
/// later.
Pressure Incident::next_window(ZoneId zone) const {
  constexpr std::size_t small = 2048;
  if ((*estate_)[zone].hosts > small)
    for (const double attempts : {0.0625, 0.5, 4.0}) {
      const Pressure limit = pressure_at_members(attempts, zone);
      if (limit > clocks_[index(zone)].drawn_to) return limit;
    }
  return no_limit;
}

void Incident::rekey(ZoneId zone, const Targets& targets) {
  ZoneClock& clock = clocks_[index(zone)];
  if (clock.rate == 0) return place(zone, never);
  if (clock.drawn_to == 0) draw_thresholds(zone, next_window(zone), targets);
  while (!clock.thresholds.empty() && settled(clock.thresholds.front().host)) clock.pop();
  const Pressure first = clock.thresholds.empty() ? no_limit : clock.thresholds.front().at;
  const Pressure target = std::min(first, clock.drawn_to);
  place(zone, target == no_limit ? never : std::max(now_, clock.time_of(target, horizon_)));
}

void Incident::place(ZoneId zone, Instant due) {
  const auto z = static_cast<std::uint32_t>(zone);
  ZoneClock& clock = clocks_[z];
  const bool sooner = due < clock.due;
  clock.due = due;
  if (clock.place == ZoneClock::nowhere) {
    if (due == never) return;
    clock.place = static_cast<std::uint32_t>(order_.size());
    order_.push_back(z);
    return sift_up(clock.place);
  }
  if (due != never) return sooner ? sift_up(clock.place) : sift_down(clock.place);
  const std::uint32_t at = clock.place;
  clock.place = ZoneClock::nowhere;
  const std::uint32_t moved = order_.back();
  order_.pop_back();
  if (moved == z) return;
  order_[at] = moved;
  clocks_[moved].place = at;
  sift_up(at);
  sift_down(clocks_[moved].place);
}

void Incident::sift_up(std::size_t at) {
  const std::uint32_t zone = order_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 4;
    if (!earlier(zone, order_[parent])) break;
    order_[at] = order_[parent];
    clocks_[order_[at]].place = static_cast<std::uint32_t>(at);
    at = parent;
  }
  order_[at] = zone;
  clocks_[zone].place = static_cast<std::uint32_t>(at);
}

void Incident::sift_down(std::size_t at) {
  const std::uint32_t zone = order_[at];
  for (;;) {
    const std::size_t first = at * 4 + 1;
    if (first >= order_.size()) break;
    std::size_t child = first;
    for (std::size_t c = first + 1; c < std::min(first + 4, order_.size()); ++c)
      if (earlier(order_[c], order_[child])) child = c;
    if (!earlier(order_[child], zone)) break;
    order_[at] = order_[child];
    clocks_[order_[at]].place = static_cast<std::uint32_t>(at);
    at = child;
  }
  order_[at] = zone;
  clocks_[zone].place = static_cast<std::uint32_t>(at);
}

// --- blocks
// -----------------------------------------------------------------------------------------------------------

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
        found_.push_back({period.off, period.pressure_off[index(zone)],
                          period.pressure_on.empty() ? no_limit : period.pressure_on[index(zone)], all_devices});
  const SegmentId segment = estate_->segment_of(threshold.host);
  const std::size_t slot = slot_of(segment, zone);
  const DeviceClass device = estate_->device(threshold.host);
  segment_blocks_.collect(estate_->zones_of(segment)[slot].membership, device, threshold.since, found_);
  host_blocks_.collect(host_key(threshold.host, slot), device, threshold.since, found_);
  return found_.empty() ? 0 : blocked_pressure(found_, clocks_[index(zone)].pressure_at(now_));
}

void Incident::release(std::uint64_t key, ZoneId zone, const Targets& targets) {
  const auto waiting = parked_.find(key);
  if (waiting == parked_.end()) return;
  const std::vector<Threshold> thresholds = std::move(waiting->second);
  parked_.erase(waiting);
  for (const Threshold& threshold : thresholds) {
    if (settled(threshold.host)) continue;
    if (const auto other = blocker(threshold.host, zone, targets)) {
      parked_[*other].push_back(threshold);  // as it is: what it missed is reckoned when nothing holds it any more
    } else {
      const Pressure missed = blocked_since(threshold, zone, targets);
      clocks_[index(zone)].push({threshold.at + missed, threshold.host, threshold.attempt, now_});
    }
  }
  rekey(zone, targets);
}

void Incident::settle_membership(SegmentId segment, ZoneOfSegment of, DeviceSet before, const Targets& targets) {
  const DeviceSet after = blocked_inbound(segment, of.membership);
  add_emission(of, std::int64_t{reaching(segment, of.membership)} - std::int64_t{reach_[of.membership].contributing});
  if (before != after) {
    blocks_ = true;
    segment_blocks_.change(of.membership, after, now_, clocks_[index(of.zone)].pressure_at(now_));
    if ((before & ~after) != 0) release(membership_key(of.membership), of.zone, targets);
  }
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

// --- emission
// ---------------------------------------------------------------------------------------------------------

void Incident::add_emission(ZoneOfSegment of, std::int64_t hosts) {
  if (hosts == 0) return;
  const Zone& pool = (*estate_)[of.zone];
  ZoneClock& clock = clocks_[index(of.zone)];
  clock.settle(now_);
  // Unsigned arithmetic wraps, so that adding a negative number subtracts it.
  clock.emitters += static_cast<std::uint64_t>(hosts);
  clock.rate += static_cast<std::uint64_t>(hosts) * rate_[pool.kind];
  reach_[of.membership].contributing += static_cast<std::uint32_t>(hosts);
  const std::uint32_t size = pool.last - pool.first;
  for (std::uint32_t i = of.membership - pool.first + 1; i <= size; i += i & (~i + 1))
    tree_[pool.first + i - 1] += static_cast<std::uint32_t>(hosts);
}

std::uint32_t Incident::reaching(SegmentId segment, std::uint32_t membership) const {
  const DeviceSet blocked = blocked_outbound(segment, membership);
  const std::uint32_t emitting = emitting_in_[index(segment)];
  if (blocked == 0) return emitting;
  if (blocked == all_devices) return 0;
  const auto first = emitters_.begin() + static_cast<std::ptrdiff_t>(index(estate_->first_host(segment)));
  return static_cast<std::uint32_t>(std::count_if(
      first, first + emitting, [&](std::uint32_t h) { return (blocked & only(estate_->device(host_at(h)))) == 0; }));
}

void Incident::start_emitting(HostId host, const Targets& targets) {
  assert(!has(host, emitting_));
  set(host, emitting_);
  const SegmentId segment = estate_->segment_of(host);
  const std::size_t at = index(estate_->first_host(segment)) + emitting_in_[index(segment)]++;
  emitters_[at] = static_cast<std::uint32_t>(host);
  place_[index(host)] = static_cast<std::uint32_t>(at);
  const DeviceSet device = only(estate_->device(host));
  for (const ZoneOfSegment of : estate_->zones_of(segment)) {
    if ((blocked_outbound(segment, of.membership) & device) != 0) continue;
    add_emission(of, +1);
    rekey(of.zone, targets);
  }
}

/// Leaves the clocks' next moments as they are: they are too early now, and put right when they come.
void Incident::stop_emitting(HostId host) {
  if (!has(host, emitting_)) return;
  unset(host, emitting_);
  const SegmentId segment = estate_->segment_of(host);
  const std::size_t last = index(estate_->first_host(segment)) + --emitting_in_[index(segment)];
  emitters_[place_[index(host)]] = emitters_[last];
  place_[emitters_[last]] = place_[index(host)];
  const DeviceSet device = only(estate_->device(host));
  for (const ZoneOfSegment of : estate_->zones_of(segment))
    if ((blocked_outbound(segment, of.membership) & device) == 0) add_emission(of, -1);
}

HostId Incident::source_of(HostId target, ZoneId zone, std::uint32_t attempt) const {
  const ZoneClock& clock = clocks_[index(zone)];
  const Zone& pool = (*estate_)[zone];
  const auto draw = [&](std::uint32_t k) {
    return draws_.uniform(Purpose::source, static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(zone),
                          attempt * 64 + k);
  };
  const auto pick = [](double u, std::uint64_t of) {
    return std::min(static_cast<std::uint64_t>(u * static_cast<double>(of)), of - 1);
  };
  const std::uint64_t share = pick(draw(0), clock.rate);
  if (share >= clock.rate - clock.outside) return no_host;

  // Down the tree of sums to the segment, then among its hosts.
  auto rest = static_cast<std::uint32_t>(share / rate_[pool.kind]);
  const std::uint32_t size = pool.last - pool.first;
  std::uint32_t at = 0;
  for (std::uint32_t step = std::bit_floor(size); step > 0; step /= 2)
    if (at + step <= size && tree_[pool.first + at + step - 1] <= rest) {
      at += step;
      rest -= tree_[pool.first + at - 1];
    }
  const std::uint32_t membership = pool.first + at;
  const SegmentId segment = estate_->memberships()[membership].segment;
  const std::size_t first = index(estate_->first_host(segment));
  const std::uint32_t emitting = emitting_in_[index(segment)];
  if (reach_[membership].contributing == emitting) return host_at(emitters_[first + rest]);

  const DeviceSet blocked = blocked_outbound(segment, membership);
  for (std::uint32_t k = 1;; ++k) {
    const HostId source = host_at(emitters_[first + pick(draw(k), emitting)]);
    if ((blocked & only(estate_->device(source))) == 0) return source;
  }
}

// --- transitions
// ------------------------------------------------------------------------------------------------------

void Incident::settle_fate(HostId host, Fate fate, Transition what, HostId source, ZoneId zone) {
  assert(!settled(host));
  state_[index(host)] |= static_cast<std::uint8_t>(fate);
  record(host, what, source, zone);
}

void Incident::infect(HostId host, HostId source, ZoneId zone) {
  settle_fate(host, Fate::infected, Transition::infected, source, zone);
}

void Incident::stop(HostId host, HostId source, ZoneId zone) {
  settle_fate(host, Fate::stopped, Transition::stopped, source, zone);
}

void Incident::crash(HostId host, HostId source, ZoneId zone) {
  settle_fate(host, Fate::crashed, Transition::crashed, source, zone);
}

void Incident::recover(HostId host) {
  assert(crashed(host));
  record(host, Transition::recovered);
}

void Incident::become_infectious(HostId host, const Targets& targets) {
  assert(infected(host) && !restored(host));
  set(host, infectious_);
  if (isolated(host) || has(host, emitting_)) return;
  const int plan = targets.power_plan(host);
  if (switched_off(plan)) {
    power_[index_of(plan)].suspended.push_back(host);
  } else {
    start_emitting(host, targets);
  }
}

void Incident::become_inactive(HostId host) {
  unset(host, infectious_);
  stop_emitting(host);
}

void Incident::encrypt(HostId host) {
  assert(infected(host) && !encrypted(host));
  set(host, encrypted_);
  record(host, Transition::encrypted);
}

void Incident::detect(HostId host) {
  assert(infected(host) && !detected(host));
  set(host, detected_);
  record(host, Transition::detected);
}

void Incident::isolate(HostId host) {
  if (isolated(host)) return;
  set(host, isolated_);
  record(host, Transition::isolated);
  stop_emitting(host);
  if (!settled(host)) block_host(host, all_devices);
}

void Incident::reconnect(HostId host, const Targets& targets) {
  if (!isolated(host)) return;
  unset(host, isolated_);
  if (infectious(host)) become_infectious(host, targets);
  if (settled(host)) return;
  block_host(host, 0);
  const auto zones = estate_->zones_of(estate_->segment_of(host));
  for (std::size_t slot = 0; slot < zones.size(); ++slot) release(host_key(host, slot), zones[slot].zone, targets);
}

void Incident::block_host(HostId host, DeviceSet devices) {
  blocks_ = true;
  const auto zones = estate_->zones_of(estate_->segment_of(host));
  for (std::size_t slot = 0; slot < zones.size(); ++slot)
    host_blocks_.change(host_key(host, slot), devices, now_, clocks_[index(zones[slot].zone)].pressure_at(now_));
}

void Incident::restore(HostId host, Duration work_lost) {
  assert(infected(host) && !restored(host));
  become_inactive(host);
  unset(host, isolated_);
  set(host, restored_);
  record(host, Transition::restored, no_host, no_zone, work_lost);
}

// --- power and outside
// ------------------------------------------------------------------------------------------------

std::vector<Pressure> Incident::pressures() const {
  std::vector<Pressure> all(clocks_.size());
  for (std::size_t z = 0; z < clocks_.size(); ++z) all[z] = clocks_[z].pressure_at(now_);
  return all;
}

void Incident::switch_off(int plan, const Targets& targets) {
  Power& power = power_[index_of(plan)];
  assert(power.on);
  power.on = false;
  blocks_ = true;
  power.switches.push_back({now_, pressures(), {}});
  for (std::uint32_t s = 0; s < estate_->segments(); ++s) {
    const std::size_t first = index(estate_->first_host(SegmentId{s}));
    // Backwards, because a host that stops is replaced by the last.
    for (std::uint32_t i = emitting_in_[s]; i-- > 0;) {
      const HostId host = host_at(emitters_[first + i]);
      if (targets.power_plan(host) != plan) continue;
      stop_emitting(host);
      power.suspended.push_back(host);
    }
  }
}

std::vector<HostId> Incident::switch_on(int plan, const Targets& targets) {
  Power& power = power_[index_of(plan)];
  assert(!power.on);
  power.on = true;
  power.switches.back().pressure_on = pressures();
  if (!parked_.empty())
    for (std::uint32_t z = 0; z < clocks_.size(); ++z) release(plan_key(plan, ZoneId{z}), ZoneId{z}, targets);
  std::vector<HostId> back = std::move(power.suspended);
  power.suspended.clear();
  std::sort(back.begin(), back.end());
  back.erase(std::unique(back.begin(), back.end()), back.end());
  std::erase_if(back, [&](HostId host) { return !infectious(host) || isolated(host); });
  return back;
}

void Incident::set_outside(ZoneId zone, double attempts_per_second, const Targets& targets) {
  ZoneClock& clock = clocks_[index(zone)];
  clock.settle(now_);
  const Rate outside = rate_from(attempts_per_second);
  clock.rate += outside - clock.outside;
  clock.outside = outside;
  rekey(zone, targets);
}

// --- checks
// -----------------------------------------------------------------------------------------------------------

bool Incident::consistent() const {
  std::uint64_t emitting = 0;
  for (std::size_t h = 0; h < state_.size(); ++h) {
    const HostId host = host_at(static_cast<std::uint32_t>(h));
    const bool acts = (state_[h] & (infectious_ | emitting_ | encrypted_ | detected_ | restored_)) != 0;
    if (acts && !infected(host)) return false;
    if (has(host, emitting_) && (!infectious(host) || isolated(host))) return false;
    emitting += has(host, emitting_);
  }
  std::uint64_t counted = 0;
  for (const std::uint32_t n : emitting_in_) counted += n;
  if (counted != emitting) return false;
  for (std::size_t z = 0; z < clocks_.size(); ++z) {
    const Zone& pool = (*estate_)[ZoneId{static_cast<std::uint32_t>(z)}];
    std::uint64_t sum = 0;
    for (std::uint32_t m = pool.first; m < pool.last; ++m) {
      if (reach_[m].contributing != reaching(estate_->memberships()[m].segment, m)) return false;
      sum += reach_[m].contributing;
    }
    const ZoneClock& clock = clocks_[z];
    if (clock.emitters != sum || clock.rate != sum * rate_[pool.kind] + clock.outside) return false;
  }
  return true;
}

std::size_t Incident::bytes() const {
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  std::size_t sum = queue_.bytes() + held(trace_) + held(state_) + held(emitters_) + held(place_) +
                    held(emitting_in_) + held(isolations_) + held(clocks_) + held(order_) + held(reach_) +
                    held(tree_);
  for (const ZoneClock& clock : clocks_) sum += held(clock.thresholds);
  for (const Power& power : power_)
    for (const PowerSwitch& period : power.switches) sum += held(period.pressure_off) + held(period.pressure_on);
  return sum;
}

}  // namespace trustfall
