#include <catch2/catch.hpp>

#include <set>

#include "sim/base/numeric.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// So many organisations of one segment with so many workstations.
Estate organisations_of(std::size_t count, std::size_t hosts) {
  EstateBuilder builder;
  for (std::size_t o = 0; o < count; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{hosts}}, "n"}});
  return builder.build();
}

PatchPlan plan_of(double coverage, std::optional<double> concentration) {
  PatchPlan plan;
  plan.coverage = coverage;
  plan.concentration = concentration;
  return plan;
}

Instant from(const Patched& patched, const Estate& estate, HostId h) { return patched.from(h, estate.segment_of(h)); }

std::vector<Instant> all_from(const Estate& estate, const PatchPlan& plan, const Draws& draws) {
  Patched patched(estate, plan);
  patched.reset(draws);
  std::vector<Instant> result;
  for (std::size_t h = 0; h < estate.hosts(); ++h) result.push_back(from(patched, estate, host(h)));
  return result;
}

Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}

}  // namespace

TEST_CASE("Coverage that differs between organisations has exactly the mean asked for") {
  // The mean over evenly spread quantiles of the organisations' normal; its error is below 1/n, as coverage grows
  // with it.
  constexpr int n = 20000;
  for (const std::optional<double> concentration : {std::optional<double>{}, {0.0}, {0.3}, {1.0}, {5.0}, {100.0}})
    for (const double mean : {0.05, 0.3, 0.5, 0.85, 0.99}) {
      double sum = 0;
      for (int i = 0; i < n; ++i) sum += coverage_of_organisation(mean, concentration, inverse_normal((i + 0.5) / n));
      CHECK(sum / n == Approx(mean).margin(1.0 / n));
    }
}

TEST_CASE("Nobody and everybody are exact, and all organisations are alike without a concentration") {
  for (const double z : {-3.0, 0.0, 2.0}) {
    for (const std::optional<double> concentration : {std::optional<double>{}, {0.0}, {2.0}}) {
      CHECK(coverage_of_organisation(0, concentration, z) == 0);
      CHECK(coverage_of_organisation(1, concentration, z) == 1);
    }
    CHECK(coverage_of_organisation(0.62, std::nullopt, z) == 0.62);
  }
}

TEST_CASE("An organisation's coverage by hand") {
  // Concentration 1: rho 1/2, so Phi((Phi^-1(m) + z sqrt(1/2)) sqrt 2). At m = 1/2: Phi(z).
  CHECK(coverage_of_organisation(0.5, 1.0, 0.0) == Approx(0.5));
  CHECK(coverage_of_organisation(0.5, 1.0, 1.0) == Approx(0.8413447461));
  CHECK(coverage_of_organisation(0.5, 1.0, -1.959964) == Approx(0.025).epsilon(1e-6));
  // Coverage is even on (0, 1) there: of all organisations a tenth lies below 0.1, a half below 0.5.
  CHECK(coverage_of_organisation(0.5, 1.0, inverse_normal(0.1)) == Approx(0.1));
  // A large concentration is nearly the mean.
  CHECK(coverage_of_organisation(0.7, 1e9, 2.0) == Approx(0.7).epsilon(1e-3));
}

TEST_CASE("At concentration 0 each organisation is patched or not as a whole") {
  const Estate estate = organisations_of(400, 5);
  const PatchPlan plan = plan_of(0.4, 0.0);
  const auto times = all_from(estate, plan, Draws(71, 0));
  double patched = 0;
  for (std::size_t o = 0; o < 400; ++o) {
    patched += times[5 * o] == Instant{};
    for (std::size_t h = 5 * o; h < 5 * o + 5; ++h) CHECK(times[h] == times[5 * o]);
  }
  CHECK(stats::within_five_errors(patched, 400, 0.4));
}

