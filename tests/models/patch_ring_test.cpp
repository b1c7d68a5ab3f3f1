#include <catch2/catch.hpp>

#include <map>

#include "models/metrics.h"
#include "sim/base/numeric.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};
constexpr double an_hour = 3600;

std::vector<Instant> all_from(const Estate& estate, const PatchPlan& plan, const Draws& draws) {
  Patched patched(estate, plan);
  patched.reset(draws);
  std::vector<Instant> times;
  for (std::size_t h = 0; h < estate.hosts(); ++h) times.push_back(patched.from(host(h), estate.segment_of(host(h))));
  return times;
}

double luck(const Draws& draws, Purpose purpose, std::size_t h) {
  return draws.uniform(purpose, static_cast<std::uint32_t>(h));
}

PatchRing ring_at(const Estate& estate, Instant from, double per_hour, const Where& where = {}) {
  PatchRing ring;
  ring.where = Selector(estate, where);
  ring.from = from;
  ring.rate = per_hour / an_hour;
  return ring;
}

/// Technicians who start on a Friday at four in the afternoon, an hour before they go home.
PatchRing visits(const Estate& estate, double technicians, double per_hour) {
  PatchRing ring = ring_at(estate, t0, 0);
  ring.staff = PatchStaff{fixed(technicians), per_hour / an_hour, Hours{9h, 17h, false, {4, 16h}}};
  return ring;
}

/// The hosts in the order of their own luck.
std::vector<std::size_t> in_turn(const Draws& draws, std::size_t hosts) {
  std::vector<std::size_t> order;
  for (std::size_t h = 0; h < hosts; ++h) order.push_back(h);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return luck(draws, Purpose::patched, a) < luck(draws, Purpose::patched, b); });
  return order;
}

}  // namespace

TEST_CASE("A ring by hand: its share of the hosts an hour, to its ceiling, those patched at the start aside") {
  const Estate estate = one_segment(400, 400);
  PatchPlan plan;
  plan.coverage = 0.2;
  plan.rings = {ring_at(estate, t0 + 6h, 0.1)};
  plan.rings[0].ceiling = 0.7;
  const Draws draws(301, 0);
  const auto times = all_from(estate, plan, draws);
  for (std::size_t h = 0; h < 400; ++h) {
    const double u = luck(draws, Purpose::patched, h);
    if (u < 0.2) CHECK(times[h] == t0);
    if (u >= 0.2 && u < 0.7) CHECK(times[h] == t0 + 6h + from_seconds((u - 0.2) / (0.1 / an_hour)));
    if (u >= 0.7) CHECK(times[h] == never);
  }
}

TEST_CASE("The first ring that matches a host counts, and one that nothing begins never comes") {
  const Estate estate = one_zone({{{{5}}, "wards"}, {{{5}}, "office"}}, 20);
  Where wards;
  wards.networks = {"wards"};
  PatchPlan plan;
  plan.rings = {ring_at(estate, never, 1, wards), ring_at(estate, t0 + 2h, 1)};
  Patched patched(estate, plan);
  const Draws draws(302, 0);
  patched.reset(draws);
  const auto from = [&](std::size_t h) { return patched.from(host(h), segment(h / 5)); };
  CHECK_FALSE(patched.more_by(t0 + 1h));
  CHECK(patched.more_by(t0 + 2h));
  for (std::size_t h = 0; h < 5; ++h) CHECK(from(h) == never);
  patched.begin_ring(0, t0 + 1h);
  patched.begin_ring(0, t0 + 3h);  // it has begun already
  CHECK(patched.more_by(t0 + 1h));
  for (std::size_t h = 0; h < 10; ++h) {
    const double hours = luck(draws, Purpose::patched, h);
    CHECK(from(h) == t0 + (h < 5 ? 1h : 2h) + from_seconds(hours / (1 / an_hour)));
  }
  patched.reset(draws);
  CHECK(from(0) == never);
}

TEST_CASE("An installation fails on its share of the hosts, and more failures leave the others as they were") {
  const Estate estate = one_segment(2000, 2000);
  PatchPlan plan;
  plan.rings = {ring_at(estate, t0, 0.1)};
  const auto without = all_from(estate, plan, Draws(303, 0));
  std::vector<Instant> last = without;
  for (const double fails : {0.2, 0.5}) {
    plan.rings[0].fails = fails;
    const auto now = all_from(estate, plan, Draws(303, 0));
    const auto failed = static_cast<double>(std::count(now.begin(), now.end(), never));
    CHECK(stats::within_five_errors(failed, 2000, fails));
    for (std::size_t h = 0; h < 2000; ++h) {
      CHECK((now[h] == without[h] || now[h] == never));
      CHECK(now[h] >= last[h]);
    }
    last = now;
  }
}

