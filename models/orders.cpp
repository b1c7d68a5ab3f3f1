#include "models/orders.h"

#include <algorithm>
#include <cassert>

namespace trustfall {

Orders::Orders(const Estate& estate, const std::vector<Order>& orders) : estate_(&estate), orders_(&orders) {
  assert(orders.size() <= most_orders);
  bool by_site = false;
  for (const Order& order : orders) {
    switches_off_ = switches_off_ || order.action.what == OrderedAction::What::power_down;
    counts_ = counts_ || order.trigger.on == Trigger::On::detection;
    by_site = by_site || order.per == FirewallRule::Unit::site;
  }
  if (orders.empty()) return;
  devices_of_.assign(estate.segments(), 0);
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    devices_of_[index(estate.segment_of(HostId{h}))] |= only(estate.device(HostId{h}));
  if (!by_site) return;
  first_of_.assign(estate.sites(), 0);
  for (auto s = static_cast<std::uint32_t>(estate.segments()); s-- > 0;)
    first_of_[index(estate[SegmentId{s}].site)] = s;
}

void Orders::reset() {
  if (!any()) return;
  in_force_.assign(estate_->segments(), 0);
  if (counts_) detections_.assign(estate_->organisations(), 0);
}

void Orders::begin(Incident& incident) const {
  for (std::uint32_t o = 0; o < orders_->size(); ++o)
    if (const Trigger& trigger = (*orders_)[o].trigger; trigger.on == Trigger::On::moment)
      schedule_all(o, trigger.from, incident);
}

void Orders::warn(Incident& incident) const {
  for (std::uint32_t o = 0; o < orders_->size(); ++o)
    if ((*orders_)[o].trigger.on == Trigger::On::warning) schedule_all(o, incident.now(), incident);
}

void Orders::detect(OrganisationId organisation, Incident& incident) {
  if (!counts_) return;
  const std::uint32_t detections = ++detections_[index(organisation)];
  for (std::uint32_t o = 0; o < orders_->size(); ++o)
    if (const Trigger& trigger = (*orders_)[o].trigger;
        trigger.on == Trigger::On::detection && trigger.after == detections)
      schedule(o, organisation, incident.now(), incident);
}

void Orders::schedule_all(std::uint32_t order, Instant from, Incident& incident) const {
  for (std::uint32_t o = 0; o < estate_->organisations(); ++o) schedule(order, OrganisationId{o}, from, incident);
}

std::uint32_t Orders::unit_of(const Order& order, std::uint32_t segment) const {
  const Segment& s = (*estate_)[SegmentId{segment}];
  return order.per == FirewallRule::Unit::organisation ? static_cast<std::uint32_t>(s.organisation)
         : order.per == FirewallRule::Unit::site       ? static_cast<std::uint32_t>(s.site)
                                                       : segment;
}

/// For each unit of the organisation that gives the order and has something to give it for.
void Orders::schedule(std::uint32_t order, OrganisationId organisation, Instant from, Incident& incident) const {
  const Order& said = (*orders_)[order];
  const Draws& draws = incident.draws();
  std::uint32_t done = 0xffffffffu;  // the segments of a unit stand side by side
  const auto last = static_cast<std::uint32_t>(estate_->last_segment(organisation));
  for (auto s = static_cast<std::uint32_t>(estate_->first_segment(organisation)); s < last; ++s) {
    if (!said.where.covers(SegmentId{s})) continue;
    const std::uint32_t unit = unit_of(said, s);
    if (unit == done) continue;
    done = unit;
    if (said.share < 1 && draws.uniform(Purpose::order, unit, said.luck) >= said.share) continue;
    Duration delay = from_seconds(said.delay.scale);
    if (!said.delay.constant())
      delay = from_seconds(said.delay.at(draws.uniform(Purpose::order_delay, unit, said.luck)));
    incident.schedule(later(from, delay), EventKind::order, unit, order << 1);
  }
}

Orders::Turn Orders::turn(const Event& event) const {
  const std::uint32_t order = event.detail >> 1;
  Turn turn{order, (event.detail & 1) != 0, event.subject, event.subject + 1};
  switch ((*orders_)[order].per) {
    case FirewallRule::Unit::organisation:
      turn.first = static_cast<std::uint32_t>(estate_->first_segment(OrganisationId{event.subject}));
      turn.last = static_cast<std::uint32_t>(estate_->last_segment(OrganisationId{event.subject}));
      return turn;
    case FirewallRule::Unit::site:
      turn.first = turn.last = first_of_[event.subject];
      while (turn.last < estate_->segments() && (*estate_)[SegmentId{turn.last}].site == SiteId{event.subject})
        ++turn.last;
      return turn;
    case FirewallRule::Unit::segment:
      return turn;
  }
  return turn;
}

std::optional<Duration> Orders::lasts(const Event& event, const Draws& draws) const {
  const Order& order = (*orders_)[event.detail >> 1];
  if (!order.lasts) return std::nullopt;
  return from_seconds(order.lasts->at(draws.uniform(Purpose::order_lasts, event.subject, order.luck)));
}

Firewalls::Closed Orders::closed(SegmentId segment, std::uint16_t zone_kind) const {
  Firewalls::Closed closed;
  if (!any()) return closed;
  for (std::uint32_t rest = in_force_[index(segment)]; rest != 0; rest &= rest - 1) {
    const Order& order = (*orders_)[static_cast<std::uint32_t>(__builtin_ctz(rest))];
    const OrderedAction& action = order.action;
    const auto devices = static_cast<DeviceSet>(order.where.devices() & action.devices);
    const bool closes = action.what == OrderedAction::What::close;
    if (closes && action.zone_kind != zone_kind) continue;
    if (!closes || action.direction != FirewallRule::Direction::outbound) closed.inbound |= devices;
    if (!closes || action.direction != FirewallRule::Direction::inbound) closed.outbound |= devices;
  }
  return closed;
}

DeviceSet Orders::off(SegmentId segment) const {
  DeviceSet devices = 0;
  if (!switches_off_) return devices;
  for (std::uint32_t rest = in_force_[index(segment)]; rest != 0; rest &= rest - 1) {
    const Order& order = (*orders_)[static_cast<std::uint32_t>(__builtin_ctz(rest))];
    if (order.action.what == OrderedAction::What::power_down)
      devices |= static_cast<DeviceSet>(order.where.devices() & order.action.devices);
  }
  return devices;
}

}  // namespace trustfall
