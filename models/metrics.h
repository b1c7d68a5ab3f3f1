#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "models/played.h"
#include "sim/engine/outcome.h"

namespace trustfall {

/// A number that every replicate yields, or a curve of the time series, defined where it is named.
struct Metric {
  std::string_view name;
  std::string_view unit;
  std::string_view meaning;
  Better better = Better::lower;
};

/// Metrics and curves that are counted together.
struct Measure {
  std::span<const Metric> metrics;
  std::span<const Metric> curves;
  /// Whether they are worth telling for this model.
  bool (*told)(const Model&);
  /// Appends what they come to in a play that has run to its horizon.
  void (*take)(const Played&, Outcome&);
};

/// Which measures are told: a bit for each, in their order.
using Told = std::uint32_t;
inline constexpr Told all_told = ~Told{0};
Told told(const Model& model);

/// Their metrics, in the order of Outcome::metrics, and their curves, in that of Outcome::series.
std::vector<Metric> metrics(Told told = all_told);
std::vector<Metric> series(Told told = all_told);

/// Samples of a curve: at 0, one step, two steps, ... up to the horizon.
std::size_t samples(const Model& model);

/// Counts what happened in a play that has run to its horizon.
Outcome measure(const Played& play, Told told = all_told);

}  // namespace trustfall
