#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};

/// A model in which nobody scans and only entries infect.
Model entering(const Estate& estate, std::vector<Entry> entries, Duration horizon = 48h) {
  Model model = model_of(estate, std::vector<double>(estate.zone_kinds().size()), horizon);
  model.entries = std::move(entries);
  return model;
}

std::vector<HostId> hosts_between(std::size_t first, std::size_t last) {
  std::vector<HostId> hosts;
  for (std::size_t h = first; h < last; ++h) hosts.push_back(host(h));
  return hosts;
}

Trace steps_of(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(141, replicate));
  play.run();
  return play.incident().trace();
}

/// A: segments 0 (hosts 0 1 2), 1 (3 4), 2 (5 6 7 8); B: segment 3 (9 10); C: segments 4 (11), 5 (none).
Estate offices() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{3}}, "n"}, {{{2}}, "n"}, {{{4}}, "n"}});
  add_organisation(builder, "B", {{{{2}}, "n"}});
  add_organisation(builder, "C", {{{{1}}, "n"}, {{}, "n"}});
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 12, all_of(builder));
  return builder.build();
}

}  // namespace

// --- hosts ---

TEST_CASE("So many different hosts are infected at the moment, each with the same chance") {
  const Estate estate = one_segment(20, 20);
  const Model model = entering(estate, {HostEntry{3, t0 + 2h, hosts_between(5, 15)}});
  std::vector<double> counted(10);
  for (std::uint32_t r = 0; r < 2000; ++r) {
    const Trace steps = steps_of(model, r);
    REQUIRE(steps.size() == 3);
    std::set<HostId> different;
    for (const Step& step : steps) {
      REQUIRE(step.what == Transition::infected);
      REQUIRE(step.time == t0 + 2h);
      REQUIRE(step.source == no_host);
      REQUIRE(step.zone == no_zone);
      different.insert(step.host);
      counted.at(index(step.host) - 5) += 1;
    }
    REQUIRE(different.size() == 3);
  }
  // Drawn without replacement, so the counts vary less than a multinomial: the test is on the safe side.
  CHECK(stats::chi_square(counted, std::vector<double>(10, 600)) < stats::chi_square_critical(9));
}

TEST_CASE("More hosts than there are means all of them, and none means none") {
  const Estate estate = one_segment(4, 4);
  CHECK(steps_of(entering(estate, {HostEntry{9, t0, hosts_between(0, 4)}})).size() == 4);
  CHECK(steps_of(entering(estate, {HostEntry{0, t0, hosts_between(0, 4)}})).empty());
  CHECK(steps_of(entering(estate, {HostEntry{3, t0, {}}})).empty());
  CHECK(steps_of(entering(estate, {HostEntry{1, t0 + 48h, hosts_between(0, 4)}})).empty());  // at the horizon
}

TEST_CASE("A host that is taken already is not infected twice") {
  const Estate estate = one_segment(4, 4);
  const Trace steps =
      steps_of(entering(estate, {entry_of({host(1)}, t0 + 1h), entry_of({host(1), host(2)}, t0 + 2h)}));
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].host == host(1));
  CHECK(steps[1].host == host(2));
}

// --- mail ---

TEST_CASE("Of the messages those that are delivered and opened infect their readers, evenly over the time") {
  const Estate estate = one_segment(100000, 100000);
  const Model model = entering(estate, {MailEntry{4000, 0.6, 0.25, t0 + 3h, 5h, hosts_between(0, 100000)}});
  const Trace steps = steps_of(model);
  // So many readers that two messages meet rarely: fewer than the standard error of the count.
  CHECK(stats::within_five_errors(static_cast<double>(steps.size()), 4000, 0.4 * 0.25));
  std::vector<double> when;
  std::vector<double> who;
  for (const Step& step : steps) {
    CHECK(step.source == no_host);
    CHECK(step.zone == no_zone);
    when.push_back((to_hours(step.time) - 3) / 5);
    who.push_back(static_cast<double>(index(step.host)) / 100000);
  }
  const auto even = [](double x) { return std::clamp(x, 0.0, 1.0); };
  CHECK(stats::ks_distance_to(when, even) < stats::ks_critical(when.size()));
  CHECK(stats::ks_distance_to(who, even) < stats::ks_critical(who.size()));
}

