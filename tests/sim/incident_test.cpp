#include <catch2/catch.hpp>

#include "tests/support/incident.h"
#include "tests/support/statistics.h"

using namespace trustfall;
using namespace trustfall::small;

TEST_CASE("Pressure adds up while emitters come and go: the watched host falls at the integral") {
  const Estate estate = sources_and_targets({{3}}, {{20}}, 200);
  PlainTargets targets(estate);
  targets.plan_of[2] = 0;
  const Draws draws(13, 1);
  Incident incident(estate, {1.0}, 1, draws, t0 + 24h);
  start(incident, host(0), targets);
  incident.infect(host(1), no_host, no_zone);
  incident.infect(host(2), no_host, no_zone);
  // Emitters: 1 until 20 s, 2 until 30 s, 3 until 50 s, 2 until 60 s, 1 until 80 s, none until 100 s, 1 from then on.
  play(incident, targets,
       {{t0 + 20s, [&](Incident& i) { i.become_infectious(host(1), targets); }},
        {t0 + 30s, [&](Incident& i) { i.become_infectious(host(2), targets); }},
        {t0 + 50s, [&](Incident& i) { i.switch_off(0, targets); }},
        {t0 + 60s, [&](Incident& i) { i.isolate(host(1)); }},
        {t0 + 80s, [&](Incident& i) { i.become_inactive(host(0)); }},
        {t0 + 100s, [&](Incident& i) {
           for (const HostId h : i.switch_on(0, targets)) i.become_infectious(h, targets);
         }}});
  const auto times = infection_times(incident);
  const std::vector<std::pair<int, int>> steps = {{20, 1}, {30, 2},  {50, 3},     {60, 2},
                                                  {80, 1}, {100, 0}, {1 << 30, 1}};
  for (std::size_t h = 3; h < 23; ++h) {
    Pressure left = attempt_pressure(estate, draws, host(h), zone(0), 0);
    std::int64_t from = 0;
    Instant expected = never;
    for (const auto& [until, emitters] : steps) {
      const Pressure rate = Pressure{rate_from(1)} * static_cast<unsigned>(emitters);
      const Pressure passes = rate * static_cast<std::uint64_t>((until - from) * 1000000000);
      if (left <= passes) {
        expected = t0 + Duration(from * 1000000000 + static_cast<std::int64_t>((left + rate - 1) / rate));
        break;
      }
      left -= passes;
      from = until;
    }
    CHECK(times[h] == expected);
  }
}

TEST_CASE("A host that was to scan while off, isolated or cut off scans once that ends") {
  const Estate estate = sources_and_targets({{3}}, {{1}}, 1);
  PlainTargets targets(estate);
  targets.plan_of[0] = 0;
  Incident incident(estate, {1.0}, 1, Draws(14, 1), t0 + 24h);
  for (std::size_t h = 0; h < 3; ++h) incident.infect(host(h), no_host, no_zone);
  incident.switch_off(0, targets);
  incident.become_infectious(host(0), targets);
  CHECK(incident.infectious(host(0)));
  incident.isolate(host(1));
  incident.become_infectious(host(1), targets);
  incident.isolate(segment(0), targets);
  incident.become_infectious(host(2), targets);
  CHECK(incident.consistent());
  CHECK_FALSE(incident.next(targets, t0 + 24h));  // nobody reaches the target
  incident.reconnect(segment(0), targets);
  CHECK(incident.next(targets, t0 + 24h)->kind == EventKind::attempt);
  CHECK(incident.hit().source == host(2));
  incident.become_inactive(host(2));
  incident.reconnect(host(1), targets);
  CHECK(incident.consistent());
  CHECK(incident.switch_on(0, targets) == std::vector<HostId>{host(0)});
  CHECK(incident.consistent());
}

