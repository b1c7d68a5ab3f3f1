#include "sim/estate/topology.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "tests/support/statistics.h"

// Every tolerance is five standard errors of what is counted, from the graph's own theory; seeds are fixed.

using namespace trustfall;
using namespace trustfall::topology;

namespace {

std::vector<double> degrees(const EdgeList& graph) {
  std::vector<double> degree(graph.vertices);
  for (const Edge& edge : graph.edges) {
    ++degree[edge.from];
    ++degree[edge.to];
  }
  return degree;
}

/// No loop, no pair twice, and no end that is no vertex.
bool simple(const EdgeList& graph) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& [from, to] : graph.edges)
    if (from == to || from >= graph.vertices || to >= graph.vertices ||
        !pairs.insert({std::min(from, to), std::max(from, to)}).second)
      return false;
  return true;
}

bool same(const EdgeList& a, const EdgeList& b) {
  return std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(),
                    [](const Edge& x, const Edge& y) { return x.from == y.from && x.to == y.to; });
}

std::size_t joined(const EdgeList& graph) { return graph.edges.size(); }

}  // namespace

TEST_CASE("A random graph has binomial degrees") {
  constexpr std::uint32_t n = 20000;
  const EdgeList graph = erdos_renyi(n, 6, 1);
  CHECK(simple(graph));
  const double p = 6.0 / (n - 1);
  CHECK(stats::within_five_errors(static_cast<double>(joined(graph)), 0.5 * n * (n - 1.0), p));
  const std::vector<double> degree = degrees(graph);
  // The fourth central moment of a Poisson number is m + 3 m^2: the sample variance has a standard error of
  // sqrt((m + 2 m^2) / n).
  const double variance = std::pow(stats::standard_deviation(degree), 2);
  CHECK(std::fabs(variance - (n - 1) * p * (1 - p)) < 5 * std::sqrt((6 + 2 * 36.0) / n));
  // The two halves of the vertices have equally many contacts with each other as among themselves, about.
  double across = 0;
  for (const Edge& edge : graph.edges) across += (edge.from < n / 2) != (edge.to < n / 2);
  CHECK(stats::within_five_errors(across, n / 2.0 * (n / 2.0), p));
}

TEST_CASE("A random graph may be empty or complete") {
  CHECK(erdos_renyi(50, 0, 1).edges.empty());
  CHECK(erdos_renyi(1, 0, 1).edges.empty());
  const EdgeList all = erdos_renyi(50, 49, 1);
  CHECK(simple(all));
  CHECK(joined(all) == 50 * 49 / 2);
}

TEST_CASE("A graph by degree has so many edges exactly, and a tail of exponent 3") {
  constexpr std::uint32_t n = 50000;
  constexpr std::uint32_t m = 4;
  const EdgeList graph = barabasi_albert(n, m, 2);
  CHECK(simple(graph));
  CHECK(joined(graph) == (m + 1) * m / 2 + (n - m - 1) * m);
  const std::vector<double> degree = degrees(graph);
  CHECK(*std::min_element(degree.begin(), degree.end()) == m);
  // Share of degree k: 2 m (m + 1) / (k (k + 1) (k + 2)) (Dorogovtsev, Mendes and Samukhin, PRL 85, 4633, 2000), so
  // that k or more have m (m + 1) / (k (k + 1)).
  for (const double k : {5.0, 8.0, 20.0, 50.0, 100.0}) {
    const auto above =
        static_cast<double>(std::count_if(degree.begin(), degree.end(), [&](double d) { return d >= k; }));
    CHECK(stats::within_five_errors(above, n, m * (m + 1) / (k * (k + 1))));
  }
  // Hill's estimate of the exponent from 20 links on, where it is 3 but for 1/k: its standard error is 2 /
  // sqrt(count).
  double sum = 0;
  double count = 0;
  for (const double d : degree)
    if (d >= 20) {
      sum += std::log((d + 0.5) / 19.5);
      ++count;
    }
  CHECK(std::fabs(1 + count / sum - 3) < 5 * 2 / std::sqrt(count) + 2.0 / 20);
  CHECK(joined(barabasi_albert(3, 5, 1)) == 3);  // not even a core: all of them
}

