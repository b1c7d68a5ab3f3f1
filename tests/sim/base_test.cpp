#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/error.h"
#include "sim/base/numeric.h"
#include "sim/base/time.h"
#include "tests/support/statistics.h"

using namespace trustfall;

namespace {

using Words = std::array<std::uint32_t, 4>;

/// Philox once more, written from the paper's figure: multiply, cross over, bump the key.
Words philox_again(Words x, std::uint32_t k0, std::uint32_t k1) {
  for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    const unsigned long long p = 0xD2511F53ull * x[0];
    const unsigned long long q = 0xCD9E8D57ull * x[2];
    const Words y = x;
    x[0] = static_cast<std::uint32_t>(q / 0x100000000ull) ^ y[1] ^ k0;
    x[1] = static_cast<std::uint32_t>(q % 0x100000000ull);
    x[2] = static_cast<std::uint32_t>(p / 0x100000000ull) ^ y[3] ^ k1;
    x[3] = static_cast<std::uint32_t>(p % 0x100000000ull);
  }
  return x;
}

/// Uniforms that cover (0, 1), its ends most densely.
template <class Check>
void for_many_uniforms(const Check& check) {
  const Draws draws(11, 0);
  for (std::uint32_t i = 0; i < 100000; ++i) check(draws.uniform(Purpose::bootstrap, i));
  for (int e = 1; e <= 52; ++e) {
    check(std::ldexp(1.0, -e));
    check(1 - std::ldexp(1.0, -e));
    check(std::ldexp(1.0 + 0.3 / e, -e));
  }
}

long double cdf_reference(double x) { return erfcl(-static_cast<long double>(x) / sqrtl(2.0L)) / 2; }

/// The normal quantile to long double precision: Newton from the answer under test.
long double quantile_reference(double p, double start) {
  long double x = start;
  for (int step = 0; step < 3; ++step) {
    const long double density = expl(-x * x / 2) / sqrtl(2 * acosl(-1.0L));
    // In the upper half the tail is compared, because the distribution function itself is rounded to 1.
    const long double missing =
        p < 0.5 ? p - erfcl(-x / sqrtl(2.0L)) / 2 : erfcl(x / sqrtl(2.0L)) / 2 - (1 - static_cast<long double>(p));
    x += missing / density;
  }
  return x;
}

double moment(const Distribution& distribution, int power, std::uint32_t draws_of, double& error) {
  const Draws draws(12, 0);
  std::vector<double> sample;
  for (std::uint32_t i = 0; i < draws_of; ++i)
    sample.push_back(std::pow(distribution.at(draws.uniform(Purpose::bootstrap, i)), power));
  error = stats::standard_error(sample);
  return stats::mean(sample);
}

}  // namespace

// --- draws ---

TEST_CASE("Philox agrees with a second writing of it for many counters and keys") {
  std::uint32_t x = 1;
  const auto word = [&x] { return x = x * 1664525u + 1013904223u; };
  for (int i = 0; i < 10000; ++i) {
    const Words counter = {word(), word(), word(), word()};
    const std::uint32_t k0 = word();
    const std::uint32_t k1 = word();
    REQUIRE(philox(counter, {k0, k1}) == philox_again(counter, k0, k1));
  }
}

TEST_CASE("Uniforms drawn side by side are those drawn one by one, however many") {
  const Draws draws(0x123456789abcdef0u, 77);
  for (std::size_t size = 0; size < 70; ++size) {
    const auto first = static_cast<std::uint32_t>(0xffffffffu - 30 * size);  // past the largest, too
    std::vector<double> out(size + 1, -1.0);
    draws.uniforms(Purpose::threshold, first, 4, 5, {out.data(), size});
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < size; ++i)
      wrong += out[i] != draws.uniform(Purpose::threshold, first + static_cast<std::uint32_t>(i), 4, 5);
    CHECK(wrong == 0);
    CHECK(out[size] == -1);
  }
}

TEST_CASE("A uniform is the upper 52 bits of two words, found at its address") {
  const std::uint64_t seed = 0x0123456789abcdefu;
  for (std::uint32_t k : {0u, 1u, 77u, 0xffffffu}) {
    const Draws draws(seed, 5);
    const Words w = philox_again({9, 3, (7u << 24) | k, 5}, 0x89abcdefu, 0x01234567u);
    const std::uint64_t word = (std::uint64_t{w[0]} << 32) | w[1];
    const double expected = std::ldexp(static_cast<double>(word >> 12), -52) + std::ldexp(1.0, -53);
    CHECK(draws.uniform(Purpose::patched, 9, 3, k) == expected);
  }
}

