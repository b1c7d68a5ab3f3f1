#include "scenarios/inspection/spread.h"

#include <algorithm>
#include <set>

#include "scenarios/inspection/outbreak.h"

namespace trustfall {

std::size_t courses_of(const Estate& estate) {
  constexpr std::size_t hosts = 2000000;
  return std::clamp<std::size_t>(hosts / estate.hosts(), 1, 256);
}

namespace {

/// The lane from one network through one zone.
analytic::Lane lane_of(const Model& model, const Openings& openings, const Vulnerable& vulnerable,
                       const Outbreaks& drawn, ZoneId zone, std::uint16_t network) {
  const Estate& estate = *model.estate;
  analytic::Lane lane;
  for (std::uint32_t m = estate[zone].first; m < estate[zone].last; ++m) {
    const SegmentId segment = estate.memberships()[m].segment;
    const auto number = static_cast<std::uint32_t>(segment);
    if (openings.lane(estate[zone].kind, estate[segment].network) == network)
      for (std::size_t course = 0; course < drawn.courses; ++course)
        if (const double attempts = drawn.attempts[m * drawn.courses + course]; attempts > 0)
          lane.outbreaks.push_back({number, static_cast<std::uint32_t>(course), attempts});
    const DeviceSet open = openings.inbound(m, network);
    double weight = 0;
    for (std::size_t h = vulnerable.first[number]; open != 0 && h < vulnerable.first[number + 1]; ++h)
      if ((open & only(vulnerable.hosts[h].device)) != 0) weight += vulnerable.hosts[h].chance;
    if (weight > 0) lane.targets.push_back({number, weight});
  }
  return lane;
}

}  // namespace

Spread spread(const Model& model, const Openings& openings, const PatchPlan& patching, const ActiveTimes& times,
              std::uint64_t seed, std::uint32_t replicate) {
  const Estate& estate = *model.estate;
  const Outset outset(model, openings, patching, times, Draws(seed, replicate));
  const Vulnerable& exposed = outset.vulnerable;
  const double within = infected_within(outset);
  if (estate.segments() == 1) return {analytic::NextGeneration(1, 1, {}), within};
  const Outbreaks drawn = draw_outbreaks(outset, courses_of(estate), seed);
  std::vector<analytic::Lane> lanes;
  std::set<std::uint16_t> networks;
  for (std::uint32_t z = 0; z < estate.zones(); ++z) {
    const Zone& zone = estate[ZoneId{z}];
    if (zone.last - zone.first < 2) continue;  // leads to no other segment
    networks.clear();
    for (std::uint32_t m = zone.first; m < zone.last; ++m)
      networks.insert(openings.lane(zone.kind, estate[estate.memberships()[m].segment].network));
    for (const std::uint16_t network : networks) {
      analytic::Lane lane = lane_of(model, openings, exposed, drawn, ZoneId{z}, network);
      if (!lane.outbreaks.empty() && !lane.targets.empty()) lanes.push_back(std::move(lane));
    }
  }
  return {analytic::NextGeneration(estate.segments(), drawn.courses, lanes, drawn.direct), within};
}

PatchPlan at_coverage(const PatchPlan& patching, double coverage) {
  PatchPlan changed = patching;
  changed.coverage = coverage;
  for (PatchGroup& group : changed.groups)
    if (group.coverage) group.coverage = coverage;
  return changed;
}

std::optional<double> critical_coverage(const Model& model, const Openings& openings, const ActiveTimes& times,
                                        std::uint64_t seed, std::uint32_t replicate) {
  const auto below_one = [&](double coverage) {
    return spread(model, openings, at_coverage(model.patching, coverage), times, seed, replicate).reproduction() < 1;
  };
  if (below_one(0)) return 0.0;
  if (!below_one(1)) return std::nullopt;
  double above = 0;
  double enough = 1;
  constexpr double resolution = 0.005;
  while (enough - above > resolution) {
    const double middle = (above + enough) / 2;
    (below_one(middle) ? enough : above) = middle;
  }
  return enough;
}

}  // namespace trustfall
