#include <catch2/catch.hpp>

#include "tests/support/markov.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

// The engine against the exact chain: the chance of every number of infected hosts, and of what each host is, at
// several moments, within 5 standard errors. A play is compared a few hundred times; 5 standard errors leave a chance
// of one in ten thousand that all of them together fail once.

using namespace trustfall;
using namespace trustfall::small;
using oracle::Chain;

namespace {

constexpr std::uint32_t plays = 40000;

/// Eight hosts in two zones of 12 and 9 addresses that share segment 1:
///   left:  0 1 2 | 3 4 5        right:  3 4 5 | 6 7
/// Host 2 is a server, 4 imaging on Windows XP, 7 a server on Windows XP.
Estate overlapping() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}, {1, DeviceClass::server}}, "west"}});
  add_organisation(builder, "B", {{{{1}, {1, DeviceClass::imaging, System::windows_xp}, {1}}, "middle"}});
  add_organisation(builder, "C", {{{{1}, {1, DeviceClass::server, System::windows_xp}}, "east"}});
  builder.add_zones("left", EstateBuilder::Pool::everyone, 12, {1, 1, 0});
  builder.add_zones("right", EstateBuilder::Pool::everyone, 9, {0, 1, 1});
  return builder.build();
}

constexpr double left_rate = 0.5;  // attempts per second
constexpr double right_rate = 0.3;
constexpr std::size_t hosts = 8;

bool in_left(std::size_t h) { return h < 6; }
bool in_right(std::size_t h) { return h >= 3; }

/// Attempts per second of one host on another through both zones; 0 from outside.
double attempts(std::size_t source, std::size_t target) {
  if (source == hosts || source == target) return 0;
  return (in_left(source) && in_left(target) ? left_rate / 12 : 0) +
         (in_right(source) && in_right(target) ? right_rate / 9 : 0);
}

Model two_zones(const Estate& estate) {
  Model model = model_of(estate, {left_rate, right_rate}, 200s);
  model.entries = {entry_of({host(0)})};
  return model;
}

struct Phase {
  double until;  // seconds
  Chain::Rates rates;
};

/// Plays to each moment in turn and compares what every host is with the chain.
void check_chain(const Model& model, Chain chain, const std::vector<Phase>& phases,
                 const std::vector<double>& moments, const std::function<void(Play&)>& prepare = {}) {
  std::vector<std::vector<double>> sizes(moments.size(), std::vector<double>(hosts + 1));
  std::vector<std::vector<double>> infected(moments.size(), std::vector<double>(hosts));
  auto crashed = infected;
  auto scanning = infected;
  Play play(model, Draws(31, 0));
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.reset(Draws(31, i));
    if (prepare) prepare(play);
    for (std::size_t m = 0; m < moments.size(); ++m) {
      play.run(Instant{} + from_seconds(moments[m]));
      std::size_t count = 0;
      for (std::size_t h = 0; h < hosts; ++h) {
        const Incident& incident = play.incident();
        count += incident.infected(host(h));
        infected[m][h] += incident.infected(host(h));
        crashed[m][h] += incident.crashed(host(h));
        scanning[m][h] += incident.infectious(host(h));
      }
      sizes[m][count] += 1;
    }
  }

  double now = 0;
  std::size_t phase = 0;
  double busiest = 0;
  for (std::size_t m = 0; m < moments.size(); ++m) {
    while (now < moments[m]) {
      while (phases[phase].until <= now) ++phase;
      const double next = std::min(moments[m], phases[phase].until);
      chain.advance(next - now, phases[phase].rates);
      now = next;
    }
    INFO("after " << now << " s, " << chain.states() << " states");
    const std::vector<double> expected = chain.sizes();
    for (std::size_t k = 0; k <= hosts; ++k) {
      INFO(k << " hosts infected: " << sizes[m][k] << ", expected " << plays * expected[k]);
      CHECK(stats::within_five_errors(sizes[m][k], plays, expected[k]));
    }
    for (std::size_t h = 0; h < hosts; ++h) {
      const double ever = chain.chance(h, Chain::scanning) + chain.chance(h, Chain::removed);
      INFO("host " << h);
      CHECK(stats::within_five_errors(infected[m][h], plays, ever));
      CHECK(stats::within_five_errors(crashed[m][h], plays, chain.chance(h, Chain::crashed)));
      CHECK(stats::within_five_errors(scanning[m][h], plays, chain.chance(h, Chain::scanning)));
      busiest = std::max(busiest, ever * (1 - ever));
    }
  }
  CHECK(busiest > 0.15);  // there was something to compare
}

