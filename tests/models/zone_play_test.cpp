#include <catch2/catch.hpp>

#include "models/metrics.h"
#include "models/zone_play.h"
#include "tests/support/community.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Steps without what a zone play does not know.
Trace without_sources(Trace trace) {
  for (Step& step : trace) step.source = no_host;
  // At the same moment the order of hosts is nobody's affair.
  std::stable_sort(trace.begin(), trace.end(), [](const Step& a, const Step& b) {
    return std::tie(a.time, a.what, a.host) < std::tie(b.time, b.what, b.host);
  });
  return trace;
}

/// Plays the model both ways with several seeds; how many hosts were infected in all.
std::size_t compare_with_incident(const Model& model, std::uint32_t seeds = 20) {
  REQUIRE(spreads_in_one_zone(model));
  ZonePlay zone_play(model);
  std::size_t infected = 0;
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    Play play(model, Draws(seed, 3));
    play.run();
    zone_play.play(Draws(seed, 3));
    INFO("seed " << seed);
    const Trace found = without_sources(zone_play.trace());
    const Trace expected = without_sources(play.trace());
    REQUIRE(found.size() == expected.size());
    REQUIRE(same(found, expected));
    REQUIRE(same(measure(zone_play), measure(play)));
    infected += zone_play.wave().infected();
  }
  return infected;
}

/// Three organisations of two segments each, 3,600 hosts of several systems and classes; one zone.
Estate mixed() {
  EstateBuilder builder;
  for (const char* code : {"A", "B", "C"})
    add_organisation(builder, code,
                     {{{{500}, {300, DeviceClass::workstation, System::windows_xp}}, "office"},
                      {{{200, DeviceClass::server, System::server_2008_r2},
                        {5, DeviceClass::backup_server, System::server_2012},
                        {195, DeviceClass::mobile, System::no_windows}},
                       "servers"}});
  builder.add_zones("everyone", Pool::everyone, 9000, all_of(builder));
  return builder.build();
}

Model mixed_model(const Estate& estate) {
  Model model = model_of(estate, {0.05}, 1h);
  model.worm.infects.fill(0);
  model.worm.infects[static_cast<std::size_t>(System::windows_7)] = 0.7;
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 1;
  model.worm.infects[static_cast<std::size_t>(System::server_2008_r2)] = 0.03;
  model.worm.infects[static_cast<std::size_t>(System::server_2012)] = 0.3;
  model.entries = {entry_of({host(3), host(1500), host(2450)})};
  return model;
}

Model with_controls(const Estate& estate) {
  Model model = mixed_model(estate);
  model.worm.latency = exponential_of(20);
  model.worm.activity = exponential_of(600);
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data.fill(exponential_of(300e6));
  model.detection = Detection{.dwell = exponential_of(900),
                              .share = 0.7,
                              .note_seen = exponential_of(120),
                              .isolation = Isolation{Isolation::Scope::host, exponential_of(200), {}}};
  model.backups = {copies(all_devices, 0.8, 24h, false, exponential_of(300), 720h)};
  return model;
}

}  // namespace

TEST_CASE("One zone by itself gives every host the moment that an incident gives it") {
  const Estate estate = one_segment(6000, 10000);  // through every window of the incident
  Model model = model_of(estate, {0.02}, 1h);
  model.entries = {entry_of({host(7), host(4000)})};
  CHECK(compare_with_incident(model, 5) == 5 * 6000);
  model.worm.infects.fill(0.37);
  model.horizon = Instant{} + 20min;  // in the midst of it
  const std::size_t infected = compare_with_incident(model);
  CHECK(infected > 20 * 100);
  CHECK(infected < 20 * 5900);
}

