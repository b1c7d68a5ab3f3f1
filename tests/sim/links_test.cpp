#include "sim/estate/links.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "tests/support/world.h"

using namespace trustfall;
using small::host;

namespace {

using Row = std::vector<std::pair<std::uint32_t, float>>;

/// Row by row as the edges come, by appending.
std::vector<Row> rows_of(const EdgeList& graph) {
  std::vector<Row> rows(graph.vertices);
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const auto [from, to] = graph.edges[e];
    const float weight = graph.weights.empty() ? 1.0f : graph.weights[e];
    rows[from].push_back({to, weight});
    if (!graph.directed) rows[to].push_back({from, weight});
  }
  return rows;
}

EdgeList random_graph(std::uint32_t vertices, std::size_t edges, bool directed, bool weighted, unsigned seed) {
  std::mt19937 engine(seed);
  EdgeList graph;
  graph.vertices = vertices;
  graph.directed = directed;
  for (std::size_t e = 0; e < edges; ++e) {
    graph.edges.push_back(
        {static_cast<std::uint32_t>(engine() % vertices), static_cast<std::uint32_t>(engine() % vertices)});
    if (weighted) graph.weights.push_back(static_cast<float>(1 + engine() % 8) / 4);
  }
  return graph;
}

}  // namespace

TEST_CASE("Rows of links hold what the edges say, in their order") {
  for (const bool directed : {false, true})
    for (const bool weighted : {false, true}) {
      const EdgeList graph = random_graph(60, 400, directed, weighted, 5);
      const std::vector<Row> expected = rows_of(graph);
      const Links links{EdgeList(graph)};
      REQUIRE(links.hosts() == 60);
      CHECK(links.size() == (directed ? 400 : 800));
      CHECK(links.weighted() == weighted);
      std::uint64_t number = 0;
      for (std::uint32_t h = 0; h < 60; ++h) {
        const auto row = links.row(HostId{h});
        REQUIRE(row.size() == expected[h].size());
        for (std::size_t k = 0; k < row.size(); ++k) {
          CHECK(row[k] == expected[h][k].first);
          CHECK(links.weight(HostId{h}, k) == expected[h][k].second);
          CHECK(links.number(HostId{h}, k) == number++);
        }
      }
      CHECK(links.heaviest() == (weighted ? 2.0f : 1.0f));
    }
}

TEST_CASE("Hosts without contacts have empty rows, and links take four bytes and their hosts eight") {
  EdgeList graph;
  graph.vertices = 1000;
  for (std::uint32_t v = 100; v < 200; ++v) graph.edges.push_back({v, v + 100});
  Links links{EdgeList(graph)};
  for (std::uint32_t h = 0; h < 1000; ++h) CHECK(links.row(HostId{h}).size() == (h >= 100 && h < 300 ? 1 : 0));
  CHECK(links.bytes() == 1001 * 8 + 200 * 4);
  graph.weights.assign(100, 0.5f);
  CHECK(Links{EdgeList(graph)}.bytes() == 1001 * 8 + 200 * 8);
  const Links none{EdgeList{5, false, {}, {}}};
  CHECK(none.size() == 0);
  CHECK(none.row(host(4)).empty());
  CHECK(Links().hosts() == 0);
}

TEST_CASE("Parallel edges become one with the sum of their weights, and loops go") {
  for (const bool directed : {false, true}) {
    EdgeList graph = random_graph(12, 300, directed, true, 9);
    std::map<std::pair<std::uint32_t, std::uint32_t>, float> expected;
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
      auto [from, to] = graph.edges[e];
      if (from == to) continue;
      if (!directed && from > to) std::swap(from, to);
      expected[{from, to}] += graph.weights[e];  // quarters: exact in any order
    }
    merge_parallel(graph);
    REQUIRE(graph.edges.size() == expected.size());
    std::size_t at = 0;
    for (const auto& [ends, weight] : expected) {
      CHECK(std::pair(graph.edges[at].from, graph.edges[at].to) == ends);
      CHECK(graph.weights[at++] == weight);
    }
  }
}

TEST_CASE("Weights appear where unweighted edges are parallel, and nowhere else") {
  EdgeList twice{3, false, {{0, 1}, {1, 0}, {2, 1}}, {}};
  merge_parallel(twice);
  CHECK(twice.weights == std::vector<float>{2, 1});
  EdgeList once{3, true, {{0, 1}, {1, 0}, {2, 2}}, {}};
  merge_parallel(once);
  CHECK(once.edges.size() == 2);
  CHECK(once.weights.empty());
}