const std::vector<double> no_crash(hosts, 0.0);
constexpr double to_the_end = 1e9;

}  // namespace

TEST_CASE("The chain itself: two hosts are an exponential, three a sum of two", "[oracle]") {
  Chain pair(2, {0}, 0, {0, 0});
  pair.advance(3, [](std::size_t source, std::size_t) { return source == 2 ? 0 : 0.2; });
  CHECK(pair.chance(1, Chain::scanning) == Approx(1 - std::exp(-0.6)));
  CHECK(pair.sizes()[2] == Approx(1 - std::exp(-0.6)));
  CHECK(pair.states() == 2);
  // Pure birth at rates 0.4 (one scans, two are open) and 0.4 (two scan, one is open).
  Chain three(3, {0}, 0, {0, 0, 0});
  for (int i = 0; i < 3; ++i) three.advance(1, [](std::size_t source, std::size_t) { return source == 3 ? 0 : 0.2; });
  CHECK(three.sizes()[3] == Approx(1 - std::exp(-1.2) * (1 + 1.2)));
  // One host from outside, removed at rate 1 after a chance of a third to crash.
  Chain lone(1, {}, 1, {1.0 / 3});
  lone.advance(2, [](std::size_t, std::size_t) { return 0.6; });
  CHECK(lone.chance(0, Chain::crashed) == Approx((1 - std::exp(-1.2)) / 3));
  CHECK(lone.chance(0, Chain::scanning) == Approx(0.4 * (std::exp(-1.2) - std::exp(-2.0)) / (1 - 0.6)));
}

TEST_CASE("The exact chain agrees: two overlapping zones, nobody removed", "[oracle]") {
  const Estate estate = overlapping();
  check_chain(two_zones(estate), Chain(hosts, {0}, 0, no_crash), {{to_the_end, attempts}}, {5, 15, 30, 60});
}

TEST_CASE("The exact chain agrees: removal, crashes and partial susceptibility", "[oracle]") {
  const Estate estate = overlapping();
  Model model = two_zones(estate);
  model.worm.activity = Distribution{Distribution::Shape::exponential, 25, 0, {}, {}};
  model.worm.infects[static_cast<std::size_t>(System::windows_7)] = 0.8;
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.3;
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.2;
  std::vector<double> crash_share(hosts);
  crash_share[4] = crash_share[7] = 0.4;
  const Chain::Rates rates = [](std::size_t source, std::size_t target) {
    return attempts(source, target) * (target == 4 || target == 7 ? 0.5 : 0.8);
  };
  check_chain(model, Chain(hosts, {0}, 1.0 / 25, crash_share), {{to_the_end, rates}}, {5, 20, 50, 150});
}

TEST_CASE("The exact chain agrees: closed rules by class, and pairs of networks", "[oracle]") {
  const Estate estate = overlapping();
  Model model = two_zones(estate);
  model.worm.activity = Distribution{Distribution::Shape::exponential, 40, 0, {}, {}};
  model.entries = {entry_of({host(0), host(1)})};
  Where servers;
  servers.devices = only(DeviceClass::server);
  Where imaging;
  imaging.devices = only(DeviceClass::imaging);
  FirewallRule inbound{.zone_kind = 0, .where = Selector(estate, servers), .from_networks = {}};
  FirewallRule outbound{.zone_kind = 1,
                        .direction = FirewallRule::Direction::outbound,
                        .where = Selector(estate, imaging),
                        .from_networks = {}};
  FirewallRule pair{.zone_kind = 0, .where = Selector(estate, imaging), .from_networks = {}};
  pair.from_networks.assign(estate.networks().size(), 0);
  pair.from_networks[estate[segment(0)].network] = 1;  // from west
  model.firewalls = {inbound, outbound, pair};
  const Chain::Rates rates = [](std::size_t source, std::size_t target) {
    if (source == hosts || source == target) return 0.0;
    const bool left = in_left(source) && in_left(target) && target != 2 && !(target == 4 && source < 3);
    const bool right = in_right(source) && in_right(target) && source != 4;
    return (left ? left_rate / 12 : 0) + (right ? right_rate / 9 : 0);
  };
  check_chain(model, Chain(hosts, {0, 1}, 1.0 / 40, no_crash), {{to_the_end, rates}}, {5, 20, 60, 150});
}

