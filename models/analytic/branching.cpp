#include "models/analytic/branching.h"

#include <limits>

#include "models/analytic/final_size.h"

namespace trustfall::analytic {

// A host's chance to be reached from one other in a large outbreak is the share that the outbreak reaches.
double extinction_chance(double mean_offspring) { return 1 - final_share(mean_offspring); }

double mean_total(double mean_offspring) {
  return mean_offspring < 1 ? 1 / (1 - mean_offspring) : std::numeric_limits<double>::infinity();
}

}  // namespace trustfall::analytic