TEST_CASE("A better filter, or fewer clicks, stops some of the same messages") {
  const Estate estate = one_segment(5000, 5000);
  const auto readers = [&](double filter, double click) {
    std::map<HostId, Instant> result;
    for (const Step& step :
         steps_of(entering(estate, {MailEntry{300, filter, click, t0, 10h, hosts_between(0, 5000)}})))
      result[step.host] = step.time;
    return result;
  };
  const auto all = readers(0.2, 0.6);
  for (const auto& fewer : {readers(0.5, 0.6), readers(0.2, 0.3), readers(0.9, 0.1)}) {
    CHECK(fewer.size() < all.size());
    for (const auto& [reader, time] : fewer) {
      REQUIRE(all.count(reader) == 1);
      CHECK(all.at(reader) <= time);  // a reader of two messages may be left with the later one
    }
  }
  CHECK(readers(1, 1).empty());
  CHECK(readers(0, 0).empty());
}

TEST_CASE("A click runs the worm on a patched host, and is not counted as unpatched") {
  const Estate estate = one_segment(10, 10);
  Model model = entering(estate, {MailEntry{50, 0, 1, t0, 1h, hosts_between(0, 10)}});
  model.patching.coverage = 1;
  Play play(model, Draws(142, 0));
  play.run();
  CHECK(attack_size(play.incident()) > 5);
  CHECK_FALSE(play.unpatched(host(0), t0));
}

// --- sticks ---

TEST_CASE("A stick carries from an infected host to one in another segment of its organisation, and only then") {
  const Estate estate = offices();
  // Everybody in segment 1 is infected at the start.
  const Model model = entering(
      estate, {entry_of({host(3), host(4)}), StickEntry{400, t0 + 1h, 10h, fixed(1800), 1, hosts_between(0, 12)}});
  std::size_t carried = 0;
  for (std::uint32_t r = 0; r < 20; ++r) {
    Play play(model, Draws(143, r));
    play.run();
    std::map<HostId, Instant> infected;
    for (const Step& step : play.incident().trace()) {
      infected[step.host] = step.time;
      if (step.source == no_host) continue;
      ++carried;
      CHECK(step.zone == no_zone);
      CHECK(estate.organisation_of(step.host) == estate.organisation_of(step.source));
      CHECK(estate.segment_of(step.host) != estate.segment_of(step.source));
      CHECK(step.time >= t0 + 1h + 30min);
      CHECK(step.time < t0 + 11h + 30min);
      CHECK(infected.at(step.source) <= step.time - 30min);  // plugged in when that host was infected
    }
    CHECK(infected.count(host(9)) == 0);  // one segment only: nowhere to carry from
    CHECK(infected.count(host(11)) == 0);
  }
  CHECK(carried > 100);
}

TEST_CASE("Where a stick comes from is any host of the organisation's other segments, with the same chance") {
  // One stick each replicate, to host 4; all others are infected at the start.
  const Estate estate = offices();
  std::vector<HostId> others;
  for (std::size_t h = 0; h < 12; ++h)
    if (h != 4) others.push_back(host(h));
  const Model model = entering(estate, {entry_of(others), StickEntry{1, t0 + 1h, 1h, fixed(60), 1, {host(4)}}});
  std::vector<double> counted(9);
  for (std::uint32_t r = 0; r < 2100; ++r)
    for (const Step& step : steps_of(model, r))
      if (step.host == host(4)) counted.at(index(step.source)) += 1;
  CHECK(counted[3] == 0);
  CHECK(counted[4] == 0);
  std::vector<double> possible;
  for (const std::size_t h : {0, 1, 2, 5, 6, 7, 8}) possible.push_back(counted[h]);
  CHECK(stats::chi_square(possible, std::vector<double>(7, 300)) < stats::chi_square_critical(6));
}

