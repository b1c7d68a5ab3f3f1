#include <catch2/catch.hpp>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;
using Direction = FirewallRule::Direction;
using Pool = EstateBuilder::Pool;

namespace {

constexpr Instant t0{};

FirewallRule closing(const Estate& estate, Direction direction = Direction::inbound, const Where& where = {},
                     std::uint16_t kind = 0) {
  return {.zone_kind = kind, .direction = direction, .where = Selector(estate, where), .from_networks = {}};
}
FirewallRule opening(const Estate& estate, Direction direction = Direction::inbound, const Where& where = {},
                     std::uint16_t kind = 0) {
  FirewallRule rule = closing(estate, direction, where, kind);
  rule.closes = false;
  return rule;
}

Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}
Where code(const std::string& name) {
  Where where;
  where.codes = {name};
  return where;
}

constexpr DeviceSet server = only(DeviceClass::server);
constexpr DeviceSet imaging = only(DeviceClass::imaging);

/// A: hosts 0 1 workstations, 2 server; B: 3 workstation, 4 server, 5 imaging; one zone.
Estate two_organisations() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}, {1, DeviceClass::server}}, "west"}});
  add_organisation(builder, "B", {{{{1}, {1, DeviceClass::server}, {1, DeviceClass::imaging}}, "east"}});
  builder.add_zones("everyone", Pool::everyone, 6, all_of(builder));
  return builder.build();
}

/// The hosts that have fallen after so long that whoever can be reached is.
std::vector<std::size_t> fallen(const Estate& estate, std::vector<FirewallRule> rules, std::size_t first = 0) {
  Model model = model_of(estate, {1}, 1h);
  model.firewalls = numbered(std::move(rules));
  model.entries = {entry_of({host(first)})};
  Play play(model, Draws(101, 0));
  play.run();
  REQUIRE(play.incident().consistent());
  std::vector<std::size_t> result;
  for (std::size_t h = 0; h < estate.hosts(); ++h)
    if (play.incident().infected(host(h))) result.push_back(h);
  return result;
}

using Hosts = std::vector<std::size_t>;

}  // namespace

TEST_CASE("Without rules everyone falls, and closed inbound protects, closed outbound confines") {
  const Estate estate = two_organisations();
  CHECK(fallen(estate, {}) == Hosts{0, 1, 2, 3, 4, 5});
  CHECK(fallen(estate, {closing(estate)}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::outbound)}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::inbound, code("B"))}) == Hosts{0, 1, 2});
  CHECK(fallen(estate, {closing(estate, Direction::inbound, code("A"))}) == Hosts{0, 3, 4, 5});
  CHECK(fallen(estate, {closing(estate, Direction::outbound, code("A"))}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::outbound, code("B"))}) == Hosts{0, 1, 2, 3, 4, 5});
  CHECK(fallen(estate, {closing(estate, Direction::both, code("A"))}, 3) == Hosts{3, 4, 5});
}

TEST_CASE("A rule concerns its classes of device only") {
  const Estate estate = two_organisations();
  CHECK(fallen(estate, {closing(estate, Direction::inbound, devices(server))}) == Hosts{0, 1, 3, 5});
  CHECK(fallen(estate, {closing(estate, Direction::inbound, devices(server | imaging))}) == Hosts{0, 1, 3});
  // A workstation that may not reach out: what it could have infected only a server does.
  CHECK(fallen(estate, {closing(estate, Direction::outbound, devices(only(DeviceClass::workstation)))}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::outbound, devices(only(DeviceClass::workstation)))}, 2) ==
        Hosts{0, 1, 2, 3, 4, 5});
}

TEST_CASE("Of several rules that match, the last counts") {
  const Estate estate = two_organisations();
  const FirewallRule all = closing(estate);
  const FirewallRule servers_open = opening(estate, Direction::inbound, devices(server));
  CHECK(fallen(estate, {all, servers_open}) == Hosts{0, 2, 4});
  CHECK(fallen(estate, {servers_open, all}) == Hosts{0});
  CHECK(fallen(estate, {all, opening(estate), closing(estate, Direction::inbound, devices(imaging))}) ==
        Hosts{0, 1, 2, 3, 4});
  // A rule in one direction leaves the other as it is.
  CHECK(fallen(estate, {closing(estate, Direction::both), opening(estate, Direction::inbound)}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::both), opening(estate, Direction::outbound)}) == Hosts{0});
  CHECK(fallen(estate, {closing(estate, Direction::both), opening(estate, Direction::both)}) ==
        Hosts{0, 1, 2, 3, 4, 5});
}

