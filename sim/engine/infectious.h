#pragma once

#include "sim/base/time.h"

namespace trustfall {

/// When an infected host can infect others; never where it does not last.
struct Infectious {
  Instant from;
  Instant until;
};

}  // namespace trustfall
