#include <catch2/catch.hpp>

#include <cmath>

#include "models/zone_play.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"

using namespace trustfall;

TEST_CASE("Code Red v2 grows as it was observed to, and as the logistic curve says") {
  const std::string path = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/code-red-v2.yaml";
  Document document = read_scenario(path, {});
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path), inputs);
  REQUIRE(spreads_in_one_zone(experiment->model));
  constexpr double all = 359104;
  const double rate = 358 * 60.0 * all / 4294967296;  // per hour, while nearly all are healthy
  ZonePlay play(experiment->model);
  double growth = 0;
  constexpr int plays = 10;
  for (std::uint32_t replicate = 0; replicate < plays; ++replicate) {
    play.play(Draws(experiment->seed, replicate));
    std::vector<double> hours;
    for (std::uint32_t h = 0; h < all; ++h)
      if (play.wave().infected(HostId{h})) hours.push_back(to_hours(play.wave().infected_at(HostId{h})));
    std::sort(hours.begin(), hours.end());
    CHECK(static_cast<double>(hours.size()) > 0.97 * all);
    const auto reached = [&](double share) { return hours[static_cast<std::size_t>(share * all)]; };
    CHECK(reached(0.99) - reached(0.1) < 14);
    // The log-odds of the logistic curve rise evenly.
    const double slope = std::log(0.05 / 0.95 * 0.99 / 0.01) / (reached(0.05) - reached(0.01));
    CHECK(std::log(2) / slope * 60 > 20);
    CHECK(std::log(2) / slope * 60 < 40);
    growth += slope / plays;
    std::vector<int> minutes(14 * 60);
    for (const double hour : hours) ++minutes[static_cast<std::size_t>(hour * 60)];
    const int peak = *std::max_element(minutes.begin(), minutes.end());
    CHECK(peak > 1600);
    CHECK(peak < 3000);
    // Expected in the busiest minute: rate N / 4 = 2,687, by chance a standard deviation of 52 more or less.
    CHECK(peak > rate / 60 * all / 4 - 4 * 52);
    CHECK(peak < rate / 60 * all / 4 + 6 * 52);
  }
  // A play's own slope errs by 1 / sqrt(1 % of all) / ln 5.2 = 1.0 %.
  CHECK(growth == Approx(rate).epsilon(0.015));
}
