#include <catch2/catch.hpp>
#include <cmath>

#include "models/zone_play.h"
#include "tests/support/community.h"
#include "tests/support/spared.h"
#include "tests/support/statistics.h"
#include "tests/support/told.h"

// Monitoring, attended hours, signatures, reports and the warning.

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};

Play played(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(141, replicate));
  play.run();
  return play;
}

Instant detected(const Model& model, std::size_t h = 0) {
  return time_of(played(model).incident(), host(h), Transition::detected);
}

/// Two hosts, nobody scans; host 0 is infected at the start and noticed after an hour.
Model noticing(const Estate& estate) {
  Model model = model_of(estate, {0}, 24h * 7);
  model.entries = {entry_of({host(0)})};
  model.detection = Detection{.dwell = fixed(3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  return model;
}

}  // namespace

// --- monitoring ---

TEST_CASE("Who watches the network sees a host once it scans") {
  const Estate estate = one_segment(2, 2);
  Model model = noticing(estate);
  model.worm.latency = fixed(600);
  model.detection->monitoring = Monitoring{1, fixed(1200)};
  CHECK(detected(model) == t0 + 30min);
  model.detection->monitoring->dwell = fixed(7200);
  CHECK(detected(model) == t0 + 1h);  // people are faster
  model.detection->share = 0;
  CHECK(detected(model) == t0 + 2h + 10min);
  model.detection->monitoring->share = 0;
  CHECK(detected(model) == never);
}

TEST_CASE("So many organisations watch, whole and nested") {
  EstateBuilder builder;
  for (int o = 0; o < 300; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{2}}, "n"}});
  const Estate estate = builder.build();
  Model model = noticing(estate);
  model.detection->share = 0;
  std::vector<HostId> all;
  for (std::size_t h = 0; h < 600; ++h) all.push_back(host(h));
  model.entries = {entry_of(all)};
  std::vector<std::uint8_t> last(600);
  for (const double share : {0.0, 0.3, 0.8, 1.0}) {
    model.detection->monitoring = Monitoring{share, fixed(60)};
    const Play play = played(model);
    CHECK(stats::within_five_errors(metric(play, "hosts_detected") / 2, 300, share));
    for (std::size_t h = 0; h < 600; ++h) {
      const bool seen = play.incident().detected(host(h));
      CHECK(seen == play.incident().detected(host(h ^ 1)));
      CHECK(seen >= static_cast<bool>(last[h]));
      last[h] = seen;
    }
  }
}

// --- attended hours ---

TEST_CASE("What people notice waits for them: a Friday evening and a Monday morning") {
  const Estate estate = one_segment(2, 2);
  Model model = noticing(estate);
  const Hours office{.on = 9h, .off = 17h + 30min, .weekends = false, .start = {4, 17h}};  // from Friday 17:00
  model.detection->attended = {{Selector(estate, {}), office}};
  CHECK(detected(model) == t0 + 7h + 48h + 9h + 30min);  // half an hour on Friday, half an hour on Monday
  model.detection->attended[0].hours.start = {0, 9h};
  CHECK(detected(model) == t0 + 1h);
  model.detection->attended[0].where = Selector(estate, devices(only(DeviceClass::server)));  // not this host
  model.detection->attended[0].hours.start = {4, 17h};
  CHECK(detected(model) == t0 + 1h);
  // The first that covers the host counts.
  model.detection->attended.push_back({Selector(estate, {}), office});
  model.detection->attended.push_back({Selector(estate, {}), {.on = 0h, .off = 24h, .weekends = true, .start = {}}});
  CHECK(detected(model) == t0 + 7h + 48h + 9h + 30min);
}

TEST_CASE("The note waits for who reads it; the network is watched all the time") {
  const Estate estate = one_segment(2, 2);
  Model model = noticing(estate);
  model.detection->share = 0;
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = fixed(3600e6);
  const Hours office{.on = 9h, .off = 17h, .weekends = false, .start = {1, 16h}};  // from Tuesday 16:00
  model.detection->attended = {{Selector(estate, {}), office}};
  CHECK(detected(model) == t0 + 8h + 9h + 30min);
  model.detection->monitoring = Monitoring{1, fixed(7200)};
  CHECK(detected(model) == t0 + 2h);
}

