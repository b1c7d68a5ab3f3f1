#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/estate/links.h"

/// Graphs of contacts by recipe. The same seed gives the same graph on every machine, which is why nothing here draws
/// through Boost's generators: they use distributions of the C++ library and its logarithm.
namespace trustfall::topology {

/// Every pair is in contact with the same chance (Gilbert, Ann. Math. Statist. 30, 1959); vertices have `mean_degree`
/// contacts on average.
EdgeList erdos_renyi(std::uint32_t vertices, double mean_degree, std::uint64_t seed);

/// Every new vertex is linked to `links` others, chosen by their degree (Barabási and Albert, Science 286, 1999). It
/// grows from `links` + 1 vertices that are all in contact.
EdgeList barabasi_albert(std::uint32_t vertices, std::uint32_t links, std::uint64_t seed);

/// A ring in which every vertex is linked to the `neighbours` next ones, half on each side, and a share of the edges
/// `rewired` at one end (Watts and Strogatz, Nature 393, 1998).
EdgeList watts_strogatz(std::uint32_t vertices, std::uint32_t neighbours, double rewired, std::uint64_t seed);

/// Chances of the four quarters of the matrix of contacts, again and again (Chakrabarti, Zhan and Faloutsos, SDM
/// 2004).
struct Quarters {
  double a, b, c;  // the fourth has what is left
};
/// Parallel edges, which are frequent here, become one; so there are somewhat fewer than mean_degree * vertices / 2.
EdgeList rmat(std::uint32_t vertices, double mean_degree, Quarters quarters, std::uint64_t seed);

/// `blocks` groups of equal size (stochastic block model: Holland, Laskey and Leinhardt, Social Networks 5, 1983);
/// vertices have on average so many contacts `within` their group and `between` it and the others.
EdgeList blocks(std::uint32_t vertices, std::uint32_t blocks, double within, double between, std::uint64_t seed);

/// Vertex 0 is in contact with all others.
EdgeList star(std::uint32_t vertices);
/// Each vertex is in contact with the next.
EdgeList line(std::uint32_t vertices);
/// All are in contact with all.
EdgeList complete(std::uint32_t vertices);
/// The first `sites` vertices are hubs, in contact with one another; the others are in contact with one hub each, in
/// turn.
EdgeList hub_and_site(std::uint32_t vertices, std::uint32_t sites);

/// What of an organisation's hosts may log on where: `controls` says which vertices are domain controllers, which
/// reach every other vertex of the same organisation; of the others, the share `logged_on` reaches these, because an
/// administrator is logged on there. A larger share has all contacts of a smaller one. Directed.
EdgeList domain(const std::vector<OrganisationId>& organisation, const std::vector<std::uint8_t>& controls,
                double logged_on, std::uint64_t seed);

}  // namespace trustfall::topology
