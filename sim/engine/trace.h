#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace trustfall {

/// What became of a host.
enum class Transition : std::uint8_t {
  infected,   // the worm runs; source and zone say how it came
  stopped,    // the worm started, found the kill switch and stopped: not infected
  crashed,    // hit, went down instead of falling
  recovered,  // up again after a crash
  encrypted,  // all its data
  detected,
  isolated,
  restored,  // back in service, immune; detail: nanoseconds of work lost
  cleared,   // rid of the worm, and open to it again
};
inline constexpr int transitions = 9;

/// One change of one host.
struct Step {
  Instant time;
  std::int64_t detail;
  HostId host;
  HostId source;  // no_host unless another host of the estate did it
  ZoneId zone;    // no_zone unless it came through one
  Transition what;
};

/// All that happened in a replicate: the infection tree and everything that is counted.
using Trace = std::vector<Step>;

/// By time; at the same moment infections first, then what follows from them.
Trace in_order(Trace steps);

}  // namespace trustfall
