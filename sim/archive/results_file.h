#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// Writes a study as one self-contained file (gzip around the Results message of results.proto). Throws FileError.
void save_results(const Results& results, const std::string& path);

/// Reads it back. Throws FileError when the file cannot be read, InputError when it is not a results file or damaged.
Results load_results(const std::string& path);

}  // namespace trustfall
