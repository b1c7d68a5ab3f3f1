#pragma once

#include <optional>
#include <vector>

#include "models/cut.h"
#include "sim/base/draws.h"
#include "sim/engine/incident.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// A rule that closes or opens a zone to a part of the estate.
struct FirewallRule {
  enum class Direction { inbound, outbound, both };
  enum class Unit { organisation, site, segment };

  std::uint16_t zone_kind;
  bool closes = true;
  Direction direction = Direction::inbound;
  Selector where;                           // hosts behind the rule
  std::vector<std::uint8_t> from_networks;  // by network; empty: from everywhere
  Unit per = Unit::organisation;            // what the next two select
  double share = 1;                         // of the units that have the rule
  double misconfigured = 0;                 // of those, in which it does not hold
  Instant from{};
  Instant until = never;
  std::uint32_t luck = 0;   // luck_of its name; each rule its own
  bool everything = false;  // stops whatever is said through the zone, not only what the worm uses

  bool pairs() const { return !from_networks.empty(); }
};

/// Firewall rules in one replicate: in their order, and of several that match, the last one counts.
class Firewalls {
 public:
  Firewalls(const Estate& estate, const std::vector<FirewallRule>& rules);
  void reset(const Draws& draws);

  /// Closes what is closed at the start and schedules every later change.
  void begin(Incident& incident, const Targets& targets) const;
  /// Whether a rule that concerns the membership begins late or ends.
  bool timed(std::uint32_t membership) const {
    return timed_[(*estate_)[estate_->memberships()[membership].zone].kind] != 0;
  }
  /// Whether any rule may stop attempts over links of this kind.
  bool any_on(std::uint16_t zone_kind) const { return ruled_[zone_kind] || paired_[zone_kind]; }
  /// Where a rule stops an attempt over a link at `now`: from when on none does, or `now` where it is one on the pair
  /// of networks; `never` where it is for good. Empty where no rule stops it.
  std::optional<Instant> stops_link(HostId source, HostId target, ZoneId zone, Instant now) const;
  /// Whether a rule on the pair of networks stops an attempt; `source` may be no_host.
  bool refuses(HostId source, HostId target, ZoneId zone, Instant now) const;

  /// Where rules that stop everything begin or end before the horizon: what they cut off meanwhile, in the order in
  /// which that begins. What is cut off from the start to the end is the network as it is.
  std::vector<Cut> cuts(Instant horizon) const;

  /// Classes of device that cannot be reached, or reach out, through a membership.
  struct Closed {
    DeviceSet inbound = 0;
    DeviceSet outbound = 0;

    bool operator==(const Closed&) const = default;
  };
  Closed closed(std::uint32_t membership, Instant now) const;
  /// Classes of device in a segment that rules on pairs keep attempts from a network off, in a kind of zone.
  DeviceSet refused(std::uint16_t zone_kind, std::uint16_t from_network, SegmentId target, Instant now) const;
  /// Whether any rule on pairs concerns this kind of zone.
  bool paired(std::uint16_t zone_kind) const { return paired_[zone_kind] != 0; }

 private:
  std::uint32_t membership_of(HostId host, ZoneId zone) const;
  DeviceSet cut_off(std::uint32_t membership, Instant now) const;
  bool closed_between(HostId source, HostId target, ZoneId zone, Instant now) const;
  void select(std::size_t rule, const Draws& draws);
  bool stands(std::size_t rule, SegmentId segment) const {
    return stands_[rule * estate_->segments() + index(segment)];
  }

  const Estate* estate_;
  const std::vector<FirewallRule>* rules_;
  std::vector<Instant> changes_;      // moments at which a rule begins or ends, ascending
  std::vector<std::uint8_t> timed_;   // by zone kind: some rule begins late or ends
  std::vector<std::uint8_t> ruled_;   // by zone kind: some rule closes or opens it
  std::vector<std::uint8_t> paired_;  // by zone kind: some rule is on pairs
  std::vector<std::uint8_t> stands_;  // by rule and segment: it is there and holds
};

}  // namespace trustfall