TEST_CASE("Technicians by hand: two do three hosts an hour, go home at five on Friday and come back on Monday") {
  const Estate estate = one_segment(10, 10);
  PatchPlan plan;
  plan.rings = {visits(estate, 2, 3)};
  const Draws draws(304, 0);
  const auto times = all_from(estate, plan, draws);
  const auto order = in_turn(draws, 10);
  const Instant monday = t0 + 65h;  // at nine
  for (std::size_t i = 0; i < 6; ++i) CHECK(times[order[i]] == t0 + 10min * static_cast<int>(i + 1));
  for (std::size_t i = 6; i < 10; ++i) CHECK(times[order[i]] == monday + 10min * static_cast<int>(i - 5));
}

TEST_CASE("Technicians go only to hosts that can have the patch, have none and run Windows") {
  const Estate estate = one_zone({{{{12}, {3, DeviceClass::mobile, System::no_windows}}}}, 20);
  PatchPlan plan;
  plan.coverage = 0.4;
  plan.groups = {{Selector(estate, {}), std::nullopt, 0.7}};
  plan.rings = {visits(estate, 1, 1)};
  plan.rings[0].staff->hours.reset();
  plan.rings[0].ceiling = 0.9;
  const Draws draws(305, 2);
  const auto times = all_from(estate, plan, draws);
  int visited = 0;
  for (const std::size_t h : in_turn(draws, 12)) {
    const double u = luck(draws, Purpose::patched, h);
    const bool can = luck(draws, Purpose::patchable, h) < 0.7;
    const Instant expected = !can || u >= 0.9 ? never : u < 0.4 ? t0 : t0 + 1h * ++visited;
    CHECK(times[h] == expected);
  }
  CHECK(visited >= 2);
}

TEST_CASE("Technicians never do more than their hours allow, whatever the luck, and more of them never come later") {
  const Estate estate = one_segment(60, 60);
  PatchPlan plan;
  plan.rings = {visits(estate, 1, 4)};
  for (std::uint32_t r = 0; r < 200; ++r) {
    std::vector<Instant> last(60, never);
    for (const double technicians : {0.0, 1.0, 2.0, 5.0}) {
      plan.rings[0].staff->technicians = fixed(technicians);
      const auto times = all_from(estate, plan, Draws(306, r));
      for (std::size_t h = 0; h < 60; ++h) REQUIRE(times[h] <= last[h]);
      const auto done_by = [&](Instant t) {
        return std::count_if(times.begin(), times.end(), [&](Instant x) { return x <= t; });
      };
      REQUIRE(done_by(t0 + 30min) == static_cast<int>(2 * technicians));
      REQUIRE(done_by(t0 + 64h) == static_cast<int>(4 * technicians));
      last = times;
    }
  }
}

TEST_CASE("A maintenance window by hand: who comes to his turn outside of it waits until it opens") {
  const Estate estate = one_segment(200, 200);
  PatchPlan plan;
  plan.rings = {ring_at(estate, t0, 0.05)};
  plan.rings[0].window = Hours{22h, 23h, true, {0, 20h}};  // the start is a Monday at eight in the evening
  const Draws draws(307, 0);
  const auto times = all_from(estate, plan, draws);
  for (std::size_t h = 0; h < 200; ++h) {
    const Instant turn = t0 + from_seconds(luck(draws, Purpose::patched, h) / (0.05 / an_hour));  // within 20 h
    CHECK(times[h] == (turn < t0 + 2h ? t0 + 2h : turn < t0 + 3h ? turn : t0 + 26h));
  }
}