TEST_CASE("Coverage grows with its mean in every organisation, whatever the concentration") {
  for (const double concentration : {0.0, 0.5, 3.0})
    for (const double z : {-2.5, -1.0, 0.0, 0.7, 2.2}) {
      double last = 0;
      for (int i = 0; i <= 100; ++i) {
        const double now = coverage_of_organisation(i / 100.0, concentration, z);
        CHECK(now >= last);
        last = now;
      }
    }
}

TEST_CASE("The share patched is the coverage, on average over organisations and replicates") {
  const Estate estate = organisations_of(200, 6);
  for (const std::optional<double> concentration : {std::optional<double>{}, {0.0}, {1.0}, {8.0}}) {
    const PatchPlan plan = plan_of(0.35, concentration);
    Patched patched(estate, plan);
    std::vector<double> share;  // by organisation and replicate: what is independent
    for (std::uint32_t r = 0; r < 20; ++r) {
      patched.reset(Draws(72, r));
      for (std::size_t o = 0; o < 200; ++o) {
        double count = 0;
        for (std::size_t h = 6 * o; h < 6 * o + 6; ++h) count += from(patched, estate, host(h)) == Instant{};
        share.push_back(count / 6);
      }
    }
    CHECK(std::fabs(stats::mean(share) - 0.35) <= 5 * stats::standard_error(share));
    // Organisations differ more the lower the concentration: alike, the share of six hosts varies by sqrt(pq/6).
    const double alike = std::sqrt(0.35 * 0.65 / 6);
    if (!concentration) CHECK(stats::standard_deviation(share) == Approx(alike).epsilon(0.05));
    if (concentration == 0.0) CHECK(stats::standard_deviation(share) == Approx(std::sqrt(0.35 * 0.65)).epsilon(0.05));
    if (concentration == 1.0) CHECK(stats::standard_deviation(share) > 1.3 * alike);
  }
}

TEST_CASE("Who is patched at a coverage is patched at every higher one") {
  const Estate estate = organisations_of(60, 8);
  for (const std::optional<double> concentration : {std::optional<double>{}, {0.0}, {1.0}})
    for (std::uint32_t r = 0; r < 10; ++r) {
      std::vector<Instant> last(estate.hosts(), never);
      for (const double coverage : {0.0, 0.1, 0.35, 0.6, 0.61, 0.95, 1.0}) {
        const PatchPlan plan = plan_of(coverage, concentration);
        const auto now = all_from(estate, plan, Draws(73, r));
        for (std::size_t h = 0; h < now.size(); ++h) REQUIRE(now[h] <= last[h]);
        last = now;
      }
      CHECK(std::count(last.begin(), last.end(), Instant{}) == static_cast<std::ptrdiff_t>(estate.hosts()));
    }
}

TEST_CASE("Of several groups the first that matches a host counts, with its own coverage and share patchable") {
  EstateBuilder builder;
  for (int o = 0; o < 100; ++o)
    add_organisation(builder, "O" + std::to_string(o),
                     {{{{10}, {10, DeviceClass::server}, {10, DeviceClass::imaging, System::windows_xp}}, "n"}});
  const Estate estate = builder.build();
  PatchPlan plan;
  plan.coverage = 0.8;
  plan.groups = {{Selector(estate, devices(only(DeviceClass::imaging))), std::nullopt, 0.5},
                 {Selector(estate, devices(only(DeviceClass::imaging) | only(DeviceClass::server))), 0.3, 1}};
  const auto times = all_from(estate, plan, Draws(74, 0));
  double patched[3] = {};
  for (std::size_t h = 0; h < times.size(); ++h) patched[h % 30 / 10] += times[h] == Instant{};
  CHECK(stats::within_five_errors(patched[0], 1000, 0.8));
  CHECK(stats::within_five_errors(patched[1], 1000, 0.3));
  CHECK(stats::within_five_errors(patched[2], 1000, 0.8 * 0.5));
}

