#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

/// Statistics for tests: every tolerance comes from here, none from an earlier output.
namespace trustfall::stats {

inline double mean(const std::vector<double>& sample) {
  double sum = 0;
  for (const double x : sample) sum += x;
  return sum / static_cast<double>(sample.size());
}

inline double standard_deviation(const std::vector<double>& sample) {
  const double m = mean(sample);
  double sum = 0;
  for (const double x : sample) sum += (x - m) * (x - m);
  return std::sqrt(sum / static_cast<double>(sample.size() - 1));
}

inline double standard_error(const std::vector<double>& sample) {
  return standard_deviation(sample) / std::sqrt(static_cast<double>(sample.size()));
}

inline double median(std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  const std::size_t n = sample.size();
  return n % 2 ? sample[n / 2] : (sample[n / 2 - 1] + sample[n / 2]) / 2;
}

/// Largest distance between two empirical distribution functions, taken between distinct values: with ties (counts,
/// plays that never get there) the test at the critical value is conservative.
inline double ks_distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double distance = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    distance = std::max(distance, std::fabs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                            static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return distance;
}

/// Largest distance between an empirical distribution function and a continuous one.
template <class Cdf>
double ks_distance_to(std::vector<double> sample, const Cdf& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return distance;
}

/// 1 % critical values of Kolmogorov and Smirnov for large samples: sqrt(-ln(0.01/2)/2) = 1.628.
inline double ks_critical(std::size_t n) { return 1.628 / std::sqrt(static_cast<double>(n)); }
inline double ks_critical(std::size_t n, std::size_t m) {
  return 1.628 * std::sqrt(1 / static_cast<double>(n) + 1 / static_cast<double>(m));
}

/// Pearson's statistic of counts against expected counts.
inline double chi_square(const std::vector<double>& counted, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < counted.size(); ++i)
    sum += (counted[i] - expected[i]) * (counted[i] - expected[i]) / expected[i];
  return sum;
}

/// Its 1 % critical value (Wilson and Hilferty 1931; within 0.2 % from two degrees of freedom on).
inline double chi_square_critical(std::size_t degrees) {
  const auto d = static_cast<double>(degrees);
  const double root = 1 - 2 / (9 * d) + 2.326348 * std::sqrt(2 / (9 * d));
  return d * root * root * root;
}

/// Whether a binomial count lies within five standard errors; one more for the step of a count.
inline bool within_five_errors(double count, double trials, double chance) {
  return std::fabs(count - trials * chance) <= 5 * std::sqrt(trials * std::max(chance * (1 - chance), 0.0)) + 1;
}

/// Units in the last place of `reference` as a double.
inline double ulps(double found, long double reference) {
  const auto near = static_cast<double>(reference);
  const double step = std::nextafter(std::fabs(near), std::numeric_limits<double>::infinity()) - std::fabs(near);
  return static_cast<double>(std::fabs(static_cast<long double>(found) - reference) / static_cast<long double>(step));
}

}  // namespace trustfall::stats
