#pragma once

#include <catch2/catch.hpp>
#include <string_view>

#include "models/metrics.h"
#include "models/play.h"

namespace trustfall::small {

/// A metric of a finished play by its name.
inline double metric(const Played& play, std::string_view name) {
  const Outcome outcome = measure(play);
  const auto all = metrics();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return outcome.metrics[i];
  FAIL("no metric " << name);
  return 0;
}

}  // namespace trustfall::small