TEST_CASE("One zone by itself: several chances, entries late and twice, hosts outside that come and go") {
  const Estate estate = mixed();
  Model model = mixed_model(estate);
  CHECK(compare_with_incident(model) > 20 * 2000);
  model.entries = {entry_of({host(1), host(2)}, Instant{} + 90s), entry_of({host(2)}, Instant{} + 10min),
                   MailEntry{40, 0.2, 0.3, Instant{} + 1min, 50min, {host(5), host(900), host(1190), host(2000)}},
                   OutsideEntry{zone(0), {{Instant{}, 2.5}, {Instant{} + 10min, 40}, {Instant{} + 12min, 0}}},
                   OutsideEntry{zone(0), {{Instant{} + 5min, 1}, {Instant{} + 12min, 3}}}};
  CHECK(compare_with_incident(model) > 20 * 2000);
}

TEST_CASE("One zone by itself: latency, ends of scanning, encryption, detection, isolation, restoring") {
  const Estate estate = mixed();
  Model model = with_controls(estate);
  CHECK(compare_with_incident(model) > 20 * 500);
  model.detection->isolation.reset();
  CHECK(compare_with_incident(model) > 20 * 500);
  model.worm.latency = fixed(30);
  model.worm.activity = fixed(600);  // many at the same moments
  CHECK(compare_with_incident(model) > 20 * 500);
  model.worm.pacing.limit = 20;  // after 400 s
  CHECK(compare_with_incident(model) > 20 * 500);
}

TEST_CASE("One zone by itself: patches at the start and by campaign, rules that stand throughout") {
  const Estate estate = mixed();
  Model model = with_controls(estate);
  model.patching.coverage = 0.2;
  model.patching.concentration = 1;
  model.patching.campaign = Campaign{Instant{} + 5min, 30min, 0.9};
  model.firewalls = numbered({rule_of(estate, 0, Direction::inbound, 0.4, devices(only(DeviceClass::server))),
                              rule_of(estate, 0, Direction::outbound, 0.5),
                              rule_of(estate, 0, Direction::both, 1, devices(only(DeviceClass::backup_server)))});
  model.firewalls[1].per = FirewallRule::Unit::segment;
  model.entries.push_back(entry_of({host(0), host(803), host(1003), host(1200)}));  // closed ones among them
  CHECK(compare_with_incident(model, 40) > 40 * 50);
}

TEST_CASE("What is more than one quiet zone is left to the incident") {
  const Estate estate = mixed();
  const Model plain = with_controls(estate);
  CHECK(spreads_in_one_zone(plain));
  const auto refused = [&](auto change) {
    Model model = plain;
    change(model);
    return !spreads_in_one_zone(model);
  };
  CHECK(refused([](Model& m) { m.worm.crashes[0] = 0.1; }));
  CHECK(refused([](Model& m) { m.worm.kill_switch = KillSwitch{}; }));
  CHECK(refused([](Model& m) { m.worm.rates[0] = 0; }));
  CHECK(refused([](Model& m) { m.worm.transmissions = {exponential_of(1)}; }));
  CHECK(refused([](Model& m) { m.worm.pacing.pace = exponential_of(1); }));
  CHECK(refused([](Model& m) { m.power.emplace_back(); }));
  CHECK(refused([](Model& m) { m.detection->isolation->scope = Isolation::Scope::segment; }));
  CHECK(refused([](Model& m) { m.entries.push_back(StickEntry{}); }));
  CHECK(refused([&](Model& m) {
    m.firewalls = {rule_of(estate, 0, Direction::inbound, 1)};
    m.firewalls[0].until = Instant{} + 10min;
  }));
  CHECK(refused([&](Model& m) {
    m.firewalls = {rule_of(estate, 0, Direction::inbound, 1)};
    m.firewalls[0].from_networks = {1, 0};
  }));
  const Estate several = community();
  Model model = model_of(several, {0.5, 0.5, 1.0}, 30min);
  CHECK_FALSE(spreads_in_one_zone(model));
  model.worm.rates = {0, 0, 1};
  CHECK(spreads_in_one_zone(model));
  model.worm.rates = {1, 0, 0};  // many zones of one kind
  CHECK_FALSE(spreads_in_one_zone(model));
}
