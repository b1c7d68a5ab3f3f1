#include <catch2/catch.hpp>

#include "sim/estate/topology.h"
#include "tests/support/orders.h"
#include "tests/support/statistics.h"
#include "tests/support/told.h"

// Emergency orders by hand.

using namespace trustfall;
using namespace trustfall::small;

namespace {

std::vector<Cut> cuts_of(const Played& play) {
  std::vector<Cut> cuts;
  play.each_cut([&](const Cut& cut) { cuts.push_back(cut); });
  return cuts;
}

/// Trust A: segments 0 (hosts 0, 1) and 1 (host 2: a server) on one site, segment 2 (host 3) on another; practice B:
/// segment 3 (hosts 4, 5). Host 0 has links to all others, tried once, an hour after it fell; zone kind 0 is nothing.
Estate star() {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("north");
  add_lan(builder, {{{2}}, "n"});
  add_lan(builder, {{{1, DeviceClass::server}}, "n"});
  builder.add_site("south");
  add_lan(builder, {{{1}}, "n"});
  add_organisation(builder, "B", {{{{2}}, "n"}}, OrganisationKind::practice);
  builder.add_zones("lan", Pool::everyone, 65536, all_of(builder));
  builder.close();
  builder.add_links("keys", topology::star(6));
  return builder.build();
}

Model over_links(const Estate& estate) {
  Model model = model_of(estate, {}, 48h);
  model.worm.transmissions = {std::nullopt, fixed(3600)};
  model.entries = {entry_of({host(0)})};
  return model;
}

/// Which hosts fell, as a word.
std::string fallen(const Model& model) {
  const Play play = with_orders(model);
  CHECK(play.incident().consistent());
  std::string word;
  for (std::size_t h = 0; h < model.estate->hosts(); ++h) word += play.incident().infected(host(h)) ? 'x' : '.';
  return word;
}

}  // namespace

TEST_CASE("An order holds from its moment on, before anything else at that moment") {
  const Estate estate = star();
  Model model = over_links(estate);
  CHECK(fallen(model) == "xxxxxx");
  Where practices;
  practices.kinds = {OrganisationKind::practice};
  model.orders = {order_of(estate, What::isolate, t0 + 1h, practices)};
  CHECK(fallen(model) == "xxxx..");
  model.orders[0].trigger.from = t0 + 1h + 1ns;
  CHECK(fallen(model) == "xxxxxx");
  model.orders[0].trigger.from = t0;
  model.orders[0].lasts = fixed(3600);  // over at the very moment
  CHECK(fallen(model) == "xxxxxx");
  model.orders[0].lasts = fixed(3601);
  CHECK(fallen(model) == "xxxx..");
}

TEST_CASE("What an order closes, isolates or switches off, by class of device and direction") {
  const Estate estate = star();
  Model model = over_links(estate);
  const auto after = [&](Order order) {
    model.orders = {std::move(order)};
    return fallen(model);
  };
  CHECK(after(closing(estate, 1, Direction::inbound, t0)) == "x.....");
  CHECK(after(closing(estate, 1, Direction::outbound, t0)) == "x.....");
  CHECK(after(closing(estate, 0, Direction::both, t0)) == "xxxxxx");  // the worm uses the links
  Where practices;
  practices.kinds = {OrganisationKind::practice};
  CHECK(after(closing(estate, 1, Direction::outbound, t0, practices)) == "xxxxxx");
  CHECK(after(closing(estate, 1, Direction::inbound, t0, practices)) == "xxxx..");
  Order servers = order_of(estate, What::isolate);
  servers.action.devices = only(DeviceClass::server);
  CHECK(after(servers) == "xx.xxx");
  servers.action.what = What::power_down;
  CHECK(after(servers) == "xx.xxx");
  servers.where = Selector(estate, devices(only(DeviceClass::workstation)));  // none is both
  CHECK(after(servers) == "xxxxxx");
}

