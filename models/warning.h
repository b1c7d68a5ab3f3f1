#pragma once

#include <optional>

#include "sim/base/distribution.h"
#include "sim/base/time.h"

namespace trustfall {

/// What organisations report of what they detect, and the national warning that follows.
struct Warning {
  Distribution reporting = fixed(0);  // seconds from the first detection in an organisation to its report
  std::uint32_t after_reports = 1;    // the report that leads to the warning
  Distribution delay = fixed(0);      // seconds from that report to the warning
  std::optional<Instant> at;          // the moment of the warning, whatever is reported
};

}  // namespace trustfall
