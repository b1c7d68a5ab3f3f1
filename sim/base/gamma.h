#pragma once

namespace trustfall {

/// The gamma distribution function with this shape and scale 1: the regularised lower incomplete gamma function, by
/// its series or its continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31), to 1e-13.
double gamma_cdf(double shape, double x);

/// Its inverse on (0, 1), by Newton's steps within a bracket, to 1e-12 relative.
double inverse_gamma(double shape, double p);

}  // namespace trustfall