TEST_CASE("The exact chain agrees: isolation, a timed rule and power that come and go", "[oracle]") {
  // Segment 1 is isolated from 10 s to 25 s; workstations of A and C are off from 20 s to 40 s; servers cannot be
  // reached on the right from 15 s to 50 s.
  const Estate estate = overlapping();
  Model model = two_zones(estate);
  model.worm.activity = Distribution{Distribution::Shape::exponential, 40, 0, {}, {}};
  Where servers;
  servers.devices = only(DeviceClass::server);
  FirewallRule rule{.zone_kind = 1, .where = Selector(estate, servers), .from_networks = {}};
  rule.from = Instant{} + 15s;
  rule.until = Instant{} + 50s;
  model.firewalls = {rule};
  Where outer;
  outer.codes = {"A", "C"};
  outer.devices = only(DeviceClass::workstation);
  // Midnight is forty seconds after the start: on from midnight to twenty seconds before the next.
  model.power = {PowerPlan{.where = Selector(estate, outer),
                           .share = 1,
                           .hours = {.on = 0s, .off = 24h - 20s, .weekends = true, .start = {0, 24h - 40s}}}};
  const auto rates = [](bool isolated, bool off, bool closed) -> Chain::Rates {
    return [=](std::size_t source, std::size_t target) {
      if (source == hosts || source == target) return 0.0;
      for (const std::size_t h : {source, target}) {
        if (isolated && h >= 3 && h < 6) return 0.0;
        if (off && (h == 0 || h == 1 || h == 6)) return 0.0;
      }
      const bool right = in_right(source) && in_right(target) && !(closed && target == 7);
      return (in_left(source) && in_left(target) ? left_rate / 12 : 0) + (right ? right_rate / 9 : 0);
    };
  };
  const std::vector<Phase> phases = {{10, rates(false, false, false)},        {15, rates(true, false, false)},
                                     {20, rates(true, false, true)},          {25, rates(true, true, true)},
                                     {40, rates(false, true, true)},          {50, rates(false, false, true)},
                                     {to_the_end, rates(false, false, false)}};
  check_chain(model, Chain(hosts, {0}, 1.0 / 40, no_crash), phases, {9, 18, 30, 45, 80, 180}, [](Play& play) {
    play.schedule(Instant{} + 10s, {Change::Kind::isolate_organisation, org(1)});
    play.schedule(Instant{} + 25s, {Change::Kind::reconnect_organisation, org(1)});
  });
}

TEST_CASE("The exact chain agrees: infected hosts outside", "[oracle]") {
  const Estate estate = overlapping();
  Model model = two_zones(estate);
  model.worm.activity = Distribution{Distribution::Shape::exponential, 20, 0, {}, {}};
  model.entries = {OutsideEntry{zone(1), {{Instant{}, 2}, {Instant{} + 20s, 0.5}, {Instant{} + 60s, 0}}}};
  const auto rates = [](double outside) -> Chain::Rates {
    return [=](std::size_t source, std::size_t target) {
      return source == hosts ? (in_right(target) ? outside * right_rate / 9 : 0) : attempts(source, target);
    };
  };
  check_chain(model, Chain(hosts, {}, 1.0 / 20, no_crash), {{20, rates(2)}, {60, rates(0.5)}, {to_the_end, rates(0)}},
              {5, 15, 40, 150});
}

TEST_CASE("The comparison can fail: rates a twentieth too high are found", "[oracle]") {
  const Estate estate = overlapping();
  const Model model = two_zones(estate);
  double infected = 0;
  Play play(model, Draws(32, 0));
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.reset(Draws(32, i));
    play.run(Instant{} + 15s);
    infected += play.incident().infected(host(4));
  }
  Chain right(hosts, {0}, 0, no_crash);
  right.advance(15, attempts);
  Chain wrong(hosts, {0}, 0, no_crash);
  wrong.advance(15, [](std::size_t s, std::size_t t) { return 1.05 * attempts(s, t); });
  CHECK(stats::within_five_errors(infected, plays, right.chance(4, Chain::scanning)));
  CHECK_FALSE(stats::within_five_errors(infected, plays, wrong.chance(4, Chain::scanning)));
}