TEST_CASE("What cannot be patched is not, at any coverage and by no campaign, and more that can be nests") {
  const Estate estate = organisations_of(20, 20);
  PatchPlan plan;
  plan.coverage = 1;
  plan.campaign = Campaign{Instant{} + 1h, 10h, 1};
  std::vector<Instant> last(estate.hosts(), never);
  for (const double patchable : {0.0, 0.3, 0.7, 1.0}) {
    plan.groups = {{Selector(estate, {}), std::nullopt, patchable}};
    const auto now = all_from(estate, plan, Draws(75, 0));
    const auto count = static_cast<double>(std::count(now.begin(), now.end(), Instant{}));
    CHECK(stats::within_five_errors(count, 400, patchable));
    for (std::size_t h = 0; h < now.size(); ++h) {
      CHECK(now[h] <= last[h]);
      CHECK((now[h] == never || now[h] == Instant{}));
    }
    last = now;
  }
}

TEST_CASE("A campaign raises coverage evenly from its start to its end") {
  const Estate estate = organisations_of(1, 5000);
  PatchPlan plan;
  plan.coverage = 0.2;
  plan.campaign = Campaign{Instant{} + 6h, 10h, 0.7};
  const auto times = all_from(estate, plan, Draws(76, 0));
  double at_start = 0;
  double never_patched = 0;
  std::vector<double> during;
  for (const Instant time : times) {
    at_start += time == Instant{};
    never_patched += time == never;
    if (time != Instant{} && time != never) during.push_back((to_hours(time) - 6) / 10);
  }
  CHECK(stats::within_five_errors(at_start, 5000, 0.2));
  CHECK(stats::within_five_errors(never_patched, 5000, 0.3));
  CHECK(*std::min_element(during.begin(), during.end()) >= 0);
  CHECK(*std::max_element(during.begin(), during.end()) <= 1);
  CHECK(stats::ks_distance_to(during, [](double x) { return std::clamp(x, 0.0, 1.0); }) <
        stats::ks_critical(during.size()));
  // By hand for one host: u between the two coverages lies as far along the campaign as between them.
  const Draws draws(76, 0);
  for (std::size_t h = 0; h < 200; ++h) {
    const double u = draws.uniform(Purpose::patched, static_cast<std::uint32_t>(h));
    if (u >= 0.2 && u < 0.7) CHECK(to_hours(times[h]) == Approx(6 + 10 * (u - 0.2) / 0.5));
  }
}

TEST_CASE("A campaign to a coverage that is reached already changes nothing") {
  const Estate estate = organisations_of(5, 200);
  PatchPlan plan;
  plan.coverage = 0.6;
  const auto without = all_from(estate, plan, Draws(77, 0));
  for (const double coverage : {0.0, 0.3, 0.6}) {
    plan.campaign = Campaign{Instant{} + 6h, 10h, coverage};
    CHECK(all_from(estate, plan, Draws(77, 0)) == without);
  }
}

TEST_CASE("A campaign of no length patches all at its moment, and lifts every organisation by its own luck") {
  const Estate estate = organisations_of(300, 10);
  PatchPlan plan;
  plan.coverage = 0.2;
  plan.concentration = 0.0;
  plan.campaign = Campaign{Instant{} + 6h, 0h, 0.9};
  const auto times = all_from(estate, plan, Draws(78, 0));
  double by_then = 0;
  for (std::size_t o = 0; o < 300; ++o) {
    by_then += times[10 * o] != never;
    for (std::size_t h = 10 * o; h < 10 * o + 10; ++h) {
      CHECK(times[h] == times[10 * o]);
      CHECK((times[h] == Instant{} || times[h] == Instant{} + 6h || times[h] == never));
    }
  }
  CHECK(stats::within_five_errors(by_then, 300, 0.9));
}

