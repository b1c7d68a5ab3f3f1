#include "models/analytic/final_size.h"

#include <algorithm>
#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>

namespace trustfall::analytic {

double final_share(double r0, double susceptible) {
  if (r0 == 0) return 1 - susceptible;
  // With x = -r0 (1 - z) the equation is x e^x = -s r0 e^(-r0); the largest z is the branch above -1.
  const double product = std::max(-susceptible * r0 * std::exp(-r0), -std::exp(-1.0));
  return std::max(0.0, 1 + boost::math::lambert_w0(product) / r0);
}

}  // namespace trustfall::analytic