TEST_CASE("Every part of the address gives another number, and the same address the same one") {
  const Draws draws(1, 2);
  const double here = draws.uniform(Purpose::threshold, 3, 4, 5);
  CHECK(here == Draws(1, 2).uniform(Purpose::threshold, 3, 4, 5));
  CHECK(here != draws.uniform(Purpose::source, 3, 4, 5));
  CHECK(here != draws.uniform(Purpose::threshold, 4, 4, 5));
  CHECK(here != draws.uniform(Purpose::threshold, 3, 5, 5));
  CHECK(here != draws.uniform(Purpose::threshold, 3, 4, 6));
  CHECK(here != Draws(1, 3).uniform(Purpose::threshold, 3, 4, 5));
  CHECK(here != Draws(2, 2).uniform(Purpose::threshold, 3, 4, 5));
  CHECK(here != Draws(1 + (std::uint64_t{1} << 32), 2).uniform(Purpose::threshold, 3, 4, 5));
}

TEST_CASE("Uniforms are even and neighbours in every coordinate of the address are independent") {
  constexpr std::uint32_t n = 64000;
  constexpr std::size_t cells = 16;
  const Draws draws(2, 0);
  const auto cell = [](double u) { return static_cast<std::size_t>(u * cells); };
  const auto pair_statistic = [&](const auto& first, const auto& second) {
    std::vector<double> counted(cells * cells);
    for (std::uint32_t i = 0; i < n; ++i) counted[cell(first(i)) * cells + cell(second(i))] += 1;
    return stats::chi_square(counted, std::vector<double>(cells * cells, double{n} / (cells * cells)));
  };
  const auto base = [&](std::uint32_t i) { return draws.uniform(Purpose::threshold, i, i % 7, 0); };
  const double critical = stats::chi_square_critical(cells * cells - 1);
  CHECK(pair_statistic(base, [&](std::uint32_t i) { return draws.uniform(Purpose::threshold, i + 1, i % 7, 0); }) <
        critical);
  CHECK(pair_statistic(base, [&](std::uint32_t i) { return draws.uniform(Purpose::threshold, i, i % 7 + 1, 0); }) <
        critical);
  CHECK(pair_statistic(base, [&](std::uint32_t i) { return draws.uniform(Purpose::threshold, i, i % 7, 1); }) <
        critical);
  CHECK(pair_statistic(base, [&](std::uint32_t i) { return draws.uniform(Purpose::source, i, i % 7, 0); }) <
        critical);
  CHECK(pair_statistic(base, [](std::uint32_t i) { return Draws(2, 1).uniform(Purpose::threshold, i, i % 7, 0); }) <
        critical);
  CHECK(pair_statistic(base, [](std::uint32_t i) { return Draws(3, 0).uniform(Purpose::threshold, i, i % 7, 0); }) <
        critical);
}

TEST_CASE("A uniform is never 0 or 1, so that its logarithms are finite") {
  constexpr double least = 0.5 * 0x1p-52;
  constexpr double most = (static_cast<double>((std::uint64_t{1} << 52) - 1) + 0.5) * 0x1p-52;
  CHECK(least > 0);
  CHECK(most < 1);
  CHECK(std::isfinite(natural_log(least)));
  CHECK(natural_log(most) < 0);
  CHECK(std::isfinite(inverse_normal(least)));
  CHECK(std::isfinite(inverse_normal(most)));
}

// --- functions ---

TEST_CASE("natural_log is within 2 ulp") {
  double worst = 0;
  for_many_uniforms([&](double u) { worst = std::max(worst, stats::ulps(natural_log(u), logl(u))); });
  for (int e = -1022; e <= 1023; ++e)
    for (const double m : {1.0, 1.0000000001, 1.41421356, 1.41421357, 1.7, 1.999999999})
      worst = std::max(worst,
                       stats::ulps(natural_log(std::ldexp(m, e)), logl(std::ldexp(static_cast<long double>(m), e))));
  CHECK(worst <= 2);
  CHECK(natural_log(1.0) == 0);
}

TEST_CASE("exponential is within 2 ulp, 0 far below and infinite far above") {
  double worst = 0;
  for_many_uniforms([&](double u) {
    for (const double x : {-708 + 1417 * u, u, -u, 40 * (u - 0.5)})
      worst = std::max(worst, stats::ulps(exponential(x), expl(x)));
  });
  worst = std::max({worst, stats::ulps(exponential(709), expl(709)), stats::ulps(exponential(-708), expl(-708))});
  CHECK(worst <= 2);
  CHECK(exponential(0) == 1);
  CHECK(exponential(-708.5) == 0);
  CHECK(exponential(709.5) == std::numeric_limits<double>::infinity());

  // In lanes the same bits, whatever is left over of them.
  std::vector<double> powers{-std::numeric_limits<double>::infinity(), -709, -708, 709, 710};
  for (int i = 0; i < 1000; ++i) powers.push_back(-750 + 1.499 * i);
  const std::vector<double> exponents = powers;
  exponentials(powers);
  for (std::size_t i = 0; i < powers.size(); ++i) CHECK(powers[i] == exponential(exponents[i]));
}

