#pragma once

#include <vector>

#include "scenarios/exercise/events.h"

namespace trustfall {

/// What is true in the replicate, for those who run the exercise: hosts by tier, how the worm came in, the places it
/// hit hardest, and the backups. Each table has the name under which it is printed.
std::vector<Table> ground_truth(const Ground& ground, Dialect dialect);

}  // namespace trustfall
