#include "sim/base/gamma.h"

#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/numeric.h"

using namespace trustfall;

TEST_CASE("The gamma distribution agrees with Boost.Math's") {
  for (const double shape : {0.05, 0.2, 0.5, 1.0, 2.5, 9.0, 50.0, 300.0, 1000.0}) {
    for (const double times : {0.01, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0}) {
      CAPTURE(shape, times);
      CHECK(std::fabs(gamma_cdf(shape, shape * times) - boost::math::gamma_p(shape, shape * times)) < 1e-13);
    }
    for (const double p : {1e-9, 1e-4, 0.01, 0.3, 0.5, 0.7, 0.99, 0.9999}) {
      CAPTURE(shape, p);
      CHECK(inverse_gamma(shape, p) == Approx(boost::math::gamma_p_inv(shape, p)).epsilon(1e-10));
    }
  }
}

TEST_CASE("A gamma time of shape 1 is exponential, and one of shape k has a k-th of the variance") {
  const Draws draws(1, 0);
  constexpr int n = 100000;
  for (const double shape : {1.0, 4.0}) {
    const Distribution gamma{Distribution::Shape::gamma, 3600, shape, {}, {}};
    double sum = 0;
    double squares = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double value = gamma.at(draws.uniform(Purpose::latency, i));
      sum += value;
      squares += value * value;
    }
    const double mean = sum / n;
    const double deviation = 3600 / std::sqrt(shape);
    CHECK(std::fabs(mean - 3600) < 5 * deviation / std::sqrt(n));
    // The variance of a sample's variance is (kurtosis - 1) / n of its square, and the kurtosis is 3 + 6 / shape.
    const double variance = squares / n - mean * mean;
    CHECK(std::fabs(variance / (deviation * deviation) - 1) < 5 * std::sqrt((2 + 6 / shape) / n));
  }
  const Distribution one{Distribution::Shape::gamma, 10, 1, {}, {}};
  CHECK(one.at(0.3) == Approx(-10 * std::log(0.7)).epsilon(1e-12));
}

TEST_CASE("Draws in lanes are the single ones, whatever their number") {
  const Draws draws(0x123456789abcdef, 7);
  for (std::size_t size = 0; size <= 40; ++size) {
    std::vector<std::uint32_t> subjects(size), pairs(size);
    for (std::size_t i = 0; i < size; ++i) {
      subjects[i] = static_cast<std::uint32_t>(0xfffffff0u + 977 * i);
      pairs[i] = static_cast<std::uint32_t>(i % 7);
    }
    std::vector<double> both(2 * size), each(size), row(size);
    draws.both(Purpose::link, subjects, pairs, both);
    draws.uniforms(Purpose::activity, subjects, each);
    draws.uniforms(Purpose::threshold, 0xfffffffau, 5, 3, row);
    for (std::size_t i = 0; i < size; ++i) {
      CAPTURE(size, i);
      const auto [first, second] = draws.both(Purpose::link, subjects[i], pairs[i]);
      CHECK((both[2 * i] == first && both[2 * i + 1] == second));
      CHECK(first == draws.uniform(Purpose::link, subjects[i], pairs[i]));
      CHECK(each[i] == draws.uniform(Purpose::activity, subjects[i]));
      CHECK(row[i] == draws.uniform(Purpose::threshold, 0xfffffffau + static_cast<std::uint32_t>(i), 5, 3));
    }
    std::vector<double> logs = each;
    natural_logs(logs);
    for (std::size_t i = 0; i < size; ++i) CHECK(logs[i] == natural_log(each[i]));
  }
}
