#include "scenarios/exercise/pacing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace trustfall {

std::vector<int> pace(const std::vector<Instant>& times, int minutes) {
  if (times.empty()) return {};
  const auto gaps = static_cast<double>(times.size() - 1);
  double first = std::clamp(minutes / 18, 1, 15);
  double last = minutes - std::clamp(minutes / 9, 1, 30);
  if (last - first < gaps) {  // every minute is needed
    first = 1;
    last = std::max(minutes - 1, 1);
  }
  const double room = last - first;
  const double third = minutes / (3 * (gaps + 1));
  const double least = gaps == 0 ? 0 : std::min(std::max(third, 1.0), room / gaps);

  std::vector<double> spans;
  for (std::size_t i = 1; i < times.size(); ++i) spans.push_back(std::sqrt(to_hours(times[i] - times[i - 1])));
  const double all = std::accumulate(spans.begin(), spans.end(), 0.0);
  std::vector<int> result;
  double passed = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double place = static_cast<double>(i);
    if (i > 0) passed += spans[i - 1];
    const double share = all > 0 ? passed / all : gaps > 0 ? place / gaps : 0;
    // The small addition keeps a sum of fractions from falling just short of a whole minute.
    const double minute = first + place * least + (room - gaps * least) * share + 1e-6;
    result.push_back(static_cast<int>(minute));
  }
  return result;
}

}  // namespace trustfall
