#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>

#include "models/analytic/contact_chain.h"
#include "models/link_play.h"
#include "models/metrics.h"
#include "models/zone_play.h"
#include "sim/estate/topology.h"
#include "tests/support/community.h"
#include "tests/support/statistics.h"

// Worms that fall silent and go on (SIIDR), and hosts that are rid of the worm and fall again (SIS).

using namespace trustfall;
using namespace trustfall::small;
using analytic::ContactChain;

namespace {

Estate linked(EdgeList graph) {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{graph.vertices}}}});
  builder.add_links("contacts", std::move(graph));
  return builder.build();
}

std::vector<analytic::Contact> both_ways(const EdgeList& graph, double rate) {
  std::vector<analytic::Contact> contacts;
  for (const Edge& edge : graph.edges) {
    contacts.push_back({edge.from, edge.to, rate});
    contacts.push_back({edge.to, edge.from, rate});
  }
  return contacts;
}

/// Plays SIS and compares what every host is, and how many are infected, with the exact chain.
void compare_with_chain(const Model& model, std::vector<analytic::Contact> contacts, double removal) {
  constexpr std::uint32_t plays = 10000;
  const std::size_t hosts = model.estate->hosts();
  const std::vector<double> times{0.5, 2, 8};
  std::vector<double> infected(times.size() * hosts);
  std::vector<double> of_size(times.size() * (hosts + 1));
  Play play(model, Draws(1, 0));
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.reset(Draws(63, i));
    for (std::size_t k = 0; k < times.size(); ++k) {
      play.run(Instant{} + from_seconds(times[k]));
      REQUIRE(play.incident().consistent());
      std::size_t size = 0;
      for (std::size_t h = 0; h < hosts; ++h) {
        const bool is = play.incident().infected(host(h));
        size += is;
        infected[k * hosts + h] += is;
      }
      ++of_size[k * (hosts + 1) + size];
    }
  }
  ContactChain chain(hosts, std::move(contacts), {0}, removal, analytic::Afterwards::susceptible);
  double now = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    chain.advance(times[k] - now);
    now = times[k];
    INFO("at " << now);
    for (std::size_t h = 0; h < hosts; ++h)
      CHECK(stats::within_five_errors(infected[k * hosts + h], plays, chain.chance(h, ContactChain::infected)));
    const std::vector<double> expected = chain.sizes();
    for (std::size_t n = 0; n <= hosts; ++n)
      CHECK(stats::within_five_errors(of_size[k * (hosts + 1) + n], plays, expected[n]));
  }
}

std::vector<std::int64_t> seconds_of(const Incident& incident, HostId host, Transition what) {
  std::vector<std::int64_t> seconds;
  for (const Step& step : incident.trace())
    if (step.host == host && step.what == what) seconds.push_back(step.time.time_since_epoch() / 1s);
  return seconds;
}

}  // namespace

TEST_CASE("SIS over links: every host is infected as often as the exact chain says", "[oracle]") {
  for (const auto& [name, graph] : {std::pair<std::string, EdgeList>("line", topology::line(6)),
                                    {"star", topology::star(7)},
                                    {"complete", topology::complete(5)},
                                    {"random", topology::erdos_renyi(8, 3, 6)}}) {
    INFO(name);
    const Estate estate = linked(EdgeList(graph));
    Model model = model_of(estate, {}, 10s);
    model.worm.transmissions = {exponential_of(1)};
    model.worm.activity = exponential_of(1 / 0.8);
    model.worm.again = true;
    model.entries = {entry_of({host(0)})};
    REQUIRE_FALSE(spreads_over_links_alone(model));
    compare_with_chain(model, both_ways(graph, 1), 0.8);
  }
}

TEST_CASE("SIS in a zone: as the exact chain of a complete graph, patched or refused attempts or not", "[oracle]") {
  constexpr std::uint32_t hosts = 6;
  const Estate estate = one_segment(hosts, 10);
  for (const double chance : {1.0, 0.4}) {
    Model model = model_of(estate, {8}, 10s);
    model.worm.infects.fill(chance);
    model.worm.activity = exponential_of(1 / 0.8);
    model.worm.again = true;
    model.entries = {entry_of({host(0)})};
    REQUIRE_FALSE(spreads_in_one_zone(model));
    compare_with_chain(model, both_ways(topology::complete(hosts), 0.8 * chance), 0.8);
  }
}

