#pragma once

#include <map>
#include <utility>
#include <vector>

#include "sim/base/numeric.h"
#include "tests/support/world.h"

/// Incidents that a test plays by hand.
namespace trustfall::small {

/// Segment 0 with the sources, segment 1 with the hosts that are watched; one zone joins them.
inline Estate sources_and_targets(std::vector<Batch> sources, std::vector<Batch> targets, double addresses) {
  return one_zone({{std::move(sources), "sources"}, {std::move(targets), "targets"}}, addresses);
}

/// Pressure of the host's k-th attempt in a zone: its gaps summed, by hand.
inline Pressure attempt_pressure(const Estate& estate, const Draws& draws, HostId h, ZoneId z, std::uint32_t k,
                                 double chance = 1) {
  Pressure sum = 0;
  for (std::uint32_t i = 0; i <= k; ++i) {
    const double u =
        draws.uniform(Purpose::threshold, static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(z), i);
    sum += pressure_for(-natural_log(u) / chance, estate[z].addresses);
  }
  return sum;
}

/// First nanosecond at which a constant rate has brought the pressure.
inline Instant moment_of(Pressure pressure, Rate rate) {
  return Instant{} + Duration(static_cast<std::int64_t>((pressure + rate - 1) / rate));
}

using Action = std::function<void(Incident&)>;

/// Plays an incident in which the test decides what happens when: every hit host is infected, but does not scan.
inline void play(Incident& incident, const Targets& targets, const std::multimap<Instant, Action>& actions = {}) {
  std::vector<Action> list;
  for (const auto& [time, action] : actions) {
    incident.schedule(time, EventKind::change, static_cast<std::uint32_t>(list.size()));
    list.push_back(action);
  }
  while (const auto event = incident.next(targets, incident.horizon())) {
    if (event->kind == EventKind::change) list[event->subject](incident);
    if (event->kind == EventKind::attempt)
      incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
    REQUIRE(incident.consistent());
  }
}

/// The host scans from the start.
inline void start(Incident& incident, HostId h, const Targets& targets) {
  incident.infect(h, no_host, no_zone);
  incident.become_infectious(h, targets);
}

inline std::vector<std::uint32_t> drain(EventQueue& queue) {
  std::vector<std::uint32_t> subjects;
  while (queue.next() != never) subjects.push_back(queue.pop().subject);
  return subjects;
}

inline Event event_at(Instant time, EventKind kind, std::uint32_t subject, std::uint32_t detail = 0) {
  return {time, kind, subject, detail};
}

inline constexpr Instant t0{};

}  // namespace trustfall::small
