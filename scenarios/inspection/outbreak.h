#pragma once

#include <vector>

#include "models/analytic/reproduction.h"
#include "scenarios/inspection/active_times.h"
#include "scenarios/inspection/contacts.h"

namespace trustfall {

/// One replicate before anything has happened: who may fall, and how it would come to them.
struct Outset {
  Outset(const Model& model, const Openings& openings, const PatchPlan& patching, const ActiveTimes& times,
         const Draws& draws);

  const Model& model;
  const Openings& openings;
  const ActiveTimes& times;
  Vulnerable vulnerable;
  Contacts contacts;
  std::size_t courses;  // of what single hosts do, to take the mean of
  /// By vulnerable host: how likely it is, beside the others of its segment, to be the first that falls there. By its
  /// chance; where links lead to some and not to others, by what all vulnerable hosts of other segments would do to
  /// it, or those of its own where there is but one.
  std::vector<double> risk;

  /// How long a host is active in one of many courses.
  const ActiveTimes::Sample& sample(std::size_t host, std::size_t course) const {
    constexpr std::size_t stride = 977;
    const Vulnerable::Host& h = vulnerable.hosts[host];
    return times.of(h.device, index(h.host) + course * stride);
  }
};

/// All courses of the outbreaks of all segments: one that its first host begins, and that takes whom Sellke's
/// construction gives.
struct Outbreaks {
  std::size_t courses;
  std::vector<double> attempts;  // on each address, by membership and course
  std::vector<analytic::DirectHits> direct;
};

Outbreaks draw_outbreaks(const Outset& outset, std::size_t courses, std::uint64_t seed);

/// Other hosts of its segment that the first host infects by itself, on average. Where there is one segment, without
/// the host that infected it over a link.
double infected_within(const Outset& outset);

}  // namespace trustfall