TEST_CASE("SIS by hand: two hosts that infect each other after three seconds and are rid of it after five") {
  const Estate estate = linked(topology::line(2));
  Model model = model_of(estate, {}, 20s);
  model.worm.transmissions = {fixed(3)};
  model.worm.activity = fixed(5);
  model.worm.again = true;
  model.entries = {entry_of({host(0)})};
  Play play(model, Draws(1, 0));
  play.run();
  using List = std::vector<std::int64_t>;
  CHECK(seconds_of(play.incident(), host(0), Transition::infected) == List{0, 6, 12, 18});
  CHECK(seconds_of(play.incident(), host(0), Transition::cleared) == List{5, 11, 17});
  CHECK(seconds_of(play.incident(), host(1), Transition::infected) == List{3, 9, 15});
  CHECK(seconds_of(play.incident(), host(1), Transition::cleared) == List{8, 14});
  const Outcome outcome = measure(play);
  CHECK(outcome.metrics[0] == 2);  // hosts, not infections
  model.sample_every = 1s;
  const std::size_t many = samples(model);
  Play sampled(model, Draws(1, 0));
  sampled.run();
  const auto curves = measure(sampled, told(model)).series;
  const auto now = [&](std::size_t second) { return curves[(series(told(model)).size() - 1) * many + second]; };
  CHECK(series(told(model)).back().name == "hosts_infected_now");
  CHECK(now(0) == 1);
  CHECK(now(4) == 2);
  CHECK(now(5) == 1);
  CHECK(now(7) == 2);
  CHECK(now(10) == 2);
  model.worm.again = false;
  CHECK(series(told(model)).back().name != "hosts_infected_now");
}

TEST_CASE("SIS: a link that comes once has other luck every time its source falls") {
  const Estate estate = linked(topology::complete(30));
  Model model = model_of(estate, {}, 10min);
  model.worm.transmissions = {fixed(1)};
  model.worm.infects.fill(0.1);
  model.worm.activity = fixed(2);
  model.worm.again = true;
  model.entries = {entry_of({host(0), host(1), host(2), host(3), host(4)})};
  Play play(model, Draws(2, 0));
  play.run();
  std::set<std::pair<HostId, HostId>> used;
  for (const Step& step : play.incident().steps())
    if (step.what == Transition::infected && step.source != no_host) used.insert({step.source, step.host});
  // Of thousands of infections, over 870 directed links alike: with the same luck a tenth would ever be used.
  REQUIRE(attack_size(play.incident()) > 3000);
  CHECK(used.size() > 870 / 2);
}

TEST_CASE("A host that was silent while it was switched off and on asks for the kill switch when it wakes") {
  const Estate estate = one_segment(200, 200);
  Model model = model_of(estate, {1.0 / 3600}, 96h);
  model.worm.dormancy = Dormancy{fixed(3 * 3600.0), fixed(30 * 3600.0)};
  model.worm.kill_switch = KillSwitch{Instant{} + 20h, 0};
  PowerPlan hours{.where = Selector(estate, {}), .hours = {}};
  hours.hours.on = 8h;
  hours.hours.off = 18h;
  model.power.push_back(hours);
  model.entries = {entry_of({host(0), host(1), host(2)}, Instant{} + 10h)};
  for (std::uint32_t replicate = 0; replicate < 5; ++replicate) {
    Play play(model, Draws(3, replicate));
    play.run();
    CHECK(attack_size(play.incident()) > 3);
    CHECK(count_of(play.incident(), Transition::stopped) == 0);
  }
}

