#pragma once

#include <span>
#include <vector>

namespace trustfall {

/// A quantity that varies, drawn by inversion: the same uniform gives a larger value wherever the quantiles are
/// larger, so that two strategies meet comparable luck.
struct Distribution {
  enum class Shape { fixed, exponential, lognormal, weibull, gamma, discrete };

  Shape shape = Shape::fixed;
  double scale = 0;               // the value; the mean; the median; the scale; the mean
  double spread = 0;              // lognormal: standard deviation of the logarithm; Weibull and gamma: shape
  std::vector<double> values;     // discrete: ascending
  std::vector<double> cumulated;  // discrete: share of the weight up to and with each value; the last is 1

  /// The quantile at `u` in (0, 1), in the unit of `scale`.
  double at(double u) const;

  /// The quantiles at each of these, in their place: the same numbers in less time.
  void at(std::span<double> uniforms) const;

  /// The same value at every `u`.
  bool constant() const { return shape == Shape::fixed; }
};

inline Distribution fixed(double value) { return {Distribution::Shape::fixed, value, 0, {}, {}}; }

}  // namespace trustfall