TEST_CASE("Monitoring and attended hours leave courses known ahead: the fast plays agree") {
  const Estate estate = one_zone({{{{800}, {400, DeviceClass::server}}, "n"}, {{{800}}, "m"}}, 4000);
  Model model = model_of(estate, {2}, 1h);
  model.worm.latency = exponential_of(30);
  model.worm.activity = exponential_of(400);
  model.entries = {entry_of({host(0), host(900)})};
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = exponential_of(300e6);
  model.detection = Detection{.dwell = exponential_of(600),
                              .share = 0.5,
                              .note_seen = exponential_of(100),
                              .isolation = Isolation{Isolation::Scope::host, exponential_of(60), {}}};
  model.detection->monitoring = Monitoring{1, exponential_of(300)};
  model.detection->attended = {{Selector(estate, devices(only(DeviceClass::server))),
                                {.on = 9h, .off = 17h, .weekends = false, .start = {1, 16h + 30min}}}};
  REQUIRE(spreads_in_one_zone(model));
  ZonePlay fast(model);
  std::size_t steps = 0;
  for (std::uint32_t r = 0; r < 20; ++r) {
    fast.play(Draws(142, r));
    Play play(model, Draws(142, r));
    play.run();
    REQUIRE(same(measure(fast), measure(play)));
    steps += play.trace().size();
  }
  CHECK(steps > 20 * 1000);
  model.detection->antivirus = Antivirus{t0 + 5min, {}};
  CHECK_FALSE(spreads_in_one_zone(model));
  model.detection->antivirus.reset();
  model.warning = Warning{};
  CHECK_FALSE(spreads_in_one_zone(model));
}

// --- signatures ---

TEST_CASE("With signatures the worm does not start, and where it runs it is found") {
  const Estate estate = one_segment(4, 4);
  Model model = noticing(estate);
  model.detection->dwell = fixed(5 * 3600);
  model.detection->antivirus = Antivirus{t0 + 2h, {}, fixed(1800), 1};
  model.entries = {entry_of({host(0)}), entry_of({host(1)}, t0 + 2h + 30min - 1ns),
                   entry_of({host(2)}, t0 + 2h + 30min), entry_of({host(3)}, t0 + 5h)};
  const Play play = played(model);
  const Instant there = t0 + 2h + 30min;
  CHECK(time_of(play.incident(), host(0), Transition::detected) == there);
  CHECK(time_of(play.incident(), host(1), Transition::detected) == there);
  CHECK(time_of(play.incident(), host(2), Transition::stopped) == there);
  CHECK(time_of(play.incident(), host(3), Transition::stopped) == t0 + 5h);
  CHECK(attack_size(play.incident()) == 2);
  model.detection->antivirus->share = 0;
  CHECK(attack_size(played(model).incident()) == 4);
}

TEST_CASE("Signatures after the warning do what they would do at that moment") {
  const Estate estate = community();
  for (Model model : {lawful(estate), busy(estate)}) {
    const bool days = model.horizon > t0 + 1h;
    const Duration unit = days ? Duration(1h) : Duration(4s);
    model.detection->antivirus = Antivirus{t0 + 3 * unit, {}, exponential_of(days ? 20000 : 20), 0.7};
    Model warned = model;
    warned.warning = Warning{};
    warned.warning->at = t0 + 2 * unit;
    warned.detection->antivirus->at = never;
    warned.detection->antivirus->after_warning = unit;
    std::size_t stopped = 0;
    for (std::uint32_t r = 0; r < 60; ++r) {
      const Play at = played(model, r);
      const Play after = played(warned, r);
      REQUIRE(same(at.incident().trace(), after.incident().trace()));
      REQUIRE(after.incident().consistent());
      stopped += count_of(at.incident(), Transition::stopped);
    }
    CHECK(stopped > 100);
  }
}

TEST_CASE("A ring after the warning patches as one that begins at that moment") {
  const Estate estate = community();
  Model model = lawful(estate);
  PatchRing ring;
  ring.where = Selector(estate, {});
  ring.rate = 1.0 / 60;  // all within a minute
  ring.from = t0 + 12s;
  model.patching.rings = {ring};
  Model warned = model;
  warned.warning = Warning{};
  warned.warning->at = t0 + 4s;
  warned.patching.rings[0].from = never;
  warned.patching.rings[0].after_warning = 8s;
  Model without = model;
  without.patching.rings.clear();
  std::size_t spared = 0;
  for (std::uint32_t r = 0; r < 60; ++r) {
    const Play at = played(model, r);
    REQUIRE(same(at.incident().trace(), played(warned, r).incident().trace()));
    spared += attack_size(played(without, r).incident()) - attack_size(at.incident());
  }
  CHECK(spared > 60);
}