TEST_CASE("A worm that falls silent is active for as long as it would have been, with its silence between") {
  const Estate estate = one_segment(10, 10);
  Model model = model_of(estate, {1e-9}, 100s);
  model.worm.activity = fixed(25);
  model.worm.dormancy = Dormancy{fixed(10), fixed(20)};
  model.entries = {entry_of({host(4)})};
  Play play(model, Draws(1, 0));
  const auto scans_at = [&](Duration at) {
    play.run(Instant{} + at + 1ns);
    return play.incident().infectious(host(4));
  };
  for (int second = 0; second < 100; ++second) {
    INFO(second);
    const bool active = second < 10 || (second >= 30 && second < 40) || (second >= 60 && second < 65);
    CHECK(scans_at(std::chrono::seconds(second)) == active);
  }
}

TEST_CASE("A link is tried only while its source is active, and begins anew when it goes on") {
  const Estate estate = linked(topology::line(2));
  Model model = model_of(estate, {}, 1h);
  model.worm.dormancy = Dormancy{fixed(10), fixed(20)};
  model.entries = {entry_of({host(0)})};
  const auto falls_at = [&](double seconds) {
    model.worm.transmissions = {fixed(seconds)};
    Play play(model, Draws(1, 0));
    play.run();
    return time_of(play.incident(), host(1), Transition::infected);
  };
  CHECK(falls_at(9) == Instant{} + 9s);
  CHECK(falls_at(11) == never);  // ten seconds are never enough
  // At random, one attempt in 10 s of being active: the silence is left out.
  model.worm.transmissions = {exponential_of(10)};
  std::array<double, 4> by_phase{};
  constexpr std::uint32_t plays = 4000;
  for (std::uint32_t i = 0; i < plays; ++i) {
    Play play(model, Draws(9, i));
    play.run();
    const Instant fell = time_of(play.incident(), host(1), Transition::infected);
    REQUIRE(fell != never);
    const std::int64_t since = (fell.time_since_epoch() % 30s) / 1s;
    CHECK(since < 10);
    const auto phase = static_cast<std::size_t>(fell.time_since_epoch() / 30s);
    if (phase < by_phase.size()) ++by_phase[phase];
  }
  for (std::size_t phase = 0; phase < by_phase.size(); ++phase)
    CHECK(stats::within_five_errors(by_phase[phase], plays,
                                    std::exp(-1.0 * static_cast<double>(phase)) * (1 - std::exp(-1.0))));
}

TEST_CASE("SIIDR: infections grow as its linear equations say while nearly all are open", "[oracle]") {
  // dI = (b - m - g) I + d D, dD = g I - d D; infections so far: dC = b I. Of 400,000 hosts at most 1 in 100 is
  // infected.
  constexpr double b = 1.0, m = 0.3, g = 0.5, d = 0.2;
  constexpr std::uint32_t hosts = 400000, first = 100;
  const Estate estate = one_segment(hosts, hosts);
  Model model = model_of(estate, {b}, 4s);
  model.worm.activity = exponential_of(1 / m);
  model.worm.dormancy = Dormancy{exponential_of(1 / g), exponential_of(1 / d)};
  std::vector<HostId> seeds;
  for (std::uint32_t h = 0; h < first; ++h) seeds.push_back(host(h));
  model.entries = {entry_of(seeds)};
  double infectious = first, dormant = 0, expected = first;
  constexpr int steps = 400000;
  for (int i = 0; i < steps; ++i) {  // the error of Euler's steps is of their order, 1e-5
    const double dt = 4.0 / steps;
    const double di = (b - m - g) * infectious + d * dormant, dd = g * infectious - d * dormant;
    expected += b * infectious * dt;
    infectious += di * dt;
    dormant += dd * dt;
  }
  std::vector<double> found;
  Play play(model, Draws(1, 0));
  for (std::uint32_t i = 0; i < 200; ++i) {
    play.reset(Draws(17, i));
    play.run();
    found.push_back(static_cast<double>(attack_size(play.incident())));
  }
  const double saturation = expected * expected / hosts;  // at most so many attempts met the infected
  CHECK(std::abs(stats::mean(found) - expected) < 5 * stats::standard_error(found) + saturation);
  // Without the silence they would be more than twice as many: the test can fail.
  model.worm.dormancy.reset();
  Play awake(model, Draws(17, 0));
  awake.run();
  CHECK(static_cast<double>(attack_size(awake.incident())) > 1.5 * expected);
}