TEST_CASE("A rule on one kind of zone leaves the others alone") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{3}}, "west"}});
  add_organisation(builder, "B", {{{{3}}, "east"}});
  builder.add_zones("segment", Pool::each_segment, 3, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 6, all_of(builder));
  const Estate estate = builder.build();
  Model model = model_of(estate, {1, 1}, 1h);
  model.entries = {entry_of({host(0)})};
  model.firewalls = {closing(estate, Direction::inbound, {}, 1)};
  Play play(model, Draws(102, 0));
  play.run();
  CHECK(attack_size(play.incident()) == 3);
  for (const Step& step : play.incident().trace())
    if (step.source != no_host) CHECK(step.zone == zone(0));
}

TEST_CASE("A share of the organisations has a rule: those nest, and misconfigured ones do not hold it") {
  EstateBuilder builder;
  for (int o = 0; o < 500; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{1}}, "n"}});
  builder.add_zones("everyone", Pool::everyone, 500, all_of(builder));
  const Estate estate = builder.build();
  const auto spared = [&](double share, double misconfigured) {
    FirewallRule rule = closing(estate);
    rule.share = share;
    rule.misconfigured = misconfigured;
    const auto hosts = fallen(estate, {rule});
    std::vector<std::uint8_t> closed(500, 1);
    for (const std::size_t h : hosts) closed[h] = 0;
    return closed;
  };
  const auto count = [](const std::vector<std::uint8_t>& closed) {
    return static_cast<double>(std::count(closed.begin(), closed.end(), 1));
  };
  const auto few = spared(0.3, 0);
  const auto many = spared(0.7, 0);
  const auto faulty = spared(0.7, 0.4);
  const auto less_faulty = spared(0.7, 0.1);
  // The first host is infected from the start: 499 remain.
  CHECK(stats::within_five_errors(count(few), 499, 0.3));
  CHECK(stats::within_five_errors(count(many), 499, 0.7));
  CHECK(stats::within_five_errors(count(faulty), 499, 0.7 * 0.6));
  for (std::size_t o = 0; o < 500; ++o) {
    CHECK(few[o] <= many[o]);
    CHECK(faulty[o] <= less_faulty[o]);
    CHECK(less_faulty[o] <= many[o]);
  }
  CHECK(count(spared(0, 0)) == 0);
  CHECK(count(spared(1, 0)) == 499);
  CHECK(count(spared(1, 1)) == 0);
}

TEST_CASE("A share is of organisations, of sites or of segments") {
  EstateBuilder builder;
  for (int o = 0; o < 100; ++o) {
    builder.add_organisation(organisation("O" + std::to_string(o)));
    for (int s = 0; s < 2; ++s) {
      builder.add_site("site");
      for (int l = 0; l < 2; ++l) add_lan(builder, {{{2}}, "n"});
    }
  }
  builder.add_zones("everyone", Pool::everyone, 800, all_of(builder));
  const Estate estate = builder.build();
  const auto mixed = [&](FirewallRule::Unit per, std::size_t unit) {
    FirewallRule rule = closing(estate);
    rule.share = 0.5;
    rule.per = per;
    std::vector<std::uint8_t> closed(800, 1);
    for (const std::size_t h : fallen(estate, {rule})) closed[h] = 0;
    // Blocks of so many hosts that are not alike (the first holds the entry, which falls in any case).
    std::size_t found = 0;
    for (std::size_t b = 8; b < 800; b += unit)
      found += std::count(closed.begin() + static_cast<std::ptrdiff_t>(b),
                          closed.begin() + static_cast<std::ptrdiff_t>(b + unit), 1) %
                   static_cast<std::ptrdiff_t>(unit) !=
               0;
    return found;
  };
  CHECK(mixed(FirewallRule::Unit::organisation, 8) == 0);
  CHECK(mixed(FirewallRule::Unit::site, 4) == 0);
  CHECK(mixed(FirewallRule::Unit::site, 8) > 20);
  CHECK(mixed(FirewallRule::Unit::segment, 2) == 0);
  CHECK(mixed(FirewallRule::Unit::segment, 4) > 40);
}

TEST_CASE("Two rules with the same share are held by different organisations") {
  EstateBuilder builder;
  for (int o = 0; o < 500; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{1}}, "n"}});
  builder.add_zones("everyone", Pool::everyone, 500, all_of(builder));
  const Estate estate = builder.build();
  FirewallRule rule = closing(estate);
  rule.share = 0.5;
  const auto hosts = fallen(estate, {rule, rule});
  CHECK(stats::within_five_errors(static_cast<double>(hosts.size()) - 1, 499, 0.25));
}