TEST_CASE(
    "A reboot by hand: at the end of the day where people shut down, by force elsewhere, at once if not needed") {
  const Estate estate = one_segment(300, 300);
  PatchPlan plan;
  plan.rings = {ring_at(estate, t0 + 1h, 1)};
  // The start is a Friday at half past four, and days end at six: installations are from half past five to half past
  // six.
  plan.rings[0].reboot = Reboot{0.8, 0.5, Hours{0h, 18h, false, {4, 16h + 30min}}, 30h};
  const Draws draws(308, 0);
  const auto times = all_from(estate, plan, draws);
  const Instant friday = t0 + 90min;
  const Instant monday = friday + 72h;
  for (std::size_t h = 0; h < 300; ++h) {
    const Instant installed = t0 + 1h + from_seconds(luck(draws, Purpose::patched, h) / (1 / an_hour));
    const bool needed = luck(draws, Purpose::reboot, h) < 0.8;
    const bool daily = luck(draws, Purpose::shut_down, h) < 0.5;
    CHECK(times[h] == (!needed ? installed : daily && installed < friday ? friday : installed + 30h));
  }
  plan.rings[0].reboot->forced_after.reset();
  const auto unforced = all_from(estate, plan, draws);
  for (std::size_t h = 0; h < 300; ++h) {
    if (luck(draws, Purpose::reboot, h) >= 0.8) continue;
    const bool daily = luck(draws, Purpose::shut_down, h) < 0.5;
    CHECK(unforced[h] == (!daily ? never : times[h] == friday ? friday : monday));
  }
}

TEST_CASE("A ring waits for the vendor's approval, which then comes during the incident") {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("s");
  builder.add_segment("n");
  builder.add_host(DeviceClass::imaging, System::windows_xp, "m1");
  builder.add_host(DeviceClass::workstation, System::windows_7);
  const Estate estate = builder.build();
  PatchPlan plan;
  plan.age = 24h * 9;
  plan.vendors = VendorApproval{fixed(10 * 86400), 0};
  plan.rings = {ring_at(estate, t0 + 1h, 1000)};
  const auto early = all_from(estate, plan, Draws(309, 0));
  CHECK(early[0] == t0 + 24h);
  CHECK(early[1] < t0 + 2h);
  plan.rings[0].from = t0 + 30h;
  const auto late = all_from(estate, plan, Draws(309, 0));
  CHECK(late[0] >= t0 + 30h);
  CHECK(late[0] < t0 + 31h);
  // Those who are covered get it with the approval only where a ring or adoption brings it.
  plan.rings.clear();
  plan.coverage = 1;
  CHECK(all_from(estate, plan, Draws(309, 0)) == std::vector<Instant>{never, t0});
}

namespace {

/// Two practices and a trust: wards of workstations with scanners, a server room with phones in it.
Estate mixed() {
  EstateBuilder builder;
  for (const char* code : {"P", "Q", "T"})
    add_organisation(
        builder, code,
        {{{{9}, {3, DeviceClass::scanner, System::windows_xp}}, "wards"},
         {{{4, DeviceClass::server, System::server_2008_r2}, {2, DeviceClass::mobile, System::no_windows}}, "room"}},
        code[0] == 'T' ? OrganisationKind::trust : OrganisationKind::practice);
  return builder.build();
}

PatchPlan everything(const Estate& estate) {
  Where wards;
  wards.networks = {"wards"};
  Where scanners;
  scanners.devices = only(DeviceClass::scanner);
  PatchPlan plan;
  plan.concentration = 2;
  plan.age = 24h * 50;
  plan.adoption = Adoption{Adoption::Shape::weibull, 24 * an_hour * 169, 0.58, {}};
  plan.coverage = plan.adoption->coverage_at(to_seconds(plan.age));
  plan.groups = {{Selector(estate, scanners), 0.1, 0.6}};
  plan.campaign = Campaign{t0 + 60h, 10h, 0.7};
  plan.rings = {ring_at(estate, t0 + 3h, 0.05, wards), visits(estate, 1, 2)};
  plan.rings[0].fails = 0.2;
  plan.rings[0].ceiling = 0.95;
  plan.rings[0].window = Hours{20h, 23h, false, {4, 16h}};
  plan.rings[0].downtime = 20min;
  plan.rings[1].reboot = Reboot{0.7, 0.5, Hours{0h, 18h, false, {4, 16h}}, 50h};
  plan.rings[1].downtime = 1h;
  return plan;
}

}  // namespace

