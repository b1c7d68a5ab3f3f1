// How an incident goes on: the next event, from the queue or from a zone clock.
#include "sim/engine/incident.h"

#include <algorithm>
#include <cassert>

#include "sim/base/numeric.h"

namespace trustfall {

std::optional<Event> Incident::next(const Targets& targets, Instant until) {
  if (!ended_.empty()) release_links(targets);
  for (;;) {
    const Instant queued = queue_.next();
    const Instant clock = order_.empty() ? never : clocks_[order_[0]].due;
    const Instant time = std::min(queued, clock);
    if (time >= until) return std::nullopt;
    assert(time >= now_);  // the clock never goes back
    now_ = time;
    if (queued <= clock) {
      const Event event = queue_.pop();
      fetch_ahead();
      if (event.kind < EventKind::sweep) return event;
      if (event.kind == EventKind::sweep) {
        if (!come_by(HostId{event.subject}, HostId{event.detail}, targets)) continue;
        way_ = Way::sweep;
        return Event{now_, EventKind::attempt, event.detail, event.subject};
      }
      const auto which = static_cast<std::uint32_t>(event.kind) - static_cast<std::uint32_t>(EventKind::link);
      if (!follow({HostId{event.subject}, event.detail, which}, targets)) continue;
      return Event{now_, EventKind::attempt, static_cast<std::uint32_t>(hit_.host),
                   static_cast<std::uint32_t>(hit_.source)};
    }
    if (attempt(ZoneId{order_[0]}, targets))
      return Event{now_, EventKind::attempt, static_cast<std::uint32_t>(hit_.host),
                   static_cast<std::uint32_t>(hit_.source)};
  }
}

/// Most of an event's time would go by waiting for the memory of its host: asked for a few events before its turn.
void Incident::fetch_ahead() const {
  if (const auto far = queue_.soon(8); far && *far < state_.size()) {
    __builtin_prefetch(&state_[*far]);
    __builtin_prefetch(&place_[*far]);
  }
  if (const auto near = queue_.soon(4); near && *near < state_.size()) {
    const SegmentId segment = estate_->segment_of(HostId{*near});
    __builtin_prefetch(&emitting_in_[index(segment)]);
    __builtin_prefetch(&emitters_[place_[*near]]);
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
  const bool open = !settled(due.host);
  if ((open || again_) && !targets.protected_at(due.host, now_)) {
    const auto waits_for = blocks_ ? blocker(due.host, zone, targets) : std::nullopt;
    const Pressure missed = blocks_ && !waits_for ? blocked_since(due, zone, targets) : 0;
    if (waits_for) {
      parked_[*waits_for].push_back(due);
    } else if (missed > 0) {
      clock.push({due.at + missed, due.host, due.attempt, now_});
    } else {
      if (open) {
        const HostId source = source_of(due.host, zone, due.attempt);
        effect = !targets.refuses(source, due.host, zone, now_);
        if (effect) {
          hit_ = {due.host, source, zone};
          way_ = Way::scanned;
          met_ = due;
        }
      }
      if (!effect || again_) push_next(due, zone, targets);
    }
  }
  rekey(zone, targets);
  return effect;
}

/// The attempt on a host behind one that has come to nothing.
void Incident::push_next(const Threshold& met, ZoneId zone, const Targets& targets) {
  const std::uint32_t k = met.attempt + 1;
  const double u =
      draws_.uniform(Purpose::threshold, static_cast<std::uint32_t>(met.host), static_cast<std::uint32_t>(zone), k);
  const double gap = -natural_log(u) / targets.chance(met.host);
  clocks_[index(zone)].push({met.at + pressure_at_members(gap, zone), met.host, k, now_});
}

void Incident::miss(Instant until, const Targets& targets) {
  if (until == never || again_ || way_ == Way::sweep) return;  // whoever sweeps comes by again
  const bool now = until <= now_;
  if (way_ == Way::link) {
    if (now) return try_again(tried_, targets);
    missed_links_.push_back(tried_);
  } else if (now) {
    push_next(met_, hit_.zone, targets);
    rekey(hit_.zone, targets);
  } else {
    missed_.emplace_back(met_, hit_.zone);
  }
}

void Incident::meet_again(const Targets& targets) {
  const auto missed = std::move(missed_);
  missed_.clear();
  for (const auto& [threshold, zone] : missed) {
    if (const auto waits_for = blocks_ ? blocker(threshold.host, zone, targets) : std::nullopt)
      parked_[*waits_for].push_back({threshold.at, threshold.host, threshold.attempt, start_over});
    else
      start_anew(threshold, zone, targets);
  }
  const auto links = std::move(missed_links_);
  missed_links_.clear();
  for (const LinkAttempt& attempt : links)
    if (infectious(attempt.source)) try_again(attempt, targets);
}

/// Attempts come at random: how long it has waited makes the next come no sooner.
void Incident::start_anew(const Threshold& missed, ZoneId zone, const Targets& targets) {
  if (settled(missed.host) && !again_) return;
  push_next({clocks_[index(zone)].pressure_at(now_), missed.host, missed.attempt, now_}, zone, targets);
  rekey(zone, targets);
}

void Incident::draw_thresholds(ZoneId zone, Pressure to, const Targets& targets) {
  ZoneClock& clock = clocks_[index(zone)];
  const Pressure from = clock.drawn_to;
  const Zone& pool = (*estate_)[zone];
  // Draws below exp(-chance * attempts) lie beyond the window, those above its like in an earlier one: the logarithm
  // of most is not needed. A little wider, so that rounding decides nothing. Few chances occur, and hosts that are
  // alike stand side by side.
  const auto attempts = [&](Pressure pressure) {
    return static_cast<double>(pressure) / static_cast<double>(pressure_at_members(1, zone));
  };
  struct {
    double chance = 0;
    double least = 0;
    double most = 1;
  } bounds;
  const auto set_bounds = [&](double chance) {
    bounds.chance = chance;
    bounds.least = to == no_limit ? 0 : exponential(-chance * attempts(to)) * (1 - 1e-9);
    bounds.most = exponential(-chance * attempts(from)) * (1 + 1e-9);
  };
  for (std::uint32_t m = pool.first; m < pool.last; ++m) {
    const DeviceSet unreachable = reach_[m].never;
    if (unreachable == all_devices) continue;
    const SegmentId segment = estate_->memberships()[m].segment;
    const auto first = static_cast<std::uint32_t>(estate_->first_host(segment));
    const auto last = static_cast<std::uint32_t>(estate_->last_host(segment));
    chances_.resize(last - first);
    targets.chances(segment, chances_);
    uniforms_.resize(last - first);
    draws_.uniforms(Purpose::threshold, first, static_cast<std::uint32_t>(zone), 0, uniforms_);
    for (std::uint32_t h = first; h < last; ++h) {
      const double chance = chances_[h - first];
      if (chance <= 0 || (settled(HostId{h}) && !again_)) continue;
      if (unreachable != 0 && (unreachable & only(estate_->device(HostId{h}))) != 0) continue;
      const double u = uniforms_[h - first];
      if (chance != bounds.chance) set_bounds(chance);
      if (u < bounds.least || u > bounds.most) continue;
      const Pressure at = pressure_at_members(-natural_log(u) / chance, zone);
      if (at < from || at >= to || targets.protected_from_start(HostId{h}, segment)) continue;
      clock.thresholds.push_back({at, HostId{h}, 0, Instant::min()});
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
  while (!again_ && !clock.thresholds.empty() && settled(clock.thresholds.front().host)) clock.pop();
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

}  // namespace trustfall
