#include "sim/base/gamma.h"

#include <cmath>

#include "sim/base/numeric.h"

namespace trustfall {
namespace {

/// Logarithm of the gamma function for positive x: Stirling's series (Abramowitz and Stegun 6.1.41) above 10, and the
/// recurrence below.
double log_gamma(double x) {
  double product = 1;
  for (; x < 10; x += 1) product *= x;
  const double r = 1 / (x * x);
  const double series =
      (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360)))))) /
      x;
  constexpr double half_log_two_pi = 0.91893853320467274178;
  return (x - 0.5) * natural_log(x) - x + half_log_two_pi + series - natural_log(product);
}

/// x^shape e^-x / Gamma(shape)
double factor(double shape, double x) { return exponential(shape * natural_log(x) - x - log_gamma(shape)); }

}  // namespace

double gamma_cdf(double shape, double x) {
  if (x <= 1e-300) return 0;
  constexpr int most = 10000;
  if (x < shape + 1) {
    double term = 1 / shape;
    double sum = term;
    for (int n = 1; n < most && term > sum * 1e-17; ++n) sum += term *= x / (shape + n);
    return sum * factor(shape, x);
  }
  // Lentz's way with continued fractions.
  double b = x + 1 - shape;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int n = 1; n < most; ++n) {
    const double a = n * (shape - n);
    b += 2;
    d = 1 / (b + a * d);
    c = b + a / c;
    const double step = c * d;
    fraction *= step;
    if (std::fabs(step - 1) < 1e-16) break;
  }
  return 1 - factor(shape, x) * fraction;
}

double inverse_gamma(double shape, double p) {
  // Wilson and Hilferty (PNAS 17, 1931), and for small values the first term of the series.
  const double third = 1 - 1 / (9 * shape) + inverse_normal(p) / (3 * std::sqrt(shape));
  double x = shape * third * third * third;
  if (!(x > 0.1 * shape)) x = exponential((natural_log(p) + log_gamma(shape + 1)) / shape);
  double low = 0;
  double high = 1e300;
  for (int i = 0; i < 200; ++i) {
    const double off = gamma_cdf(shape, x) - p;
    (off > 0 ? high : low) = x;
    const double slope = factor(shape, x) / x;
    double next = slope > 0 ? x - off / slope : -1;
    if (!(next > low && next < high)) next = high < 1e300 ? low + (high - low) / 2 : 2 * x;
    if (std::fabs(next - x) <= 1e-13 * x) return next;
    x = next;
  }
  return x;
}

}  // namespace trustfall
