#include "sim/estate/links.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/iterator/iterator_facade.hpp>

#include "sim/base/memory.h"

namespace trustfall {
namespace {

/// The arcs of a graph, from first to last: an undirected edge is two.
template <class Value, Value (*arc)(const EdgeList&, std::size_t edge, bool back)>
class Arcs : public boost::iterator_facade<Arcs<Value, arc>, Value, boost::random_access_traversal_tag, Value> {
 public:
  Arcs() = default;
  Arcs(const EdgeList& graph, std::size_t at) : graph_(&graph), at_(at) {}

 private:
  friend class boost::iterator_core_access;
  Value dereference() const {
    return graph_->directed ? arc(*graph_, at_, false) : arc(*graph_, at_ / 2, at_ % 2 != 0);
  }
  bool equal(const Arcs& other) const { return at_ == other.at_; }
  void increment() { ++at_; }
  void decrement() { --at_; }
  void advance(std::ptrdiff_t by) { at_ += static_cast<std::size_t>(by); }
  std::ptrdiff_t distance_to(const Arcs& other) const {
    return static_cast<std::ptrdiff_t>(other.at_) - static_cast<std::ptrdiff_t>(at_);
  }

  const EdgeList* graph_ = nullptr;
  std::size_t at_ = 0;
};

struct Weight {
  float value;
};

using Ends = std::pair<std::uint32_t, std::uint32_t>;
Ends ends_of(const EdgeList& graph, std::size_t edge, bool back) {
  const auto [from, to] = graph.edges[edge];
  return back ? Ends{to, from} : Ends{from, to};
}
Weight weight_of(const EdgeList& graph, std::size_t edge, bool) { return {graph.weights[edge]}; }

using EndsOfArcs = Arcs<Ends, ends_of>;
using WeightsOfArcs = Arcs<Weight, weight_of>;

template <class Property>
using Rows = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Property, boost::no_property,
                                                std::uint32_t, std::uint64_t>;

}  // namespace

void merge_parallel(EdgeList& graph) {
  struct Arc {
    Edge edge;
    float weight;
  };
  std::vector<Arc> arcs;
  arcs.reserve(graph.edges.size());
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    auto [from, to] = graph.edges[e];
    if (!graph.directed && from > to) std::swap(from, to);
    if (from != to) arcs.push_back({{from, to}, graph.weights.empty() ? 1.0f : graph.weights[e]});
  }
  graph.edges = {};  // what is not needed is freed at once: there may be a hundred million edges
  graph.weights = {};
  const auto key = [](const Arc& arc) { return std::uint64_t{arc.edge.from} << 32 | arc.edge.to; };
  std::sort(arcs.begin(), arcs.end(), [&](const Arc& a, const Arc& b) {
    return key(a) != key(b) ? key(a) < key(b) : a.weight < b.weight;  // a sum of floats depends on their order
  });
  std::size_t merged = 0;
  for (const Arc& arc : arcs) {
    if (merged > 0 && key(arcs[merged - 1]) == key(arc))
      arcs[merged - 1].weight += arc.weight;
    else
      arcs[merged++] = arc;
  }
  arcs.resize(merged);
  graph.edges.reserve(merged);
  for (const Arc& arc : arcs) graph.edges.push_back(arc.edge);
  if (std::all_of(arcs.begin(), arcs.end(), [](const Arc& arc) { return arc.weight == 1.0f; })) return;
  graph.weights.reserve(merged);
  for (const Arc& arc : arcs) graph.weights.push_back(arc.weight);
}

Links::Links(EdgeList&& graph) {
  const std::size_t arcs = graph.edges.size() * (graph.directed ? 1 : 2);
  constexpr auto in_two_passes = boost::edges_are_unsorted_multi_pass;
  const EndsOfArcs first(graph, 0);
  const EndsOfArcs last(graph, arcs);
  if (graph.weights.empty()) {
    Rows<boost::no_property> rows(in_two_passes, first, last, graph.vertices);
    first_ = std::move(rows.m_forward.m_rowstart);
    to_ = std::move(rows.m_forward.m_column);
  } else {
    heaviest_ = *std::max_element(graph.weights.begin(), graph.weights.end());
    Rows<Weight> rows(in_two_passes, first, last, WeightsOfArcs(graph, 0), graph.vertices);
    weight_.reserve(arcs);
    for (auto [edge, end] = edges(rows); edge != end; ++edge) weight_.push_back(rows[*edge].value);
    first_ = std::move(rows.m_forward.m_rowstart);
    to_ = std::move(rows.m_forward.m_column);
  }
  graph = {};
  prefer_large_pages(first_);
  prefer_large_pages(to_);
}

}  // namespace trustfall