TEST_CASE("Courses by the segment are those of its hosts, one by one") {
  const Estate estate = mixed();
  const PatchPlan plan = everything(estate);
  Patched patched(estate, plan);
  std::map<bool, int> late;
  for (std::uint32_t r = 0; r < 100; ++r) {
    patched.reset(Draws(310, r));
    for (std::size_t s = 0; s < estate.segments(); ++s) {
      const auto first = index(estate.first_host(segment(s)));
      std::vector<PatchCourse> courses(index(estate.last_host(segment(s))) - first);
      patched.courses(segment(s), courses);
      for (std::size_t i = 0; i < courses.size(); ++i) {
        REQUIRE(courses[i].from == patched.from(host(first + i), segment(s)));
        REQUIRE((courses[i].from == t0) == patched.at_start(host(first + i), segment(s)));
        REQUIRE((courses[i].install == never) == (courses[i].downtime == Duration{}));
        REQUIRE((courses[i].can || courses[i].from == never));
        ++late[courses[i].from != t0 && courses[i].from != never];
      }
    }
  }
  CHECK(late[true] > 500);
  CHECK(late[false] > 500);
}

TEST_CASE("What is patched is counted as it is, host by host, and practices when nine in ten of their hosts are") {
  const Estate estate = mixed();
  Model model = model_of(estate, {}, 24h * 5);
  model.patching = everything(estate);
  const Told told = trustfall::told(model);
  const auto value = [&](const Outcome& outcome, std::string_view name) {
    const auto all = metrics(told);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Metric& m) { return m.name == name; });
    REQUIRE(found != all.end());
    return outcome.metrics[static_cast<std::size_t>(found - all.begin())];
  };
  double practices_in_all = 0;
  Play play(model, Draws(311, 0));
  for (std::uint32_t r = 0; r < 60; ++r) {
    play.reset(Draws(311, r));
    play.run();
    double at_start = 0;
    double at_all = 0;
    double practices = 0;
    double hours = 0;
    std::vector<Instant> ready;
    for (std::size_t o = 0; o < 3; ++o) {
      std::vector<Instant> times;
      for (std::size_t h = 18 * o; h < 18 * o + 18; ++h) {
        const SegmentId s = estate.segment_of(host(h));
        std::vector<PatchCourse> courses(index(estate.last_host(s)) - index(estate.first_host(s)));
        play.patched().courses(s, courses);
        const PatchCourse& course = courses[h - index(estate.first_host(s))];
        if (estate.system(host(h)) == System::no_windows || !course.can) continue;
        times.push_back(course.from);
        at_start += course.from == t0;
        at_all += course.from <= model.horizon;
        if (course.install <= model.horizon) hours += h % 18 < 12 ? 1.0 / 3 : 1;
      }
      std::sort(times.begin(), times.end());
      const auto needed = static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(times.size())));
      if (o < 2 && times[needed - 1] <= model.horizon) ready.push_back(times[needed - 1]);
    }
    practices = static_cast<double>(ready.size());
    practices_in_all += practices;
    const Outcome outcome = measure(play, told);
    CHECK(value(outcome, "hosts_patched") == at_all);
    CHECK(value(outcome, "hosts_patched_during") == at_all - at_start);
    CHECK(value(outcome, "practices_patched") == practices);
    CHECK(value(outcome, "patching_downtime") == Approx(hours));
    const std::size_t n = samples(model);
    REQUIRE(series(told).back().name == "practices_patched");
    for (std::size_t i = 0; i < n; ++i) {
      const auto by_then =
          std::count_if(ready.begin(), ready.end(), [&](Instant t) { return t <= t0 + 1h * static_cast<int>(i); });
      CHECK(outcome.series[outcome.series.size() - n + i] == by_then);
    }
    CHECK(outcome.series[outcome.series.size() - 2 * n] == at_start);
    CHECK(outcome.series[outcome.series.size() - n - 1] == at_all);
  }
  CHECK(practices_in_all > 10);
  CHECK(practices_in_all < 110);
}

TEST_CASE("What is patched is told only where patching goes on by a ring or by adoption") {
  const Estate estate = mixed();
  Model model = model_of(estate, {}, 24h);
  model.patching.coverage = 0.5;
  model.patching.campaign = Campaign{t0, 1h, 0.9};
  const auto tells = [&] { return metrics(told(model)).back().name == "patching_downtime"; };
  CHECK_FALSE(tells());
  model.patching.rings = {ring_at(estate, t0, 1)};
  CHECK(tells());
  model.patching.rings.clear();
  model.patching.adoption = Adoption{Adoption::Shape::logistic, 86400, 3600, {}};
  CHECK(tells());
}
