#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// The summary for a terminal: what was played, the quantiles of the metrics that matter, and the planners' questions
/// answered in sentences made from the numbers.
std::string summary_text(const Results& results);

}  // namespace trustfall
