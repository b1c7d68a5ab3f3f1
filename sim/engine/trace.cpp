#include "sim/engine/trace.h"

#include <algorithm>
#include <tuple>

namespace trustfall {

Trace in_order(Trace steps) {
  // Stable: a source that passes the worm on at once stays ahead of its targets.
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& a, const Step& b) { return std::tie(a.time, a.what) < std::tie(b.time, b.what); });
  return steps;
}

}  // namespace trustfall
