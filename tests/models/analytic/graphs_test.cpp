#include <algorithm>
#include <catch2/catch.hpp>

#include "models/analytic/choke_points.h"
#include "models/analytic/cut.h"
#include "sim/base/draws.h"

using namespace trustfall;
using namespace trustfall::analytic;

namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// Components of what is left without a vertex or an edge (either may be none), vertices alone included.
std::size_t components(std::size_t vertices, const Edges& edges, std::size_t no_vertex, std::size_t no_edge) {
  std::vector<std::size_t> mark(vertices);
  for (std::size_t v = 0; v < vertices; ++v) mark[v] = v;
  for (std::size_t round = 0; round < vertices; ++round)
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const auto [a, b] = edges[e];
      if (e == no_edge || a == no_vertex || b == no_vertex) continue;
      mark[a] = mark[b] = std::min(mark[a], mark[b]);
    }
  std::size_t found = 0;
  for (std::size_t v = 0; v < vertices; ++v) found += v != no_vertex && mark[v] == v;
  return found;
}

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Whether `source` leads to `sink` without these ways.
bool leads(std::size_t vertices, const std::vector<Way>& ways, std::uint32_t closed, std::uint32_t source,
           std::uint32_t sink) {
  std::vector<std::uint8_t> reached(vertices);
  reached[source] = 1;
  for (std::size_t round = 0; round < vertices; ++round)
    for (std::size_t w = 0; w < ways.size(); ++w)
      if ((closed >> w & 1) == 0 && reached[ways[w].from]) reached[ways[w].to] = 1;
  return reached[sink] != 0;
}

}  // namespace

TEST_CASE("Two rings that share a vertex, with a tail: it is a choke point, and the tail a bridge") {
  //  0 - 1        3 - 4
  //   \ /        /   /
  //    2 ------ 2 - 5     5 - 6 twice, 6 - 7
  const ChokePoints found =
      choke_points(9, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {4, 5}, {5, 2}, {5, 6}, {6, 5}, {6, 7}});
  REQUIRE(found.points.size() == 3);
  CHECK(found.points[0].vertex == 2);
  CHECK(found.points[0].parts == 2);
  CHECK(found.points[1].vertex == 5);
  CHECK(found.points[2].vertex == 6);
  CHECK(found.bridges == std::vector<std::size_t>{9});
}

TEST_CASE("Choke points are those whose removal leaves more parts") {
  for (std::uint32_t trial = 0; trial < 60; ++trial) {
    const Draws draws(11, trial);
    const std::uint32_t n = 3 + trial % 12;
    Edges edges;
    for (std::uint32_t e = 0; e < n + trial % 5; ++e)
      edges.emplace_back(static_cast<std::uint32_t>(draws.uniform(Purpose::estate, e, 0) * n),
                         static_cast<std::uint32_t>(draws.uniform(Purpose::estate, e, 1) * n));
    INFO("trial " << trial);
    const ChokePoints found = choke_points(n, edges);
    const std::size_t whole = components(n, edges, none, none);
    std::vector<std::size_t> bridges;
    for (std::size_t e = 0; e < edges.size(); ++e)
      if (components(n, edges, none, e) > whole) bridges.push_back(e);
    CHECK(found.bridges == bridges);
    std::size_t at = 0;
    for (std::uint32_t v = 0; v < n; ++v) {
      const std::size_t left = components(n, edges, v, none);
      if (left <= whole) continue;
      REQUIRE(at < found.points.size());
      CHECK(found.points[at].vertex == v);
      CHECK(found.points[at++].parts == left - whole + 1);
    }
    CHECK(at == found.points.size());
  }
}

TEST_CASE("The smallest cut is no larger than any other set that cuts") {
  std::size_t impossible = 0;
  std::size_t several = 0;
  for (std::uint32_t trial = 0; trial < 120; ++trial) {
    const Draws draws(12, trial);
    const std::uint32_t n = 6;
    std::vector<Way> ways;
    for (std::uint32_t e = 0; e < 11; ++e)
      ways.push_back({static_cast<std::uint32_t>(draws.uniform(Purpose::estate, e, 0) * n),
                      static_cast<std::uint32_t>(draws.uniform(Purpose::estate, e, 1) * n),
                      draws.uniform(Purpose::estate, e, 2) < 0.7});
    INFO("trial " << trial);
    int least = 99;
    for (std::uint32_t closed = 0; closed < 1u << ways.size(); ++closed) {
      bool allowed = true;
      for (std::size_t w = 0; w < ways.size(); ++w) allowed &= (closed >> w & 1) == 0 || ways[w].closable;
      if (allowed && !leads(n, ways, closed, 0, 1)) least = std::min(least, __builtin_popcount(closed));
    }
    const auto cut = smallest_cut(n, ways, 0, 1);
    CHECK(cut.has_value() == (least < 99));
    impossible += !cut;
    if (!cut) continue;
    several += cut->size() > 1;
    CHECK(static_cast<int>(cut->size()) == least);
    std::uint32_t closed = 0;
    for (const std::size_t w : *cut) closed |= 1u << w;
    CHECK_FALSE(leads(n, ways, closed, 0, 1));
  }
  CHECK(impossible > 5);
  CHECK(several > 5);
}

TEST_CASE("Of equal cuts the one nearest to the sink is taken") {
  const auto cut = smallest_cut(4, {{0, 2, true}, {2, 3, true}, {3, 1, true}}, 0, 1);
  REQUIRE(cut);
  CHECK(*cut == std::vector<std::size_t>{2});
}
