#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/estate/kinds.h"

namespace trustfall {

/// That part of a segment was cut off on purpose for a time.
struct Cut {
  SegmentId segment;
  ZoneId zone;        // from which it was cut off; no_zone: from everything
  DeviceSet devices;  // that were
  Instant from;
  Instant until;         // `never` where it lasted to the end
  bool ordered = false;  // by an order
};

}  // namespace trustfall