TEST_CASE("Orders follow a detection in their organisation, unit by unit, and are cuts") {
  const Estate estate = star();
  Model model = over_links(estate);
  model.detection = Detection{.dwell = fixed(2 * 3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  Order order = order_of(estate, What::isolate);
  order.trigger.on = Trigger::On::detection;
  order.delay = fixed(600);
  order.lasts = fixed(1800);
  model.orders = {order};
  // A: host 0 falls at 0 h and is detected at 2 h; B: hosts 4 and 5 fall at 1 h and are detected at 3 h.
  const auto check = [&](const std::vector<std::pair<std::size_t, Instant>>& expected) {
    const Play play = with_orders(model);
    const std::vector<Cut> cuts = cuts_of(play);
    REQUIRE(cuts.size() == expected.size());
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      CHECK(cuts[i].segment == segment(expected[i].first));
      CHECK(cuts[i].zone == no_zone);
      CHECK(cuts[i].devices == all_devices);
      CHECK(cuts[i].from == expected[i].second);
      CHECK(cuts[i].until == expected[i].second + 30min);
      CHECK(cuts[i].ordered);
    }
  };
  const Instant a = t0 + 2h + 10min;
  const Instant b = t0 + 3h + 10min;
  check({{0, a}, {1, a}, {2, a}, {3, b}});
  for (const Unit per : {Unit::site, Unit::segment}) {
    model.orders[0].per = per;
    check({{0, a}, {1, a}, {2, a}, {3, b}});
  }
  model.orders[0].trigger.after = 2;  // at 3 h, when host 1 is detected, and with it the others
  check({{0, b}, {1, b}, {2, b}, {3, b}});
  model.orders[0].trigger.after = 3;  // B has but two
  check({{0, b}, {1, b}, {2, b}});
  model.orders[0].trigger.after = 5;
  check({});
  CHECK(metric(with_orders(model), "organisations_cut_off") == 0);
  model.orders[0].trigger.after = 3;
  CHECK(metric(with_orders(model), "organisations_cut_off") == 1);
  CHECK(metric(with_orders(model), "trusts_cut_off") == 1);
  CHECK(metric(with_orders(model), "trusts_cut_off_uninfected") == 1);  // nothing is encrypted
}

TEST_CASE("An order to the end is a cut to the end; a closed zone is named") {
  const Estate estate = star();
  Model model = over_links(estate);
  model.orders = {closing(estate, 1, Direction::both, t0 + 3h, devices(only(DeviceClass::server)))};
  const std::vector<Cut> cuts = cuts_of(with_orders(model));
  REQUIRE(cuts.size() == 1);  // the others have no server
  CHECK(cuts[0].segment == segment(1));
  CHECK(estate[cuts[0].zone].kind == 1);
  CHECK(cuts[0].devices == only(DeviceClass::server));
  CHECK(cuts[0].from == t0 + 3h);
  CHECK(cuts[0].until == never);
}

TEST_CASE("An order that concerns no host, or lasts no time, cuts nobody off") {
  const Estate estate = star();
  Model model = over_links(estate);
  model.orders = {closing(estate, 1, Direction::both, t0 + 3h, devices(only(DeviceClass::imaging)))};
  CHECK(metric(with_orders(model), "organisations_cut_off") == 0);
  model.orders = {closing(estate, 1, Direction::both, t0 + 3h)};
  CHECK(metric(with_orders(model), "organisations_cut_off") == 2);
  model.orders[0].lasts = fixed(0);
  CHECK(metric(with_orders(model), "organisations_cut_off") == 0);
}

TEST_CASE("So many of the units give an order, whole and nested") {
  EstateBuilder builder;
  for (int o = 0; o < 300; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{1}}, "n"}, {{{1}}, "m"}});
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 24h);
  std::vector<std::uint8_t> last(600);
  for (const double share : {0.0, 0.2, 0.7, 1.0}) {
    model.orders = {order_of(estate, What::isolate, t0 + 1h)};
    model.orders[0].share = share;
    std::vector<std::uint8_t> cut(600);
    for (const Cut& of : cuts_of(with_orders(model))) cut[index(of.segment)] = 1;
    CHECK(stats::within_five_errors(static_cast<double>(std::count(cut.begin(), cut.end(), 1)) / 2, 300, share));
    for (std::size_t s = 0; s < 600; ++s) {
      CHECK(cut[s] == cut[s ^ 1]);
      CHECK(cut[s] >= last[s]);
    }
    last = cut;
  }
}

// --- encryption ---

namespace {

/// One host that is infected at the start, with so many hours of data to encrypt.
Model encrypting(const Estate& estate, double hours) {
  Model model = model_of(estate, {0}, 96h);
  model.entries = {entry_of({host(0)})};
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = fixed(hours * 3600e6);
  model.detection = Detection{.dwell = fixed(1e9), .share = 0, .note_seen = fixed(1800), .isolation = {}};
  return model;
}

Order power_down(const Estate& estate, Instant from, double hours, std::uint32_t luck = 1) {
  Order order = order_of(estate, What::power_down, from);
  order.lasts = fixed(hours * 3600);
  order.luck = luck;
  return order;
}

}  // namespace

