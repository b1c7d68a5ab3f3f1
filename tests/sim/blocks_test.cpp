#include <catch2/catch.hpp>

#include <random>

#include "tests/support/incident.h"
#include "tests/support/statistics.h"

using namespace trustfall;
using namespace trustfall::small;

TEST_CASE("The pressure blocked is that of the union of the blocks, up to now") {
  const auto block = [](Pressure from, Pressure to) { return Block{t0, from, to, all_devices}; };
  std::vector<Block> none;
  CHECK(blocked_pressure(none, 100) == 0);
  std::vector<Block> apart = {block(50, 60), block(10, 20)};
  CHECK(blocked_pressure(apart, 100) == 20);
  std::vector<Block> overlapping = {block(10, 30), block(20, 40), block(25, 28)};
  CHECK(blocked_pressure(overlapping, 100) == 30);
  std::vector<Block> touching = {block(10, 20), block(20, 30)};
  CHECK(blocked_pressure(touching, 100) == 20);
  std::vector<Block> lasting = {block(10, no_limit), block(5, 8)};
  CHECK(blocked_pressure(lasting, 30) == 23);
  std::vector<Block> later = {block(10, 20), block(90, 120)};
  CHECK(blocked_pressure(later, 95) == 15);
  std::vector<Block> empty = {block(10, 10)};
  CHECK(blocked_pressure(empty, 100) == 0);
}

TEST_CASE("Blocked pressure equals counting unit by unit") {
  std::mt19937 luck(7);
  for (int i = 0; i < 2000; ++i) {
    std::vector<Block> blocks;
    std::vector<int> covered(200);
    const unsigned now = luck() % 200;
    for (unsigned b = 0; b < luck() % 6; ++b) {
      const unsigned from = luck() % 190;
      const bool lasts = luck() % 4 == 0;
      const unsigned to = lasts ? 200 : from + luck() % (200 - from);
      blocks.push_back({t0, from, lasts ? no_limit : Pressure{to}, all_devices});
      for (unsigned p = from; p < std::min(to, now); ++p) covered[p] = 1;
    }
    REQUIRE(blocked_pressure(blocks, now) == static_cast<Pressure>(std::count(covered.begin(), covered.end(), 1)));
  }
}

TEST_CASE("A ledger closes one block when the next begins, and finds those of a device since a moment") {
  BlockLedger ledger;
  const auto workstation = only(DeviceClass::workstation);
  const auto server = only(DeviceClass::server);
  ledger.change(1, workstation, t0 + 1s, 10);
  ledger.change(1, static_cast<DeviceSet>(workstation | server), t0 + 2s, 20);
  ledger.change(1, 0, t0 + 3s, 30);
  ledger.change(1, server, t0 + 4s, 40);
  const auto found = [&](std::uint64_t key, DeviceClass device, Instant since) {
    std::vector<Block> blocks;
    ledger.collect(key, device, since, blocks);
    std::vector<std::pair<unsigned, bool>> result;
    for (const Block& b : blocks) result.emplace_back(static_cast<unsigned>(b.from), b.to == no_limit);
    return result;
  };
  using Found = std::vector<std::pair<unsigned, bool>>;
  CHECK(found(1, DeviceClass::workstation, t0) == Found{{10, false}, {20, false}});
  CHECK(found(1, DeviceClass::workstation, t0 + 2s) == Found{{20, false}});
  CHECK(found(1, DeviceClass::server, t0) == Found{{20, false}, {40, true}});
  CHECK(found(1, DeviceClass::imaging, t0).empty());
  CHECK(found(2, DeviceClass::server, t0).empty());
  ledger.clear();
  CHECK(found(1, DeviceClass::server, t0).empty());
}
