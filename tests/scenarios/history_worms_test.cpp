#include "scenarios/history_worms.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/analytic/logistic.h"
#include "scenarios/infection_times.h"

using namespace trustfall;

namespace {

/// When the first, second, ... host is infected on a curve that is known.
template <class TimeTo>
std::vector<double> times_of(std::size_t hosts, const TimeTo& time_to_reach) {
  std::vector<double> times;
  for (std::size_t h = 1; h <= hosts; ++h) times.push_back(time_to_reach(static_cast<double>(h)));
  return times;
}

}  // namespace

TEST_CASE("Times to a number of hosts count them from the first") {
  const std::vector<double> times = {0, 2, 2, 5};
  CHECK(time_to(times, 1) == 0);
  CHECK(time_to(times, 3) == 2);
  CHECK(time_to(times, 3.2) == 5);
  CHECK(std::isnan(time_to(times, 5)));
  CHECK(infected_by(times, 1.9) == 1);
  CHECK(infected_by(times, 2) == 3);
  CHECK(infected_by(times, 9) == 4);
  CHECK(std::isnan(infected_by(times, time_to(times, 5))));
}

TEST_CASE("Doubling is read exactly off exponential and logistic curves") {
  const auto exponential = times_of(5000, [](double hosts) { return 8.5 * std::log2(hosts); });
  CHECK(doubling_time(exponential, 375, 3000, std::numeric_limits<double>::infinity()) == Approx(8.5).epsilon(1e-12));
  // The odds of being infected double every ln 2 / growth, early and late.
  const analytic::Logistic curve{10000, 100, 0.3};
  const auto logistic = times_of(9999, [&](double hosts) { return curve.time_to(hosts / curve.hosts); });
  CHECK(doubling_time(logistic, 200, 500, 10000) == Approx(std::log(2) / 0.3).epsilon(1e-9));
  CHECK(doubling_time(logistic, 4000, 9900, 10000) == Approx(std::log(2) / 0.3).epsilon(1e-9));
  CHECK(std::isnan(doubling_time(logistic, 200, 10000, 20000)));
}

TEST_CASE("The busiest step is one of the clock's") {
  // Three within a minute, but on both sides of its end.
  CHECK(most_in_a_step({10, 50, 59, 60, 61, 130}, 60) == 3);
  CHECK(most_in_a_step({50, 59, 60, 61}, 60) == 2);
  CHECK(most_in_a_step({}, 60) == 0);
  // A logistic curve is steepest where half are infected, here in the middle of the third minute.
  const analytic::Logistic curve{359104, 359104 / (1 + std::exp(150 * 0.0005)), 0.0005};
  const auto times = times_of(359103, [&](double hosts) { return curve.time_to(hosts / curve.hosts); });
  CHECK(most_in_a_step(times, 60) == Approx(curve.peak() * 60).margin(1));
}

TEST_CASE("The rates of Akamai's sample fall from 9,675 to 5,964 an hour") {
  std::vector<double> hours, hosts;
  for (const Sighting& sighting : akamai_sightings) {
    hours.push_back(sighting.hour);
    hosts.push_back(sighting.hosts);
  }
  const std::vector<double> rates = rates_between(hours, hosts);
  REQUIRE(rates.size() == 4);
  CHECK(rates.front() == Approx(9675).margin(0.5));
  CHECK(rates.back() == Approx(5964).margin(0.5));
  const Slowing sample = slowing(rates);
  CHECK(sample.at_most == Approx(0.947).margin(0.0005));
  CHECK(sample.in_all == Approx(0.616).margin(0.0005));
  // Once faster is once too often.
  CHECK(slowing({4, 2, 3, 1}).at_most == 1.5);
}

TEST_CASE("Internet worms are played as they are shipped, a row for each count") {
  constexpr std::uint32_t replicates = 3;
  const std::vector<HistoryRow> rows = worm_rows(std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios", replicates, 0);
  struct Expected {
    std::string_view id, what;
    bool inside;
  };
  constexpr auto nothing_played = false;  // reports and payments: the world scenario has none
  const Expected expected[] = {
      {"H7", "Code Red v2: hosts within 14 h", true},
      {"H7", "Code Red v2: from 10 to 99 %", true},
      {"H7", "Code Red v2: new hosts, at most", true},
      {"H7", "Code Red v2: doubling", true},
      {"H7", "Code Red v2: rate over that before", true},
      {"H7", "Code Red v2: rate at the end over first", true},
      {"H7", "Slammer: doubling", true},
      {"H7", "Slammer: until 90 % are infected", true},
      {"H7", "Slammer: attempts, at most", true},
      {"H10a", "world: first infection to kill switch", true},
      {"H10b", "world: encrypted by the switch", true},
      {"H10c", "world: reported by the evening", nothing_played},
      {"H10c", "world: reported on 13 May", nothing_played},
      {"H10c", "world: encrypted within a day", true},
      {"H10d", "world: Windows 7 among victims", true},
      {"H10d", "world: Windows XP among victims", true},
      {"H10e", "world: victims who paid", nothing_played},
  };
  REQUIRE(rows.size() == std::size(expected));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    INFO(rows[r].count->id << " " << rows[r].count->what << ": " << rows[r].q50);
    CHECK(rows[r].count->id == expected[r].id);
    CHECK(rows[r].count->what == expected[r].what);
    CHECK(rows[r].holds() == expected[r].inside);
    CHECK(rows[r].inside == (expected[r].inside ? 1 : 0));
    CHECK(rows[r].sets == 1);
    CHECK(std::isnan(rows[r].q50) == !expected[r].inside);
  }
  // The doubling of Slammer is for the first few hosts to decide; these hold in every play.
  for (const std::size_t r : {0, 1, 2, 3, 7, 8}) {
    CHECK(rows[r].q05 >= rows[r].count->low);
    CHECK(rows[r].q95 <= rows[r].count->high);
  }
  // Code Red v2 is the logistic curve at 1.796 an hour. Its 10 % comes with an error of 1 / sqrt(35,910) in ln I, its
  // 99 % with one of 1 / sqrt(3,591) in the logarithm of those that are left: together 0.0098 h.
  const double growth = 358 * 60.0 * 359104 / 4294967296;
  CHECK(rows[1].q50 == Approx((std::log(9) + std::log(99)) / growth).margin(4 * 0.0098));
  CHECK(rows[3].q50 == Approx(std::log(2) / growth * 60).epsilon(4 * 0.010));  // code_red_test.cpp
  CHECK(rows[9].q05 == 439);                                                   // 7 h 19 min, in every play
  CHECK(rows[9].q95 == 439);
  CHECK(rows[10].q50 < rows[13].q50);  // whoever ran the worm by the switch is encrypted all the same
}
