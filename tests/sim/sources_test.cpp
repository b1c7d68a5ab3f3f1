#include <catch2/catch.hpp>

#include <random>

#include "tests/support/incident.h"
#include "tests/support/statistics.h"

using namespace trustfall;
using namespace trustfall::small;

TEST_CASE("Sources are drawn in proportion to emission, outside included") {
  // 1 + 2 + 5 emitters in segments 0, 2 and 3 (segment 1 has none), and outside as much as two of them.
  const Estate estate = one_zone({{{{3}}, "n"}, {{{4}}, "n"}, {{{2}}, "n"}, {{{7}}, "n"}, {{{4000}}, "n"}}, 8000);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(9, 1), t0 + 24h * 30);
  const std::size_t emitting[] = {1, 7, 8, 9, 10, 12, 13, 15};
  for (const std::size_t h : emitting) start(incident, host(h), targets);
  incident.set_outside(zone(0), 2, targets);
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  std::map<HostId, double> drawn;
  for (const Step& step : incident.trace())
    if (index(step.host) >= 16) drawn[step.source] += 1;
  REQUIRE(drawn.size() == 9);
  std::vector<double> counted = {drawn[no_host]};
  std::vector<double> expected = {2 * 4000.0 / 10};
  for (const std::size_t h : emitting) {
    counted.push_back(drawn[host(h)]);
    expected.push_back(4000.0 / 10);
  }
  CHECK(stats::chi_square(counted, expected) < stats::chi_square_critical(8));
}

TEST_CASE("A host whose class is closed outbound is never a source and adds nothing to the rate") {
  const Estate estate =
      one_zone({{{{3}, {3, DeviceClass::server}}, "n"}, {{{2, DeviceClass::server}}, "n"}, {{{3000}}, "n"}}, 6000);
  const PlainTargets targets(estate);
  const Draws draws(10, 1);
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h * 30);
  incident.set_rules(membership_of(estate, segment(0), zone(0)), 0, only(DeviceClass::server), targets);
  for (std::size_t h = 8; h-- > 0;) start(incident, host(h), targets);  // those that are closed scan first
  REQUIRE(incident.consistent());
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  const auto times = infection_times(incident);
  int wrong = 0;
  for (std::size_t h = 8; h < 3008; ++h)
    wrong += times[h] != moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), 5 * rate_from(1));
  CHECK(wrong == 0);
  std::map<HostId, double> drawn;
  for (const Step& step : incident.trace())
    if (index(step.host) >= 8) drawn[step.source] += 1;
  std::vector<double> counted;
  for (const std::size_t h : {0, 1, 2, 6, 7}) counted.push_back(drawn[host(h)]);
  CHECK(drawn.size() == 5);
  CHECK(stats::chi_square(counted, std::vector<double>(5, 600)) < stats::chi_square_critical(4));
}

TEST_CASE("Sources stay in proportion while hosts come and go") {
  // Emission follows isolation, power and rules; whatever the order, only those that scan are drawn.
  const Estate estate = one_zone({{{{6}}, "n"}, {{{6, DeviceClass::server}}, "n"}, {{{500}}, "n"}}, 1000);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 12; ++h) targets.plan_of[h] = h % 2 ? 0 : always_on;
  Incident incident(estate, {1.0}, 1, Draws(11, 1), t0 + 24h);
  for (std::size_t h = 0; h < 12; ++h) start(incident, host(h), targets);
  std::mt19937_64 luck(12);
  std::multimap<Instant, Action> actions;
  bool off = false;
  int cut = 0;
  for (int i = 0; i < 60; ++i) {
    const Instant when = t0 + Duration(static_cast<std::int64_t>(i) * 4000000000 + 1);
    const std::size_t h = luck() % 12;
    const auto membership = membership_of(estate, segment(h % 2), zone(0));
    switch (luck() % 6) {
      case 0:
        actions.emplace(when, [h](Incident& x) { x.isolate(host(h)); });
        break;
      case 1:
        actions.emplace(when, [&targets, h](Incident& x) { x.reconnect(host(h), targets); });
        break;
      case 2:
        off = !off;
        actions.emplace(when, [&targets, off](Incident& x) {
          if (off) return x.switch_off(0, targets);
          for (const HostId back : x.switch_on(0, targets)) x.become_infectious(back, targets);
        });
        break;
      case 3:
        actions.emplace(when, [&targets, membership](Incident& x) {
          x.set_rules(membership, 0, only(DeviceClass::server), targets);
        });
        break;
      case 4:
        actions.emplace(when, [&targets, membership](Incident& x) { x.set_rules(membership, 0, 0, targets); });
        break;
      default:
        cut = 1 - cut;
        actions.emplace(when, [&targets, cut](Incident& x) {
          cut ? x.isolate(segment(0), targets) : x.reconnect(segment(0), targets);
        });
    }
  }
  // At every hit the source must be a host that scans, is on, and is not isolated.
  std::vector<Action> list;
  for (const auto& [time, action] : actions) {
    incident.schedule(time, EventKind::change, static_cast<std::uint32_t>(list.size()));
    list.push_back(action);
  }
  int wrong = 0;
  while (const auto event = incident.next(targets, incident.horizon())) {
    if (event->kind == EventKind::change) list[event->subject](incident);
    if (event->kind == EventKind::attempt) {
      const Hit hit = incident.hit();
      wrong += hit.source == no_host || index(hit.source) >= 12 || incident.isolated(hit.source) ||
               incident.isolated(estate.segment_of(hit.source)) ||
               incident.switched_off(targets.plan_of[index(hit.source)]);
      incident.infect(hit.host, hit.source, hit.zone);
    }
    REQUIRE(incident.consistent());
  }
  CHECK(wrong == 0);
  CHECK(attack_size(incident) > 300);
}
