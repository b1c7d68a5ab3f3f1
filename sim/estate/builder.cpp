#include "sim/estate/builder.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace trustfall {
namespace {

std::uint16_t index_in(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) names.push_back(name);
  return static_cast<std::uint16_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

template <class Id>
Id next_id(std::size_t size) {
  return Id{static_cast<std::uint32_t>(size)};
}

}  // namespace

OrganisationId EstateBuilder::add_organisation(Organisation organisation) {
  estate_.first_segment_.push_back(static_cast<std::uint32_t>(estate_.segments_.size()));
  estate_.organisations_.push_back(std::move(organisation));
  return next_id<OrganisationId>(estate_.organisations_.size() - 1);
}

SiteId EstateBuilder::add_site(std::string name) {
  assert(!estate_.organisations_.empty());
  estate_.sites_.push_back({std::move(name), next_id<OrganisationId>(estate_.organisations_.size() - 1)});
  return next_id<SiteId>(estate_.sites_.size() - 1);
}

SegmentId EstateBuilder::add_segment(const std::string& network) {
  assert(!estate_.sites_.empty());
  const SiteId site = next_id<SiteId>(estate_.sites_.size() - 1);
  estate_.first_host_.push_back(static_cast<std::uint32_t>(hosts()));
  estate_.segments_.push_back({site, estate_[site].organisation, index_in(estate_.networks_, network)});
  return next_id<SegmentId>(estate_.segments_.size() - 1);
}

void EstateBuilder::add_host(DeviceClass device, System system, const std::string& model) {
  assert(!estate_.segments_.empty());
  if (!model.empty() && estate_.model_.empty()) estate_.model_.resize(hosts());
  estate_.device_.push_back(device);
  estate_.system_.push_back(system);
  if (!estate_.model_.empty() || !model.empty()) estate_.model_.push_back(model.empty() ? 0 : model_index(model));
}

std::uint16_t EstateBuilder::model_index(const std::string& name) {
  if (estate_.models_.empty()) estate_.models_.emplace_back();
  const auto [found, fresh] = models_.try_emplace(name, static_cast<std::uint16_t>(estate_.models_.size()));
  if (fresh) estate_.models_.push_back(name);
  return found->second;
}

void EstateBuilder::connect(const std::string& connection, OrganisationId from, OrganisationId to) {
  TrustNetwork& network = estate_.trust_network_;
  network.edges.push_back({from, to, index_in(network.connections, connection)});
}

void EstateBuilder::add_zone(std::uint16_t kind, double addresses, const std::vector<SegmentId>& segments) {
  const auto first = static_cast<std::uint32_t>(estate_.memberships_.size());
  const ZoneId id = next_id<ZoneId>(estate_.zones_.size());
  std::size_t members = 0;
  for (const SegmentId segment : segments) {
    const std::size_t next = index(segment) + 1;
    const std::size_t end = next < estate_.first_host_.size() ? estate_.first_host_[next] : hosts();
    members += end - estate_.first_host_[index(segment)];
    estate_.memberships_.push_back({segment, id});
  }
  estate_.zones_.push_back({kind, std::max(addresses, static_cast<double>(members)), members, first,
                            static_cast<std::uint32_t>(estate_.memberships_.size()), 0});
}

void EstateBuilder::add_zones(const std::string& kind, Pool pool, double addresses,
                              const std::vector<std::uint8_t>& belongs) {
  const std::uint16_t zone_kind = index_in(estate_.zone_kinds_, kind);
  const auto group_of = [&](const Segment& segment) -> std::size_t {
    switch (pool) {
      case Pool::each_site:
        return index(segment.site);
      case Pool::each_organisation:
        return index(segment.organisation);
      default:
        return 0;
    }
  };
  std::vector<SegmentId> members;
  std::size_t group = 0;
  for (std::size_t s = 0; s < estate_.segments_.size(); ++s) {
    const Segment& segment = estate_.segments_[s];
    if (!belongs[index(segment.organisation)]) continue;
    // Segments are ordered by site and organisation, so a group is complete when the next one begins.
    const bool begins = pool == Pool::each_segment || group_of(segment) != group;
    if (begins && !members.empty()) {
      add_zone(zone_kind, addresses, members);
      members.clear();
    }
    group = group_of(segment);
    members.push_back(next_id<SegmentId>(s));
  }
  if (!members.empty()) add_zone(zone_kind, addresses, members);
}

