#pragma once

#include <catch2/catch.hpp>

#include "tests/support/world.h"

namespace trustfall::small {

/// Plays both 200 times on the same luck: in the stricter no host falls that was spared, and none sooner. Returns in
/// how many plays fewer fall.
inline std::size_t spares(const Model& strict, const Model& loose, std::uint64_t seed) {
  Play stricter(strict, Draws(seed, 0));
  Play looser(loose, Draws(seed, 0));
  std::size_t fewer = 0;
  for (std::uint32_t r = 0; r < 200; ++r) {
    stricter.reset(Draws(seed, r));
    looser.reset(Draws(seed, r));
    stricter.run();
    looser.run();
    const auto a = infection_times(stricter.incident());
    const auto b = infection_times(looser.incident());
    for (std::size_t h = 0; h < a.size(); ++h) REQUIRE(b[h] <= a[h]);
    fewer += std::count(a.begin(), a.end(), never) > std::count(b.begin(), b.end(), never);
  }
  return fewer;
}

}  // namespace trustfall::small
