#include "sim/engine/sums.h"

#include <catch2/catch.hpp>

#include "sim/base/draws.h"

using namespace trustfall;

TEST_CASE("Sums find the count in which the n-th of all lies, as adding one by one does, also when counts shrink") {
  const Draws draws(1, 0);
  for (const std::uint32_t size : {1u, 64u, 65u, 4096u, 5000u, 300000u}) {
    std::vector<std::uint64_t> counts(size);
    Sums sums(size);
    const auto count_at = [&](std::uint32_t at) { return counts[at]; };
    std::uint32_t item = 0;
    const auto pick = [&](double below) {
      return static_cast<std::uint64_t>(draws.uniform(Purpose::estate, item++) * below);
    };
    for (int change = 0; change < 2000; ++change) {
      const auto at = static_cast<std::uint32_t>(pick(size));
      // Large and small, so that carries beyond 32 bits occur both ways.
      const std::uint64_t now = change % 3 == 0 ? 0 : pick(change % 2 == 0 ? 5 : 1e12);
      sums.add(at, now - counts[at]);
      counts[at] = now;
    }
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts) total += count;
    for (int trial = 0; trial < 50 && total > 0; ++trial) {
      const std::uint64_t wanted = pick(static_cast<double>(total));
      std::uint64_t rest = wanted;
      std::uint32_t expected = 0;
      for (; counts[expected] <= rest; ++expected) rest -= counts[expected];
      std::uint64_t found_rest = wanted;
      CHECK(sums.find(found_rest, count_at) == expected);
      CHECK(found_rest == rest);
      CHECK(sums.before(expected, count_at) == wanted - rest);
    }
  }
}
