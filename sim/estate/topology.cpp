#include "sim/estate/topology.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <utility>

#include "sim/base/draws.h"
#include "sim/base/memory.h"
#include "sim/base/numeric.h"

namespace trustfall::topology {
namespace {

/// Draws that are numbered one after another.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : draws_(seed, 0), block_(size) {}

  double next() {
    const std::size_t place = next_ % size;
    // In lanes; a block ends where the low half of a number does.
    if (place == 0)
      draws_.uniforms(Purpose::graph, static_cast<std::uint32_t>(next_), static_cast<std::uint32_t>(next_ >> 32), 0,
                      block_);
    ++next_;
    return block_[place];
  }
  std::uint64_t below(std::uint64_t n) {
    return std::min(static_cast<std::uint64_t>(next() * static_cast<double>(n)), n - 1);
  }
  /// What next() says after so many others, where that is known already.
  std::optional<double> ahead(std::size_t others) const {
    const std::size_t place = next_ % size + others;
    return next_ % size == 0 || place >= size ? std::nullopt : std::optional(block_[place]);
  }

 private:
  static constexpr std::size_t size = 4096;

  Draws draws_;
  std::vector<double> block_;
  std::uint64_t next_ = 0;
};

/// Calls add(i) for each of `n` items that a coin of this chance selects, skipping from one to the next (Batagelj and
/// Brandes, Phys. Rev. E 71, 036113, 2005).
template <class Add>
void select(std::uint64_t n, double chance, Sequence& draws, Add add) {
  if (chance <= 0) return;
  if (chance >= 1) {
    for (std::uint64_t i = 0; i < n; ++i) add(i);
    return;
  }
  const double scale = 1 / natural_log(1 - chance);
  for (std::uint64_t i = 0;; ++i) {
    const double skip = natural_log(draws.next()) * scale;
    if (!(skip < static_cast<double>(n - i))) return;
    i += static_cast<std::uint64_t>(skip);
    if (i >= n) return;
    add(i);
  }
}

/// All pairs of `n` vertices in a row: 1-0, 2-0, 2-1, 3-0, ... Items come in ascending order.
class Pairs {
 public:
  Edge at(std::uint64_t item) {
    while (item >= first_of_row_ + row_) first_of_row_ += row_++;
    return {static_cast<std::uint32_t>(row_), static_cast<std::uint32_t>(item - first_of_row_)};
  }

 private:
  std::uint64_t row_ = 1;
  std::uint64_t first_of_row_ = 0;
};

std::uint64_t pairs_of(std::uint64_t n) { return n < 2 ? 0 : n * (n - 1) / 2; }

EdgeList with(std::uint32_t vertices) {
  EdgeList graph;
  graph.vertices = vertices;
  return graph;
}

}  // namespace

EdgeList erdos_renyi(std::uint32_t vertices, double mean_degree, std::uint64_t seed) {
  EdgeList graph = with(vertices);
  if (vertices < 2) return graph;
  Sequence draws(seed);
  Pairs pairs;
  select(pairs_of(vertices), mean_degree / (vertices - 1), draws,
         [&](std::uint64_t i) { graph.edges.push_back(pairs.at(i)); });
  return graph;
}

namespace {

/// Asks for the memory of the edges that vertices some way behind are going to take: their draws are known, but for
/// an edge that is drawn twice, and most of the time goes by waiting for it.
void touch_ahead(const std::vector<Edge>& edges, std::uint32_t links, const Sequence& draws) {
  constexpr std::size_t vertices = 16;
  const std::size_t then = edges.size() + vertices * links;
  for (std::size_t link = 0; link < links; ++link)
    if (const auto u = draws.ahead(vertices * links + link)) {
      const auto at = static_cast<std::size_t>(*u * static_cast<double>(then));
      if (at < edges.size()) touch(edges[at]);
    }
}

}  // namespace

EdgeList barabasi_albert(std::uint32_t vertices, std::uint32_t links, std::uint64_t seed) {
  EdgeList graph = with(vertices);
  graph.edges.reserve(std::size_t{vertices} * links);
  const std::uint32_t core = std::min(vertices, links + 1);
  graph.edges = complete(core).edges;
  graph.edges.reserve(std::size_t{vertices} * links);
  prefer_large_pages(graph.edges.data(), graph.edges.capacity() * sizeof(Edge));
  Sequence draws(seed);
  for (std::uint32_t v = core; v < vertices; ++v) {
    // An end of an earlier edge, taken at random, is a vertex by its degree.
    const std::size_t before = graph.edges.size();
    touch_ahead(graph.edges, links, draws);
    while (graph.edges.size() < before + links) {
      const std::uint64_t end = draws.below(2 * before);
      const Edge& other = graph.edges[end / 2];
      const std::uint32_t to = end % 2 == 0 ? other.from : other.to;
      const auto mine = graph.edges.begin() + static_cast<std::ptrdiff_t>(before);
      const bool known = std::any_of(mine, graph.edges.end(), [&](const Edge& edge) { return edge.to == to; });
      if (!known) graph.edges.push_back({v, to});
    }
  }
  return graph;
}