TEST_CASE("normal_cdf is within 1e-15 everywhere") {
  double worst = 0;
  const auto check = [&](double x) {
    worst = std::max(worst, static_cast<double>(fabsl(normal_cdf(x) - cdf_reference(x))));
  };
  for_many_uniforms([&](double u) { check(16 * (u - 0.5)); });
  for (const double x : {-40.0, -37.5, -8.3, -7.0710678, -7.0710679, 0.0, 7.0710678, 7.0710679, 8.3, 37.5, 40.0})
    check(x);
  CHECK(worst <= 1e-15);
  CHECK(normal_cdf(0) == Approx(0.5).margin(1e-15));
}

TEST_CASE("inverse_normal is within 1e-15 of the quantile, relative to it") {
  long double worst = 0;
  for_many_uniforms([&](double p) {
    if (p == 0.5) return;
    const double x = inverse_normal(p);
    const long double reference = quantile_reference(p, x);
    worst = std::max(worst, fabsl((x - reference) / reference));
  });
  CHECK(static_cast<double>(worst) <= 1e-15);
  CHECK(inverse_normal(0.5) == 0);
}

TEST_CASE("inverse_normal and natural_log never go down where their argument goes up") {
  // Rounding may repeat a value; a step down would break what nests by quantiles.
  double last_log = -1e9;
  double last_normal = -1e9;
  int down = 0;
  for (int i = 1; i < 200000; ++i) {
    const double u = i / 200000.0;
    down += natural_log(u) < last_log;
    down += inverse_normal(u) < last_normal;
    last_log = natural_log(u);
    last_normal = inverse_normal(u);
  }
  CHECK(down == 0);
}

// --- distributions ---

TEST_CASE("A distribution's quantiles are the closed forms") {
  using Shape = Distribution::Shape;
  const Distribution exp_{Shape::exponential, 3, 0, {}, {}};
  const Distribution lognormal{Shape::lognormal, 5, 0.7, {}, {}};
  const Distribution weibull{Shape::weibull, 169, 0.58, {}, {}};
  CHECK(fixed(2.5).at(0.1) == 2.5);
  CHECK(fixed(2.5).constant());
  CHECK_FALSE(exp_.constant());
  for (const double u : {1e-9, 0.01, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9}) {
    CHECK(exp_.at(u) == Approx(-3 * std::log1p(-u)).epsilon(1e-7));
    CHECK(lognormal.at(u) ==
          Approx(5 * std::exp(0.7 * static_cast<double>(quantile_reference(u, inverse_normal(u))))));
    CHECK(weibull.at(u) == Approx(169 * std::pow(-std::log1p(-u), 1 / 0.58)).epsilon(1e-6));
  }
  CHECK(exp_.at(0.5) == Approx(3 * std::log(2.0)));
  CHECK(lognormal.at(0.5) == Approx(5));
  CHECK(weibull.at(1 - std::exp(-1.0)) == Approx(169));
}

TEST_CASE("A discrete distribution gives each value its share") {
  const Distribution d{Distribution::Shape::discrete, 0, 0, {10, 20, 40}, {0.25, 0.75, 1}};
  CHECK(d.at(0.0001) == 10);
  CHECK(d.at(0.2499) == 10);
  CHECK(d.at(0.25) == 20);
  CHECK(d.at(0.7499) == 20);
  CHECK(d.at(0.75) == 40);
  CHECK(d.at(0.9999) == 40);
}

TEST_CASE("A discrete distribution whose weights round short of 1 still gives its last value") {
  const Distribution d{Distribution::Shape::discrete, 0, 0, {1, 2}, {0.5, 0.9999999}};
  CHECK(d.at(0.99999999) == 2);
}

