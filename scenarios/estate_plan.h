#pragma once

#include "scenarios/document.h"
#include "scenarios/files.h"
#include "sim/estate/estate.h"
#include "sim/study/results.h"

namespace trustfall {

/// Most hosts that an estate may have: what 32-bit ids and the memory of one machine can carry.
inline constexpr double most_hosts = 2e8;

/// Most zones that a scenario may name: the engine numbers a segment's zones in four bits.
inline constexpr int most_zones = 15;

/// Builds the estate that a scenario describes, reading its lists; what the lists leave open is drawn from the
/// estate's own seed. Throws InputError with the mistakes in lists.
Estate build_estate(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs);

}  // namespace trustfall
