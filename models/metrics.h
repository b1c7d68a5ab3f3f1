#pragma once

#include <span>
#include <string_view>

#include "models/played.h"
#include "sim/engine/outcome.h"

namespace trustfall {

/// A number that every replicate yields, defined where it is named.
struct Metric {
  std::string_view name;
  std::string_view unit;
  std::string_view meaning;
  Better better = Better::lower;
};

/// All metrics, in the order of Outcome::metrics.
std::span<const Metric> metrics();
/// Those that are worth showing for this model: the first so many of all.
std::span<const Metric> metrics(const Model& model);

/// The curves of the time series, in the order of Outcome::series.
std::span<const Metric> series();
/// Those that are worth showing for this model: the first so many of all.
std::span<const Metric> series(const Model& model);

/// Samples of a curve: at 0, one step, two steps, ... up to the horizon.
std::size_t samples(const Model& model);

/// Counts what happened in a play that has run to its horizon.
Outcome measure(const Played& play);

}  // namespace trustfall
