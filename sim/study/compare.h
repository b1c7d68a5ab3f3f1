#pragma once

#include <cstddef>
#include <vector>

#include "sim/study/results.h"

namespace trustfall {

/// One metric of one strategy against the first strategy, replicate by replicate on the same luck.
struct PairedDifference {
  std::size_t pairs = 0;     // replicates in which the metric occurs under both
  double mean = 0;           // of strategy less first strategy, over these; NaN without pairs
  double low = 0, high = 0;  // 95 % bootstrap interval of that mean
  double chance_better = 0;  // share of all common replicates in which the strategy is better
  double chance_equal = 0;   // share in which both are equal
  double regret = 0;     // mean distance to the best of all strategies in the same replicate; NaN without a better
  bool settled = false;  // the interval of six pairs or more leaves out zero, or all are equal
  double more_replicates = 0;  // about how many would settle it; 0 when settled, infinite when no number would
};

/// [strategy][metric]; the first strategy is compared with itself. Bootstrap by addressed draws of the study's seed
/// (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13: percentile interval), 2,000 resamples.
std::vector<std::vector<PairedDifference>> compare_strategies(const Results& results);

}  // namespace trustfall
