#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/history.h"

namespace trustfall {

/// Rows of H7 and H10: what code-red-v2.yaml, slammer.yaml and wannacry-world.yaml of that folder make of them,
/// played as they are, with their own seeds. Where a scenario says nothing of a count, its quantiles are NaN.
std::vector<HistoryRow> worm_rows(const std::string& folder, std::uint32_t replicates, int threads);

/// Sightings of Code Red v2 in Akamai's web logs, from 15:00 on: a sample of unknown share, its day and zone not said
/// (NANOG list, "Code Red growth stats").
struct Sighting {
  double hour;
  double hosts;
};
inline constexpr Sighting akamai_sightings[] = {
    {15, 25600}, {15 + 33.0 / 60, 30921}, {16 + 29.0 / 60, 37240}, {17 + 25.0 / 60, 43120}, {18 + 23.0 / 60, 48885}};

/// How the rates of a curve follow on one another: the highest ratio of a rate to the one before, under 1 where the
/// curve is concave, and the ratio of the last to the first. Of two rates or more.
struct Slowing {
  double at_most;
  double in_all;
};
Slowing slowing(const std::vector<double>& rates);

}  // namespace trustfall
