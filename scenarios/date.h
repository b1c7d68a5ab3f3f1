#pragma once

#include <string>

#include "models/hours.h"

namespace trustfall {

/// Local time and weekday of an ISO 8601 date that the reader has accepted (2017-05-12T08:00:00+01:00).
LocalStart local_start(const std::string& date);

/// A moment of the scenario as ISO 8601 in the offset of its start, to the second.
std::string date_at(const std::string& start, Instant moment);

/// When that date is on the clock of a scenario that starts at `start`; both as the reader has accepted them.
Instant moment_of(const std::string& start, const std::string& date);

}  // namespace trustfall
