#pragma once

#include "tests/support/community.h"

/// Emergency orders for tests.
namespace trustfall::small {

inline constexpr Instant t0{};
using What = OrderedAction::What;
using Unit = FirewallRule::Unit;

/// All of the estate, organisation by organisation, from a moment on.
inline Order order_of(const Estate& estate, What what, Instant from = t0, const Where& where = {}) {
  Order order;
  order.where = Selector(estate, where);
  order.trigger.from = from;
  order.action.what = what;
  order.luck = 1;
  return order;
}

inline Order closing(const Estate& estate, std::uint16_t zone, Direction direction, Instant from,
                     const Where& where = {}) {
  Order order = order_of(estate, What::close, from, where);
  order.action.zone_kind = zone;
  order.action.direction = direction;
  return order;
}

inline Play with_orders(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(140, replicate));
  play.run();
  return play;
}

}  // namespace trustfall::small
