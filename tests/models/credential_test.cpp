#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "models/link_play.h"
#include "sim/estate/topology.h"
#include "tests/support/world.h"

// Worms that log on with what they found, instead of by a weakness that a patch closes.

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// One segment, and links named `keys` between its hosts.
Estate linked(const Lan& lan, EdgeList&& graph) {
  EstateBuilder builder;
  add_organisation(builder, "A", {lan});
  builder.add_zones("lan", EstateBuilder::Pool::everyone, 65536, all_of(builder));
  builder.close();
  builder.add_links("keys", std::move(graph));
  return builder.build();
}

/// Its worm uses the links `keys` alone, once, after a minute; host 0 is infected at the start.
Model over_keys(const Estate& estate, bool by_credential) {
  Model model = model_of(estate, {}, 1h);
  model.worm.transmissions = {std::nullopt, fixed(60)};
  model.worm.by_credential = {0, by_credential};
  model.entries.push_back(entry_of({host(0)}));
  return model;
}

std::size_t infected(const Model& model) {
  Play play(model, Draws(1, 0));
  play.run();
  return attack_size(play.incident());
}

}  // namespace

TEST_CASE("A patch stops an exploit, and no credential") {
  constexpr std::size_t leaves = 4000;
  const Estate estate = linked({{{leaves + 1}}}, topology::star(leaves + 1));
  const auto of = [&](bool by_credential) {
    Model model = over_keys(estate, by_credential);
    model.worm.infects.fill(0.5);
    model.patching.coverage = 0.6;
    return static_cast<double>(infected(model)) - 1;
  };
  // A leaf falls to the exploit when it is neither patched nor lucky: 40 % x 50 %.
  CHECK(std::abs(of(false) - 0.2 * leaves) < 5 * std::sqrt(leaves * 0.2 * 0.8));
  CHECK(of(true) == leaves);
}

TEST_CASE("A credential is good on any Windows, and crashes nothing") {
  const Lan lan{{{1},
                 {10, DeviceClass::workstation, System::windows_10},
                 {20, DeviceClass::workstation, System::windows_xp},
                 {40, DeviceClass::workstation, System::no_windows}}};
  const Estate estate = linked(lan, topology::star(71));
  for (const bool by_credential : {false, true}) {
    Model model = over_keys(estate, by_credential);
    model.worm.infects.fill(0);
    model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 1;
    Play play(model, Draws(1, 0));
    play.run();
    CHECK(attack_size(play.incident()) == (by_credential ? 31 : 1));
    CHECK(count_of(play.incident(), Transition::crashed) == (by_credential ? 0 : 20));
  }
}

TEST_CASE("A host that its patch keeps from the scan falls to a credential in the same incident") {
  EdgeList graph;
  graph.vertices = 50;
  graph.edges = {{0, 1}, {1, 2}};
  const Estate estate = linked({{{50}}}, std::move(graph));
  Model model = over_keys(estate, true);
  model.worm.rates[0] = 1000;
  CHECK(infected(model) == 50);  // without a patch the scan takes all
  model.patching.coverage = 1;
  CHECK(infected(model) == 3);
  model.worm.by_credential = {};
  CHECK(infected(model) == 1);
}

TEST_CASE("A campaign that patches meanwhile does not lock out a credential") {
  const Estate estate = linked({{{20}}}, topology::line(20));
  Model model = over_keys(estate, true);
  model.patching.campaign = Campaign{Instant{} + 5min, 1min, 1.0};
  CHECK(infected(model) == 20);
  model.worm.by_credential = {};
  CHECK(infected(model) <= 6);  // one a minute, until all are patched
}

TEST_CASE("Links alone are played as fast with credentials, and to the same moments") {
  const Lan lan{
      {{300}, {100, DeviceClass::server, System::server_2016}, {50, DeviceClass::camera, System::no_windows}}};
  const Estate estate = linked(lan, topology::erdos_renyi(450, 5, 3));
  Model model = over_keys(estate, true);
  model.worm.infects.fill(0.3);
  model.worm.transmissions[1] = Distribution{Distribution::Shape::exponential, 600, 0, {}, {}};
  model.patching.coverage = 0.5;
  REQUIRE(spreads_over_links_alone(model));
  LinkPlay fast(model);
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    Play play(model, Draws(9, replicate));
    play.run();
    fast.play(Draws(9, replicate));
    const std::vector<Instant> times = infection_times(play.incident());
    std::size_t differ = 0;
    for (std::size_t h = 0; h < times.size(); ++h)
      differ += fast.wave().infected(host(h)) ? fast.wave().infected_at(host(h)) != times[h] : times[h] != never;
    CHECK(differ == 0);
    CHECK(attack_size(play.incident()) > 1);
    CHECK(attack_size(play.incident()) <= 400);
  }
}

TEST_CASE("A domain: its controllers reach all of their organisation, and the administered reach them") {
  // Three organisations of 1,000 hosts with 2, 1 and no controllers.
  std::vector<OrganisationId> organisation;
  std::vector<std::uint8_t> controls(3000);
  for (std::size_t v = 0; v < 3000; ++v) organisation.push_back(org(v / 1000));
  controls[10] = controls[20] = controls[1999] = 1;
  const auto edges = [&](double logged_on) {
    const EdgeList graph = topology::domain(organisation, controls, logged_on, 7);
    CHECK(graph.directed);
    std::set<std::pair<std::uint32_t, std::uint32_t>> found;
    for (const Edge& edge : graph.edges) CHECK(found.emplace(edge.from, edge.to).second);
    return found;
  };
  const auto none = edges(0);
  CHECK(none.size() == 2 * 998 + 2 + 999);  // downwards, and between the two
  for (const auto& [from, to] : none) {
    CHECK(controls[from] == 1);
    CHECK(from / 1000 == to / 1000);
  }
  CHECK(none.count({10, 20}) == 1);
  CHECK(none.count({20, 10}) == 1);
  const auto some = edges(0.1);
  const auto more = edges(0.2);
  CHECK(std::includes(more.begin(), more.end(), some.begin(), some.end()));
  CHECK(std::includes(some.begin(), some.end(), none.begin(), none.end()));
  // Of 1,997 hosts with a controller above them, a tenth; those of the first organisation have two.
  const double upwards = static_cast<double>(some.size() - none.size());
  const double expected = 0.1 * (2 * 998 + 999);
  CHECK(std::abs(upwards - expected) < 5 * std::sqrt(0.09 * (4 * 998 + 999)));
  CHECK(edges(1).size() == none.size() + 2 * 998 + 999);
}
