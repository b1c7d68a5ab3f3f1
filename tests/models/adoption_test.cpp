#include <catch2/catch.hpp>

#include <cmath>

#include "models/analytic/adoption.h"
#include "models/patching.h"
#include "sim/base/numeric.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr double a_day = 86400;

Adoption weibull() { return {Adoption::Shape::weibull, 169 * a_day, 0.58, {}}; }
Adoption logistic() { return {Adoption::Shape::logistic, 40 * a_day, 8 * a_day, {}}; }
Adoption table() {
  return {
      Adoption::Shape::table, 0, 0, {{30 * a_day, 0.4}, {70 * a_day, 0.9}, {80 * a_day, 0.9}, {90 * a_day, 0.95}}};
}

PatchPlan plan_of(const Adoption& adoption, double days, std::optional<double> concentration = {}) {
  PatchPlan plan;
  plan.age = from_seconds(days * a_day);
  plan.adoption = adoption;
  plan.coverage = adoption.coverage_at(days * a_day);
  plan.concentration = concentration;
  return plan;
}

}  // namespace

TEST_CASE("Adoption by Weibull is that of enterprises") {
  for (const double days : {1.0, 30.0, 59.0, 90.0, 365.0})
    CHECK(weibull().coverage_at(days * a_day) == Approx(1 - analytic::enterprises.unpatched(days)).epsilon(1e-12));
  CHECK(weibull().coverage_at(59 * a_day) == Approx(0.42).margin(0.01));  // at WannaCry
  CHECK(weibull().coverage_at(0) == 0);
}

TEST_CASE("Adoption by a logistic curve and by a table, by hand") {
  CHECK(logistic().coverage_at(40 * a_day) == Approx(0.5));
  CHECK(logistic().coverage_at(48 * a_day) == Approx(1 / (1 + std::exp(-1))));
  CHECK(table().coverage_at(0) == 0);
  CHECK(table().coverage_at(15 * a_day) == Approx(0.2));
  CHECK(table().coverage_at(50 * a_day) == Approx(0.65));
  CHECK(table().coverage_at(75 * a_day) == Approx(0.9));
  CHECK(table().coverage_at(1000 * a_day) == Approx(0.95));
  CHECK(table().age_at(0.2) == Approx(15 * a_day));
  CHECK(table().age_at(0.65) == Approx(50 * a_day));
  CHECK(table().age_at(0.925) == Approx(85 * a_day));
  CHECK(std::isinf(table().age_at(0.96)));
}

TEST_CASE("The age at which a coverage is passed is the inverse of the curve") {
  for (const Adoption& curve : {weibull(), logistic(), table()})
    for (int i = 1; i < 90; ++i) CHECK(curve.coverage_at(curve.age_at(i / 100.0)) == Approx(i / 100.0).epsilon(1e-9));
}

TEST_CASE("The mean at which an organisation reaches a coverage is the inverse of its coverage") {
  for (const double concentration : {0.2, 1.0, 20.0})
    for (const double z : {-2.0, -0.3, 1.4})
      for (const double mean : {0.03, 0.5, 0.91}) {
        const double coverage = coverage_of_organisation(mean, concentration, z);
        CHECK(mean_for_coverage(coverage, concentration, z) == Approx(mean).epsilon(1e-6));
      }
  // At 0 an organisation is patched as a whole, once the mean passes Phi(-z).
  CHECK(mean_for_coverage(0.3, 0.0, 1.0) == Approx(normal_cdf(-1)));
  CHECK(mean_for_coverage(0.9, 0.0, 1.0) == Approx(normal_cdf(-1)));
  CHECK(mean_for_coverage(0.42, std::nullopt, 1.0) == 0.42);
}

TEST_CASE("Adoption goes on during the incident: by hand for every host") {
  const Estate estate = one_segment(500, 500);
  const PatchPlan plan = plan_of(table(), 50);
  const Draws draws(321, 0);
  Patched patched(estate, plan);
  patched.reset(draws);
  for (std::size_t h = 0; h < 500; ++h) {
    const double u = draws.uniform(Purpose::patched, static_cast<std::uint32_t>(h));
    const Instant from = patched.from(host(h), segment(0));
    const double days = u < 0.9 ? 30 + 40 * (u - 0.4) / 0.5 : 80 + 10 * (u - 0.9) / 0.05;
    if (u < 0.65) CHECK(from == Instant{});
    if (u >= 0.65 && u < 0.95) CHECK(to_hours(from) == Approx(24 * (days - 50)).margin(1e-6));
    if (u >= 0.95) CHECK(from == never);
  }
}

TEST_CASE("At every moment each organisation has the coverage that its luck makes of the curve's") {
  EstateBuilder builder;
  for (int o = 0; o < 30; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{40}}, "n"}});
  const Estate estate = builder.build();
  for (const std::optional<double> concentration : {std::optional<double>{}, {0.0}, {1.0}, {6.0}}) {
    const PatchPlan plan = plan_of(weibull(), 59, concentration);
    const Draws draws(322, 0);
    Patched patched(estate, plan);
    patched.reset(draws);
    std::size_t late = 0;
    for (std::size_t h = 0; h < estate.hosts(); ++h) {
      const double u = draws.uniform(Purpose::patched, static_cast<std::uint32_t>(h));
      const double z = inverse_normal(draws.uniform(Purpose::coverage, static_cast<std::uint32_t>(h / 40)));
      const Instant from = patched.from(host(h), segment(h / 40));
      late += from != Instant{} && from != never;
      for (const double days : {0.0, 1.0, 20.0, 300.0}) {
        const double mean = weibull().coverage_at((59 + days) * a_day);
        const bool due = u < coverage_of_organisation(mean, concentration, z);
        REQUIRE((from <= Instant{} + from_seconds(days * a_day)) == due);
      }
    }
    CHECK(late > 200);
  }
}

TEST_CASE("A group with a coverage of its own does not adopt, and an older patch is nowhere later") {
  const Estate estate = one_zone({{{{100}, {100, DeviceClass::server}}}}, 200);
  PatchPlan plan = plan_of(weibull(), 59);
  Where servers;
  servers.devices = only(DeviceClass::server);
  plan.groups = {{Selector(estate, servers), 0.3, 1}};
  PatchPlan older = plan_of(weibull(), 80);
  older.groups = plan.groups;
  Patched patched(estate, plan);
  Patched sooner(estate, older);
  patched.reset(Draws(323, 0));
  sooner.reset(Draws(323, 0));
  for (std::size_t h = 0; h < 200; ++h) {
    const Instant from = patched.from(host(h), segment(0));
    CHECK(sooner.from(host(h), segment(0)) <= from);
    if (h >= 100) CHECK((from == Instant{} || from == never));
  }
}
