#pragma once

#include "sim/base/table.h"
#include "sim/study/results.h"

namespace trustfall {

/// Every metric of every strategy: strategy, metric, unit, meaning, share_occurring, mean, q05, q25, q50, q75, q95
/// (over the replicates in which it occurs).
Table summary_sheet(const Results& results);

/// A row for each strategy and replicate, a column for each metric, empty where it did not occur.
Table outcomes_sheet(const Results& results);

/// What must be known to play the study again, line by line.
Table manifest_sheet(const Results& results);

}  // namespace trustfall
