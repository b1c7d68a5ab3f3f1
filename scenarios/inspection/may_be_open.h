#pragma once

#include "models/model.h"

namespace trustfall {

/// What may be open in some replicate at some time: everything but what rules without chance or term keep closed.
class MayBeOpen {
 public:
  explicit MayBeOpen(const Model& model) : estate_(*model.estate), rules_(model.firewalls) {}

  /// Classes of device of the segment that attempts from outside the estate may reach through a membership.
  DeviceSet inbound(std::uint32_t membership) const { return open(membership, FirewallRule::Direction::inbound); }
  /// The same for attempts from a network.
  DeviceSet inbound(std::uint32_t membership, std::uint16_t from_network) const;
  /// Classes of device that may make attempts through it.
  DeviceSet outbound(std::uint32_t membership) const { return open(membership, FirewallRule::Direction::outbound); }
  /// Whether any rule on pairs of networks concerns this kind of zone.
  bool paired(std::uint16_t zone_kind) const;

 private:
  DeviceSet open(std::uint32_t membership, FirewallRule::Direction direction) const;
  bool concerns(const FirewallRule& rule, std::uint32_t membership) const;

  const Estate& estate_;
  const std::vector<FirewallRule>& rules_;
};

}  // namespace trustfall
