#pragma once

#include <span>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace trustfall {

inline constexpr int always_on = -1;

/// What the models make of the hosts in one replicate: all that the engine has to ask them.
class Targets {
 public:
  virtual ~Targets() = default;

  /// For every host of a segment, the chance that one attempt has an effect unless the host is protected; 0 where
  /// none ever can.
  virtual void chances(SegmentId segment, std::span<double> chance) const = 0;
  /// The same for one host.
  virtual double chance(HostId host) const = 0;
  /// Whether the host of this segment is protected from the start. Costs more than a chance, so it is asked last.
  virtual bool protected_from_start(HostId host, SegmentId segment) const = 0;
  /// Whether the host, exposed at the start, has been protected meanwhile: no attempt has an effect any more.
  virtual bool protected_at(HostId host, Instant now) const = 0;
  /// The power plan that switches it, or `always_on`.
  virtual int power_plan(HostId host) const = 0;
  /// Chance and protection where an attempt comes over links: it may do without what attempts in zones need.
  virtual double chance_over(ZoneId /*links*/, HostId host) const { return chance(host); }
  virtual bool protected_over(ZoneId /*links*/, HostId host, SegmentId segment, Instant now) const {
    return protected_from_start(host, segment) || protected_at(host, now);
  }
  /// Whether a rule on the pair stops attempts from `source` on `target` through `zone` now; source may be no_host.
  virtual bool refuses(HostId source, HostId target, ZoneId zone, Instant now) const = 0;
};

}  // namespace trustfall
