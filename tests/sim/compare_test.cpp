#include "sim/study/compare.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace trustfall;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Strategies of one metric, replicates 0, 1, 2, ...
Results results_of(const std::vector<std::vector<double>>& strategies, Better better = Better::lower) {
  Results results;
  results.manifest.seed = 1;
  results.metrics = {{"m", "hosts", "", better}};
  for (const auto& values : strategies) {
    StrategyResults& strategy = results.strategies.emplace_back();
    for (std::uint32_t r = 0; r < values.size(); ++r) {
      strategy.replicates.push_back(r);
      strategy.outcomes.push_back({{values[r]}, {}, {}});
    }
  }
  return results;
}

PairedDifference second(const Results& results) { return compare_strategies(results)[1][0]; }

}  // namespace

TEST_CASE("Pairs are compared replicate by replicate") {
  const auto all = compare_strategies(results_of({{10, 20, 30, 40}, {5, 20, 10, 50}, {0, 30, 20, 10}}));
  const PairedDifference& d = all[1][0];
  CHECK(d.pairs == 4);
  CHECK(d.mean == -3.75);  // -5, 0, -20, +10
  CHECK(d.chance_better == 0.5);
  CHECK(d.chance_equal == 0.25);
  // The best of each replicate are 0, 20, 10, 10.
  CHECK(all[0][0].regret == (10 + 0 + 20 + 30) / 4.0);
  CHECK(all[1][0].regret == (5 + 0 + 0 + 40) / 4.0);
  CHECK(all[2][0].regret == (0 + 10 + 10 + 0) / 4.0);
  CHECK(all[0][0].mean == 0);
  CHECK(all[0][0].settled);
}

TEST_CASE("Where more is better, more is better") {
  const PairedDifference d = second(results_of({{1, 2, 3}, {2, 2, 2}}, Better::higher));
  CHECK(d.chance_better == Approx(1 / 3.0));
  CHECK(d.regret == Approx(1 / 3.0));
}

TEST_CASE("Where neither is better, nothing is said of better") {
  const PairedDifference d = second(results_of({{1, 2, 3}, {2, 2, 2}}, Better::neither));
  CHECK(d.chance_better == 0);
  CHECK(d.chance_equal == Approx(1 / 3.0));
  CHECK(std::isnan(d.regret));
}

TEST_CASE("What does not occur is best, and in no difference") {
  for (const Better better : {Better::lower, Better::higher}) {
    const PairedDifference d = second(results_of({{4, 4, none, none}, {6, none, 3, none}}, better));
    CHECK(d.pairs == 1);
    CHECK(d.mean == 2);
    CHECK(d.chance_better == (better == Better::higher ? 0.5 : 0.25));
    CHECK(d.chance_equal == 0.25);
    CHECK(std::isnan(d.regret));
  }
}

TEST_CASE("Without a pair there is no difference, and no number of replicates settles it") {
  const PairedDifference d = second(results_of({{none, 4}, {6, none}}));
  CHECK(d.pairs == 0);
  CHECK(std::isnan(d.mean));
  CHECK_FALSE(d.settled);
  CHECK(std::isinf(d.more_replicates));
}

TEST_CASE("Only replicates that every strategy has played are compared") {
  Results results = results_of({{10, 20, 30, 40}, {11, 21, 31, 41}});
  StrategyResults& cut = results.strategies[1];
  cut.replicates = {1, 3};
  cut.outcomes = {{{25}, {}, {}}, {{41}, {}, {}}};
  const PairedDifference d = second(results);
  CHECK(d.pairs == 2);
  CHECK(d.mean == 3);  // 25 - 20 and 41 - 40
}

TEST_CASE("The interval is that of the mean") {
  // Differences from a skewed distribution; by the central limit theorem their mean is normal.
  std::mt19937_64 luck(7);
  std::exponential_distribution<double> size(0.1);
  constexpr std::size_t n = 2000;
  std::vector<double> first(n), mine(n);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    first[i] = size(luck);
    mine[i] = first[i] + size(luck) - 8;
    const double difference = mine[i] - first[i];
    sum += difference;
    squares += difference * difference;
  }
  const double mean = sum / n;
  const double error = std::sqrt((squares / n - mean * mean) / n);
  const PairedDifference d = second(results_of({first, mine}));
  CHECK(d.mean == Approx(mean));
  // A 2.5 % quantile of 2,000 resamples is known to sqrt(0.025 * 0.975 / 2000) / 0.0584 = 0.06 standard errors.
  CHECK(std::fabs(d.low - (mean - 1.96 * error)) < 4 * 0.06 * error);
  CHECK(std::fabs(d.high - (mean + 1.96 * error)) < 4 * 0.06 * error);
  CHECK(d.settled);
  CHECK(d.more_replicates == 0);
}

TEST_CASE("An open question says how many more replicates would settle it") {
  // Mean 0.5 and standard deviation 10: an interval of 0.5 to either side takes (1.96 * 10 / 0.5)^2 = 1,537.
  std::vector<double> first(400, 0.0), mine(400);
  for (std::size_t i = 0; i < 400; ++i) mine[i] = 0.5 + (i % 2 == 0 ? 10 : -10);
  const PairedDifference d = second(results_of({first, mine}));
  CHECK(d.mean == Approx(0.5));
  CHECK_FALSE(d.settled);
  // The width of the interval is known to about 0.06 of its half, so the square of it to an eighth.
  CHECK(std::fabs(d.more_replicates - (1537 - 400)) < 3 * 0.13 * 1537);
}

TEST_CASE("Five pairs settle nothing, even where all go one way; six may") {
  const std::vector<double> first(6, 0.0), mine = {-1, -2, -3, -4, -5, -6};
  const PairedDifference five =
      second(results_of({{first.begin(), first.end() - 1}, {mine.begin(), mine.end() - 1}}));
  CHECK_FALSE(five.settled);
  CHECK(five.more_replicates == 1);
  CHECK(second(results_of({first, mine})).settled);
}

TEST_CASE("Half of the intervals of no difference would be a mistake; one in twenty leaves out zero") {
  // 200 comparisons of equals: the number that are called settled is binomial with p = 0.05 or a little more.
  std::mt19937_64 luck(11);
  std::normal_distribution<double> noise;
  int settled = 0;
  for (int k = 0; k < 200; ++k) {
    std::vector<double> first(60), mine(60);
    for (std::size_t i = 0; i < 60; ++i) {
      first[i] = noise(luck);
      mine[i] = noise(luck);
    }
    settled += second(results_of({first, mine})).settled;
  }
  CHECK(settled >= 2);   // binomial(200, 0.06): below with chance 0.0001
  CHECK(settled <= 26);  // above with chance 0.0001
}
