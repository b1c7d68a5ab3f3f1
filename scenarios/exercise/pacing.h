#pragma once

#include <vector>

#include "sim/base/time.h"

namespace trustfall {

/// Minutes of an exercise of `minutes` at which what happened at `times` (ascending) is played.
///
/// The first comes after a short start, the last leaves time to talk. Between two there are at least
/// minutes / (3 * count); what is left over is shared in the proportion of the square roots of the true spans,
/// because in true proportion the first hours of an outbreak would be one minute of the exercise. No two share a
/// minute unless there are more than minutes - 1 of them. The same times always give the same minutes.
std::vector<int> pace(const std::vector<Instant>& times, int minutes);

}  // namespace trustfall
