#pragma once

#include <optional>

#include "models/hours.h"
#include "sim/base/distribution.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// Technicians who go from host to host; each organisation has its own.
struct PatchStaff {
  Distribution technicians;
  double per_technician = 0;   // hosts a second
  std::optional<Hours> hours;  // when they work; empty: always
};

/// What a patch waits for once it is installed.
struct Reboot {
  double needed = 1;                     // share of the hosts that have to start again first
  double daily = 0;                      // share of the hosts that are shut down at the end of each working day
  Hours days;                            // whose ends these are
  std::optional<Duration> forced_after;  // installed to started again; empty: whenever somebody does it
};

/// Hosts that are patched one after the other from a moment on.
struct PatchRing {
  Selector where;
  Instant from = never;
  std::optional<Duration> after_warning;  // that it begins, instead
  double rate = 0;                        // share of its hosts a second; by staff instead where there is some
  std::optional<PatchStaff> staff;        //
  double ceiling = 1;                     // coverage at which it ends
  double fails = 0;                       // share of the hosts on which the installation fails
  std::optional<Hours> window;            // in which installations happen; empty: at any time
  std::optional<Reboot> reboot;           // empty: holds as soon as it is installed
  Duration downtime{};                    // of the host's work that an installation costs
  std::uint32_t luck = 0;                 // luck_of its name
};

/// When the ring comes to a host that so much of its work lies before: hosts where it has staff, a share of its hosts
/// otherwise. `technicians` is how many the organisation has.
Instant turn_after(const PatchRing& ring, Instant begun, double work, double technicians);

/// When a host whose turn is then has the patch installed.
Instant installed_at(const PatchRing& ring, Instant turn);

/// When what was installed then takes effect, on a host whose people shut it down daily or not.
Instant holds_from(const Reboot& reboot, Instant installed, bool daily);

}  // namespace trustfall
