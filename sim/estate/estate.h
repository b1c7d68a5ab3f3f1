#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/base/ids.h"
#include "sim/estate/kinds.h"
#include "sim/estate/links.h"
#include "sim/estate/trust_network.h"

namespace trustfall {

/// An owner of hosts: a trust, a practice, a supplier.
struct Organisation {
  std::string code;  // as in its list, or group and number
  std::string name;
  OrganisationKind kind;
  std::string group;  // name of the scenario's group
  std::string type;   // class in its list (acute, ambulance, ...); may be empty
  std::string region;
  std::string community;  // code of the commissioner whose area it is in; may be empty
  double latitude = 0;    // degrees
  double longitude = 0;
};

struct Site {
  std::string name;
  OrganisationId organisation;
};

/// A subnet.
struct Segment {
  SiteId site;
  OrganisationId organisation;
  std::uint16_t network;  // index in Estate::networks
};

/// A mixing pool: a scanner in it picks uniformly among its addresses. Or one whose contacts are given one by one:
/// then nobody scans in it.
struct Zone {
  std::uint16_t kind;  // index in Estate::zone_kinds
  double addresses;    // at least the number of its hosts
  std::uint64_t hosts;
  std::uint32_t first = 0;  // its memberships: Estate::memberships()[first .. last)
  std::uint32_t last = 0;
  std::uint32_t links = 0;  // 1 + index in the estate's lists of links, or 0
};

/// That a segment belongs to a zone.
struct Membership {
  SegmentId segment;
  ZoneId zone;
};

/// One of the zones that a segment is in, and the position of that membership in Estate::memberships().
struct ZoneOfSegment {
  std::uint32_t membership;
  ZoneId zone;
};

/// Every organisation, site, segment and host, and the zones that join them; constant once built.
///
/// Hosts are ordered by segment, segments by site, sites by organisation, so that each of these is a slice of hosts.
class Estate {
 public:
  std::size_t hosts() const { return device_.size(); }
  std::size_t segments() const { return segments_.size(); }
  std::size_t sites() const { return sites_.size(); }
  std::size_t organisations() const { return organisations_.size(); }
  std::size_t zones() const { return zones_.size(); }

  const Organisation& operator[](OrganisationId id) const { return organisations_[index(id)]; }
  const Site& operator[](SiteId id) const { return sites_[index(id)]; }
  const Segment& operator[](SegmentId id) const { return segments_[index(id)]; }
  const Zone& operator[](ZoneId id) const { return zones_[index(id)]; }

  DeviceClass device(HostId host) const { return device_[index(host)]; }
  System system(HostId host) const { return system_[index(host)]; }
  /// Vendor and model of a medical device, numbered over the estate; 0 for anything else.
  std::uint16_t model(HostId host) const { return model_.empty() ? 0 : model_[index(host)]; }
  const std::vector<std::string>& models() const { return models_; }

  /// Its first host and the one behind its last.
  HostId first_host(SegmentId segment) const { return HostId{first_host_[index(segment)]}; }
  HostId last_host(SegmentId segment) const { return HostId{first_host_[index(segment) + 1]}; }
  SegmentId segment_of(HostId host) const {
    std::uint32_t s = segment_of_block_[index(host) >> block_bits];
    while (first_host_[s + 1] <= static_cast<std::uint32_t>(host)) ++s;
    return SegmentId{s};
  }
  OrganisationId organisation_of(HostId host) const { return segments_[index(segment_of(host))].organisation; }
  /// Its first segment and the one behind its last.
  SegmentId first_segment(OrganisationId id) const { return SegmentId{first_segment_[index(id)]}; }
  SegmentId last_segment(OrganisationId id) const { return SegmentId{first_segment_[index(id) + 1]}; }
  std::size_t hosts_of(OrganisationId id) const {
    return first_host_[first_segment_[index(id) + 1]] - first_host_[first_segment_[index(id)]];
  }

  /// The zones that a segment is in, in the order of zone kinds.
  std::span<const ZoneOfSegment> zones_of(SegmentId segment) const {
    const std::size_t first = first_zone_[index(segment)];
    return {zones_of_segment_.data() + first, first_zone_[index(segment) + 1] - first};
  }
  /// All memberships, zone by zone.
  const std::vector<Membership>& memberships() const { return memberships_; }

  /// The contacts of a zone that has them one by one, or null.
  const Links* links_of(ZoneId zone) const {
    const std::uint32_t links = zones_[index(zone)].links;
    return links == 0 ? nullptr : &links_[links - 1];
  }

  const std::vector<std::string>& zone_kinds() const { return zone_kinds_; }
  const std::vector<std::string>& networks() const { return networks_; }
  const TrustNetwork& trust_network() const { return trust_network_; }

  /// Bytes that its columns hold.
  std::size_t bytes() const;

  /// Hands all its columns to `take`, for whoever stores an estate and brings it back.
  template <class Self, class Take>
  static void columns(Self& self, Take take) {
    take(self.organisations_, self.sites_, self.segments_, self.device_, self.system_, self.model_, self.models_,
         self.first_host_, self.first_segment_, self.segment_of_block_, self.zones_, self.memberships_,
         self.zones_of_segment_, self.first_zone_, self.zone_kinds_, self.networks_, self.trust_network_,
         self.links_);
  }

 private:
  friend class EstateBuilder;
  static constexpr int block_bits = 6;

  std::vector<Organisation> organisations_;
  std::vector<Site> sites_;
  std::vector<Segment> segments_;
  std::vector<DeviceClass> device_;              // by host
  std::vector<System> system_;                   // by host
  std::vector<std::uint16_t> model_;             // by host; empty when no device has one
  std::vector<std::string> models_;              // "imaging vendor 2 model 3"; entry 0 is empty
  std::vector<std::uint32_t> first_host_;        // by segment, one more than there are
  std::vector<std::uint32_t> first_segment_;     // by organisation, one more than there are
  std::vector<std::uint32_t> segment_of_block_;  // segment of the first of every 64 hosts
  std::vector<Zone> zones_;
  std::vector<Membership> memberships_;          // ordered by zone
  std::vector<ZoneOfSegment> zones_of_segment_;  // ordered by segment
  std::vector<std::uint32_t> first_zone_;        // by segment, one more than there are
  std::vector<std::string> zone_kinds_;
  std::vector<std::string> networks_;
  TrustNetwork trust_network_;
  std::vector<Links> links_;
};

}  // namespace trustfall
