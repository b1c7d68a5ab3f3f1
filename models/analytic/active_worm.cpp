#include "models/analytic/active_worm.h"

#include <cmath>

namespace trustfall::analytic {

std::vector<double> solve(const ActiveWorm& model, std::size_t steps) {
  std::vector<double> infected{model.first};
  double vulnerable = model.hosts;  // and infected
  for (std::size_t i = 0; i < steps; ++i) {
    const double n = infected.back();
    const double hit = -std::expm1(model.scans * n * std::log1p(-1 / model.addresses));
    infected.push_back((1 - model.death - model.patch) * n + (vulnerable - n) * hit);
    vulnerable *= 1 - model.patch;
  }
  return infected;
}

}  // namespace trustfall::analytic