TEST_CASE("Encryption rests while a host is switched off, and goes on") {
  const Estate estate = one_segment(2, 2);
  Model model = encrypting(estate, 2);
  model.orders = {power_down(estate, t0 + 30min, 3)};
  const auto check = [&](Instant encrypted, Instant detected) {
    const Play play = with_orders(model);
    CHECK(time_of(play.incident(), host(0), Transition::encrypted) == encrypted);
    CHECK(time_of(play.incident(), host(0), Transition::detected) == detected);
    CHECK(play.encrypted_at(host(0)) == encrypted);
    CHECK(metric(play, "hosts_encrypted") == (encrypted != never));
  };
  check(t0 + 5h, t0 + 5h + 30min);
  model.orders.push_back(power_down(estate, t0 + 4h, 1, 2));  // half an hour is done, half an hour more, then this
  check(t0 + 6h, t0 + 6h + 30min);
  model.orders[1] = power_down(estate, t0 + 2h, 2, 2);  // overlaps: off from 0.5 h to 4 h in all
  check(t0 + 5h + 30min, t0 + 6h);
  model.orders = {power_down(estate, t0 + 2h, 1)};  // at the very moment: it has still to be completed
  check(t0 + 3h, t0 + 3h + 30min);
  model.orders = {power_down(estate, t0 + 2h + 1ns, 1)};
  check(t0 + 2h, t0 + 2h + 30min);
  model.orders = {power_down(estate, t0 + 1h, 1000)};
  check(never, never);
  model.orders[0].action.devices = only(DeviceClass::server);
  check(t0 + 2h, t0 + 2h + 30min);
  model.orders = {order_of(estate, What::isolate, t0 + 1h)};  // cut off, but on
  check(t0 + 2h, t0 + 2h + 30min);
}

TEST_CASE("Encryption that rests for an order rests out of hours too") {
  const Estate estate = one_segment(2, 2);
  Model model = encrypting(estate, 4);
  // A Tuesday, 16:00; office hours 8 to 18. Until 17:00 an hour is done, from 17:30 half an hour, the rest from 8:00.
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = false, .start = {1, 16h}}}};
  model.orders = {power_down(estate, t0 + 1h, 0.5)};
  CHECK(time_of(with_orders(model).incident(), host(0), Transition::encrypted) == t0 + 16h + 2h + 30min);
  model.orders = {power_down(estate, t0 + 5h, 10)};  // at night, to 7:00: nothing is lost by it
  CHECK(time_of(with_orders(model).incident(), host(0), Transition::encrypted) == t0 + 18h);
}

TEST_CASE("A host that is detected while it is off is not encrypted afterwards") {
  const Estate estate = one_segment(2, 2);
  Model model = encrypting(estate, 2);
  model.orders = {power_down(estate, t0 + 30min, 3)};
  model.detection = Detection{.dwell = fixed(3600), .share = 1, .note_seen = fixed(1800), .isolation = Isolation{}};
  const Play play = with_orders(model);
  CHECK(time_of(play.incident(), host(0), Transition::detected) == t0 + 1h);
  CHECK(time_of(play.incident(), host(0), Transition::isolated) == t0 + 1h);
  CHECK(play.encrypted_at(host(0)) == never);
  CHECK(metric(play, "hosts_encrypted") == 0);
}

TEST_CASE("A host that is switched on again asks for the kill switch") {
  const Estate estate = one_segment(2, 2);
  Model model = encrypting(estate, 8);
  model.worm.latency = fixed(3600);
  model.orders = {power_down(estate, t0 + 30min, 3)};
  const auto infectious = [&](Instant at) {
    model.worm.kill_switch = KillSwitch{at, 0};
    Play play(model, Draws(140, 0));
    play.run(t0 + 6h);
    return play.incident().infectious(host(0));
  };
  CHECK_FALSE(infectious(t0 + 3h));
  CHECK_FALSE(infectious(t0 + 3h + 30min));
  CHECK(infectious(t0 + 3h + 31min));
  model.worm.latency.reset();  // infectious before it was switched off
  CHECK_FALSE(infectious(t0 + 3h));
  CHECK(infectious(t0 + 4h));
}

TEST_CASE("Nobody reads mail on a host that is switched off") {
  const Estate estate = one_segment(2, 2);
  Model model = model_of(estate, {0}, 24h);
  model.entries = {entry_of({host(0)}, t0 + 2h), entry_of({host(1)}, t0 + 4h)};
  model.orders = {power_down(estate, t0 + 1h, 3)};
  const Play play = with_orders(model);
  CHECK_FALSE(play.incident().infected(host(0)));
  CHECK(play.incident().infected(host(1)));
}