TEST_CASE("Moments of drawn values are those of the distribution, within 5 standard errors") {
  using Shape = Distribution::Shape;
  struct Case {
    Distribution distribution;
    double first;
    double second;
  };
  const double g1 = std::tgamma(1 + 1 / 1.5);
  const double g2 = std::tgamma(1 + 2 / 1.5);
  const Case cases[] = {
      {{Shape::exponential, 3, 0, {}, {}}, 3, 18},
      {{Shape::lognormal, 5, 0.5, {}, {}}, 5 * std::exp(0.125), 25 * std::exp(0.5)},
      {{Shape::weibull, 4, 1.5, {}, {}}, 4 * g1, 16 * g2},
      {{Shape::discrete, 0, 0, {10, 20, 40}, {0.25, 0.75, 1}}, 22.5, 625},
  };
  for (const Case& c : cases) {
    double error = 0;
    const double first = moment(c.distribution, 1, 40000, error);
    CHECK(std::fabs(first - c.first) <= 5 * error);
    const double second = moment(c.distribution, 2, 40000, error);
    CHECK(std::fabs(second - c.second) <= 5 * error);
  }
}

TEST_CASE("The published patch curve leaves 0.69, 0.50 and 0.21 unpatched at 30, 90 and 365 days") {
  // V11 of the validation tables: Weibull of shape 0.58 and scale 169 d.
  const Distribution days{Distribution::Shape::weibull, 169, 0.58, {}, {}};
  const Draws draws(13, 0);
  constexpr std::uint32_t n = 100000;
  for (const double day : {30.0, 90.0, 365.0}) {
    double unpatched = 0;
    for (std::uint32_t i = 0; i < n; ++i) unpatched += days.at(draws.uniform(Purpose::bootstrap, i)) > day;
    CHECK(unpatched / n == Approx(std::exp(-std::pow(day / 169, 0.58))).margin(0.01));
  }
}

// --- time ---

TEST_CASE("Seconds become whole nanoseconds, rounded") {
  CHECK(from_seconds(0) == 0ns);
  CHECK(from_seconds(0.4e-9) == 0ns);
  CHECK(from_seconds(0.6e-9) == 1ns);
  CHECK(from_seconds(1.25) == 1250ms);
  CHECK(from_seconds(-1.25) == -1250ms);
  CHECK(from_seconds(86400.0 * 365) == 24h * 365);
  for (const double whole : {1.0, 7.0, 3599.0, 123456789.0, 3153599999.0})
    CHECK(from_seconds(whole) == std::chrono::seconds(static_cast<long long>(whole)));
}

TEST_CASE("A span beyond a hundred years is forever, infinity and what is no number too") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(from_seconds(3153600000.0) == forever);
  CHECK(from_seconds(1e300) == forever);
  CHECK(from_seconds(infinity) == forever);
  CHECK(from_seconds(std::nan("")) == forever);
  CHECK(from_seconds(3153599999.0) < forever);
}

TEST_CASE("The moment at infinity is never, and never is later than anything") {
  CHECK(moment_at(std::numeric_limits<double>::infinity()) == never);
  CHECK(moment_at(1.5) == Instant{} + 1500ms);
  CHECK(Instant{} + forever < never);
  CHECK(Instant{} + forever + forever < never);
}

TEST_CASE("Hours and seconds read back what was put in") {
  CHECK(to_seconds(90min) == 5400);
  CHECK(to_hours(Duration(90min)) == 1.5);
  CHECK(to_hours(Instant{} + 36h) == 36);
}

// --- words ---

TEST_CASE("nearest finds the word that was meant, and nothing when none is near") {
  const std::vector<std::string> known = {"patching", "firewall", "detection", "kill_switch", "at", "on"};
  CHECK(nearest("pathcing", known) == "patching");
  CHECK(nearest("firewal", known) == "firewall");
  CHECK(nearest("detektion", known) == "detection");
  CHECK(nearest("kil_swich", known) == "kill_switch");
  CHECK(nearest("patching", known) == "patching");
  CHECK(nearest("of", known).empty());  // two letters: nothing is near
  CHECK(nearest("banana", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest("word", {}).empty());
  CHECK(nearest(std::string(1000000, 'x'), known).empty());
}

TEST_CASE("nearest prefers the nearer word, and the first of two equally near") {
  CHECK(nearest("coverage", {"coverages", "coverage"}) == "coverage");
  CHECK(nearest("haste", {"paste", "taste"}) == "paste");
}

TEST_CASE("A mistake is shown where it was made, with a caret and a suggestion") {
  const Mistake mistake{"hospital.yaml", {14, 11, 8},          Severity::error, "unknown model 'pathcing'",
                        "'patching'",    "  - model: pathcing"};
  // Columns count from 1.
  CHECK(describe(mistake) ==
        "hospital.yaml:14:11: error: unknown model 'pathcing'\n"
        "   14 |   - model: pathcing\n"
        "      |           ^~~~~~~~ did you mean 'patching'?");
}
