#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/analytic/active_worm.h"
#include "models/analytic/adoption.h"
#include "models/analytic/branching.h"
#include "models/analytic/final_size.h"
#include "models/analytic/logistic.h"
#include "models/analytic/siidr.h"
#include "models/analytic/two_factor.h"

// Equations of worms against published figures, and against the same solved in another way. Their reference outputs
// are the rows of `trustfall validate`.

using namespace trustfall::analytic;

namespace {

/// The largest root of f between 0 and 1, where f is positive below it, by bisection.
template <class F>
double root(const F& f) {
  double low = 1e-9;
  double high = 1;
  for (int i = 0; i < 200; ++i) (f((low + high) / 2) > 0 ? low : high) = (low + high) / 2;
  return low;
}

}  // namespace

TEST_CASE("The logistic curve solves dI/dt = K I (1 - I/N), and its times are its own") {
  const Logistic curve{1000, 3, 0.7};
  CHECK(curve.infected(0) == Approx(3));
  for (const double t : {1.0, 5.0, 9.0, 14.0}) {
    const double slope = (curve.infected(t + 1e-5) - curve.infected(t - 1e-5)) / 2e-5;
    const double i = curve.infected(t);
    CHECK(slope == Approx(0.7 * i * (1 - i / 1000)).epsilon(1e-6));
    CHECK(curve.time_to(i / 1000) == Approx(t));
  }
  CHECK(curve.peak() == Approx(0.7 * 500 * 0.5));
}

TEST_CASE("Staniford, Paxson and Weaver's simulated worm: K of ten scans a second, half of 300,000 hosts by then") {
  // Read in the paper: 10 scans/s and N = 300,000 were fitted with K = 2.6/h and T = 5.52 h; theory gives K = 2.51.
  const double k = 10 * 3600 * 3e5 / 4294967296.0;
  CHECK(k == Approx(2.6).epsilon(0.05));
  CHECK(Logistic{3e5, 1, k}.time_to(0.5) == Approx(5.52).epsilon(0.1));
}

TEST_CASE("Without removal, immunisation and congestion the two-factor model is the logistic curve") {
  const auto course = solve(TwoFactor{1e5, 1, 0, 0, 0, 0.8}, 20);
  const Logistic curve{1e5, 1, 0.8};
  CHECK(course.ever_infected == Approx(curve.infected(20)).epsilon(1e-9));
  CHECK(course.peak_new == Approx(curve.peak()).epsilon(1e-6));
  CHECK(course.peak_new_at == Approx(curve.time_to(0.5)).margin(0.0011));
  CHECK(course.immunised == 0);
}

TEST_CASE("The active worm in short steps is the logistic curve, and death holds it down") {
  // A second is short against 1/growth = 8,590 s.
  const auto infected = solve(ActiveWorm{1e6, 10, 0.5, 0, 0}, 200000);
  const Logistic curve{1e6, 10, 0.5 * 1e6 / 4294967296.0};
  for (const std::size_t t : {20000u, 80000u, 110000u, 200000u})
    CHECK(infected[t] == Approx(curve.infected(static_cast<double>(t))).epsilon(0.001));
  // Where hosts die they are open again: n settles at N - death / (scans / addresses).
  const auto held = solve(ActiveWorm{1e6, 10, 0.5, 5e-5, 0}, 600000);
  CHECK(held.back() == Approx(1e6 - 5e-5 * 4294967296.0 / 0.5).epsilon(1e-3));
}

TEST_CASE("Final sizes and extinction chances are the roots of their equations") {
  CHECK(final_share(2) == Approx(0.7968).epsilon(0.0001));  // tabulated in textbooks of epidemics
  CHECK(final_share(1.5) == Approx(0.5828).epsilon(0.0001));
  for (const double r0 : {1.001, 1.05, 1.676, 3.0, 20.0, 800.0})
    for (const double s : {1.0, 0.99, 0.5}) {
      const double z = root([&](double x) { return 1 - x - s * std::exp(-r0 * x); });
      CHECK(final_share(r0, s) == Approx(z).epsilon(1e-9));
    }
  CHECK(final_share(0.8) == Approx(0).margin(1e-12));
  CHECK(final_share(1) == Approx(0).margin(1e-7));
  CHECK(final_share(0.8, 0.9) == Approx(root([](double x) { return 1 - x - 0.9 * std::exp(-0.8 * x); })));
  CHECK(final_share(0, 0.9) == Approx(0.1));
  for (const double mean : {1.1, 1.676, 4.0}) {
    double q = 0;  // generation after generation
    for (int i = 0; i < 20000; ++i) q = std::exp(mean * (q - 1));
    CHECK(extinction_chance(mean) == Approx(q).epsilon(1e-9));
  }
  CHECK(extinction_chance(0.9) == Approx(1).epsilon(1e-12));
  CHECK(mean_total(0.75) == 4);
  CHECK(std::isinf(mean_total(1)));
}

TEST_CASE("SIIDR played out from a few hosts grows as its eigenvalue says") {
  for (const Siidr& m : {Siidr{0.14, 0.07, 0.75, 0.08}, Siidr{0.37, 0.52, 0.27, 0.44}}) {
    double infected = 1e-9;  // shares of the hosts
    double dormant = 0;
    double before = 0;
    constexpr double step = 0.001;
    for (int i = 0; i < 60000; ++i) {
      if (i == 40000) before = infected;
      const double more = m.infection * infected - (m.removal + m.to_dormant) * infected + m.to_infected * dormant;
      dormant += step * (m.to_dormant * infected - m.to_infected * dormant);
      infected += step * more;
    }
    // Euler's steps are short of the exponential by step * growth / 2, far below a thousandth.
    CHECK(growth(m) == Approx(std::log(infected / before) / 20).epsilon(0.001));
  }
}

TEST_CASE("Patch uptake passes near the published shares, and its median is the scale times ln 2 to 1/shape") {
  CHECK(enterprises.unpatched(30) == Approx(0.67).margin(0.03));
  CHECK(enterprises.unpatched(90) == Approx(0.50).margin(0.03));
  CHECK(enterprises.unpatched(365) == Approx(0.18).margin(0.035));
  CHECK(enterprises.unpatched(0) == 1);
  CHECK(enterprises.unpatched(169 * std::pow(std::log(2.0), 1 / 0.58)) == Approx(0.5));
  CHECK(Adoption{1, 10}.unpatched(20) == Approx(std::exp(-2.0)));
}
