#include "sim/engine/zone_clock.h"

#include <algorithm>

namespace trustfall {

Rate rate_from(double attempts_per_second) { return static_cast<Rate>(attempts_per_second / rate_unit + 0.5); }

Pressure pressure_for(double attempts, double addresses) {
  const double pressure = attempts * addresses * (1e9 / rate_unit);
  if (!(pressure < 0x1p126)) return no_limit;
  // In two halves, both exact: the compiler's own conversion is a call.
  const auto high = static_cast<std::uint64_t>(pressure * 0x1p-64);
  const double rest = pressure - static_cast<double>(high) * 0x1p64;
  return (Pressure{high} << 64) + static_cast<std::uint64_t>(rest);
}

Instant ZoneClock::time_of(Pressure target, Instant horizon) const {
  if (target <= pressure) return settled;
  if (rate == 0) return never;
  const Pressure missing = target - pressure;
  const double estimate = static_cast<double>(missing) / static_cast<double>(rate);
  if (estimate > static_cast<double>((horizon - settled).count()) + 1) return never;
  // The quotient of doubles is at most one off: a 128-bit division would cost more than all the rest.
  auto wait = static_cast<std::uint64_t>(estimate);
  while (Pressure{rate} * wait < missing) ++wait;
  while (wait > 0 && Pressure{rate} * (wait - 1) >= missing) --wait;
  return settled + Duration(static_cast<std::int64_t>(wait));
}

void ZoneClock::push(const Threshold& threshold) {
  thresholds.push_back(threshold);
  std::push_heap(thresholds.begin(), thresholds.end(), falls_later);
}

void ZoneClock::pop() {
  std::pop_heap(thresholds.begin(), thresholds.end(), falls_later);
  thresholds.pop_back();
}

}  // namespace trustfall
