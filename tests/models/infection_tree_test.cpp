#include "models/infection_tree.h"

#include <catch2/catch.hpp>

#include "tests/support/community.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

Step infection(std::size_t at, std::size_t target, HostId source = no_host) {
  return {Instant{} + at * 1s, 0, host(target), source, no_zone, Transition::infected};
}

}  // namespace

TEST_CASE("Generations of hosts and segments, and who infects whom by tier") {
  // Segment 0: hosts 0 1 workstations; 1: 2 server, 3 data-centre server; 2: 4 imaging.
  const Estate estate = one_zone(
      {{{{2}}}, {{{1, DeviceClass::server}, {1, DeviceClass::data_centre_server}}}, {{{1, DeviceClass::imaging}}}},
      10);
  Trace trace = {infection(0, 0), infection(1, 1, host(0)), infection(2, 3, host(1)), infection(3, 2, host(3)),
                 infection(4, 4)};
  trace.push_back({Instant{} + 5s, 0, host(0), no_host, no_zone, Transition::detected});
  const InfectionTree tree = infection_tree(trace, estate);
  CHECK(tree.hosts == std::vector<std::size_t>{2, 1, 1, 1});
  CHECK(tree.segments == std::vector<std::size_t>{2, 1});
  const auto terminals = static_cast<std::size_t>(Tier::terminals);
  const auto servers = static_cast<std::size_t>(Tier::servers);
  const auto data_centre = static_cast<std::size_t>(Tier::data_centre);
  const auto medical = static_cast<std::size_t>(Tier::medical_devices);
  std::array<std::array<std::size_t, tiers>, tiers + 1> expected{};
  expected[tiers][terminals] = 1;
  expected[tiers][medical] = 1;
  expected[terminals][terminals] = 1;
  expected[terminals][data_centre] = 1;
  expected[data_centre][servers] = 1;
  CHECK(tree.by_tier == expected);
}

TEST_CASE("Every infection has its place in the tree") {
  const Estate estate = community();
  const Model model = busy(estate);
  Play play(model, Draws(3, 0));
  std::size_t deepest = 0;
  for (std::uint32_t replicate = 0; replicate < 30; ++replicate) {
    play.reset(Draws(3, replicate));
    play.run();
    const InfectionTree tree = infection_tree(play.trace(), estate);
    std::size_t hosts = 0, by_tier = 0;
    for (const std::size_t generation : tree.hosts) hosts += generation;
    for (const auto& row : tree.by_tier)
      for (const std::size_t cell : row) by_tier += cell;
    CHECK(hosts == attack_size(play.incident()));
    CHECK(by_tier == hosts);
    deepest = std::max(deepest, tree.hosts.size());
  }
  CHECK(deepest > 3);
}
