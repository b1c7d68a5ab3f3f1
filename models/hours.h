#pragma once

#include "sim/base/time.h"

namespace trustfall {

/// Local time at the scenario's start, as office hours need it.
struct LocalStart {
  int weekday = 0;    // 0 is Monday
  Duration of_day{};  // since midnight
};

/// Hours of the day at which something is on, or somebody at work.
struct Hours {
  Duration on{};          // after local midnight
  Duration off{};         // after local midnight, later than `on`
  bool weekends = false;  // at weekends too
  LocalStart start;

  bool on_at(Instant moment) const;
  /// The first change after `moment`.
  Instant next_change(Instant moment) const;
  /// When work of that length is done, if it starts at `from` and rests out of hours.
  Instant finish(Instant from, Duration work) const;
  /// How much of the time between two moments lies in these hours.
  Duration within(Instant from, Instant to) const;
};

}  // namespace trustfall