TEST_CASE("A host that was restored or went inactive while off does not come back with the power") {
  const Estate estate = sources_and_targets({{4}}, {{1}}, 1);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 4; ++h) targets.plan_of[h] = 0;
  Incident incident(estate, {1.0}, 1, Draws(15, 1), t0 + 24h);
  for (std::size_t h = 0; h < 4; ++h) start(incident, host(h), targets);
  incident.switch_off(0, targets);
  incident.become_inactive(host(1));
  incident.isolate(host(2));
  incident.restore(host(3));
  CHECK(incident.switch_on(0, targets) == std::vector<HostId>{host(0)});
  CHECK(incident.restored(host(3)));
  CHECK_FALSE(incident.infectious(host(3)));
  CHECK(incident.consistent());
}

TEST_CASE("A segment is free again when as many reconnects as isolations have come") {
  const Estate estate = sources_and_targets({{1}}, {{1}}, 1);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(16, 1), t0 + 24h);
  incident.isolate(segment(1), targets);
  incident.isolate(segment(1), targets);
  incident.reconnect(segment(1), targets);
  CHECK(incident.isolated(segment(1)));
  incident.reconnect(segment(1), targets);
  CHECK_FALSE(incident.isolated(segment(1)));
  CHECK_FALSE(incident.isolated(segment(0)));
}

TEST_CASE("Every transition leaves its step, and the state follows") {
  const Estate estate = one_segment(5, 5);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(17, 1), t0 + 24h);
  CHECK_FALSE(incident.settled(host(0)));
  incident.infect(host(0), host(3), zone(0));
  incident.encrypt(host(0), t0);
  incident.detect(host(0), t0);
  incident.isolate(host(0));
  incident.isolate(host(0));  // once is enough
  incident.restore(host(0));
  incident.crash(host(1), host(0), zone(0));
  incident.recover(host(1));
  incident.stop(host(2), no_host, no_zone);

  const Trace trace = incident.trace();
  // All at one moment: infections first, then what follows from them.
  const Transition expected[] = {Transition::infected,  Transition::stopped,   Transition::crashed,
                                 Transition::recovered, Transition::encrypted, Transition::detected,
                                 Transition::isolated,  Transition::restored};
  REQUIRE(trace.size() == std::size(expected));
  for (std::size_t i = 0; i < trace.size(); ++i) CHECK(trace[i].what == expected[i]);
  CHECK(trace[0].source == host(3));
  CHECK(trace[0].zone == zone(0));
  CHECK(trace[2].source == host(0));
  CHECK(trace[7].source == no_host);

  CHECK(incident.infected(host(0)));
  CHECK(incident.restored(host(0)));
  CHECK_FALSE(incident.isolated(host(0)));
  CHECK(incident.crashed(host(1)));
  CHECK_FALSE(incident.infected(host(1)));
  CHECK(incident.settled(host(2)));
  CHECK_FALSE(incident.infected(host(2)));
  CHECK_FALSE(incident.settled(host(4)));
  CHECK(incident.consistent());
}

TEST_CASE("What is bound to come is written down at once, in its place, and not beyond the horizon") {
  const Estate estate = one_segment(2, 2);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(22, 1), t0 + 24h);
  incident.infect(host(0), no_host, no_zone);
  incident.detect(host(0), t0 + 3h);
  incident.encrypt(host(0), t0 + 2h);
  incident.restore_isolated(host(0), t0 + 24h);  // at the horizon: not any more
  incident.schedule(t0 + 1h, EventKind::entry, 1);
  CHECK(incident.next(targets, never)->kind == EventKind::entry);
  incident.infect(host(1), no_host, no_zone);
  const Trace trace = incident.trace();
  REQUIRE(trace.size() == 4);
  CHECK(trace[1].host == host(1));
  CHECK(trace[2].what == Transition::encrypted);
  CHECK(trace[3].time == t0 + 3h);
  CHECK_FALSE(incident.restored(host(0)));
}

