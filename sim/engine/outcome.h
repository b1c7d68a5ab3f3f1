#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"

namespace trustfall {

/// Which values of a metric a planner would rather have. What does not occur counts as the best.
enum class Better : std::uint8_t { neither, lower, higher };

/// What a replicate meant for one organisation that the worm reached.
struct OrganisationOutcome {
  OrganisationId organisation;
  std::uint32_t infected;   // hosts
  std::uint32_t encrypted;  // hosts, within 168 h
};

/// What one replicate came to: plain numbers, in the order of the experiment's lists of metrics and series.
struct Outcome {
  std::vector<double> metrics;                     // by metric; NaN where it did not occur
  std::vector<std::uint32_t> series;               // series by series, a count for each sample
  std::vector<OrganisationOutcome> organisations;  // those with an infected host, ascending
};

}  // namespace trustfall
