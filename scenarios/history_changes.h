#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/study/results.h"

namespace trustfall {

/// What would have been, where an inquiry says in which direction: the scenario with settings on top, on the same
/// luck.
struct HistoryChange {
  enum class Expects : std::uint8_t {
    more,     // in the mean of all plays
    less,     // likewise
    none,     // not one, in any play
    nearly,   // within a tenth
    in_band,  // median of all plays between low and high
  };

  std::string_view id;  // H5a
  std::string_view what;
  std::vector<std::string> settings;
  std::string_view count;  // name of the count that is compared: a column of history_column()
  Expects expects;
  double low = 0, high = 0;  // of in_band
  std::string_view source;
};

/// All of them, in order. Those with the same settings follow one another.
std::span<const HistoryChange> history_changes();

/// What the plays make of a change.
struct HistoryChangeRow {
  const HistoryChange* change;
  double before, after;  // means; of in_band medians
  bool holds;
  bool possible = true;  // whether the scenario has what the change is about
};

/// Holds plays without and with the change against each other: one StrategyResults for each set of parameters, in the
/// same order, as played by history_players().
HistoryChangeRow compare_history(const HistoryChange& change, const std::vector<StrategyResults>& before,
                                 const std::vector<StrategyResults>& after);

/// A row for a change that the scenario cannot take.
HistoryChangeRow cannot_compare(const HistoryChange& change);

}  // namespace trustfall