TEST_CASE(
    "A stick's content is run with its chance, nested, and reaches a patched host but not a restored source's") {
  const Estate estate = offices();
  const auto carried = [&](double runs) {
    Model model = entering(estate, {entry_of({host(0), host(1), host(2)}),
                                    StickEntry{1, t0 + 1h, 1h, fixed(60), runs, hosts_between(3, 9)}});
    model.patching.coverage = 1;
    std::vector<std::uint8_t> result;
    for (std::uint32_t r = 0; r < 600; ++r) result.push_back(steps_of(model, r).size() > 3);
    return result;
  };
  const auto always = carried(1);
  const auto seldom = carried(0.3);
  for (std::size_t r = 0; r < 600; ++r) CHECK(seldom[r] <= always[r]);
  const auto often = static_cast<double>(std::count(always.begin(), always.end(), 1));
  CHECK(stats::within_five_errors(static_cast<double>(std::count(seldom.begin(), seldom.end(), 1)), often, 0.3));
  // From hosts 3 to 8 the stick comes from one of the other segments: three of 7 or of 5 hosts are infected.
  const double chance = (2.0 / 6) * (3.0 / 7) + (4.0 / 6) * (3.0 / 5);
  CHECK(stats::within_five_errors(often, 600, chance));

  Model restored = entering(estate, {entry_of({host(0)}), StickEntry{200, t0 + 5h, 1h, fixed(60), 1, {host(4)}}});
  restored.detection = Detection{.dwell = fixed(60), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  restored.backups = {copies(all_devices, 1, 24h, true, fixed(3600), 24h)};
  Play play(restored, Draws(144, 0));
  play.run();
  CHECK(attack_size(play.incident()) == 1);
}

// --- outside ---

TEST_CASE("Hosts outside infect while they are there, and at the rate of their number") {
  const Estate estate = one_segment(4000, 100000);
  Model model = model_of(estate, {1}, 10h);
  model.worm.activity = fixed(0);  // whoever falls does not scan
  model.entries = {OutsideEntry{zone(0), {{t0 + 1h, 2}, {t0 + 3h, 5}, {t0 + 4h, 0}, {t0 + 6h, 1}, {t0 + 8h, 0}}}};
  const Trace steps = steps_of(model);
  std::vector<double> by_hour(10);
  for (const Step& step : steps) {
    CHECK(step.source == no_host);
    CHECK(step.zone == zone(0));
    by_hour.at(static_cast<std::size_t>(to_hours(step.time))) += 1;
  }
  const double hosts[] = {0, 2, 2, 5, 0, 0, 1, 1, 0, 0};
  double left = 4000;
  for (std::size_t hour = 0; hour < 10; ++hour) {
    const double chance = 1 - std::exp(-hosts[hour] * 3600 / 100000);
    CHECK(stats::within_five_errors(by_hour[hour], left, chance));
    if (hosts[hour] == 0) CHECK(by_hour[hour] == 0);
    left -= by_hour[hour];
  }
}

TEST_CASE("Entries from outside on the same zone add up, on others they do not") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2000}}, "n"}});
  add_organisation(builder, "B", {{{{2000}}, "n"}});
  builder.add_zones("organisation", EstateBuilder::Pool::each_organisation, 100000, all_of(builder));
  const Estate estate = builder.build();
  Model model = model_of(estate, {1}, 4h);
  model.worm.activity = fixed(0);
  model.entries = {OutsideEntry{zone(0), {{t0, 2}}}, OutsideEntry{zone(1), {{t0, 6}, {t0 + 2h, 0}}},
                   OutsideEntry{zone(0), {{t0, 1}, {t0 + 2h, 3}}}};
  double fell[2][2] = {};
  for (const Step& step : steps_of(model)) fell[index(step.zone)][step.time >= t0 + 2h] += 1;
  const auto chance = [](double outside) { return 1 - std::exp(-outside * 7200 / 100000); };
  CHECK(stats::within_five_errors(fell[0][0], 2000, chance(3)));
  CHECK(stats::within_five_errors(fell[0][1], 2000 - fell[0][0], chance(5)));
  CHECK(stats::within_five_errors(fell[1][0], 2000, chance(6)));
  CHECK(fell[1][1] == 0);
}

TEST_CASE("Every strategy meets the same entries") {
  const Estate estate = one_segment(60, 60);
  Model model = entering(
      estate, {HostEntry{3, t0 + 1h, hosts_between(0, 60)}, MailEntry{40, 0.5, 0.5, t0, 10h, hosts_between(0, 60)}});
  const Trace before = steps_of(model);
  model.patching.coverage = 0.9;
  model.patching.concentration = 0.0;
  model.firewalls = {{.zone_kind = 0, .where = Selector(estate, {}), .from_networks = {}}};
  model.worm.rates = {1e-9};
  CHECK(same(before, steps_of(model)));
}

TEST_CASE("What is to happen never does not happen") {
  const Estate estate = offices();
  CHECK(steps_of(entering(estate, {MailEntry{100, 0, 1, never, 4h, hosts_between(0, 2)}})).empty());
  CHECK(steps_of(entering(estate, {HostEntry{1, never, hosts_between(0, 2)}})).empty());
  Model model = entering(estate, {HostEntry{1, t0, hosts_between(0, 1)}});
  model.patching.campaign = Campaign{never, 1h, 1.0};
  Play play(model, Draws(1, 0));
  play.run();
  CHECK_FALSE(play.protected_at(host(3), play.model().horizon));
}
