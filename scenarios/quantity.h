#pragma once

#include <optional>
#include <string>
#include <vector>

namespace trustfall {

/// What a plain text comes to in one of the schema's units, or what its writer may have meant.
struct Quantity {
  std::optional<double> value;          // in SI: seconds, bytes, per second, share 0 to 1
  std::vector<std::string> candidates;  // other spellings, likeliest first; empty when there is a value
};

/// Reads `text` in `unit` (share, duration, moment, date, rate, size, count, number); `start` is the scenario's start
/// as written, from which moments count. Nothing here looks at a field's range.
Quantity parse_quantity(const std::string& text, const std::string& unit, const std::string& start);

/// Seconds since 1970 of an ISO 8601 date with time and offset, or nothing when it is not one.
std::optional<double> parse_date(const std::string& text);

/// How a value of a unit is written: `a duration such as 90min, 72h or 5d`.
std::string written(const std::string& unit);

/// What a unit accepts between limits: `a share from 0 to 1 (or 0% to 100%)`, `a duration of at least 1min`.
std::string accepted(const std::string& unit, std::optional<double> min, std::optional<double> max);

}  // namespace trustfall
