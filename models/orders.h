#pragma once

#include <optional>
#include <vector>

#include "models/firewall.h"
#include "sim/base/distribution.h"

namespace trustfall {

/// What an order follows.
struct Trigger {
  enum class On { moment, detection, warning };

  On on = On::moment;
  Instant from{};           // the moment
  std::uint32_t after = 1;  // the detection in the unit's organisation
};

/// What an order does.
struct OrderedAction {
  enum class What { close, isolate, power_down };

  What what = What::isolate;
  std::uint16_t zone_kind = 0;  // that is closed
  FirewallRule::Direction direction = FirewallRule::Direction::both;
  DeviceSet devices = all_devices;  // of `where` that it concerns
};

/// An emergency order: each unit that gives it closes a zone, isolates or switches off hosts.
struct Order {
  Selector where;
  FirewallRule::Unit per = FirewallRule::Unit::organisation;
  double share = 1;  // of the units that give it
  Trigger trigger;
  Distribution delay = fixed(0);      // seconds from the trigger to the order, of a unit
  std::optional<Distribution> lasts;  // seconds in force, of a unit; to the end when empty
  OrderedAction action;
  std::uint32_t luck = 0;  // luck_of its name; each order its own
};

inline constexpr std::size_t most_orders = 32;

/// Orders in one replicate: which are in force, segment by segment.
class Orders {
 public:
  Orders(const Estate& estate, const std::vector<Order>& orders);
  void reset();

  bool any() const { return !orders_->empty(); }
  /// Schedules what follows a moment; to be called before the first event.
  void begin(Incident& incident) const;
  /// Schedules what follows the warning, which comes now.
  void warn(Incident& incident) const;
  /// Schedules what follows a detection in the organisation, which comes now.
  void detect(OrganisationId organisation, Incident& incident);

  /// The order, unit and end that the details of an event stand for.
  struct Turn {
    std::uint32_t order;
    bool ends;
    std::uint32_t first, last;  // segments of the unit
  };
  Turn turn(const Event& event) const;
  const Order& operator[](std::uint32_t order) const { return (*orders_)[order]; }
  /// How long it is in force in the event's unit; nullopt for to the end.
  std::optional<Duration> lasts(const Event& event, const Draws& draws) const;

  void set(SegmentId segment, std::uint32_t order, bool in_force) {
    const std::uint32_t bit = 1u << order;
    in_force_[index(segment)] = in_force ? in_force_[index(segment)] | bit : in_force_[index(segment)] & ~bit;
  }
  /// What orders in force close of the membership.
  Firewalls::Closed closed(SegmentId segment, std::uint16_t zone_kind) const;
  /// Whether there are such devices in the segment.
  bool any(SegmentId segment, DeviceSet devices) const { return (devices_of_[index(segment)] & devices) != 0; }
  /// Classes of device in the segment that are switched off.
  DeviceSet off(SegmentId segment) const;
  bool off(HostId host) const {
    return switches_off_ && (off(estate_->segment_of(host)) & only(estate_->device(host))) != 0;
  }

 private:
  void schedule(std::uint32_t order, OrganisationId organisation, Instant from, Incident& incident) const;
  void schedule_all(std::uint32_t order, Instant from, Incident& incident) const;
  std::uint32_t unit_of(const Order& order, std::uint32_t segment) const;

  const Estate* estate_;
  const std::vector<Order>* orders_;
  bool switches_off_ = false;              // whether any order does
  bool counts_ = false;                    // whether any follows a detection
  std::vector<std::uint32_t> first_of_;    // by site: its first segment; empty unless sites give orders
  std::vector<DeviceSet> devices_of_;      // by segment; empty without orders
  std::vector<std::uint32_t> in_force_;    // by segment: a bit for each order
  std::vector<std::uint32_t> detections_;  // by organisation
};

}  // namespace trustfall
