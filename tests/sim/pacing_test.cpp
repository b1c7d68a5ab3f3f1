#include "sim/engine/pacing.h"

#include <catch2/catch.hpp>
#include <map>

#include "models/metrics.h"
#include "tests/support/agreement.h"
#include "tests/support/incident.h"

using namespace trustfall;
using namespace trustfall::small;
using namespace trustfall::agreement;

namespace {

const Distribution lognormal{Distribution::Shape::lognormal, 0.6065306597126334, 1, {}, {}};  // mean 1
const Distribution slow_or_fast{Distribution::Shape::discrete, 0, 0, {0.25, 1.75}, {0.5, 1}};

Uplink uplink_of(Uplink::Of of, Distribution cap, std::vector<std::uint8_t> beyond) {
  return {of, std::move(cap), std::move(beyond)};
}

/// Two organisations of two sites: offices on both, servers on the first. Zone kinds: 0 segment, 1 organisation, 2
/// everyone.
Estate two_sites_each() {
  EstateBuilder builder;
  for (const char* code : {"A", "B"}) {
    builder.add_organisation(organisation(code));
    builder.add_site("first");
    add_lan(builder, {{{6}, {2, DeviceClass::imaging}}, "office"});
    add_lan(builder, {{{6, DeviceClass::server}}, "servers"});
    builder.add_site("second");
    add_lan(builder, {{{8}}, "office"});
  }
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("organisation", Pool::each_organisation, 120, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 300, all_of(builder));
  return builder.build();
}

Model limited(const Estate& estate) {
  Model model = minutes(estate);
  model.worm.rates = {0.2, 0.3, 0.6};
  model.entries = {HostEntry{2, Instant{}, hosts_between(0, 6)}};
  return model;
}

}  // namespace

TEST_CASE("Brute force agrees: an organisation's uplink", "[oracle]") {
  const Estate estate = two_sites_each();
  Model model = limited(estate);
  model.worm.pacing.uplinks = {uplink_of(Uplink::Of::organisation, fixed(1.5), {0, 0, 1})};
  check_agreement(model, 18);
}

TEST_CASE("Brute force agrees: uplinks behind uplinks, paces, a rule and an isolation", "[oracle]") {
  const Estate estate = two_sites_each();
  Model model = limited(estate);
  model.worm.rates = {0.2, 0.5, 0.9};
  model.worm.pacing.pace = lognormal;
  model.worm.pacing.uplinks = {uplink_of(Uplink::Of::host, lognormal, {0, 1, 1}),
                               uplink_of(Uplink::Of::site, slow_or_fast, {0, 1, 1}),
                               uplink_of(Uplink::Of::organisation, fixed(1.2), {0, 0, 1})};
  model.firewalls = {closed(estate, 2, FirewallRule::Direction::outbound, devices(only(DeviceClass::server)))};
  check_agreement(model, 14, {{30, 60, org(0)}});
}

TEST_CASE("Brute force agrees: paces, and hosts that stop after so many attempts", "[oracle]") {
  const Estate estate = two_sites_each();
  Model model = limited(estate);
  model.worm.activity.reset();
  model.worm.pacing.pace = slow_or_fast;
  model.worm.pacing.limit = 12;
  check_agreement(model, 18);
}

TEST_CASE("The same statistic finds an uplink that is a fifth too wide", "[oracle]") {
  const Estate estate = two_sites_each();
  Model model = limited(estate);
  model.worm.pacing.uplinks = {uplink_of(Uplink::Of::organisation, fixed(1.5), {0, 0, 1})};
  const Sample brute = play_brute_force(model, 18);
  model.worm.pacing.uplinks[0].cap = fixed(1.8);
  CHECK(stats::ks_distance(play_engine(model, 18).time, brute.time) > stats::ks_critical(plays, plays));
}

TEST_CASE("Sources in two segments share their organisation's uplink to the nanosecond") {
  // 2 attempts/s each; the line carries 3: 2 alone, 1.5 each together, 2 again once the first has stopped.
  const Estate estate = one_zone({{{{1}}}, {{{1}}}, {{{40}}}}, 4000);
  const Draws draws(31, 4);
  PlainTargets targets(estate);
  const Pacing pacing{{}, {uplink_of(Uplink::Of::organisation, fixed(3), {1})}, {}, {}};
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h * 30, {}, pacing);
  incident.infect(host(1), no_host, no_zone);
  start(incident, host(0), targets);
  play(incident, targets,
       {{t0 + 100s, [&](Incident& i) { i.become_infectious(host(1), targets); }},
        {t0 + 5000s, [&](Incident& i) { i.become_inactive(host(0)); }}});
  const auto times = infection_times(incident);
  std::size_t phases[3] = {};
  for (std::size_t h = 2; h < estate.hosts(); ++h) {
    // Pressure in attempts/s times 2^32 times nanoseconds, phase by phase.
    Pressure left = attempt_pressure(estate, draws, host(h), zone(0), 0);
    const Rate unit = Rate{1} << 32;
    const Pressure first = Pressure{2 * unit} * 100'000'000'000;
    const Pressure second = Pressure{3 * unit} * 4'900'000'000'000;
    Instant expected;
    if (left <= first) {
      expected = moment_of(left, 2 * unit), ++phases[0];
    } else if (left - first <= second) {
      expected = moment_of(left - first, 3 * unit) + 100s, ++phases[1];
    } else {
      expected = moment_of(left - first - second, 2 * unit) + 5000s, ++phases[2];
    }
    CHECK(times[h] == expected);
  }
  CHECK(phases[0] > 0);
  CHECK(phases[1] > 5);
  CHECK(phases[2] > 0);
  CHECK(incident.peak_attempts_per_second() == 3);
}

