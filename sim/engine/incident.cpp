#include "sim/engine/incident.h"

#include <algorithm>
#include <cassert>

namespace trustfall {

Incident::Incident(const Estate& estate, const std::vector<double>& rates, std::size_t plans, Draws draws,
                   Instant horizon, const std::vector<std::optional<Distribution>>& transmissions, Pacing pacing,
                   bool again)
    : estate_(&estate),
      rates_(rates),
      again_(again),
      draws_(draws),
      horizon_(horizon),
      emitters_(estate.hosts()),
      place_(estate.hosts()),
      clocks_(estate.zones()),
      pacing_(std::move(pacing)),
      paced_(!pacing_.all_alike()),
      power_(plans) {
  sums_.emplace_back(0);
  for (std::uint32_t z = 0; z < estate.zones(); ++z) {
    const Zone& pool = estate[ZoneId{z}];
    const bool wide = pool.last - pool.first > Sums::fan;
    sums_of_.push_back(wide ? static_cast<std::uint32_t>(sums_.size()) : 0);
    if (wide) sums_.emplace_back(pool.last - pool.first);
  }
  for (const double rate : rates) rate_.push_back(rate_from(rate));
  if (pacing_.swept) {
    rate_[*pacing_.swept] = 0;  // its clocks tell of others: of infected hosts outside
    walks_.resize(estate.hosts());
  }
  if (paced_) {
    pace_.resize(estate.hosts());
    paces_.assign(2, Sums(static_cast<std::uint32_t>(estate.hosts())));
  }
  find_links(transmissions);
  reset(draws);
}

void Incident::reset(Draws draws) {
  draws_ = draws;
  now_ = Instant{};
  queue_.reset(horizon_);
  steps_.clear();
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
  touched_.clear();
  reach_.assign(estate_->memberships().size(), {});
  for (Sums& sums : sums_) sums.clear();
  for (Sums& sums : paces_) sums.clear();
  if (paced_) flow_.assign(reach_.size(), {});
  emitted_ = peak_ = 0;
  for (Power& power : power_) power = Power{};
  segment_blocks_.clear();
  host_blocks_.clear();
  blocks_ = false;
  parked_.clear();
  if (!link_zones_.empty()) until_.assign(estate_->hosts(), never);
  std::fill(walks_.begin(), walks_.end(), Walk{});
  addresses_.clear();
  held_up_.clear();
  ended_.clear();
  retries_.clear();
  stale_.clear();
  genuine_.clear();
  missed_.clear();
  missed_links_.clear();
}

// --- transitions ---

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

void Incident::become_infectious(HostId host, const Targets& targets, Instant until) {
  assert(infected(host));
  if (!infectious(host)) {
    set(host, infectious_);
    start_links(host, until, again_, targets);
    start_walk(host, targets);
  }
  scan(host, targets);
}

void Incident::become_infectious_again(HostId host, const Targets& targets, Instant until) {
  assert(infected(host) && !infectious(host));
  set(host, infectious_);
  start_links(host, until, true, targets);
  resume_walk(host, targets);
  scan(host, targets);
}

/// Unless it is switched off or isolated: then once that ends.
void Incident::scan(HostId host, const Targets& targets) {
  if (isolated(host) || has(host, emitting_)) return;
  const int plan = targets.power_plan(host);
  if (switched_off(plan)) {
    power_[index_of(plan)].suspended.push_back(host);
  } else {
    start_emitting(host, targets);
  }
}

void Incident::become_inactive(HostId host) {
  if (!walks_.empty() && infectious(host)) walks_[index(host)].paused = now_;
  unset(host, infectious_);
  stop_emitting(host);
}

void Incident::clear(HostId host) {
  assert(again_ && infected(host) && !infectious(host));
  state_[index(host)] = 0;
  record(host, Transition::cleared);
}

void Incident::foresee(HostId host, std::uint8_t flag, Transition what, Instant when) {
  assert(infected(host) && !has(host, flag) && when >= now_);
  if (when >= horizon_) return;
  set(host, flag);
  steps_.push_back({when, 0, host, no_host, no_zone, what});
}

void Incident::encrypt(HostId host, Instant when) { foresee(host, encrypted_, Transition::encrypted, when); }

void Incident::detect(HostId host, Instant when) { foresee(host, detected_, Transition::detected, when); }

void Incident::isolate(HostId host) {
  if (isolated(host)) return;
  set(host, isolated_);
  record(host, Transition::isolated);
  stop_emitting(host);
  if (!settled(host) || again_) block_host(host, all_devices);
}

void Incident::reconnect(HostId host, const Targets& targets) {
  if (!isolated(host)) return;
  unset(host, isolated_);
  if (infectious(host)) become_infectious(host, targets);
  if (!settled(host) || again_) unblock_host(host, targets);
}

void Incident::unblock_host(HostId host, const Targets& targets) {
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

void Incident::restore(HostId host) {
  become_inactive(host);
  unset(host, isolated_);
  foresee(host, restored_, Transition::restored, now_);
}

void Incident::restore_open(HostId host, const Targets& targets) {
  assert(again_);
  if (!link_zones_.empty()) {
    Stale& stale = stale_[host];
    stale = {now_, std::max(stale.until, until_[index(host)])};
  }
  become_inactive(host);
  foresee(host, restored_, Transition::restored, now_);
  const bool cut_off = isolated(host);
  state_[index(host)] = 0;
  record(host, Transition::cleared);
  if (cut_off) unblock_host(host, targets);
}

void Incident::restore_isolated(HostId host, Instant when) { foresee(host, restored_, Transition::restored, when); }

// --- power and outside ---

std::vector<Pressure> Incident::pressures() const {
  std::vector<Pressure> all;
  all.reserve(touched_.size());
  for (const ZoneId zone : touched_) all.push_back(clocks_[index(zone)].pressure_at(now_));
  return all;
}

void Incident::touch(ZoneId zone) {
  ZoneClock& clock = clocks_[index(zone)];
  if (clock.touched != ZoneClock::nowhere) return;
  clock.touched = static_cast<std::uint32_t>(touched_.size());
  touched_.push_back(zone);
}

void Incident::switch_off(int plan, const Targets& targets) {
  Power& power = power_[index_of(plan)];
  assert(power.on);
  power.on = false;
  blocks_ = true;
  power.switches.push_back({now_, pressures(), {}, false});
  for (std::uint32_t s = 0; s < estate_->segments(); ++s) {
    const std::size_t first = index(estate_->first_host(SegmentId{s}));
    // Backwards, because a host that stops is replaced by the last.
    for (std::uint32_t i = emitting_in_[s]; i-- > 0;) {
      const HostId host = HostId{emitters_[first + i]};
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
  power.on_since = now_;
  power.switches.back().pressure_on = pressures();
  power.switches.back().over = true;
  if (!parked_.empty() || !held_up_.empty())
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
  touch(zone);
  clock.settle(now_);
  const Rate outside = rate_from(attempts_per_second);
  clock.rate += outside - clock.outside;
  clock.outside = outside;
  rekey(zone, targets);
}

// --- checks ---

bool Incident::consistent() const {
  std::uint64_t emitting = 0;
  for (std::size_t h = 0; h < state_.size(); ++h) {
    const HostId host = HostId{static_cast<std::uint32_t>(h)};
    const bool acts = (state_[h] & (infectious_ | emitting_ | encrypted_ | detected_ | restored_)) != 0;
    if (acts && !infected(host)) return false;
    if (has(host, emitting_) && (!infectious(host) || isolated(host))) return false;
    emitting += has(host, emitting_);
  }
  std::uint64_t counted = 0;
  for (const std::uint32_t n : emitting_in_) counted += n;
  if (counted != emitting) return false;
  if (paced_) return consistent_paces();
  for (std::size_t z = 0; z < clocks_.size(); ++z) {
    const Zone& pool = (*estate_)[ZoneId{static_cast<std::uint32_t>(z)}];
    std::uint64_t sum = 0;
    for (std::uint32_t m = pool.first; m < pool.last; ++m) {
      if (reach_[m].contributing != reaching(estate_->memberships()[m].segment, m)) return false;
      sum += reach_[m].contributing;
    }
    const ZoneClock& clock = clocks_[z];
    if (clock.rate != sum * rate_[pool.kind] + clock.outside) return false;
  }
  return true;
}

std::size_t Incident::bytes() const {
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  std::size_t sum = queue_.bytes() + held(steps_) + held(state_) + held(emitters_) + held(place_) +
                    held(emitting_in_) + held(isolations_) + held(clocks_) + held(order_) + held(touched_) +
                    held(reach_) + held(sums_) + held(sums_of_) + held(pace_) + held(flow_);
  for (const Sums& sums : sums_) sum += sums.bytes();
  for (const Sums& sums : paces_) sum += sums.bytes();
  for (const ZoneClock& clock : clocks_) sum += held(clock.thresholds);
  for (const Power& power : power_)
    for (const PowerSwitch& period : power.switches) sum += held(period.pressure_off) + held(period.pressure_on);
  return sum;
}

}  // namespace trustfall
