#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// Twelve characters that name one play of a study: a 30-bit checksum of resolved scenario, its lists, seed and
/// engine version, and the row of the play (strategy times replicates plus replicate). In the digits and letters of
/// Crockford's base 32.
std::string replay_code(const Results& results, std::size_t strategy, std::uint32_t replicate);

struct PlayRow {
  std::size_t strategy;
  std::uint32_t replicate;
};

/// The play that a code names, or that has a replicate's plain number. Case and dashes do not matter, and O, I, L are
/// read as 0, 1, 1. Throws InputError when the code is not one, belongs to other results, or names a play that these
/// results do not have.
PlayRow find_play(const Results& results, const std::string& code);

}  // namespace trustfall
