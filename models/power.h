#pragma once

#include <vector>

#include "sim/base/time.h"
#include "sim/engine/incident.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// Local time at the scenario's start, as office hours need it.
struct LocalStart {
  int weekday = 0;    // 0 is Monday
  Duration of_day{};  // since midnight
};

/// Hosts that are switched off out of hours.
struct PowerPlan {
  Selector where;
  double share = 1;       // of the hosts, that follow it
  Duration on{};          // after local midnight
  Duration off{};         // after local midnight, later than `on`
  bool weekends = false;  // switched on at weekends too
  LocalStart start;

  bool on_at(Instant moment) const;
  /// The first change after `moment`.
  Instant next_change(Instant moment) const;
  /// When work of that length is done, if it starts at `from` and rests while the host is off.
  Instant finish(Instant from, Duration work) const;
};

}  // namespace trustfall
