#include "viz_export/wording.h"

#include <fmt/format.h>

#include <cmath>

namespace trustfall {

std::string readable(double value) {
  if (std::isnan(value)) return "-";
  if (value != std::floor(value) && std::fabs(value) < 100) return fmt::format("{:.2f}", value);
  std::string digits = fmt::format("{:.0f}", std::round(value));
  for (int at = static_cast<int>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string percent(double share) {
  if (share < 1 && share >= 0.9995) return "over 99.9 %";  // all is said of all only
  return fmt::format("{:.3g} %", share * 100);
}

}  // namespace trustfall
