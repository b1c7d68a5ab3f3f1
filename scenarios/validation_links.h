#pragma once

#include <vector>

#include "scenarios/validation.h"

/// Scenarios that spread over explicit links, played as `run` does it, against what is known of their graphs.
namespace trustfall {

/// A4: random graphs: large outbreaks with exponential and with fixed activity, and how an outbreak begins.
std::vector<ValidationRow> random_graph_plays(int threads);
/// A5: a star of seven hosts against the exact chain.
std::vector<ValidationRow> linked_chain_plays(int threads);
/// A6: a ring, on which everything can be written down.
std::vector<ValidationRow> ring_plays(int threads);

}  // namespace trustfall