TEST_CASE("A rule with a beginning holds from then on, and with an end, until then") {
  const Estate estate = one_segment(200, 200);
  Model model = model_of(estate, {0.5}, 200s);
  model.entries = {entry_of({host(0)})};
  Play open(model, Draws(103, 0));
  open.run();
  const auto freely = infection_times(open.incident());

  model.firewalls = {closing(estate)};
  model.firewalls[0].from = t0 + 10s;
  Play begins(model, Draws(103, 0));
  begins.run();
  const auto until_then = infection_times(begins.incident());
  int before = 0;
  for (std::size_t h = 0; h < 200; ++h) {
    CHECK(until_then[h] == (freely[h] < t0 + 10s ? freely[h] : never));
    before += freely[h] < t0 + 10s;
  }
  CHECK(before > 10);
  CHECK(before < 190);

  // Closed from the start: the whole curve comes later by as much, as nobody is reached before.
  model.firewalls[0].from = t0;
  model.firewalls[0].until = t0 + 25s;
  Play ends(model, Draws(103, 0));
  ends.run();
  const auto afterwards = infection_times(ends.incident());
  for (std::size_t h = 1; h < 200; ++h) CHECK(afterwards[h] == freely[h] + 25s);

  // Two rules that follow each other without a gap are as one.
  FirewallRule first = closing(estate);
  first.until = t0 + 12s;
  FirewallRule second = closing(estate);
  second.from = t0 + 12s;
  second.until = t0 + 25s;
  model.firewalls = {first, second};
  Play both(model, Draws(103, 0));
  both.run();
  CHECK(infection_times(both.incident()) == afterwards);
}

TEST_CASE("A rule that opens for a time lets attempts through in that time only") {
  const Estate estate = one_segment(300, 300);
  Model model = model_of(estate, {0.5}, 200s);
  model.entries = {entry_of({host(0)})};
  model.firewalls = {closing(estate), opening(estate)};
  model.firewalls[1].from = t0 + 20s;
  model.firewalls[1].until = t0 + 28s;
  Play play(model, Draws(104, 0));
  play.run();
  std::size_t fell = 0;
  for (std::size_t h = 1; h < 300; ++h) {
    const Instant time = infection_times(play.incident())[h];
    if (time == never) continue;
    ++fell;
    CHECK(time >= t0 + 20s);
    CHECK(time < t0 + 28s);
  }
  CHECK(fell > 5);
  CHECK(fell < 290);
}

TEST_CASE("A rule on the pair of networks stops attempts from there and no others") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}}, "office"}, {{{2}}, "guests"}, {{{2, DeviceClass::server}}, "servers"}});
  builder.add_zones("everyone", Pool::everyone, 6, all_of(builder));
  const Estate estate = builder.build();
  const auto from = [&](const std::vector<std::size_t>& segments) {
    std::vector<std::uint8_t> networks(estate.networks().size());
    for (const std::size_t s : segments) networks[estate[segment(s)].network] = 1;
    return networks;
  };
  FirewallRule rule = closing(estate, Direction::inbound, devices(server));
  rule.from_networks = from({0});
  const auto refuses = [&](std::vector<FirewallRule> rules, std::size_t source, std::size_t target,
                           Instant now = t0) {
    Firewalls firewalls(estate, rules);
    firewalls.reset(Draws(105, 0));
    return firewalls.refuses(host(source), host(target), zone(0), now);
  };
  CHECK(refuses({rule}, 0, 4));
  CHECK_FALSE(refuses({rule}, 2, 4));
  CHECK_FALSE(refuses({rule}, 0, 2));
  CHECK_FALSE(refuses({rule}, 4, 5));
  Firewalls firewalls(estate, model_of(estate, {}, 1h).firewalls);
  CHECK_FALSE(firewalls.refuses(no_host, host(4), zone(0), t0));  // from outside there is no network

  // The last rule counts here too, and time.
  FirewallRule exception = rule;
  exception.closes = false;
  exception.from = t0 + 1h;
  exception.until = t0 + 2h;
  CHECK(refuses({rule, exception}, 0, 4, t0));
  CHECK_FALSE(refuses({rule, exception}, 0, 4, t0 + 1h));
  CHECK(refuses({rule, exception}, 0, 4, t0 + 2h));
  CHECK(refuses({exception, rule}, 0, 4, t0 + 1h));

  // In a play: servers fall from the guests' network only.
  Model model = model_of(estate, {1}, 1h);
  model.firewalls = {rule};
  model.entries = {entry_of({host(0)})};
  Play play(model, Draws(106, 0));
  for (std::uint32_t r = 0; r < 50; ++r) {
    play.reset(Draws(106, r));
    play.run();
    CHECK(attack_size(play.incident()) == 6);
    for (const Step& step : play.incident().trace())
      if (index(step.host) >= 4) CHECK(index(step.source) >= 2);
  }
  model.firewalls[0].from_networks = from({0, 1});
  Play closed(model, Draws(106, 0));
  closed.run();
  CHECK(attack_size(closed.incident()) == 4);
}
