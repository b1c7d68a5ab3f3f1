#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace trustfall {

// Transcendental functions in plain IEEE arithmetic: the C library's differ in their last bits from machine to
// machine, and one bit is another incident.

/// Natural logarithm of a positive normal number, within 2 ulp.
///
/// x = m 2^k with m in [sqrt(1/2), sqrt 2); log m = 2 atanh(s), s = (m-1)/(m+1), by its series: the twelfth term is
/// below 1e-18 of the first.
inline double natural_log(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcdu;
  // The exponent by unsigned shifts and a conversion through the bits of 2^52 + k: these exist in lanes too.
  constexpr std::uint64_t bias = 1024;
  const std::uint64_t k = (bits - sqrt_half + (bias << 52)) >> 52;
  bits -= (k - bias) << 52;
  double m;
  std::memcpy(&m, &bits, sizeof m);
  const std::uint64_t k_bits = 0x4330000000000000u | k;
  double scale;
  std::memcpy(&scale, &k_bits, sizeof scale);
  scale -= 0x1p52 + static_cast<double>(bias);
  const double s = (m - 1) / (m + 1);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  // Pairs, so that the multiplications overlap.
  const double low = (1.0 / 3 + z * (1.0 / 5)) + z2 * (1.0 / 7 + z * (1.0 / 9));
  const double middle = (1.0 / 11 + z * (1.0 / 13)) + z2 * (1.0 / 15 + z * (1.0 / 17));
  const double high = (1.0 / 19 + z * (1.0 / 21)) + z2 * (1.0 / 23);
  const double series = 2 * s * z * (low + z4 * (middle + z4 * high));
  constexpr double ln2_high = 0x1.62e42fee00000p-1;  // exact times any exponent
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  return scale * ln2_high + (2 * s + (series + scale * ln2_low));
}

/// natural_log() of each, in place: the same numbers in less time.
void natural_logs(std::span<double> values);

/// e to the power of x, within 2 ulp; 0 below -708 and infinity above 709.
double exponential(double x);

/// exponential() of each, in place: the same numbers in less time.
void exponentials(std::span<double> values);

/// The standard normal distribution function (Hart 1968, as given by West, Wilmott, May 2005), to 1e-15.
double normal_cdf(double x);

/// Its inverse on (0, 1) (Wichura, AS 241, Applied Statistics 37, 1988), to 1e-15 relative.
double inverse_normal(double p);

}  // namespace trustfall
