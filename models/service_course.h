#pragma once

#include <array>
#include <vector>

#include "models/played.h"

namespace trustfall {

/// What a service of an organisation, or of a site, came to in a replicate.
struct UnitCourse {
  Duration degraded{};  // below full capacity, but not down
  Duration down{};
  Duration longest_down{};  // at a stretch
  Duration diverting{};
  std::array<double, activity_kinds> lost{};  // by ActivityKind
  double pounds = 0;                          // that these were worth

  bool disturbed() const { return degraded + down > Duration{}; }
};

/// A time for which a service of an organisation, or of a site, was down at a stretch.
struct Outage {
  std::uint32_t unit;
  Instant from;
  Instant until;  // the horizon where it lasted to the end
};

/// A moment at which something of an organisation begins or ends.
struct Turn {
  enum class What : std::uint8_t { degraded, diverting };

  Instant time;
  OrganisationId organisation;
  What what;
  bool begins;
};

/// What all services came to in a replicate that has been played to its horizon.
struct ServiceCourses {
  std::vector<UnitCourse> units;       // by unit
  std::vector<std::uint32_t> touched;  // units that were ever below full capacity
  std::vector<Turn> turns;             // in order of time; without what begins and ends at once
  std::vector<Outage> outages;         // as they ended
};

/// Reckons the capacity of every unit from what happened to its hosts and links.
///
/// A host is unusable from when it is encrypted, isolated by itself or crashed, until it is restored, recovered or
/// its data are bought back; and while it is cut off from everything. A link is gone while more than half of its
/// segments are cut off from the zone or from everything. A need for hosts leaves min(1, usable / enough), one for a
/// service min(1, its capacity / share); a unit has the least that its needs leave, or what paper keeps once that is
/// set up.
ServiceCourses reckon_services(const Played& play);

}  // namespace trustfall
