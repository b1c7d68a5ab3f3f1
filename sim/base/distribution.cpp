#include "sim/base/distribution.h"

#include <algorithm>

#include "sim/base/gamma.h"
#include "sim/base/numeric.h"

namespace trustfall {

double Distribution::at(double u) const {
  switch (shape) {
    case Shape::fixed:
      return scale;
    case Shape::exponential:
      return scale * -natural_log(1 - u);
    case Shape::lognormal:
      return scale * trustfall::exponential(spread * inverse_normal(u));
    case Shape::weibull:
      return scale * trustfall::exponential(natural_log(-natural_log(1 - u)) / spread);
    case Shape::gamma:
      return scale / spread * inverse_gamma(spread, u);
    case Shape::discrete: {
      const auto found = std::upper_bound(cumulated.begin(), cumulated.end(), u);
      const auto i =
          std::min<std::ptrdiff_t>(found - cumulated.begin(), static_cast<std::ptrdiff_t>(values.size()) - 1);
      return values[static_cast<std::size_t>(i)];
    }
  }
  return scale;
}

void Distribution::at(std::span<double> uniforms) const {
  if (shape != Shape::exponential) {
    for (double& u : uniforms) u = at(u);
    return;
  }
  for (double& u : uniforms) u = 1 - u;
  natural_logs(uniforms);
  for (double& u : uniforms) u = scale * -u;
}

}  // namespace trustfall
