#pragma once

#include <optional>

#include "models/analytic/reproduction.h"
#include "scenarios/inspection/active_times.h"
#include "scenarios/inspection/exposure.h"

namespace trustfall {

/// How the worm spreads at the start of one replicate, while nearly all that are vulnerable are still healthy.
struct Spread {
  analytic::NextGeneration segments;  // what the outbreak of a segment begins elsewhere
  double within;                      // hosts of its own segment that one infectious host would infect by itself

  /// R: between segments; in an estate that is one segment, within it.
  double reproduction() const { return segments.segments() == 1 ? within : analytic::reproduction_number(segments); }
};

/// The outbreak of a segment begins with one of its vulnerable hosts, drawn by its chance to fall, and takes whom
/// Sellke's construction (Journal of Applied Probability 20, 1983) gives: exact for any law of the active time, on
/// the average of `courses_of` courses.
Spread spread(const Model& model, const Openings& openings, const PatchPlan& patching, const ActiveTimes& times,
              std::uint64_t seed, std::uint32_t replicate);

/// Courses that the outbreak of each segment is averaged over: more in small estates.
std::size_t courses_of(const Estate& estate);

/// The patching of the model with this share of all patchable hosts patched, in groups with a coverage of their own
/// too.
PatchPlan at_coverage(const PatchPlan& patching, double coverage);

/// The least coverage with which R is below 1, within half a percent; 0 when it is anyhow, nullopt when no coverage
/// is enough.
std::optional<double> critical_coverage(const Model& model, const Openings& openings, const ActiveTimes& times,
                                        std::uint64_t seed, std::uint32_t replicate);

}  // namespace trustfall