std::vector<SegmentId> EstateBuilder::segments_of(const std::vector<OrganisationId>& organisations) const {
  std::vector<SegmentId> segments;
  for (const OrganisationId id : organisations) {
    const std::size_t next = index(id) + 1;
    const std::size_t end =
        next < estate_.first_segment_.size() ? estate_.first_segment_[next] : estate_.segments_.size();
    for (std::size_t s = estate_.first_segment_[index(id)]; s < end; ++s) segments.push_back(next_id<SegmentId>(s));
  }
  return segments;
}

void EstateBuilder::add_connected_zones(const std::string& kind, const std::string& connection, double addresses,
                                        const std::vector<std::uint8_t>& belongs) {
  const std::uint16_t zone_kind = index_in(estate_.zone_kinds_, kind);
  const std::uint16_t through = index_in(estate_.trust_network_.connections, connection);
  for (auto group : connected_groups(estate_.trust_network_, estate_.organisations_.size(), through)) {
    std::erase_if(group, [&](OrganisationId id) { return !belongs[index(id)]; });
    const std::vector<SegmentId> segments = segments_of(group);
    if (!segments.empty()) add_zone(zone_kind, addresses, segments);
  }
}

void EstateBuilder::add_links(const std::string& kind, EdgeList&& graph) {
  std::vector<std::uint8_t> linked(hosts());
  for (const Edge& edge : graph.edges) linked[edge.from] = linked[edge.to] = 1;
  std::vector<SegmentId> segments;
  for (std::size_t s = 0; s < estate_.segments_.size(); ++s) {
    const std::size_t end = s + 1 < estate_.segments_.size() ? estate_.first_host_[s + 1] : hosts();
    const auto first = linked.begin() + static_cast<std::ptrdiff_t>(estate_.first_host_[s]);
    const auto last = linked.begin() + static_cast<std::ptrdiff_t>(end);
    if (std::find(first, last, 1) != last) segments.push_back(next_id<SegmentId>(s));
  }
  add_zone(index_in(estate_.zone_kinds_, kind), 1, segments);
  graph.vertices = hosts();
  estate_.links_.emplace_back(std::move(graph));
  estate_.zones_.back().links = static_cast<std::uint32_t>(estate_.links_.size());
}

const Estate& EstateBuilder::close() {
  Estate& e = estate_;
  if (e.first_segment_.size() > e.organisations_.size()) return e;
  e.first_host_.push_back(static_cast<std::uint32_t>(hosts()));
  e.first_segment_.push_back(static_cast<std::uint32_t>(e.segments_.size()));

  std::uint32_t segment = 0;
  for (std::size_t host = 0; host < hosts(); host += std::size_t{1} << Estate::block_bits) {
    while (e.first_host_[segment + 1] <= host) ++segment;
    e.segment_of_block_.push_back(segment);
  }
  return e;
}

Estate EstateBuilder::build() {
  close();
  Estate& e = estate_;
  e.first_zone_.assign(e.segments_.size() + 1, 0);
  for (const Membership& m : e.memberships_) ++e.first_zone_[index(m.segment) + 1];
  std::partial_sum(e.first_zone_.begin(), e.first_zone_.end(), e.first_zone_.begin());
  e.zones_of_segment_.resize(e.memberships_.size());
  std::vector<std::uint32_t> next(e.first_zone_.begin(), e.first_zone_.end() - 1);
  for (std::uint32_t m = 0; m < e.memberships_.size(); ++m)
    e.zones_of_segment_[next[index(e.memberships_[m].segment)]++] = {m, e.memberships_[m].zone};
  return std::move(estate_);
}

}  // namespace trustfall
