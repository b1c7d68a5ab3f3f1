#include <catch2/catch.hpp>

#include <random>

#include "tests/support/incident.h"

using namespace trustfall;
using namespace trustfall::small;

TEST_CASE("With one source, every host falls when its own exponential is reached") {
  const Estate estate = sources_and_targets({{1}}, {{50}}, 400);
  PlainTargets targets(estate);
  for (std::size_t h = 21; h < 51; ++h) targets.chance_of[h] = 0.25;  // a quarter as susceptible
  targets.chance_of[50] = 0;                                          // not at all
  const Draws draws(1, 1);
  Incident incident(estate, {3.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 50; ++h) {
    const double u = draws.uniform(Purpose::threshold, static_cast<std::uint32_t>(h), 0);
    const double seconds = -std::log(u) / (h < 21 ? 1.0 : 0.25) * 400 / 3;
    CHECK(to_seconds(times[h].time_since_epoch()) == Approx(seconds).epsilon(1e-9));
    CHECK(times[h] ==
          moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0, h < 21 ? 1.0 : 0.25), rate_from(3)));
  }
  CHECK(times[50] == never);
  for (const Step& step : incident.trace())
    if (step.host != host(0)) CHECK(step.source == host(0));
}

TEST_CASE("Hosts of a wide zone fall at the same moments though their thresholds are drawn in parts") {
  const Estate estate = sources_and_targets({{1}}, {{6000}}, 10000);
  PlainTargets targets(estate);
  const double chances[] = {1, 0.25, 0.7};
  for (std::size_t h = 1; h < 6001; ++h) targets.chance_of[h] = chances[h / 7 % 3];  // alike hosts in runs of seven
  const Draws draws(2, 1);
  Incident incident(estate, {1000.0}, 0, draws, t0 + 1000s);
  start(incident, host(0), targets);
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  const auto times = infection_times(incident);
  int wrong = 0;
  for (std::size_t h = 1; h < 6001; ++h) {
    const Pressure due = attempt_pressure(estate, draws, host(h), zone(0), 0, targets.chance_of[h]);
    const Instant expected = moment_of(due, rate_from(1000));
    wrong += times[h] != (expected < incident.horizon() ? expected : never);
  }
  CHECK(wrong == 0);
  CHECK(attack_size(incident) > 5990);  // through every part of the thresholds
}

TEST_CASE("Zones add: a host falls at the first of its attempts, and the zone is named") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{31}}, "n"}});
  builder.add_zones("segment", EstateBuilder::Pool::each_segment, 60, all_of(builder));
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 300, all_of(builder));
  const Estate estate = builder.build();
  const PlainTargets targets(estate);
  const Draws draws(3, 1);
  Incident incident(estate, {1.0, 4.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  for (const Step& step : incident.trace()) {
    if (step.host == host(0)) continue;
    const Instant through_segment = moment_of(attempt_pressure(estate, draws, step.host, zone(0), 0), rate_from(1));
    const Instant through_all = moment_of(attempt_pressure(estate, draws, step.host, zone(1), 0), rate_from(4));
    CHECK(step.time == std::min(through_segment, through_all));
    CHECK(step.zone == (through_segment <= through_all ? zone(0) : zone(1)));
  }
  CHECK(attack_size(incident) == 31);
}

TEST_CASE("A block postpones a host by exactly the time that it was blocked, whether it was waiting or not") {
  // The clock of one source runs evenly: pressure is time. Every kind of block, before, across and after the due
  // time.
  const Estate estate = sources_and_targets({{1}}, {{40}}, 400);
  const Draws draws(4, 1);
  for (const int kind : {0, 1, 2, 3}) {
    PlainTargets targets(estate);
    for (std::size_t h = 1; h < 41; ++h) targets.plan_of[h] = 0;
    const Instant from = t0 + 60s;
    const Instant to = t0 + 100s + 7ns;
    const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
    const auto change = [&](bool begins) -> Action {
      return [&targets, kind, begins, membership](Incident& incident) {
        if (kind == 0) begins ? incident.switch_off(0, targets) : (void)incident.switch_on(0, targets);
        if (kind == 1) begins ? incident.isolate(segment(1), targets) : incident.reconnect(segment(1), targets);
        if (kind == 2) incident.set_rules(membership, begins ? all_devices : DeviceSet{0}, 0, targets);
        if (kind == 3)
          for (std::size_t h = 1; h < 41; ++h)
            begins ? incident.isolate(host(h)) : incident.reconnect(host(h), targets);
      };
    };
    Incident incident(estate, {2.0}, 1, draws, t0 + 24h);
    start(incident, host(0), targets);
    // An isolated host cannot be told apart from one that is settled: only those still open are blocked.
    play(incident, targets, {{from, change(true)}, {to, change(false)}});
    const auto times = infection_times(incident);
    int before = 0;
    int after = 0;
    for (std::size_t h = 1; h < 41; ++h) {
      const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
      CHECK(times[h] == (due < from ? due : due + (to - from)));
      (due < from ? before : after) += 1;
    }
    CHECK(before > 5);
    CHECK(after > 5);
  }
}

TEST_CASE("A rule on one class of device postpones that class and no other") {
  const Estate estate = sources_and_targets({{1}}, {{20}, {20, DeviceClass::server}}, 400);
  const PlainTargets targets(estate);
  const Draws draws(5, 1);
  const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  const auto close = [&](DeviceSet devices) -> Action {
    return [&targets, membership, devices](Incident& i) { i.set_rules(membership, devices, 0, targets); };
  };
  const DeviceSet both = only(DeviceClass::server) | only(DeviceClass::workstation);
  // Servers from 30 s to 90 s without a gap, though the rule changes at 50 s and 70 s; workstations in between.
  play(incident, targets,
       {{t0 + 30s, close(only(DeviceClass::server))},
        {t0 + 50s, close(both)},
        {t0 + 70s, close(only(DeviceClass::server))},
        {t0 + 90s, close(0)}});
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 41; ++h) {
    const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
    if (h < 21) CHECK(times[h] == (due < t0 + 50s ? due : due + 20s));
    if (h >= 21) CHECK(times[h] == (due < t0 + 30s ? due : due + 60s));
  }
}

