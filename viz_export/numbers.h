#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sim/study/summary.h"

namespace trustfall {

/// The summaries of one strategy, by name of the metric.
class Numbers {
 public:
  Numbers(const Results& results, const StrategyResults& strategy) : results_(results), strategy_(strategy) {}

  /// One metric, replicate by replicate.
  std::vector<double> all(const std::string& metric) const {
    return column(strategy_, metric_index(results_.metrics, metric));
  }
  Summary operator()(const std::string& metric) const { return summarise(all(metric)); }
  double total(const std::string& metric) const {
    double sum = 0;
    for (const double value : all(metric))
      if (!std::isnan(value)) sum += value;
    return sum;
  }
  bool has(const std::string& metric) const {
    return metric_index(results_.metrics, metric) < results_.metrics.size();
  }
  /// Plays in which the metric is above that.
  std::size_t above(const std::string& metric, double limit) const {
    const std::vector<double> values = all(metric);
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [&](double value) { return value > limit; }));
  }
  std::size_t plays() const { return strategy_.outcomes.size(); }

 private:
  const Results& results_;
  const StrategyResults& strategy_;
};

}  // namespace trustfall
