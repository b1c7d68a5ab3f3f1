#include "sim/base/numeric.h"

#include <cmath>
#include <limits>

#include "sim/base/wide.h"

namespace trustfall {
namespace {

/// a[0] + a[1] x + ... + a[n-1] x^(n-1): four terms at a time in pairs, so that the multiplications overlap.
template <std::size_t n>
double polynomial(const double (&a)[n], double x) {
  const auto term = [&](std::size_t i) { return i < n ? a[i] : 0; };
  const double x2 = x * x;
  const double x4 = x2 * x2;
  double sum = 0;
  for (std::size_t i = (n - 1) / 4 * 4 + 4; i > 0; i -= 4)
    sum = sum * x4 + ((term(i - 4) + term(i - 3) * x) + x2 * (term(i - 2) + term(i - 1) * x));
  return sum;
}

/// Without a branch or a call, so that it exists in lanes too.
inline double exponential_of(double x) {
  constexpr double ln2_high = 0x1.62e42fee00000p-1;
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  const double within = x < -708 ? -708 : x > 709 ? 709 : x;
  const double k = std::floor(within * 0x1.71547652b82fep+0 + 0.5);
  const double r = (within - k * ln2_high) - k * ln2_low;
  // 1/n! from the second order on; the next term is below 1e-17.
  static constexpr double taylor[] = {1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
                                      1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                      1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  const double value = 1 + (r + r * r * polynomial(taylor, r));
  // k by the low bits of 2^52 + k.
  const double biased = k + (0x1p52 + 1023);
  std::uint64_t bits;
  std::memcpy(&bits, &biased, sizeof bits);
  bits <<= 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  const double power = value * scale;
  return x < -708 ? 0 : x > 709 ? std::numeric_limits<double>::infinity() : power;
}

}  // namespace

TRUSTFALL_WIDE
void natural_logs(std::span<double> values) {
  for (double& value : values) value = natural_log(value);
}

double exponential(double x) { return exponential_of(x); }

TRUSTFALL_WIDE
void exponentials(std::span<double> values) {
  for (double& value : values) value = exponential_of(value);
}

double normal_cdf(double x) {
  const double a = std::fabs(x);
  double tail = 0;
  if (a <= 37) {
    const double e = exponential(-a * a / 2);
    if (a < 7.07106781186547) {
      static constexpr double top[] = {220.206867912376, 221.213596169931,  112.079291497871,   33.912866078383,
                                       6.37396220353165, 0.700383064443688, 3.52624965998911e-2};
      static constexpr double bottom[] = {440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674,
                                          86.7807322029461, 16.064177579207,  1.75566716318264, 8.83883476483184e-2};
      tail = e * polynomial(top, a) / polynomial(bottom, a);
    } else {
      tail = e / (a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))))) / 2.506628274631;
    }
  }
  return x > 0 ? 1 - tail : tail;
}

double inverse_normal(double p) {
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    static constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                   1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                   3.3430575583588128105e4, 2.5090809287301226727e3};
    static constexpr double b[] = {1.0,
                                   4.2313330701600911252e1,
                                   6.8718700749205790830e2,
                                   5.3941960214247511077e3,
                                   2.1213794301586595867e4,
                                   3.9307895800092710610e4,
                                   2.8729085735721942674e4,
                                   5.2264952788528545610e3};
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  double r = std::sqrt(-natural_log(q < 0 ? p : 1 - p));
  double value;
  if (r <= 5) {
    static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                   3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr double d[] = {1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
    r -= 1.6;
    value = polynomial(c, r) / polynomial(d, r);
  } else {
    static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                   2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                   2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr double f[] = {1.0,
                                   5.99832206555887937690e-1,
                                   1.36929880922735805310e-1,
                                   1.48753612908506148525e-2,
                                   7.86869131145613259100e-4,
                                   1.84631831751005468180e-5,
                                   1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};
    r -= 5;
    value = polynomial(e, r) / polynomial(f, r);
  }
  return q < 0 ? -value : value;
}

}  // namespace trustfall
