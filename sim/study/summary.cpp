#include "sim/study/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace trustfall {
namespace {

std::size_t rank_of(double share, std::size_t count) {
  const double rank = std::ceil(share * static_cast<double>(count) - 1e-9);
  return std::min(count, std::max<std::size_t>(1, static_cast<std::size_t>(rank))) - 1;
}

}  // namespace

double quantile(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return std::numeric_limits<double>::quiet_NaN();
  return ascending[rank_of(share, ascending.size())];
}

Summary summarise(const std::vector<double>& values) {
  std::vector<double> occurring;
  double sum = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    occurring.push_back(value);
    sum += value;
  }
  const double share =
      values.empty() ? 0 : static_cast<double>(occurring.size()) / static_cast<double>(values.size());
  const double mean =
      occurring.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(occurring.size());
  std::sort(occurring.begin(), occurring.end());
  const auto q = [&](double at) { return quantile(occurring, at); };
  return {share, mean, q(0.05), q(0.25), q(0.50), q(0.75), q(0.95)};
}

std::vector<double> column(const StrategyResults& strategy, std::size_t metric) {
  std::vector<double> values;
  values.reserve(strategy.outcomes.size());
  for (const Outcome& outcome : strategy.outcomes) values.push_back(outcome.metrics[metric]);
  return values;
}

std::size_t nearest_replicate(const StrategyResults& strategy, std::size_t metric, double percentile) {
  std::vector<double> values = column(strategy, metric);
  for (double& value : values)
    if (std::isnan(value)) value = -std::numeric_limits<double>::infinity();
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order[rank_of(percentile, order.size())];
}

std::size_t metric_index(const std::vector<MetricInfo>& metrics, const std::string& name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const MetricInfo& metric) { return metric.name == name; });
  return static_cast<std::size_t>(found - metrics.begin());
}

}  // namespace trustfall
