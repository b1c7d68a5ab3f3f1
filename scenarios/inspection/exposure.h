#pragma once

#include <optional>
#include <vector>

#include "models/model.h"

namespace trustfall {

/// What the rules let through at the start of one replicate.
class Openings {
 public:
  Openings(const Model& model, const Draws& draws);

  /// Classes of device of the segment that attempts from a network reach through a membership.
  DeviceSet inbound(std::uint32_t membership, std::uint16_t from_network) const;
  /// Classes of device of the segment that can make attempts through a membership.
  DeviceSet outbound(std::uint32_t membership) const { return outbound_[membership]; }
  /// The network as far as it matters: 0 where no rule in this kind of zone asks for it.
  std::uint16_t lane(std::uint16_t zone_kind, std::uint16_t network) const {
    return rules_.paired(zone_kind) ? network : std::uint16_t{0};
  }

 private:
  const Estate* estate_;
  Firewalls rules_;
  std::vector<DeviceSet> inbound_;   // by membership, rules on pairs left out
  std::vector<DeviceSet> outbound_;  // by membership
};

/// The links of a zone over which the worm spreads, or null.
const Links* links_used(const Model& model, ZoneId zone);

/// Position in Estate::memberships() of a segment in a zone; nullopt where it is not in it.
std::optional<std::uint32_t> membership_in(const Estate& estate, SegmentId segment, ZoneId zone);

/// Hosts that the worm would take at the start of one replicate: by the exploit those that are not patched and not of
/// those that crash instead; by a credential all that run Windows.
struct Vulnerable {
  struct Host {
    HostId host;
    SegmentId segment;
    DeviceClass device;
    double chance;  // that one attempt with the exploit takes it
  };
  std::vector<Host> hosts;         // ascending
  std::vector<std::size_t> first;  // by segment, one more than there are
};

Vulnerable vulnerable(const Model& model, const PatchPlan& patching, const Draws& draws);

}  // namespace trustfall
