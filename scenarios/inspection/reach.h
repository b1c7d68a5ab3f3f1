#pragma once

#include <array>
#include <map>

#include "scenarios/inspection/exposure.h"

namespace trustfall {

/// How many hosts can be attempted directly at the start of one replicate, patched or not.
class Reach {
 public:
  Reach(const Model& model, const Openings& openings);

  /// From one host of the segment, through all zones into which any host of it may make attempts, and over its links:
  /// on average over the hosts of the segment.
  double from(SegmentId segment);
  /// From any host of the organisation, its own included.
  std::size_t from(OrganisationId organisation);

 private:
  /// Attempts from a network into a zone.
  struct Way {
    ZoneId zone;
    std::uint16_t network;
    auto operator<=>(const Way&) const = default;
  };
  void add_ways(SegmentId segment, std::vector<Way>& ways) const;
  std::size_t count(SegmentId segment, DeviceSet devices) const;
  DeviceSet reached(SegmentId target, const std::vector<Way>& ways) const;
  std::size_t total(std::vector<Way> ways);
  /// Adds those that one host has a link to and that the ways do not lead to anyhow.
  void add_linked(HostId host, const std::vector<Way>& ways, std::vector<std::uint32_t>& linked) const;

  const Model* model_;
  const Openings* openings_;
  std::vector<std::array<std::uint32_t, device_classes>> devices_;  // hosts by segment and class
  std::vector<ZoneId> links_;                                       // zones with links that the worm uses
  std::map<std::vector<Way>, std::size_t> known_;                   // totals of ways into wide zones
  std::vector<DeviceSet> reached_;                                  // by segment; scratch
};

}  // namespace trustfall
