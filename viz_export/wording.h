#pragma once

#include <string>

namespace trustfall {

/// 1234567 as 1,234,567; with two digits behind the point when it is small and not whole; "-" for what is no number.
std::string readable(double value);

/// A share as a percentage of three digits: 0.1234 as 12.3 %.
std::string percent(double share);

}  // namespace trustfall