TEST_CASE("A ring without rewiring is exact, and with it keeps the share it should") {
  const EdgeList ring = watts_strogatz(100, 6, 0, 3);
  CHECK(simple(ring));
  CHECK(joined(ring) == 300);
  for (const auto& [from, to] : ring.edges) CHECK((std::min((to + 100 - from) % 100, (from + 100 - to) % 100) <= 3));

  constexpr std::uint32_t n = 40000;
  const EdgeList graph = watts_strogatz(n, 4, 0.2, 3);
  CHECK(simple(graph));
  double kept = 0;
  for (const auto& [from, to] : graph.edges) kept += std::min((to + n - from) % n, (from + n - to) % n) <= 2;
  // Of rewired edges 4 in n come back to the ring, at most.
  CHECK(std::fabs(kept - 2.0 * n * 0.8) < 5 * std::sqrt(2.0 * n * 0.2 * 0.8) + 8);
  // Two edges on one pair are as rare: 2 n rewired ones, each on one of 4 / n.
  CHECK(joined(graph) <= 2 * n);
  CHECK(joined(graph) > 2 * n - 30);
}

TEST_CASE("Quarters have their shares of the contacts, at every scale") {
  constexpr std::uint32_t n = 1 << 16;
  constexpr double edges = n;  // so few that hardly two are parallel but in the densest corner
  const EdgeList graph = rmat(n, 2, {0.4, 0.25, 0.2}, 4);
  CHECK(simple(graph));
  CHECK(joined(graph) <= edges);
  // Undirected edges are kept with the smaller end first, so b and c come together.
  double low = 0;
  double high = 0;
  for (const auto& [from, to] : graph.edges) {
    low += from < n / 2 && to < n / 2;
    high += from >= n / 2 && to >= n / 2;
  }
  const double lost = edges - static_cast<double>(joined(graph));
  CHECK(lost < edges / 50);
  CHECK(std::fabs(low - edges * 0.4) < 5 * std::sqrt(edges * 0.4 * 0.6) + lost);
  CHECK(std::fabs(high - edges * 0.15) < 5 * std::sqrt(edges * 0.15 * 0.85) + lost);
  const EdgeList odd = rmat(1000, 4, {0.57, 0.19, 0.19}, 4);
  CHECK(simple(odd));
  CHECK(odd.vertices == 1000);
}

TEST_CASE("Blocks have their contacts within and between") {
  constexpr std::uint32_t n = 9000;
  constexpr std::uint32_t count = 9;
  const EdgeList graph = blocks(n, count, 5, 2, 5);
  CHECK(simple(graph));
  double within = 0;
  std::vector<double> to_first(count);
  for (const auto& [from, to] : graph.edges) {
    within += from / 1000 == to / 1000;
    if (from / 1000 == 0 || to / 1000 == 0) ++to_first[from / 1000 + to / 1000];
  }
  CHECK(stats::within_five_errors(within, count * 1000 * 999 / 2.0, 5.0 / 999));
  CHECK(stats::within_five_errors(static_cast<double>(joined(graph)) - within, count * (count - 1) / 2.0 * 1e6,
                                  2.0 / 8000));
  for (std::uint32_t b = 1; b < count; ++b) CHECK(stats::within_five_errors(to_first[b], 1e6, 2.0 / 8000));
  // Of one block there is nothing between, and of blocks that do not divide the vertices none is forgotten.
  CHECK(joined(blocks(10, 1, 9, 0, 1)) == 45);
  CHECK(joined(blocks(11, 3, 0, 11 - 11.0 / 3, 1)) == 11 * 10 / 2 - 3 - 2 * 6);
}

TEST_CASE("Stars, lines, complete graphs and hubs are what their names say") {
  CHECK(same(star(4), {4, false, {{0, 1}, {0, 2}, {0, 3}}, {}}));
  CHECK(same(line(4), {4, false, {{0, 1}, {1, 2}, {2, 3}}, {}}));
  CHECK(simple(complete(20)));
  CHECK(joined(complete(20)) == 190);
  CHECK(same(hub_and_site(6, 2), {6, false, {{1, 0}, {0, 2}, {1, 3}, {0, 4}, {1, 5}}, {}}));
  for (const EdgeList& one : {star(1), line(1), complete(1), hub_and_site(1, 1)}) {
    CHECK(one.vertices == 1);
    CHECK(one.edges.empty());
  }
}

TEST_CASE("The same seed gives the same graph, another one another") {
  const auto of = [](std::uint64_t seed) {
    return std::vector<EdgeList>{erdos_renyi(300, 4, seed), barabasi_albert(300, 2, seed),
                                 watts_strogatz(300, 4, 0.3, seed), rmat(300, 4, {0.57, 0.19, 0.19}, seed),
                                 blocks(300, 3, 3, 1, seed)};
  };
  const auto first = of(7);
  const auto again = of(7);
  const auto other = of(8);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(same(first[i], again[i]));
    CHECK_FALSE(same(first[i], other[i]));
  }
}