namespace {

/// Two organisations with the same imaging model; the second runs three more models beside it.
Estate vendors() {
  EstateBuilder builder;
  for (int o = 0; o < 2; ++o) {
    builder.add_organisation(organisation(o == 0 ? "A" : "B"));
    builder.add_site("s");
    builder.add_segment("n");
    builder.add_host(DeviceClass::imaging, System::windows_xp, "m1");
    builder.add_host(DeviceClass::imaging, System::windows_xp, "m1");
    builder.add_host(DeviceClass::workstation, System::windows_7);
    builder.add_host(DeviceClass::infusion, System::windows_xp, "i1");
    if (o == 1)
      for (const char* model : {"m2", "m3", "m4"}) builder.add_host(DeviceClass::imaging, System::windows_xp, model);
  }
  return builder.build();
}

}  // namespace

TEST_CASE("A vendor's approval by hand: ten days, a fifth longer for each further model of the kind") {
  const Estate estate = vendors();
  PatchPlan plan;
  plan.coverage = 1;
  plan.vendors = VendorApproval{fixed(10 * 86400), 0.2};
  const auto patched_at_age = [&](Duration age) {
    plan.age = age;
    const auto times = all_from(estate, plan, Draws(79, 0));
    std::vector<int> result;
    for (const std::size_t h : {0, 1, 2, 3, 4, 7}) result.push_back(times[h] == Instant{});
    return result;
  };
  // A: imaging (one model), imaging, workstation, infusion; B: imaging (of four models), infusion (of one).
  CHECK(patched_at_age(24h * 9) == std::vector<int>{0, 0, 1, 0, 0, 0});
  CHECK(patched_at_age(24h * 10) == std::vector<int>{1, 1, 1, 1, 0, 1});
  CHECK(patched_at_age(24h * 15) == std::vector<int>{1, 1, 1, 1, 0, 1});
  CHECK(patched_at_age(24h * 16) == std::vector<int>{1, 1, 1, 1, 1, 1});
}

TEST_CASE("A model is approved everywhere or nowhere, and where more models run never sooner") {
  const Estate estate = vendors();
  PatchPlan plan;
  plan.coverage = 1;
  plan.age = 24h * 30;
  int a_only = 0;
  int both = 0;
  int alike = 0;
  for (std::uint32_t r = 0; r < 500; ++r) {
    plan.vendors = VendorApproval{{Distribution::Shape::lognormal, 25 * 86400, 0.8, {}, {}}, 0};
    const auto same_everywhere = all_from(estate, plan, Draws(80, r));
    alike += same_everywhere[0] == same_everywhere[4] && same_everywhere[0] == same_everywhere[1];
    plan.vendors->slower_per_model = 0.3;
    const auto slower = all_from(estate, plan, Draws(80, r));
    for (std::size_t h = 0; h < slower.size(); ++h) REQUIRE(slower[h] >= same_everywhere[h]);
    REQUIRE(slower[0] <= slower[4]);
    REQUIRE(slower[0] == same_everywhere[0]);  // one model alone is not slowed down
    a_only += slower[0] < slower[4];
    both += slower[4] == Instant{};
  }
  CHECK(alike == 500);
  CHECK(a_only > 50);
  CHECK(both > 50);
}

TEST_CASE("A host patched in a campaign is not hit from that moment on, and a host patched at the start never") {
  const Estate estate = one_segment(400, 400);
  Model model = model_of(estate, {0.05}, 2h);
  model.entries = {entry_of({host(0)})};
  model.patching.coverage = 0.3;
  model.patching.campaign = Campaign{Instant{} + 1min, 5min, 0.8};
  int late = 0;
  Play play(model, Draws(81, 0));
  for (std::uint32_t r = 0; r < 20; ++r) {
    play.reset(Draws(81, r));
    play.run();
    const auto times = infection_times(play.incident());
    for (std::size_t h = 1; h < 400; ++h) {
      if (times[h] == never) continue;
      CHECK(play.unpatched(host(h), times[h]));
      late += !play.unpatched(host(h), never - 1ns);
    }
  }
  CHECK(late > 50);  // some fell before their patch came
}
