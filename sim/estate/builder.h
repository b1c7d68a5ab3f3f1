#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/estate/estate.h"

namespace trustfall {

/// Builds an estate from the outside in: an organisation, its sites, their segments, the hosts of each; then the
/// zones.
///
/// Sites belong to the last organisation added, segments to the last site, hosts to the last segment.
class EstateBuilder {
 public:
  OrganisationId add_organisation(Organisation organisation);
  SiteId add_site(std::string name);
  SegmentId add_segment(const std::string& network);
  void add_host(DeviceClass device, System system, const std::string& model = {});

  void connect(const std::string& connection, OrganisationId from, OrganisationId to);

  /// One zone for each segment, site or organisation for which `belongs` says yes, or one for all of them together.
  enum class Pool { each_segment, each_site, each_organisation, everyone };
  void add_zones(const std::string& kind, Pool pool, double addresses,
                 const std::vector<std::uint8_t>& belongs /* by organisation */);
  /// One zone for each group of organisations that `connection` joins.
  void add_connected_zones(const std::string& kind, const std::string& connection, double addresses,
                           const std::vector<std::uint8_t>& belongs /* by organisation */);

  /// One zone without scanning: `graph` says which hosts are in contact; its vertices are hosts.
  void add_links(const std::string& kind, EdgeList&& graph);

  const std::vector<Organisation>& organisations() const { return estate_.organisations_; }
  std::size_t hosts() const { return estate_.device_.size(); }

  /// No host comes after this: gives the estate so far, without what is still to be added to it.
  const Estate& close();
  Estate build();

 private:
  std::uint16_t model_index(const std::string& name);
  void add_zone(std::uint16_t kind, double addresses, const std::vector<SegmentId>& segments);
  std::vector<SegmentId> segments_of(const std::vector<OrganisationId>& organisations) const;

  Estate estate_;
  std::map<std::string, std::uint16_t> models_;
};

}  // namespace trustfall
