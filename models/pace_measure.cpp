#include <limits>

#include "models/measures.h"

namespace trustfall {
namespace {

constexpr Metric table[] = {
    {"peak_attempts_per_second", "attempts/s",
     "Most attempts that infected hosts of the estate made together in a second, after their uplinks; only where the "
     "worm has a pace or uplinks.",
     Better::neither},
};

bool differ(const Model& model) { return !model.worm.pacing.all_alike(); }

void take(const Played& play, Outcome& outcome) {
  outcome.metrics.push_back(differ(play.model()) ? play.peak_attempts_per_second()
                                                 : std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

const Measure pace_measure = {table, {}, differ, take};

}  // namespace trustfall