EdgeList watts_strogatz(std::uint32_t vertices, std::uint32_t neighbours, double rewired, std::uint64_t seed) {
  assert(neighbours < vertices);
  EdgeList graph = with(vertices);
  Sequence draws(seed);
  for (std::uint32_t step = 1; step <= neighbours / 2; ++step)
    for (std::uint32_t v = 0; v < vertices; ++v) {
      auto to = static_cast<std::uint32_t>((std::uint64_t{v} + step) % vertices);
      if (draws.next() < rewired) do {
          to = static_cast<std::uint32_t>(draws.below(vertices));
        } while (to == v);
      graph.edges.push_back({v, to});
    }
  // Two edges may have been led to the same pair.
  merge_parallel(graph);
  graph.weights.clear();
  return graph;
}

EdgeList rmat(std::uint32_t vertices, double mean_degree, Quarters quarters, std::uint64_t seed) {
  EdgeList graph = with(vertices);
  Sequence draws(seed);
  const auto edges = static_cast<std::uint64_t>(mean_degree * vertices / 2 + 0.5);
  while (graph.edges.size() < edges) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    for (std::uint64_t side = 1; side < vertices; side *= 2) {
      const double u = draws.next();
      from = 2 * from + (u >= quarters.a + quarters.b);
      to = 2 * to + ((u >= quarters.a && u < quarters.a + quarters.b) || u >= quarters.a + quarters.b + quarters.c);
    }
    if (from < vertices && to < vertices && from != to)
      graph.edges.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  }
  merge_parallel(graph);
  graph.weights.clear();
  return graph;
}

EdgeList blocks(std::uint32_t vertices, std::uint32_t blocks, double within, double between, std::uint64_t seed) {
  EdgeList graph = with(vertices);
  Sequence draws(seed);
  const auto first = [&](std::uint64_t block) { return static_cast<std::uint32_t>(block * vertices / blocks); };
  const double size = static_cast<double>(vertices) / blocks;
  for (std::uint32_t b = 0; b < blocks; ++b) {
    const std::uint32_t mine = first(b + 1) - first(b);
    Pairs pairs;
    select(pairs_of(mine), size > 1 ? within / (size - 1) : 0, draws, [&](std::uint64_t i) {
      const Edge pair = pairs.at(i);
      graph.edges.push_back({first(b) + pair.from, first(b) + pair.to});
    });
    // With all later blocks at once.
    const std::uint64_t later = vertices - first(b + 1);
    select(mine * later, blocks > 1 ? between / (vertices - size) : 0, draws, [&](std::uint64_t i) {
      graph.edges.push_back(
          {first(b) + static_cast<std::uint32_t>(i / later), first(b + 1) + static_cast<std::uint32_t>(i % later)});
    });
  }
  return graph;
}

EdgeList star(std::uint32_t vertices) { return hub_and_site(vertices, 1); }

EdgeList line(std::uint32_t vertices) {
  EdgeList graph = with(vertices);
  for (std::uint32_t v = 1; v < vertices; ++v) graph.edges.push_back({v - 1, v});
  return graph;
}

EdgeList complete(std::uint32_t vertices) { return hub_and_site(vertices, vertices); }

EdgeList hub_and_site(std::uint32_t vertices, std::uint32_t sites) {
  EdgeList graph = with(vertices);
  for (std::uint32_t v = 1; v < std::min(sites, vertices); ++v)
    for (std::uint32_t other = 0; other < v; ++other) graph.edges.push_back({v, other});
  for (std::uint32_t v = sites; v < vertices; ++v) graph.edges.push_back({v % sites, v});
  return graph;
}

EdgeList domain(const std::vector<OrganisationId>& organisation, const std::vector<std::uint8_t>& controls,
                double logged_on, std::uint64_t seed) {
  EdgeList graph = with(static_cast<std::uint32_t>(organisation.size()));
  graph.directed = true;
  std::map<OrganisationId, std::vector<std::uint32_t>> controllers;
  for (std::uint32_t v = 0; v < graph.vertices; ++v)
    if (controls[v] != 0) controllers[organisation[v]].push_back(v);
  Sequence draws(seed);
  for (std::uint32_t v = 0; v < graph.vertices; ++v) {
    const bool reaches = draws.next() < logged_on || controls[v] != 0;
    for (const std::uint32_t controller : controllers[organisation[v]]) {
      if (controller == v) continue;
      if (controls[v] == 0) graph.edges.push_back({controller, v});
      if (reaches) graph.edges.push_back({v, controller});
    }
  }
  return graph;
}

}  // namespace trustfall::topology
