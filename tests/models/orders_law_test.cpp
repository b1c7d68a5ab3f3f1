#include <catch2/catch.hpp>

#include "tests/support/orders.h"
#include "tests/support/spared.h"
#include "tests/support/statistics.h"

// Emergency orders against rules and isolations that do the same, and their laws.

using namespace trustfall;
using namespace trustfall::small;

// --- against what does the same ---

namespace {

std::size_t check_same(const Model& a, const Model& b) {
  std::size_t steps = 0;
  for (std::uint32_t r = 0; r < 50; ++r) {
    const Trace one = with_orders(a, r).incident().trace();
    const Trace other = with_orders(b, r).incident().trace();
    REQUIRE(same(one, other));
    steps += one.size();
  }
  return steps;
}

/// The law's scenario with zones only, in which nothing is closed but by what a test adds.
Model unruled(const Estate& estate) {
  Model model = lawful(estate);
  model.firewalls.clear();
  return model;
}

}  // namespace

TEST_CASE("An order that nobody gives changes nothing, in whatever way courses are followed") {
  const Estate estate = community();
  for (const Model& model : {lawful(estate), busy(estate)}) {
    Model waiting = model;
    waiting.orders = {order_of(estate, What::power_down)};
    waiting.orders[0].share = 0;
    CHECK(check_same(model, waiting) > 50 * 20);
  }
}

TEST_CASE("An order to close a zone is a firewall rule that begins and ends") {
  const Estate estate = community();
  for (const Direction direction : {Direction::inbound, Direction::outbound, Direction::both}) {
    Model ruled = unruled(estate);
    ruled.firewalls = numbered({rule_of(estate, 1, direction, 1, devices(only(DeviceClass::workstation)))});
    ruled.firewalls[0].from = t0 + 20s;
    ruled.firewalls[0].until = t0 + 50s;
    Model ordered = unruled(estate);
    ordered.orders = {closing(estate, 1, direction, t0 + 20s, devices(only(DeviceClass::workstation)))};
    ordered.orders[0].lasts = fixed(30);
    CHECK(check_same(ruled, ordered) > 50 * 20);
    CHECK_FALSE(same(with_orders(unruled(estate)).incident().trace(), with_orders(ordered).incident().trace()));
  }
}

TEST_CASE("Orders and rules that overlap close what either does") {
  const Estate estate = community();
  Model ruled = unruled(estate);
  ruled.firewalls = numbered({rule_of(estate, 2, Direction::both, 1)});
  ruled.firewalls[0].from = t0 + 10s;
  ruled.firewalls[0].until = t0 + 60s;
  Model ordered = unruled(estate);
  ordered.orders = {closing(estate, 2, Direction::both, t0 + 10s), closing(estate, 2, Direction::both, t0 + 20s)};
  ordered.orders[0].lasts = fixed(20);  // to 30 s
  ordered.orders[1].lasts = fixed(25);  // to 45 s
  ordered.firewalls = numbered({rule_of(estate, 2, Direction::both, 1)});
  ordered.firewalls[0].from = t0 + 40s;
  ordered.firewalls[0].until = t0 + 60s;
  CHECK(check_same(ruled, ordered) > 50 * 20);
}

TEST_CASE("To be isolated by order is to be isolated, and switched off if nothing is encrypted") {
  const Estate estate = community();
  Model model = unruled(estate);
  model.worm.encryption.reset();
  Where first;
  first.codes = {"D"};
  for (const What what : {What::isolate, What::power_down}) {
    Model ordered = model;
    ordered.orders = {order_of(estate, what, t0 + 15s, first)};
    ordered.orders[0].lasts = fixed(60);
    for (std::uint32_t r = 0; r < 50; ++r) {
      Play play(model, Draws(140, r));
      play.schedule(t0 + 15s, {Change::Kind::isolate_organisation, org(3)});
      play.schedule(t0 + 75s, {Change::Kind::reconnect_organisation, org(3)});
      play.run();
      CHECK(same(play.incident().trace(), with_orders(ordered, r).incident().trace()));
    }
  }
}

// --- laws ---

TEST_CASE("An earlier order at a fixed moment never infects a host that would have been spared, nor one sooner") {
  const Estate estate = community();
  const Model model = lawful(estate);
  std::vector<Order> orders = {order_of(estate, What::isolate), closing(estate, 2, Direction::both, t0),
                               order_of(estate, What::isolate, t0, devices(only(DeviceClass::server)))};
  orders[2].per = Unit::segment;
  orders[2].share = 0.6;
  for (const Order& order : orders) {
    Model late = model;
    late.orders = {order};
    late.orders[0].delay = exponential_of(20);
    Model early = late;
    late.orders[0].trigger.from = t0 + 40s;
    early.orders[0].trigger.from = t0 + 5s;
    CHECK(spares(early, late, 140) > 20);
  }
}

TEST_CASE("Organisations that isolate themselves sooner after a detection have fewer hosts infected on average") {
  const Estate estate = community();
  Model model = lawful(estate);
  model.detection->isolation.reset();
  model.orders = {order_of(estate, What::isolate)};
  model.orders[0].trigger.on = Trigger::On::detection;
  std::vector<double> sizes[2];
  for (int sooner = 0; sooner < 2; ++sooner) {
    model.orders[0].delay = fixed(sooner != 0 ? 0 : 60);
    for (std::uint32_t r = 0; r < 200; ++r)
      sizes[sooner].push_back(static_cast<double>(attack_size(with_orders(model, r).incident())));
  }
  CHECK(stats::mean(sizes[1]) + 5 * stats::standard_error(sizes[1]) < stats::mean(sizes[0]));
}
