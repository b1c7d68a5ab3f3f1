#pragma once

#include <cmath>

#include "tests/support/brute_force_draws.h"

// Office hours as the brute-force oracle has them.

namespace trustfall::oracle {

inline bool is_on(const Hours& plan, double time) {
  const double local = time + seconds(plan.start.of_day);
  const auto day = static_cast<int>(std::floor(local / 86400));
  if (!plan.weekends && (plan.start.weekday + day) % 7 >= 5) return false;
  const double clock = local - 86400.0 * day;
  return clock >= seconds(plan.on) && clock < seconds(plan.off);
}

/// When so much work is done that begins at `time` and rests while the host is off, at most `horizon`. Walked hour by
/// hour: office hours of these tests begin and end at whole hours after the start.
inline double done(const Hours& plan, double time, double work, double horizon) {
  while (time < horizon) {
    const double next = 3600 * (std::floor(time / 3600) + 1);
    if (is_on(plan, (time + next) / 2)) {
      if (work <= next - time) return time + work;
      work -= next - time;
    }
    time = next;
  }
  return horizon;
}

}  // namespace trustfall::oracle
