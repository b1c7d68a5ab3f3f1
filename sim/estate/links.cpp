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
  std::vector<std::size_t> order;
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    Edge& edge = graph.edges[e];
    if (!graph.directed && edge.from > edge.to) std::swap(edge.from, edge.to);
    if (edge.from != edge.to) order.push_back(e);
  }
  const auto key = [&](std::size_t e) { return std::pair(graph.edges[e].from, graph.edges[e].to); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<Edge> edges;
  std::vector<float> weights;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const float weight = graph.weights.empty() ? 1.0f : graph.weights[order[i]];
    if (i > 0 && key(order[i]) == key(order[i - 1])) {
      weights.back() += weight;
    } else {
      edges.push_back(graph.edges[order[i]]);
      weights.push_back(weight);
    }
  }
  if (std::all_of(weights.begin(), weights.end(), [](float weight) { return weight == 1.0f; })) weights.clear();
  graph.edges = std::move(edges);
  graph.weights = std::move(weights);
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
