#include "sim/estate/trust_network.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>

namespace trustfall {

std::vector<std::vector<OrganisationId>> connected_groups(const TrustNetwork& network, std::size_t organisations,
                                                          std::uint16_t connection) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
  Graph graph(organisations);
  for (const TrustEdge& edge : network.edges)
    if (edge.connection == connection) add_edge(index(edge.from), index(edge.to), graph);

  std::vector<int> component(organisations);
  const int found = organisations == 0 ? 0 : connected_components(graph, component.data());
  std::vector<std::vector<OrganisationId>> members(static_cast<std::size_t>(found));
  for (std::size_t i = 0; i < organisations; ++i)
    members[static_cast<std::size_t>(component[i])].push_back(OrganisationId{static_cast<std::uint32_t>(i)});

  std::vector<std::vector<OrganisationId>> groups;
  for (auto& group : members)
    if (group.size() > 1) groups.push_back(std::move(group));
  return groups;
}

}  // namespace trustfall
