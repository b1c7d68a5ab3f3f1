#include "sim/engine/pacing.h"

#include <algorithm>

namespace trustfall {

bool limits_hosts(const Pacing& pacing, std::uint16_t zone_kind) {
  return !pacing.uplinks.empty() && pacing.uplinks.front().of == Uplink::Of::host &&
         pacing.uplinks.front().beyond[zone_kind] != 0;
}

HostPace pace_of(HostId host, const Estate& estate, const std::vector<double>& rates, const Pacing& pacing,
                 const Draws& draws) {
  constexpr double most_together = 2e9;
  const auto drawn = [&](const Distribution& of, Purpose purpose) {
    return of.constant() ? of.scale : of.at(draws.uniform(purpose, static_cast<std::uint32_t>(host)));
  };
  double pace = pacing.pace ? std::min(drawn(*pacing.pace, Purpose::pace), 4000.0) : 1;
  double beyond = 0;  // attempts per second at pace 1
  for (const ZoneOfSegment& of : estate.zones_of(estate.segment_of(host))) {
    const Zone& zone = estate[of.zone];
    const double rate = rates[zone.kind];
    if (pacing.pace) pace = std::min(pace, std::max(1.0, most_together / (static_cast<double>(zone.hosts) * rate)));
    if (limits_hosts(pacing, zone.kind)) beyond += rate;
  }
  double limited = pace;
  if (beyond > 0) limited = std::min(pace, drawn(pacing.uplinks.front().cap, Purpose::host_uplink) / beyond);
  const auto units = [](double factor) { return static_cast<std::uint32_t>(factor / pace_unit + 0.5); };
  return {units(pace), units(limited)};
}

double attempts_of(HostId host, const Estate& estate, const std::vector<double>& rates, const Pacing& pacing,
                   const Draws& draws) {
  const HostPace pace = pace_of(host, estate, rates, pacing, draws);
  double sum = 0;
  for (const ZoneOfSegment& of : estate.zones_of(estate.segment_of(host))) {
    const std::uint16_t kind = estate[of.zone].kind;
    sum += rates[kind] * pace_unit * (limits_hosts(pacing, kind) ? pace.limited : pace.open);
  }
  return sum;
}

}  // namespace trustfall
