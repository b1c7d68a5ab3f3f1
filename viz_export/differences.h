#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// Why some organisations were hit and others not, in sentences; empty where the study compares none.
std::string about_differences(const Results& results, const StrategyResults& strategy);

}  // namespace trustfall
