#include "sim/engine/zone_clock.h"

#include <algorithm>

namespace trustfall {

Rate rate_from(double attempts_per_second) { return static_cast<Rate>(attempts_per_second / rate_unit + 0.5); }

Pressure pressure_for(double attempts, double addresses) {
  const double pressure = attempts * addresses * (1e9 / rate_unit);
  if (!(pressure < 0x1p126)) return no_limit;
  // In two halves, both exact: the compiler's own conversion is a call, and one of 64 bits a branch.
  const auto high = static_cast<std::int64_t>(pressure * 0x1p-63);
  const double rest = pressure - static_cast<double>(high) * 0x1p63;
  return (static_cast<Pressure>(high) << 63) + static_cast<std::uint64_t>(static_cast<std::int64_t>(rest));
}

Instant ZoneClock::time_of(Pressure target, Instant horizon) const {
  if (target <= pressure) return settled;
  if (rate == 0) return never;
  const Pressure missing = target - pressure;
  if (missing >> 126 != 0) return never;  // at any rate more than a century
  // As above. The quotient is at most a few off, and is put right below: a 128-bit division would cost more than all
  // the rest.
  constexpr std::uint64_t low = ~std::uint64_t{0} >> 1;
  const double wide = static_cast<double>(static_cast<std::int64_t>(missing >> 63)) * 0x1p63 +
                      static_cast<double>(static_cast<std::int64_t>(static_cast<std::uint64_t>(missing) & low));
  const double estimate = wide / static_cast<double>(rate);
  if (estimate > static_cast<double>((horizon - settled).count()) + 1) return never;
  auto wait = static_cast<std::uint64_t>(static_cast<std::int64_t>(estimate)) + 1;
  while (wait > 0 && Pressure{rate} * (wait - 1) >= missing) --wait;
  while (Pressure{rate} * wait < missing) ++wait;
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