TEST_CASE("A host's own uplink concerns the zones beyond it only") {
  const Estate estate = two_sites_each();
  const Pacing pacing{{}, {uplink_of(Uplink::Of::host, fixed(2), {0, 1, 1})}, {}, {}};
  // 1 + 7 attempts/s beyond it become 2; 3 within stay.
  const std::vector<double> rates = {3, 1, 7};
  const HostPace pace = pace_of(host(0), estate, rates, pacing, Draws(1, 1));
  CHECK(pace.open * pace_unit == 1);
  CHECK(pace.limited * pace_unit == 0.25);
  CHECK(attempts_of(host(0), estate, rates, pacing, Draws(1, 1)) == 5);
}

TEST_CASE("Sources are drawn by their pace, in a wide segment too, and never through a closed rule") {
  // 150 sources, of which the last 10 cannot reach out; each of 4,000 hosts is hit once.
  const Estate estate = sources_and_targets({{140}, {10, DeviceClass::server}}, {{4000}}, 5000);
  const Draws draws(33, 2);
  PlainTargets targets(estate);
  const Pacing pacing{slow_or_fast, {}, {}, {}};
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h * 30, {}, pacing);
  for (std::size_t h = 0; h < 150; ++h) start(incident, host(h), targets);
  incident.set_rules(0, 0, only(DeviceClass::server), targets);
  for (std::size_t h = 0; h < 20; ++h) incident.become_inactive(host(h));
  REQUIRE(incident.consistent());
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  std::vector<double> counted(120);
  std::vector<double> expected;
  for (const Step& step : incident.steps())
    if (step.what == Transition::infected && step.source != no_host) {
      REQUIRE(index(step.source) >= 20);
      REQUIRE(index(step.source) < 140);
      ++counted[index(step.source) - 20];
    }
  double all = 0;
  for (std::size_t h = 20; h < 140; ++h) {
    expected.push_back(slow_or_fast.at(draws.uniform(Purpose::pace, static_cast<std::uint32_t>(h))));
    all += expected.back();
  }
  for (double& e : expected) e *= 4000 / all;
  CHECK(stats::chi_square(counted, expected) < stats::chi_square_critical(119));
}

TEST_CASE("Equal paces and wide uplinks change nobody's time") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.firewalls = {closed(estate, 2, FirewallRule::Direction::outbound, devices(only(DeviceClass::server)))};
  Model paced = model;
  paced.worm.pacing.pace = fixed(1);
  paced.worm.pacing.uplinks = {uplink_of(Uplink::Of::organisation, fixed(1e6), {0, 1, 1})};
  Play plain(model, Draws(35, 0));
  Play wide(paced, Draws(35, 0));
  std::size_t infected = 0;
  for (std::uint32_t r = 0; r < 50; ++r) {
    plain.reset(Draws(35, r));
    wide.reset(Draws(35, r));
    plain.run();
    wide.run();
    CHECK(infection_times(plain.incident()) == infection_times(wide.incident()));
    infected += attack_size(plain.incident());
  }
  CHECK(infected > 500);
}

TEST_CASE("A host stops after its attempts: at the limit by its own rate") {
  const Estate estate = one_segment(2, 1000);
  Model model = model_of(estate, {4.0}, 24h);
  model.worm.pacing.limit = 1000;
  CHECK(follow(model, host(0), t0 + 10s, never, Draws(1, 1)).until == t0 + 260s);
  model.worm.activity = fixed(200);
  CHECK(follow(model, host(0), t0 + 10s, never, Draws(1, 1)).until == t0 + 210s);
  model.worm.rates = {0};
  model.worm.activity.reset();
  CHECK(follow(model, host(0), t0 + 10s, never, Draws(1, 1)).until >= model.horizon);
}

TEST_CASE("The peak of attempts is a metric where hosts do not scan alike") {
  const Estate estate = one_segment(10, 10000);
  Model model = model_of(estate, {4.0}, 1h);
  model.entries = {entry_of({host(0), host(1), host(2)})};
  CHECK(metrics(told(model)).back().name != "peak_attempts_per_second");
  model.worm.infects.fill(1e-9);
  model.worm.pacing.uplinks = {uplink_of(Uplink::Of::site, fixed(10), {1})};
  Play play(model, Draws(36, 0));
  play.run();
  REQUIRE(metrics(told(model)).back().name == "peak_attempts_per_second");
  CHECK(measure(play, told(model)).metrics.back() == 10);
}
