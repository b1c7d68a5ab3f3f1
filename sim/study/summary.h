#pragma once

#include <cstddef>
#include <vector>

#include "sim/study/results.h"

namespace trustfall {

/// The spread of one metric over the replicates in which it occurs.
struct Summary {
  double share_occurring;  // of the replicates
  double mean;             // this and the quantiles: over the occurrences, NaN when there are none
  double q05, q25, q50, q75, q95;
};

/// The order statistic at `share` of ascending values: the smallest value that at least that share does not exceed.
double quantile(const std::vector<double>& ascending, double share);

/// Summarises values in replicate order; NaN stands for "did not occur".
Summary summarise(const std::vector<double>& values);

/// One metric, replicate by replicate.
std::vector<double> column(const StrategyResults& strategy, std::size_t metric);

/// Position in `strategy` of the replicate at `percentile` of a metric; of equals, by number.
std::size_t nearest_replicate(const StrategyResults& strategy, std::size_t metric, double percentile);

/// Position of a metric by name; its size when there is none.
std::size_t metric_index(const std::vector<MetricInfo>& metrics, const std::string& name);

}  // namespace trustfall
