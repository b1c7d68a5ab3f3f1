#pragma once

#include <string>

#include "scenarios/document.h"
#include "sim/study/results.h"

namespace trustfall {

/// The resolved scenario that a results file holds, or one of its strategies, checked as if it had been read from a
/// scenario file: what a file holds may have been changed by anyone. Throws InputError.
Document stored_scenario(const std::string& file_name, const std::string& scenario,
                         const std::vector<InputFile>& inputs);

}  // namespace trustfall
