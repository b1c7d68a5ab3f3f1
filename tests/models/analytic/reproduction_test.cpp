#include "models/analytic/reproduction.h"

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/base/draws.h"

using namespace trustfall;
using namespace trustfall::analytic;

namespace {

/// The whole matrix, column by column.
Eigen::MatrixXd dense(const NextGeneration& matrix) {
  const auto n = static_cast<Eigen::Index>(matrix.segments());
  Eigen::MatrixXd whole(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    const Eigen::VectorXd unit = Eigen::VectorXd::Unit(n, j);
    matrix.apply(unit.data(), whole.col(j).data());
  }
  return whole;
}

/// Equal segments in one lane.
Lane pool(std::uint32_t segments, double attempts, double weight) {
  Lane lane;
  for (std::uint32_t s = 0; s < segments; ++s) {
    lane.outbreaks.push_back({s, attempts, 1});
    lane.targets.push_back({s, weight});
  }
  return lane;
}

}  // namespace

TEST_CASE("Equal segments in one lane: each begins so many others, and R is that number") {
  for (const std::uint32_t n : {2u, 5u, 40u, 300u}) {
    for (const double attempts : {0.001, 0.1, 100.0}) {
      INFO(n << " segments, " << attempts << " attempts");
      const NextGeneration matrix(n, {pool(n, attempts, 3)});
      const double expected =
          (n - 1) * (1 - std::exp(-attempts * 3));  // each of the others by chance of a Poisson hit
      CHECK(reproduction_number(matrix) == Approx(expected).epsilon(1e-6));
      for (const double share : carriers(matrix)) CHECK(share == Approx(1.0 / n).epsilon(1e-4));
    }
  }
}

TEST_CASE("Segments that differ: the number begun is right to the second order, and shared out by weight") {
  Lane lane;
  const std::vector<double> weights = {2, 1, 5, 0.5};
  const double x = 0.02;
  lane.outbreaks = {{0, x, 1}};
  for (std::uint32_t s = 0; s < weights.size(); ++s) lane.targets.push_back({s, weights[s]});
  const Eigen::MatrixXd matrix = dense(NextGeneration(4, {lane}));
  double begun = 0;
  for (std::size_t s = 1; s < 4; ++s) begun += 1 - std::exp(-x * weights[s]);
  CHECK(matrix.row(0).sum() == Approx(begun).epsilon(x * x));
  CHECK(matrix(0, 0) == 0);
  CHECK(matrix(0, 2) / matrix(0, 3) == Approx(10));
  CHECK(matrix.bottomRows(3).isZero());
}

TEST_CASE("Courses of an outbreak are averaged") {
  Lane lane = pool(3, 0, 2);
  lane.outbreaks = {{0, 0.1, 0.25}, {0, 0.7, 0.75}};
  const Eigen::MatrixXd matrix = dense(NextGeneration(3, {lane}));
  CHECK(matrix.row(0).sum() == Approx(2 * (0.25 * (1 - std::exp(-0.2)) + 0.75 * (1 - std::exp(-1.4)))));
}

TEST_CASE("There is no spread without a circle") {
  Lane there;
  there.outbreaks = {{0, 1, 1}};
  there.targets = {{1, 1}};
  Lane on;
  on.outbreaks = {{1, 1, 1}};
  on.targets = {{2, 1}};
  Lane back;
  back.outbreaks = {{2, 2, 1}};
  back.targets = {{0, 1}};
  CHECK(reproduction_number(NextGeneration(3, {there, on})) == 0);
  for (const double share : carriers(NextGeneration(3, {there, on}))) CHECK(share == 0);
  const double a = 1 - std::exp(-1);
  CHECK(reproduction_number(NextGeneration(3, {there, on, back})) == Approx(std::cbrt(a * a * (1 - std::exp(-2)))));
  CHECK(reproduction_number(NextGeneration(50, {there, on, back})) == Approx(std::cbrt(a * a * (1 - std::exp(-2)))));
}

TEST_CASE("R and who carries it are those of the whole matrix, for networks of any make") {
  // Overlapping lanes with random members; the oracle solves the dense matrix.
  for (std::uint32_t trial = 0; trial < 20; ++trial) {
    const Draws draws(5, trial);
    const std::uint32_t n = 10 + 9 * trial;
    std::uint32_t drawn = 0;
    const auto u = [&] { return draws.uniform(Purpose::estate, drawn++); };
    std::vector<Lane> lanes;
    for (int l = 0; l < 6; ++l) {
      Lane lane;
      const double busy = u();
      for (std::uint32_t s = 0; s < n; ++s) {
        const double there = u(), out = u(), in = u();
        if (there > busy) continue;
        if (out < 0.8) lane.outbreaks.push_back({s, 0.3 * out, 1});
        if (in < 0.8) lane.targets.push_back({s, 10 * in / n});
      }
      lanes.push_back(lane);
    }
    const NextGeneration matrix(n, lanes);
    const Eigen::MatrixXd whole = dense(matrix);
    const Eigen::EigenSolver<Eigen::MatrixXd> right(whole);
    const Eigen::EigenSolver<Eigen::MatrixXd> left(whole.transpose());
    Eigen::Index at = 0, at_left = 0;
    const double expected = right.eigenvalues().real().maxCoeff(&at);
    left.eigenvalues().real().maxCoeff(&at_left);
    INFO("trial " << trial);
    CHECK(reproduction_number(matrix) == Approx(expected).epsilon(1e-5));
    const Eigen::VectorXd product =
        right.eigenvectors().col(at).real().cwiseProduct(left.eigenvectors().col(at_left).real());
    const std::vector<double> shares = carriers(matrix);
    for (std::uint32_t s = 0; s < n; ++s)
      CHECK(shares[s] == Approx(product[s] / product.sum()).epsilon(1e-3).margin(1e-6));
  }
}
