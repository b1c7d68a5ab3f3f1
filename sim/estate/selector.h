#pragma once

#include <string>
#include <vector>

#include "sim/estate/estate.h"

namespace trustfall {

/// A part of the estate: hosts that match every line; an empty line matches all.
struct Where {
  std::vector<OrganisationKind> kinds;
  std::vector<std::string> groups;
  std::vector<std::string> codes;
  std::vector<std::string> regions;
  std::vector<std::string> sites;
  std::vector<std::string> networks;
  DeviceSet devices = all_devices;
  SystemSet systems = all_systems;
};

/// A `Where` resolved against an estate, so that asking about a host takes two look-ups and two bit tests.
class Selector {
 public:
  Selector() = default;  // covers nothing; to be assigned to
  Selector(const Estate& estate, const Where& where);

  bool covers(SegmentId segment) const { return covers_[index(segment)] != 0; }
  bool covers(SegmentId segment, DeviceClass device, System system) const {
    return covers(segment) && (devices_ & only(device)) != 0 && (systems_ & only(system)) != 0;
  }
  DeviceSet devices() const { return devices_; }
  SystemSet systems() const { return systems_; }
  /// Covers from here on only what lies in one of these, by network.
  void limit_to(const Estate& estate, const std::vector<std::uint8_t>& networks);

  /// The hosts that match, in order.
  std::vector<HostId> hosts(const Estate& estate) const;

  /// As that of an estate.
  template <class Self, class Take>
  static void columns(Self& self, Take take) {
    take(self.covers_, self.devices_, self.systems_);
  }

 private:
  std::vector<std::uint8_t> covers_;  // by segment
  DeviceSet devices_ = 0;
  SystemSet systems_ = 0;
};

}  // namespace trustfall
