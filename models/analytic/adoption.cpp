#include "models/analytic/adoption.h"

#include <cmath>

namespace trustfall::analytic {

double Adoption::unpatched(double time) const { return std::exp(-std::pow(time / scale, shape)); }

}  // namespace trustfall::analytic
