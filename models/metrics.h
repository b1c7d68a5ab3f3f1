#pragma once

#include <bitset>
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
  /// Whether it is worth telling by itself for this model; with its measure where empty.
  bool (*told)(const Model&) = nullptr;
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

/// Which metrics and curves are told.
struct Told {
  std::uint32_t measures = ~std::uint32_t{0};  // a bit for each, in their order
  std::bitset<256> without;                    // of their metrics, those that are not, by their place among all
};
inline const Told all_told{};
Told told(const Model& model);

/// Their metrics, in the order of Outcome::metrics, and their curves, in that of Outcome::series.
std::vector<Metric> metrics(const Told& told = all_told);
std::vector<Metric> series(const Told& told = all_told);

/// Samples of a curve: at 0, one step, two steps, ... up to the horizon.
std::size_t samples(const Model& model);

/// Counts what happened in a play that has run to its horizon.
Outcome measure(const Played& play, const Told& told = all_told);

}  // namespace trustfall
