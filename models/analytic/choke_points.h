#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace trustfall::analytic {

/// What a graph falls apart without (Hopcroft and Tarjan, Communications of the ACM 16, 1973).
struct ChokePoints {
  struct Point {
    std::uint32_t vertex;
    std::size_t parts;  // into which its component falls without it
  };
  std::vector<Point> points;         // articulation points, ascending
  std::vector<std::size_t> bridges;  // positions of the edges that are the only way between their ends, ascending
};

/// Of an undirected graph whose edges may stand more than once; such an edge is no bridge.
ChokePoints choke_points(std::size_t vertices, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges);

}  // namespace trustfall::analytic
