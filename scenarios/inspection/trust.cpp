#include "scenarios/inspection/trust.h"

#include <algorithm>
#include <set>

#include "scenarios/inspection/exposure.h"

namespace trustfall {
namespace {

/// Pairs of organisations that links of the worm join.
std::set<std::pair<std::uint32_t, std::uint32_t>> linked_organisations(const Model& model) {
  const Estate& estate = *model.estate;
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t z = 0; estate.organisations() > 1 && z < estate.zones(); ++z) {
    const Links* links = links_used(model, ZoneId{z});
    for (std::uint32_t h = 0; links != nullptr && h < estate.hosts(); ++h)
      for (const std::uint32_t to : links->row(HostId{h})) {
        const auto from = static_cast<std::uint32_t>(estate.organisation_of(HostId{h}));
        const auto other = static_cast<std::uint32_t>(estate.organisation_of(HostId{to}));
        if (from != other) pairs.insert(std::minmax(from, other));
      }
  }
  return pairs;
}

}  // namespace

analytic::ChokePoints choke_points_of_trust(const Model& model) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (const TrustEdge& edge : model.estate->trust_network().edges)
    edges.emplace_back(static_cast<std::uint32_t>(edge.from), static_cast<std::uint32_t>(edge.to));
  for (const auto& pair : linked_organisations(model)) edges.insert(edges.end(), 2, pair);  // twice: never a bridge
  return analytic::choke_points(model.estate->organisations(), edges);
}

}  // namespace trustfall
