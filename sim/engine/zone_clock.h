#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace trustfall {

/// Attempts emitted into a zone: rate times nanoseconds, summed without rounding.
///
/// Because time and rates are integers, a clock's pressure does not depend on when it was settled; two strategies
/// that treat a zone alike see the same pressure to the last bit.
__extension__ using Pressure = unsigned __int128;

/// Attempts per second, in units of 2^-32: even one a month is exact to a thousandth.
using Rate = std::uint64_t;
inline constexpr double rate_unit = 0x1p-32;
/// What all together may emit into one zone, in attempts per second.
inline constexpr double most_attempts_per_second = 4e9;

inline constexpr Pressure no_limit = ~Pressure{0};

Rate rate_from(double attempts_per_second);
/// The pressure at which a member of a zone of `addresses` has met `attempts` attempts.
Pressure pressure_for(double attempts, double addresses);

/// A host's next attempt in a zone.
struct Threshold {
  Pressure at;  // zone pressure at which it falls due, blocks so far included
  HostId host;
  std::uint32_t attempt;  // how many it has had in this zone
  Instant since;          // blocks that began from here on are not yet included
};

/// Latest first, for a heap whose top is the earliest.
inline bool falls_later(const Threshold& a, const Threshold& b) {
  return a.at != b.at ? a.at > b.at : a.host > b.host;
}

/// A zone seen in pressure instead of time: one clock, whatever the number of its hosts.
struct ZoneClock {
  Pressure pressure = 0;  // when it was last settled
  Instant settled{};
  Rate rate = 0;                      // of everyone who emits into the zone
  Rate outside = 0;                   // of those, from outside the estate
  Pressure drawn_to = 0;              // thresholds below this are in the heap, or used
  std::vector<Threshold> thresholds;  // heap, earliest on top
  Instant due = never;                // of its next attempt, never later than it really is
  std::uint32_t place = nowhere;      // in the order of clocks
  std::uint32_t touched = nowhere;    // how many clocks had ever run when this one first did
  static constexpr std::uint32_t nowhere = 0xffffffffu;

  Pressure pressure_at(Instant now) const {
    return pressure + Pressure{rate} * static_cast<std::uint64_t>((now - settled).count());
  }
  void settle(Instant now) {
    pressure = pressure_at(now);
    settled = now;
  }
  /// When the pressure reaches `target`: the first nanosecond at which it is not below; `never` beyond `horizon`.
  Instant time_of(Pressure target, Instant horizon) const;

  void push(const Threshold& threshold);
  void pop();
};

}  // namespace trustfall