TEST_CASE("Overlapping blocks of plan, segment, rule and host, under a changing rate and refusals, count once each") {
  // Random worlds; the expected moment is found by walking the timeline in whole numbers.
  std::mt19937_64 luck(8);
  const Estate estate = sources_and_targets({{1}}, {{12}}, 100);
  const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
  for (int world = 0; world < 300; ++world) {
    const Draws draws(9, static_cast<std::uint32_t>(world));
    PlainTargets targets(estate);
    for (std::size_t h = 1; h < 13; ++h) targets.plan_of[h] = h % 3 == 0 ? 0 : h % 3 == 1 ? 1 : always_on;
    std::map<HostId, int> refused;
    targets.refusal = [&refused](HostId, HostId target, ZoneId, Instant) {
      return index(target) % 2 == 0 && refused[target]++ < 2;  // every second host refuses its first two attempts
    };

    // Intervals in milliseconds, per kind of block disjoint.
    const std::int64_t end = 600000;
    std::multimap<Instant, Action> actions;
    const auto intervals = [&] {
      std::vector<std::pair<std::int64_t, std::int64_t>> found;
      for (std::int64_t t = 0; t < end;) {
        const auto from = t + 1 + static_cast<std::int64_t>(luck() % 60000);
        const auto to = from + 1 + static_cast<std::int64_t>(luck() % 60000);
        if (to >= end) break;
        found.emplace_back(from, to);
        t = to;
      }
      return found;
    };
    const auto at = [](std::int64_t ms) { return t0 + Duration(ms * 1000000); };
    std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> blocked(13);
    const auto block = [&](std::size_t h, const auto& list) {
      blocked[h].insert(blocked[h].end(), list.begin(), list.end());
    };
    for (int plan = 0; plan < 2; ++plan) {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [&targets, plan](Incident& i) { i.switch_off(plan, targets); });
        actions.emplace(at(to), [&targets, plan](Incident& i) { i.switch_on(plan, targets); });
      }
      for (std::size_t h = 1; h < 13; ++h)
        if (targets.plan_of[h] == plan) block(h, list);
    }
    for (int nested = 0; nested < 2; ++nested) {  // two isolations of one segment may overlap
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [&targets](Incident& i) { i.isolate(segment(1), targets); });
        actions.emplace(at(to), [&targets](Incident& i) { i.reconnect(segment(1), targets); });
      }
      for (std::size_t h = 1; h < 13; ++h) block(h, list);
    }
    {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from),
                        [&targets, membership](Incident& i) { i.set_rules(membership, all_devices, 0, targets); });
        actions.emplace(at(to), [&targets, membership](Incident& i) { i.set_rules(membership, 0, 0, targets); });
      }
      for (std::size_t h = 1; h < 13; ++h) block(h, list);
    }
    for (std::size_t h = 1; h < 13; h += 2) {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [h](Incident& i) {
          if (!i.settled(host(h))) i.isolate(host(h));
        });
        actions.emplace(at(to), [&targets, h](Incident& i) { i.reconnect(host(h), targets); });
      }
      block(h, list);
    }
    std::map<std::int64_t, double> outside = {{0, 0.0}};  // attempts per second from outside, by moment
    for (int i = 0; i < 8; ++i) outside[static_cast<std::int64_t>(luck() % end)] = static_cast<double>(luck() % 7);
    for (const auto& [ms, rate] : outside) {
      const double outside_rate = rate;
      actions.emplace(at(ms),
                      [&targets, outside_rate](Incident& i) { i.set_outside(zone(0), outside_rate, targets); });
    }

    Incident incident(estate, {0.5}, 2, draws, t0 + 24h);
    start(incident, host(0), targets);
    play(incident, targets, actions);
    const auto times = infection_times(incident);

    // Own clock of each host: milliseconds are walked one breakpoint at a time.
    std::vector<std::int64_t> breaks = {0, end};
    for (const auto& [time, action] : actions) breaks.push_back(time.time_since_epoch().count() / 1000000);
    std::sort(breaks.begin(), breaks.end());
    for (std::size_t h = 1; h < 13; ++h) {
      Pressure left = attempt_pressure(estate, draws, host(h), zone(0), h % 2 == 0 ? 2 : 0);
      Instant expected = never;
      for (std::size_t b = 0; b < breaks.size(); ++b) {
        const std::int64_t from = breaks[b];
        const bool is_last = b + 1 == breaks.size();
        const bool stopped = std::any_of(blocked[h].begin(), blocked[h].end(),
                                         [&](const auto& i) { return i.first <= from && from < i.second; });
        if (stopped) continue;
        const Rate rate = rate_from(0.5) + rate_from(std::prev(outside.upper_bound(from))->second);
        const Pressure passes =
            is_last ? no_limit : Pressure{rate} * static_cast<std::uint64_t>((breaks[b + 1] - from) * 1000000);
        if (left <= passes) {
          expected = at(from) + Duration(static_cast<std::int64_t>((left + rate - 1) / rate));
          break;
        }
        left -= passes;
      }
      // A refusal comes at a whole nanosecond, but the next gap is added to the exact pressure: no overshoot is
      // carried on.
      REQUIRE(times[h] == expected);
    }
  }
}

