#include <algorithm>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

// Words of the schema become those of the models by their number.
static_assert(static_cast<int>(Trigger::On::detection) == schema::Order::detection + 1 &&
              static_cast<int>(Trigger::On::warning) == schema::Order::warning + 1);

DeviceSet devices(const schema::OrderedDevices& said) {
  if (said.devices_size() == 0) return all_devices;
  DeviceSet devices = 0;
  for (const int device : said.devices()) devices |= only(static_cast<DeviceClass>(device));
  return devices;
}

OrderedAction action(const Parts& parts, const schema::Order& said) {
  OrderedAction action;
  if (said.has_close()) {
    action.what = OrderedAction::What::close;
    action.zone_kind = parts.zone_kind(said.close().zone());
    action.direction = static_cast<FirewallRule::Direction>(said.close().direction());
  } else if (said.has_power_down()) {
    action.what = OrderedAction::What::power_down;
    action.devices = devices(said.power_down());
  } else {
    action.devices = devices(said.isolate());
  }
  return action;
}

Order order(const Parts& parts, const schema::Order& said) {
  Order order;
  order.where = parts.selector(said.has_where(), said.where(), "orders." + said.name() + ".where");
  order.per = static_cast<FirewallRule::Unit>(said.per());
  order.share = said.share();
  if (said.has_on()) order.trigger.on = static_cast<Trigger::On>(said.on() + 1);
  order.trigger.from = moment_at(said.from());
  order.trigger.after = said.after();
  if (said.has_delay()) order.delay = lower(said.delay());
  if (said.has_lasts()) order.lasts = lower(said.lasts());
  order.action = action(parts, said);
  order.luck = luck_of(said.name());
  const auto devices = static_cast<DeviceSet>(order.where.devices() & order.action.devices);
  const std::vector<HostId> hosts = order.where.hosts(parts.estate());
  if (devices != 0 && std::none_of(hosts.begin(), hosts.end(),
                                   [&](HostId host) { return (only(parts.estate().device(host)) & devices) != 0; }))
    report(parts.document(), "orders." + said.name(),
           "this order concerns no host: where it holds there are none of its devices", {}, Severity::warning);
  return order;
}

}  // namespace

std::vector<Order> lower_orders(const Parts& parts) {
  std::vector<Order> orders;
  for (const auto& said : parts.scenario().orders()) orders.push_back(order(parts, said));
  return orders;
}

Warning lower_warning(const Parts& parts) {
  const schema::Warning& said = parts.scenario().warning();
  Warning warning;
  if (said.has_reporting()) warning.reporting = lower(said.reporting());
  warning.after_reports = said.after_reports();
  if (said.has_delay()) warning.delay = lower(said.delay());
  if (said.has_at()) warning.at = moment_at(said.at());
  if (!warning.at && warning.after_reports > parts.estate().organisations())
    report(parts.document(), "warning.after_reports",
           "there is no warning: each organisation reports once, and there are only " +
               std::to_string(parts.estate().organisations()),
           {}, Severity::warning);
  return warning;
}

}  // namespace trustfall
