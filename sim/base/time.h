#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace trustfall {

using namespace std::chrono_literals;

/// A span of time in whole nanoseconds: integers add without rounding, so the order of events never depends on a sum.
using Duration = std::chrono::nanoseconds;

struct ScenarioClock {
  using duration = Duration;
};

/// A moment, counted from the scenario's start.
using Instant = std::chrono::time_point<ScenarioClock, Duration>;

inline constexpr Instant never = Instant::max();

/// Longest span that the reader lets through; small enough that a moment plus a span cannot overflow.
inline constexpr Duration forever = std::chrono::hours(24 * 365 * 100);

/// Rounds to the nanosecond; anything beyond `forever` (infinity too) counts as `forever`.
inline Duration from_seconds(double seconds) {
  constexpr double most = 3153600000.0;
  if (!(seconds < most)) return forever;
  const double exact = seconds * 1e9 + 0.5;
  const auto whole = static_cast<std::int64_t>(exact);
  return Duration(whole - (static_cast<double>(whole) > exact));  // the floor: the library's is a call
}

/// The moment that lies `seconds` after the start; infinity is `never`.
inline Instant moment_at(double seconds) { return std::isinf(seconds) ? never : Instant{} + from_seconds(seconds); }

/// `span` after `from`; `never` stays never.
inline Instant later(Instant from, Duration span) { return from == never ? never : from + span; }

inline double to_seconds(Duration span) { return static_cast<double>(span.count()) * 1e-9; }
inline double to_hours(Duration span) { return static_cast<double>(span.count()) / 3600e9; }
inline double to_hours(Instant moment) { return to_hours(moment.time_since_epoch()); }

}  // namespace trustfall
