#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace trustfall::analytic {

/// A step that a worm can make.
struct Way {
  std::uint32_t from;
  std::uint32_t to;
  bool closable;
};

/// The least number of closable ways without which nothing leads from `source` to `sink` any more, by their
/// positions, ascending; of several such sets the one nearest to the sink. nullopt when some path has no closable
/// way.
///
/// Maximum flow is minimum cut (Ford and Fulkerson 1956); by pushing and relabelling (Goldberg and Tarjan 1988).
std::optional<std::vector<std::size_t>> smallest_cut(std::size_t vertices, const std::vector<Way>& ways,
                                                     std::uint32_t source, std::uint32_t sink);

}  // namespace trustfall::analytic
