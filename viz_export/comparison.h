#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/base/table.h"
#include "sim/study/compare.h"
#include "sim/study/results.h"

namespace trustfall {

/// Every metric of every strategy against the first: scenario, strategy, against, metric, unit, pairs,
/// mean_difference, low, high (95 % bootstrap interval), chance_better, chance_equal, regret, settled,
/// more_replicates (empty where none would settle it).
Table comparison_table(const Results& results);

/// The strategy of least mean regret by a metric; of equals the first.
std::size_t best_strategy(const std::vector<std::vector<PairedDifference>>& comparison, std::size_t metric);

/// Whether the interval says anything: "settled", "no difference in any replicate", or how many more replicates it
/// would take.
std::string verdict(const PairedDifference& difference);

/// For a terminal: what the strategies differ in, pair by pair, and which is best by the metric `ranking`.
std::string comparison_text(const Results& results, std::size_t ranking);

}  // namespace trustfall
