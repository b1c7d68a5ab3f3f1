#include "models/analytic/choke_points.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <iterator>
#include <map>
#include <set>

namespace trustfall::analytic {

ChokePoints choke_points(std::size_t vertices, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges) {
  // Boost takes no notice of an edge that stands twice, so these are laid together first.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::size_t>> laid;
  for (std::size_t e = 0; e < edges.size(); ++e)
    if (edges[e].first != edges[e].second) laid[std::minmax(edges[e].first, edges[e].second)].push_back(e);

  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                      boost::property<boost::edge_index_t, std::size_t>>;
  Graph graph(vertices);
  for (const auto& [ends, positions] : laid) add_edge(ends.first, ends.second, num_edges(graph), graph);
  const auto number = get(boost::edge_index, graph);
  std::vector<std::size_t> block_of(laid.size());  // by edge: maximal parts that no single vertex cuts
  std::vector<std::size_t> articulation;
  const std::size_t blocks =
      biconnected_components(graph, boost::make_iterator_property_map(block_of.begin(), number),
                             std::back_inserter(articulation))
          .first;
  std::sort(articulation.begin(), articulation.end());

  ChokePoints found;
  for (const std::size_t vertex : articulation) {
    std::set<std::size_t> parts;
    for (const auto& edge : boost::make_iterator_range(out_edges(vertex, graph)))
      parts.insert(block_of[number[edge]]);
    found.points.push_back({static_cast<std::uint32_t>(vertex), parts.size()});
  }
  std::vector<std::size_t> edges_in(blocks);
  for (const std::size_t block : block_of) ++edges_in[block];
  std::size_t edge = 0;
  for (const auto& [ends, positions] : laid)
    if (edges_in[block_of[edge++]] == 1 && positions.size() == 1) found.bridges.push_back(positions.front());
  std::sort(found.bridges.begin(), found.bridges.end());
  return found;
}

}  // namespace trustfall::analytic
