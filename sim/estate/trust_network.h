#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/ids.h"

namespace trustfall {

/// Two organisations that may talk to each other beside the zones that everyone is in.
struct TrustEdge {
  OrganisationId from;
  OrganisationId to;
  std::uint16_t connection;  // index in TrustNetwork::connections
};

/// The graph of organisations that share private networks (community networks, VPNs, shared services).
struct TrustNetwork {
  std::vector<std::string> connections;  // names
  std::vector<TrustEdge> edges;
};

/// Groups of organisations that one connection joins, directly or through others: connected components of at least
/// two, each in ascending order, by `organisations` vertices.
std::vector<std::vector<OrganisationId>> connected_groups(const TrustNetwork& network, std::size_t organisations,
                                                          std::uint16_t connection);

}  // namespace trustfall
