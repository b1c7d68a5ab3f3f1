// Who is how likely to be the first of its segment.
#include <algorithm>
#include <cmath>
#include <map>

#include "scenarios/inspection/outbreak.h"

namespace trustfall {
namespace {

using LaneOf = std::pair<std::uint32_t, std::uint16_t>;  // zone and network

/// Attempts on an address that all vulnerable hosts would make.
struct Pressure {
  Pressure(const Outset& outset, std::size_t course) : own(outset.model.estate->memberships().size()) {
    const Estate& estate = *outset.model.estate;
    for (std::size_t h = 0; h < outset.vulnerable.hosts.size(); ++h) {
      const Vulnerable::Host& host = outset.vulnerable.hosts[h];
      for (const ZoneOfSegment of : estate.zones_of(host.segment))
        if ((outset.openings.outbound(of.membership) & only(host.device)) != 0)
          own[of.membership] += outset.model.worm.rates[estate[of.zone].kind] / estate[of.zone].addresses *
                                outset.sample(h, course).active;
    }
    for (std::uint32_t m = 0; m < own.size(); ++m)
      if (own[m] > 0) of_lane[lane(outset, m)] += own[m];
  }
  static LaneOf lane(const Outset& outset, std::uint32_t membership) {
    const Estate& estate = *outset.model.estate;
    const Membership& m = estate.memberships()[membership];
    return {static_cast<std::uint32_t>(m.zone), outset.openings.lane(estate[m.zone].kind, estate[m.segment].network)};
  }

  std::vector<double> own;  // by membership, of the hosts of its segment
  std::map<LaneOf, double> of_lane;
};

/// Adds what comes through zones to the hosts of one segment.
void add_attempts(const Outset& outset, const Pressure& pressure, bool from_within, SegmentId segment,
                  std::vector<double>& risk) {
  for (const ZoneOfSegment of : outset.model.estate->zones_of(segment)) {
    const auto zone = static_cast<std::uint32_t>(of.zone);
    for (auto lane = pressure.of_lane.lower_bound({zone, 0}); lane != pressure.of_lane.end(); ++lane) {
      if (lane->first.first != zone) break;
      const bool own = !from_within && lane->first == Pressure::lane(outset, of.membership);
      const double attempts = lane->second - (own ? pressure.own[of.membership] : 0);
      const DeviceSet open = outset.openings.inbound(of.membership, lane->first.second);
      for (std::size_t h = outset.vulnerable.first[index(segment)]; h < outset.vulnerable.first[index(segment) + 1];
           ++h)
        if ((open & only(outset.vulnerable.hosts[h].device)) != 0)
          risk[h] += outset.vulnerable.hosts[h].chance * attempts;
    }
  }
}

/// Few hosts are looked at more often.
std::size_t courses_for(const Vulnerable& vulnerable) {
  constexpr std::size_t looked_at = 100000;
  return std::clamp<std::size_t>(looked_at / std::max<std::size_t>(vulnerable.hosts.size(), 1), 1, 4096);
}

/// What all vulnerable hosts elsewhere would do to each.
std::vector<double> risk_from_elsewhere(const Outset& outset) {
  const Estate& estate = *outset.model.estate;
  const std::vector<Vulnerable::Host>& hosts = outset.vulnerable.hosts;
  const bool from_within = estate.segments() == 1;
  std::vector<double> risk(hosts.size());
  for (std::size_t course = 0; course < outset.courses; ++course) {
    const Pressure pressure(outset, course);
    for (std::uint32_t s = 0; s < estate.segments(); ++s)
      add_attempts(outset, pressure, from_within, SegmentId{s}, risk);
    for (std::size_t h = 0; h < hosts.size(); ++h)
      outset.contacts.each(h, outset.sample(h, course).active, [&](std::size_t to, double hits) {
        if (from_within || hosts[to].segment != hosts[h].segment) risk[to] -= std::expm1(-hits);
      });
  }
  for (double& of : risk) of /= static_cast<double>(outset.courses);
  return risk;
}

std::vector<double> risk_of(const Outset& outset) {
  std::vector<double> risk;
  if (outset.contacts.any()) {
    risk = risk_from_elsewhere(outset);
  } else {
    for (const Vulnerable::Host& host : outset.vulnerable.hosts) risk.push_back(host.chance);
  }
  const std::vector<std::size_t>& begin = outset.vulnerable.first;
  for (std::size_t s = 0; s + 1 < begin.size(); ++s) {
    const auto first = risk.begin() + static_cast<std::ptrdiff_t>(begin[s]);
    const auto last = risk.begin() + static_cast<std::ptrdiff_t>(begin[s + 1]);
    // Nothing comes here but by an entry, which may be anywhere.
    if (std::all_of(first, last, [](double of) { return !(of > 0); })) std::fill(first, last, 1.0);
  }
  return risk;
}

}  // namespace

Outset::Outset(const Model& model_, const Openings& openings_, const PatchPlan& patching, const ActiveTimes& times_,
               const Draws& draws)
    : model(model_),
      openings(openings_),
      times(times_),
      vulnerable(trustfall::vulnerable(model_, patching, draws)),
      contacts(model_, openings_, vulnerable),
      courses(courses_for(vulnerable)),
      risk(risk_of(*this)) {}

}  // namespace trustfall
