#pragma once

#include <vector>

#include "scenarios/validation.h"

/// Scenarios read, built and played as `run` does it, against what equations say of them.
namespace trustfall {

/// V1: Code Red from 100 hosts.
std::vector<ValidationRow> constant_spread_plays(int threads);
/// V2: growth of Code Red by its scan rate.
std::vector<ValidationRow> scan_rate_plays(int threads);
/// V8: a limited number of attempts a host, in a smaller internet of the same density.
std::vector<ValidationRow> branching_plays(int threads);
/// A1: attack size of a worm whose hosts fall silent.
std::vector<ValidationRow> final_size_plays(int threads);
/// A2: six hosts against the exact chain.
std::vector<ValidationRow> exact_chain_plays(int threads);
/// A3: three organisations in overlapping zones against the mean-field equations.
std::vector<ValidationRow> mean_field_plays(int threads);

}  // namespace trustfall
