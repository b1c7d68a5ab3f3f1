#pragma once

namespace trustfall::analytic {

/// How a patch is taken up: the time from its release to its installation is Weibull. Times are in the unit of
/// `scale`.
struct Adoption {
  double shape;  // below 1: quick at first, with a long tail
  double scale;

  /// Share still without it at `time`.
  double unpatched(double time) const;
};

/// Enterprises, in days: through one third closed within 30 days, half within 90 and 18 % open after a year (Kenna
/// Security and Cyentia, Prioritization to Prediction, vol. 2, 2019).
inline constexpr Adoption enterprises{0.58, 169};

}  // namespace trustfall::analytic