TEST_CASE("A host that is protected in mid-play is not hit any more") {
  const Estate estate = sources_and_targets({{1}}, {{30}}, 100);
  PlainTargets targets(estate);
  for (std::size_t h = 1; h < 31; ++h) targets.immune_from[h] = h % 2 ? t0 + 40s : t0 + Duration(1);
  targets.immune_from[30] = t0;
  const Draws draws(6, 1);
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 31; ++h) {
    const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
    CHECK(times[h] == (due < targets.immune_from[h] ? due : never));
  }
}

TEST_CASE("What is closed for good is never hit, and changes nothing for the others") {
  const Estate estate = sources_and_targets({{1}}, {{20}, {20, DeviceClass::server}}, 400);
  const PlainTargets targets(estate);
  const Draws draws(7, 1);
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  incident.close_for_good(membership_of(estate, segment(1), zone(0)), only(DeviceClass::server));
  start(incident, host(0), targets);
  const Action open = [&](Incident& i) { i.set_rules(membership_of(estate, segment(1), zone(0)), 0, 0, targets); };
  play(incident, targets, {{t0 + 50s, open}});
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 21; ++h)
    CHECK(times[h] == moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2)));
  for (std::size_t h = 21; h < 41; ++h) CHECK(times[h] == never);
}

TEST_CASE("A refused attempt is followed by the host's next gap, and the source is drawn anew") {
  const Estate estate = sources_and_targets({{2}}, {{20}}, 100);
  PlainTargets targets(estate);
  const Draws draws(8, 1);
  std::map<HostId, std::uint32_t> refused;
  std::map<HostId, std::vector<HostId>> sources;
  targets.refusal = [&](HostId source, HostId target, ZoneId, Instant) {
    sources[target].push_back(source);
    if (source == host(1)) return false;
    ++refused[target];
    return true;
  };
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  start(incident, host(1), targets);
  play(incident, targets);
  std::uint32_t longest = 0;
  for (const Step& step : incident.trace()) {
    if (index(step.host) < 2) continue;
    CHECK(step.source == host(1));
    CHECK(step.time ==
          moment_of(attempt_pressure(estate, draws, step.host, zone(0), refused[step.host]), 2 * rate_from(1)));
    longest = std::max(longest, refused[step.host]);
  }
  CHECK(attack_size(incident) == 22);
  CHECK(longest >= 2);
}
