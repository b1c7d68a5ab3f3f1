#include <catch2/catch.hpp>

#include <cmath>

#include "models/zone_play.h"
#include "scenarios/experiment.h"
#include "scenarios/infection_times.h"
#include "scenarios/reader.h"

using namespace trustfall;

TEST_CASE("Code Red v2 grows as the logistic curve says") {
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
    const std::vector<double> times = infection_times(play);
    growth += std::log(2) / doubling_time(times, 0.01 * all, 0.05 * all, all) * 3600 / plays;
    // Expected in the busiest minute: rate N / 4 = 2,687, by chance a standard deviation of 52 more or less.
    const double peak = most_in_a_step(times, 60);
    CHECK(peak > rate / 60 * all / 4 - 4 * 52);
    CHECK(peak < rate / 60 * all / 4 + 6 * 52);
  }
  // A play's own slope errs by 1 / sqrt(1 % of all) / ln 5.2 = 1.0 %.
  CHECK(growth == Approx(rate).epsilon(0.015));
}