TEST_CASE("Earlier signatures never infect a host that would have been spared, nor one sooner") {
  const Estate estate = community();
  Model late = lawful(estate);
  late.detection->antivirus = Antivirus{t0 + 60s, {}, exponential_of(30), 0.6};
  Model early = late;
  early.detection->antivirus->at = t0 + 10s;
  early.detection->antivirus->share = 0.8;
  CHECK(spares(early, late, 141) > 20);
}

// --- reports and the warning ---

TEST_CASE("Organisations report their first detection, and after some reports everybody is warned") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}}, "n"}});
  add_organisation(builder, "B", {{{{2}}, "n"}}, OrganisationKind::practice);
  add_organisation(builder, "C", {{{{2}}, "n"}});
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 24h);
  model.sample_every = 1h;
  model.detection = Detection{.dwell = fixed(3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  model.entries = {entry_of({host(0)}), entry_of({host(1)}, t0 + 30min), entry_of({host(2)}, t0 + 2h),
                   entry_of({host(4)}, t0 + 5h)};
  model.warning = Warning{fixed(1800), 2, fixed(55 * 60), {}};
  const Play play = played(model);
  std::vector<std::pair<OrganisationId, Instant>> reports;
  play.each_report([&](OrganisationId of, Instant at) { reports.emplace_back(of, at); });
  REQUIRE(reports.size() == 3);
  CHECK(reports[0] == std::pair(org(0), t0 + 1h + 30min));
  CHECK(reports[1] == std::pair(org(1), t0 + 3h + 30min));
  CHECK(reports[2] == std::pair(org(2), t0 + 6h + 30min));
  CHECK(play.warned_at() == t0 + 4h + 25min);
  CHECK(metric(play, "organisations_reported") == 3);
  CHECK(metric(play, "trusts_reported") == 2);
  CHECK(metric(play, "time_to_warning") == Approx(4 + 25.0 / 60));
  // The curve counts trusts at whole hours.
  const Told only_this = told(model);
  const Outcome outcome = measure(play, only_this);
  const auto names = series(only_this);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].name == "trusts_reported") {
      const auto at = [&](std::size_t hour) { return outcome.series[i * samples(model) + hour]; };
      CHECK(at(1) == 0);
      CHECK(at(2) == 1);
      CHECK(at(6) == 1);
      CHECK(at(7) == 2);
      CHECK(at(24) == 2);
    }
  model.warning->after_reports = 4;
  CHECK(played(model).warned_at() == never);
  CHECK(std::isnan(metric(played(model), "time_to_warning")));
  model.warning->at = t0 + 7h;
  CHECK(played(model).warned_at() == t0 + 7h);
  CHECK(metric(played(model), "organisations_reported") == 3);
}

TEST_CASE("Metrics of warnings and orders are told where there are any") {
  const Estate estate = one_segment(2, 2);
  Model model = noticing(estate);
  const auto is_told = [&](std::string_view name) {
    for (const Metric& metric : metrics(told(model)))
      if (metric.name == name) return true;
    return false;
  };
  CHECK_FALSE(is_told("time_to_warning"));
  CHECK_FALSE(is_told("trusts_cut_off"));
  model.warning = Warning{};
  CHECK(is_told("time_to_warning"));
  model.orders.emplace_back();
  CHECK(is_told("trusts_cut_off"));
}

TEST_CASE("An order follows the warning, after a delay of each unit's own") {
  EstateBuilder builder;
  for (int o = 0; o < 400; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{1}}, "n"}});
  const Estate estate = builder.build();
  Model model = noticing(estate);
  model.warning = Warning{fixed(0), 1, fixed(1800), {}};
  Order order;
  order.where = Selector(estate, {});
  order.trigger.on = Trigger::On::warning;
  order.delay = exponential_of(3600);
  model.orders = {order};
  std::vector<double> delays;
  played(model).each_cut([&](const Cut& cut) { delays.push_back(to_hours(cut.from - (t0 + 90min))); });
  REQUIRE(delays.size() == 400);
  CHECK(stats::ks_distance_to(delays, [](double x) { return 1 - std::exp(-x); }) < stats::ks_critical(400));
}
