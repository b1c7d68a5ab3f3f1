#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// The content of summary.json on one line: scenario, seed, replicates, strategies with the summary of each metric,
/// and the replay codes of the replicates at 5, 25, 50, 75 and 95 %.
std::string summary_json(const Results& results);

/// The content of manifest.json: all that is needed to play the study again, with the hash of each input.
std::string manifest_json(const Results& results);

}  // namespace trustfall