TEST_CASE("next() stops before the moment it is given, and an event at that moment is still to come") {
  const Estate estate = one_segment(1, 1);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(18, 1), t0 + 24h);
  incident.schedule(t0 + 1h, EventKind::entry, 0);
  CHECK_FALSE(incident.next(targets, t0 + 1h));
  incident.schedule(t0 + 1h, EventKind::change, 5);
  CHECK(incident.next(targets, t0 + 1h + 1ns)->kind == EventKind::change);
  CHECK(incident.now() == t0 + 1h);
  incident.schedule(t0, EventKind::change, 6);  // the past is now
  const auto late = incident.next(targets, t0 + 24h);
  CHECK(late->subject == 6);
  CHECK(late->time == t0 + 1h);
  CHECK(incident.next(targets, t0 + 24h)->kind == EventKind::entry);
  incident.schedule(t0 + 24h, EventKind::entry, 0);  // at the horizon: not any more
  CHECK_FALSE(incident.next(targets, never));
}

TEST_CASE("At the same nanosecond a queued event goes before an attempt") {
  const Estate estate = sources_and_targets({{1}}, {{1}}, 10);
  const PlainTargets targets(estate);
  const Draws draws(19, 1);
  const Instant due = moment_of(attempt_pressure(estate, draws, host(1), zone(0), 0), rate_from(1));
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  incident.schedule(due, EventKind::change, 0);
  const auto first = incident.next(targets, t0 + 24h);
  CHECK(first->kind == EventKind::change);
  CHECK(first->time == due);
  const auto second = incident.next(targets, t0 + 24h);
  CHECK(second->kind == EventKind::attempt);
  CHECK(second->time == due);
}

TEST_CASE("reset() leaves nothing behind") {
  const Estate estate = one_zone({{{{5}}, "n"}, {{{40}}, "n"}}, 100);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 45; h += 3) targets.plan_of[h] = 0;
  const auto unfold = [&](Incident& incident) {
    incident.set_rules(membership_of(estate, segment(1), zone(0)), only(DeviceClass::server), 0, targets);
    start(incident, host(0), targets);
    start(incident, host(1), targets);
    play(incident, targets,
         {{t0 + 10s, [&](Incident& i) { i.switch_off(0, targets); }},
          {t0 + 15s, [&](Incident& i) { i.isolate(segment(1), targets); }},
          {t0 + 25s,
           [&](Incident& i) {
             i.reconnect(segment(1), targets);
             i.set_outside(zone(0), 3, targets);
           }},
          {t0 + 70s, [&](Incident& i) { i.switch_on(0, targets); }},
          {t0 + 80s, [&](Incident& i) {
             i.switch_off(0, targets);
             i.isolate(segment(1), targets);
           }}});
    return incident.trace();
  };
  Incident fresh(estate, {1.0}, 1, Draws(20, 7), t0 + 100s);
  const Trace expected = unfold(fresh);
  REQUIRE(expected.size() > 10);
  Incident used(estate, {1.0}, 1, Draws(20, 3), t0 + 100s);
  unfold(used);
  used.reset(Draws(20, 7));
  CHECK(used.now() == t0);
  CHECK(used.steps().empty());
  CHECK(used.consistent());
  CHECK(same(unfold(used), expected));
}

TEST_CASE("A copy is a fork: it goes on by itself and neither disturbs the other") {
  const Estate estate = one_zone({{{{5}}, "n"}, {{{40}}, "n"}}, 100);
  const PlainTargets targets(estate);
  Incident whole(estate, {1.0}, 0, Draws(21, 1), t0 + 1h);
  start(whole, host(0), targets);
  Incident parent = whole;
  play(whole, targets);
  while (const auto event = parent.next(targets, t0 + 30s))
    parent.infect(parent.hit().host, parent.hit().source, parent.hit().zone);
  Incident child = parent;
  child.isolate(segment(1), targets);
  play(child, targets);
  play(parent, targets);
  CHECK(same(parent.trace(), whole.trace()));
  CHECK(child.trace().size() < whole.trace().size());
}
