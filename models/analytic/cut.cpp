#include "models/analytic/cut.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>

namespace trustfall::analytic {
namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Edge = Traits::edge_descriptor;

struct EdgeData {
  long capacity = 0;
  long residual = 0;
  Edge reverse;
};
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, EdgeData>;

/// Whether what is left of a flow still leads from a vertex to the sink.
std::vector<std::uint8_t> reaching(const Graph& graph, std::uint32_t sink) {
  std::vector<std::uint8_t> reaches(num_vertices(graph));
  std::vector<std::size_t> waiting = {sink};
  reaches[sink] = 1;
  while (!waiting.empty()) {
    const std::size_t at = waiting.back();
    waiting.pop_back();
    for (const Edge edge : boost::make_iterator_range(out_edges(at, graph))) {
      const std::size_t before = target(edge, graph);
      if (reaches[before] || graph[graph[edge].reverse].residual == 0) continue;
      reaches[before] = 1;
      waiting.push_back(before);
    }
  }
  return reaches;
}

}  // namespace

std::optional<std::vector<std::size_t>> smallest_cut(std::size_t vertices, const std::vector<Way>& ways,
                                                     std::uint32_t source, std::uint32_t sink) {
  const auto unlimited = static_cast<long>(ways.size()) + 1;
  Graph graph(vertices);
  for (const Way& way : ways) {
    const Edge there = add_edge(way.from, way.to, graph).first;
    const Edge back = add_edge(way.to, way.from, graph).first;
    graph[there] = {way.closable ? 1 : unlimited, 0, back};
    graph[back] = {0, 0, there};
  }
  const long flow =
      push_relabel_max_flow(graph, source, sink, get(&EdgeData::capacity, graph), get(&EdgeData::residual, graph),
                            get(&EdgeData::reverse, graph), get(boost::vertex_index, graph));
  if (flow >= unlimited) return std::nullopt;
  const std::vector<std::uint8_t> behind = reaching(graph, sink);
  std::vector<std::size_t> cut;
  for (std::size_t w = 0; w < ways.size(); ++w)
    if (!behind[ways[w].from] && behind[ways[w].to]) cut.push_back(w);
  return cut;
}

}  // namespace trustfall::analytic
