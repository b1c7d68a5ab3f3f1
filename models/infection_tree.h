#pragma once

#include <array>
#include <vector>

#include "sim/engine/trace.h"
#include "sim/estate/estate.h"

namespace trustfall {

/// Who infected whom in one replicate.
struct InfectionTree {
  /// By generation: those whom no host of the estate infected, those whom these infected, and so on.
  std::vector<std::size_t> hosts;
  /// The same for segments: by its first infection a segment belongs to that of its source, one generation on.
  std::vector<std::size_t> segments;
  /// Infections by tier of the source and of the host; the last row: no host of the estate was the source.
  std::array<std::array<std::size_t, tiers>, tiers + 1> by_tier{};
};

/// From the steps of a replicate in their order.
InfectionTree infection_tree(const Trace& trace, const Estate& estate);

}  // namespace trustfall
