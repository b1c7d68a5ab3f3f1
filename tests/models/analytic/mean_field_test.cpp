#include "models/analytic/mean_field.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/analytic/final_size.h"
#include "models/analytic/logistic.h"
#include "tests/support/world.h"

// The mean-field equations of an estate against those of simpler worlds, written out anew.

using namespace trustfall;
using namespace trustfall::small;
using analytic::Grouping;

namespace {

analytic::Spread certain(std::vector<double> rates) {
  analytic::Spread spread;
  spread.rates = std::move(rates);
  spread.infects.fill(1);
  return spread;
}

analytic::Beginning all_vulnerable(const Estate& estate, std::vector<std::pair<std::size_t, double>> infected) {
  analytic::Beginning start{std::vector<double>(estate.hosts(), 1), std::vector<double>(estate.hosts())};
  for (const auto& [host, chance] : infected) start.infected[host] = chance;
  return start;
}

/// Three organisations of 400, 300 and 200 hosts; a zone for each and one for all.
Estate three_organisations() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{400}}}});
  add_organisation(builder, "B", {{{{300}}}});
  add_organisation(builder, "C", {{{{200}}}});
  builder.add_zones("own", EstateBuilder::Pool::each_organisation, 1000, all_of(builder));
  builder.add_zones("all", EstateBuilder::Pool::everyone, 5000, all_of(builder));
  return builder.build();
}

}  // namespace

TEST_CASE("One zone: the mean field is the logistic curve") {
  const Estate estate = one_segment(2000, 4000);
  const auto curve = analytic::mean_field(estate, Grouping::network, certain({0.02}),
                                          all_vulnerable(estate, {{0, 1}, {1, 1}, {7, 0.5}}), 100, 20);
  const analytic::Logistic logistic{2000, 2.5, 0.01};
  REQUIRE(curve.size() == 20);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(curve[i] == Approx(logistic.infected(100 * static_cast<double>(i))).epsilon(1e-6));
}

TEST_CASE("Hosts that fall silent, after a latency or at once, come to the final size") {
  const Estate estate = one_segment(1000, 2000);
  analytic::Spread spread = certain({0.1});
  spread.activity = 40;  // R0 = 0.1 * 40 * 1000 / 2000 = 2
  std::vector<std::pair<std::size_t, double>> first;
  for (std::size_t h = 0; h < 10; ++h) first.emplace_back(h, 1);
  for (const double latency : {0.0, 25.0}) {
    spread.latency = latency;
    const auto curve =
        analytic::mean_field(estate, Grouping::network, spread, all_vulnerable(estate, first), 5000, 2);
    CHECK(curve[1] == Approx(1000 * analytic::final_share(2, 0.99)).epsilon(1e-6));
  }
}

TEST_CASE("Local preference: Zou's equations for each network, in small steps") {
  // dI_k/dt = [b' I_k + b'' sum over j of I_j] (N_k - I_k), with b' for attempts on the own zone and b'' for those on
  // all; Zou, Towsley and Gong 2006 count the own network in b' instead.
  const Estate estate = three_organisations();
  const auto found = analytic::mean_field(estate, Grouping::organisation_and_network, certain({0.05, 0.03}),
                                          all_vulnerable(estate, {{0, 1}}), 30, 12);
  const double hosts[] = {400, 300, 200};
  double infected[] = {1, 0, 0};
  constexpr int parts = 4000;
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(found[i] == Approx(infected[0] + infected[1] + infected[2]).epsilon(0.001));
    for (int part = 0; part < parts; ++part) {
      const double all = infected[0] + infected[1] + infected[2];
      for (int k = 0; k < 3; ++k)
        infected[k] += 30.0 / parts * (0.05 / 1000 * infected[k] + 0.03 / 5000 * all) * (hosts[k] - infected[k]);
    }
  }
  CHECK(found[11] > 500);
}

TEST_CASE("Organisations that are alike may be taken together; those that are not may not") {
  const auto estate_of = [](std::size_t first, std::size_t second) {
    EstateBuilder builder;
    add_organisation(builder, "A", {{{{first}}}, {{{50}}, "ward"}});
    add_organisation(builder, "B", {{{{second}}}, {{{50}}, "ward"}});
    builder.add_zones("own", EstateBuilder::Pool::each_organisation, 1000, all_of(builder));
    builder.add_zones("all", EstateBuilder::Pool::everyone, 5000, all_of(builder));
    return builder.build();
  };
  const auto end = [](const Estate& estate, Grouping grouping) {
    analytic::Beginning start = all_vulnerable(estate, {});
    start.infected.assign(estate.hosts(), 0.002);
    return analytic::mean_field(estate, grouping, certain({0.05, 0.03}), start, 150, 2)[1];
  };
  const Estate alike = estate_of(200, 200);
  CHECK(end(alike, Grouping::network) == Approx(end(alike, Grouping::organisation_and_network)).epsilon(1e-9));
  const Estate unlike = estate_of(380, 20);
  CHECK(end(unlike, Grouping::network) != Approx(end(unlike, Grouping::organisation_and_network)).epsilon(0.01));
}

TEST_CASE("Patches, systems and crashes: who can fall, and in which share") {
  // 600 hosts of Windows 7, of which half are vulnerable, and 400 of Windows XP that crash twice as often as they
  // fall; everyone is hit in the end.
  const Estate estate = one_zone({{{{600}, {400, DeviceClass::workstation, System::windows_xp}}}}, 1000);
  analytic::Spread spread = certain({1});
  spread.infects[static_cast<std::size_t>(System::windows_xp)] = 0.1;
  spread.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.2;
  analytic::Beginning start = all_vulnerable(estate, {});
  for (std::size_t h = 0; h < 600; ++h) start.vulnerable[h] = 0.5;
  start.infected[0] = 1;
  const auto curve = analytic::mean_field(estate, Grouping::network, spread, start, 300, 2);
  CHECK(curve[0] == 1);
  CHECK(curve[1] == Approx(1 + 599 * 0.5 + 400.0 / 3).epsilon(1e-6));
}
