#pragma once

#include <vector>

#include "models/played.h"

namespace trustfall {

/// Moments of May 2017 on the clock of a scenario.
struct HistoryMoments {
  Instant day_begins;      // 12 May, 00:00 British summer time
  Instant one_o_clock;     // 13:00
  Instant four_o_clock;    // 16:00
  Instant midnight;        // the end of that day
  Instant sunday_evening;  // 14 May, 20:00
  Instant tuesday;         // 16 May, 12:00
  Instant day_five;        // the end of 17 May
};

/// What a finished play of the NHS makes of each of history_counts(), then of hosts infected and of consultations
/// lost by practices; NaN where it does not occur.
std::vector<double> count_history(const Played& play, const HistoryMoments& at);

}  // namespace trustfall
