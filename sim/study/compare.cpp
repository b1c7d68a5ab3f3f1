#include "sim/study/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/draws.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

constexpr std::uint32_t resamples = 2000;
/// Fewer pairs settle nothing: five that all go one way do so by chance in 2 of 32 cases, more than one in twenty.
constexpr std::size_t fewest_pairs = 6;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// [strategy][replicate] of one metric, over the replicates that every strategy has played.
using Values = std::vector<std::vector<double>>;

/// Replicates that every strategy has, ascending.
std::vector<std::uint32_t> common_replicates(const std::vector<StrategyResults>& strategies) {
  std::vector<std::uint32_t> common = strategies[0].replicates;
  for (const StrategyResults& strategy : strategies) {
    std::vector<std::uint32_t> both;
    std::set_intersection(common.begin(), common.end(), strategy.replicates.begin(), strategy.replicates.end(),
                          std::back_inserter(both));
    common = std::move(both);
  }
  return common;
}

Values values_of(const Results& results, const std::vector<std::uint32_t>& replicates, std::size_t metric) {
  Values values;
  for (const StrategyResults& strategy : results.strategies) {
    values.emplace_back();
    std::size_t at = 0;
    for (const std::uint32_t replicate : replicates) {
      while (strategy.replicates[at] != replicate) ++at;
      values.back().push_back(strategy.outcomes[at].metrics[metric]);
    }
  }
  return values;
}

/// How often each of `n` replicates is drawn, resample by resample: the same for all metrics and strategies.
std::vector<std::uint32_t> draw_resamples(std::uint64_t seed, std::size_t n) {
  std::vector<std::uint32_t> counts(resamples * n);
  std::vector<double> uniforms(n);
  const Draws draws(seed, 0);
  for (std::uint32_t r = 0; r < resamples; ++r) {
    draws.uniforms(Purpose::bootstrap, 0, r, 0, uniforms);
    for (const double u : uniforms)
      ++counts[r * n + std::min(n - 1, static_cast<std::size_t>(u * static_cast<double>(n)))];
  }
  return counts;
}

/// Of a mean over the differences that are numbers.
void add_interval(const std::vector<double>& differences, const std::vector<std::uint32_t>& counts,
                  PairedDifference& result) {
  const std::size_t n = differences.size();
  std::vector<double> means;
  for (std::uint32_t r = 0; r < resamples; ++r) {
    double sum = 0;
    double drawn = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (std::isnan(differences[i])) continue;
      sum += counts[r * n + i] * differences[i];
      drawn += counts[r * n + i];
    }
    if (drawn > 0) means.push_back(sum / drawn);
  }
  std::sort(means.begin(), means.end());
  result.low = quantile(means, 0.025);
  result.high = quantile(means, 0.975);
}

/// How good a value is: larger is better, and not to occur is best.
double merit(double value, Better better) {
  if (std::isnan(value)) return infinity;
  return better == Better::lower ? -value : value;
}

void add_chances(const std::vector<double>& mine, const std::vector<double>& first, Better better,
                 PairedDifference& result) {
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const double a = merit(mine[i], better);
    const double b = merit(first[i], better);
    result.chance_equal += a == b;
    result.chance_better += better != Better::neither && a > b;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(1, mine.size()));
  result.chance_equal /= n;
  result.chance_better /= n;
}

/// Mean distance to the best strategy of the same replicate; what does not always occur has no distance.
double regret_of(const Values& values, std::size_t strategy, Better better) {
  if (better == Better::neither || values[0].empty()) return not_a_number;
  double sum = 0;
  for (std::size_t i = 0; i < values[0].size(); ++i) {
    double best = -infinity;
    for (const auto& of : values) {
      if (std::isnan(of[i])) return not_a_number;
      best = std::max(best, merit(of[i], better));
    }
    sum += best - merit(values[strategy][i], better);
  }
  return sum / static_cast<double>(values[0].size());
}

/// The interval narrows with the root of the number of replicates.
void add_verdict(PairedDifference& result) {
  const bool leaves_out_zero = result.low > 0 || result.high < 0;
  result.settled = result.chance_equal >= 1 || (leaves_out_zero && result.pairs >= fewest_pairs);
  if (result.settled) return;
  if (leaves_out_zero) {
    result.more_replicates = static_cast<double>(fewest_pairs - result.pairs);
    return;
  }
  const double half = (result.high - result.low) / 2;
  const double ratio = half / std::fabs(result.mean);
  const double needed = static_cast<double>(result.pairs) * ratio * ratio;
  result.more_replicates =
      needed < 1e9 ? std::max(1.0, std::ceil(needed - static_cast<double>(result.pairs))) : infinity;
}

PairedDifference compare(const Values& values, std::size_t strategy, Better better,
                         const std::vector<std::uint32_t>& counts) {
  PairedDifference result;
  std::vector<double> differences;
  double sum = 0;
  for (std::size_t i = 0; i < values[0].size(); ++i) {
    differences.push_back(values[strategy][i] - values[0][i]);
    if (std::isnan(differences.back())) continue;
    ++result.pairs;
    sum += differences.back();
  }
  result.mean = result.pairs > 0 ? sum / static_cast<double>(result.pairs) : not_a_number;
  add_interval(differences, counts, result);
  add_chances(values[strategy], values[0], better, result);
  result.regret = regret_of(values, strategy, better);
  add_verdict(result);
  return result;
}

}  // namespace

std::vector<std::vector<PairedDifference>> compare_strategies(const Results& results) {
  const std::vector<std::uint32_t> replicates = common_replicates(results.strategies);
  const std::vector<std::uint32_t> counts = draw_resamples(results.manifest.seed, replicates.size());
  std::vector<std::vector<PairedDifference>> all(results.strategies.size());
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    const Values values = values_of(results, replicates, m);
    for (std::size_t s = 0; s < all.size(); ++s)
      all[s].push_back(compare(values, s, results.metrics[m].better, counts));
  }
  return all;
}

}  // namespace trustfall
