#pragma once

#include "models/hours.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// Hosts that are switched off out of hours.
struct PowerPlan {
  Selector where;
  double share = 1;  // of the hosts, that follow it
  Hours hours;
};

}  // namespace trustfall
