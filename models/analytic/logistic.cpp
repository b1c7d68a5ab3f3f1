#include "models/analytic/logistic.h"

#include <cmath>

namespace trustfall::analytic {

double Logistic::infected(double time) const { return hosts / (1 + (hosts / first - 1) * std::exp(-growth * time)); }

double Logistic::time_to(double share) const {
  return (std::log(hosts / first - 1) + std::log(share / (1 - share))) / growth;
}

}  // namespace trustfall::analytic
