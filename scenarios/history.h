#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/experiment.h"

namespace trustfall {

/// Something that was counted, or estimated, of the NHS in May 2017 or of a worm on the internet. Bands are those
/// within which the median of an ensemble is accepted; they were laid down before anything was played.
struct HistoryCount {
  /// Whether parameters are fitted to it, or it is a prediction, or only told because nobody counted it well, or
  /// because it goes in.
  enum class Use : std::uint8_t { fitted, predicted, told, input };

  std::string_view id;  // H1a
  std::string_view what;
  std::string_view unit;
  double observed;
  double low, high;
  Use use;
  std::string_view source;
};

/// All of them, in order.
std::span<const HistoryCount> history_counts();

/// What the ensemble makes of each: quantiles over the replicates of all sets in which it occurs, and in how many
/// sets the median is within the band.
struct HistoryRow {
  const HistoryCount* count;
  double q05, q50, q95;
  std::size_t inside;  // sets
  std::size_t sets;
  double occurs = 1;  // share of the replicates

  bool judged() const {
    return count->use == HistoryCount::Use::fitted || count->use == HistoryCount::Use::predicted;
  }
  /// Never where it does not occur.
  bool holds() const { return q50 >= count->low && q50 <= count->high; }
};

/// Column of a count among the outcomes of history_players(), by its id; also of `hosts` (infected) and of
/// `consultations` (lost by practices), which nobody counted. One beyond these for any other name.
std::size_t history_column(std::string_view id);

/// What one set of parameters makes of each count: its median, NaN where it does not occur in most replicates.
std::vector<double> medians(const StrategyResults& played);

/// Rows of an ensemble: the results of each set, as played by history_players().
std::vector<HistoryRow> history_rows(const std::vector<StrategyResults>& sets);

/// Players whose outcomes hold the counts instead of metrics. The scenario has to start on 12 May 2017 and to say
/// warning, recovery, services and rings: throws InputError otherwise.
MakePlayer history_players(std::shared_ptr<const Experiment> experiment, const Document& document);

}  // namespace trustfall
