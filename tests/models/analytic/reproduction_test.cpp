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
    lane.outbreaks.push_back({s, 0, attempts});
    lane.targets.push_back({s, weight});
  }
  return lane;
}

using Form = NextGeneration::Form;

}  // namespace

TEST_CASE("Equal segments in one lane: each begins so many others, and R is that number") {
  const Form form = GENERATE(Form::entries, Form::factors);
  for (const std::uint32_t n : {2u, 5u, 40u, 300u}) {
    for (const double attempts : {0.001, 0.1, 100.0}) {
      INFO(n << " segments, " << attempts << " attempts");
      const NextGeneration matrix(n, 1, {pool(n, attempts, 3)}, form);
      const double expected =
          (n - 1) * (1 - std::exp(-attempts * 3));  // each of the others by chance of a Poisson hit
      CHECK(reproduction_number(matrix) == Approx(expected).epsilon(1e-6));
      for (const double share : carriers(matrix)) CHECK(share == Approx(1.0 / n).epsilon(1e-4));
    }
  }
}

TEST_CASE("Segments that differ: entries are exact, factors right to the second order and shared out by weight") {
  Lane lane;
  const std::vector<double> weights = {2, 1, 5, 0.5};
  const double x = 0.02;
  lane.outbreaks = {{0, 0, x}};
  for (std::uint32_t s = 0; s < weights.size(); ++s) lane.targets.push_back({s, weights[s]});
  const Eigen::MatrixXd factors = dense(NextGeneration(4, 1, {lane}, Form::factors));
  const Eigen::MatrixXd entries = dense(NextGeneration(4, 1, {lane}, Form::entries));
  double begun = 0;
  for (Eigen::Index s = 1; s < 4; ++s) {
    const double hit = 1 - std::exp(-x * weights[static_cast<std::size_t>(s)]);
    begun += hit;
    CHECK(entries(0, s) == Approx(hit));
  }
  CHECK(factors.row(0).sum() == Approx(begun).epsilon(x * x));
  CHECK(factors(0, 2) / factors(0, 3) == Approx(10));
  for (const auto& matrix : {factors, entries}) {
    CHECK(matrix(0, 0) == 0);
    CHECK(matrix.bottomRows(3).isZero());
  }
}

TEST_CASE("Courses of an outbreak are averaged") {
  const Form form = GENERATE(Form::entries, Form::factors);
  Lane lane = pool(3, 0, 2);
  lane.outbreaks = {{0, 0, 0.1}, {0, 1, 0.7}, {0, 3, 0.7}};  // in the third course it makes no attempt
  const Eigen::MatrixXd matrix = dense(NextGeneration(3, 4, {lane}, form));
  CHECK(matrix.row(0).sum() == Approx(2 * (0.25 * (1 - std::exp(-0.2)) + 0.5 * (1 - std::exp(-1.4)))));
}

TEST_CASE("A segment that is hit through two lanes is hit once") {
  Lane lane = pool(2, 3, 1);
  const Eigen::MatrixXd matrix = dense(NextGeneration(2, 1, {lane, lane}, Form::entries));
  CHECK(matrix(0, 1) == Approx(1 - std::exp(-6)));
}

TEST_CASE("Direct hits begin outbreaks by themselves and beside a lane") {
  const std::vector<DirectHits> direct = {{0, 0, 1, 2}, {0, 1, 1, 0.5}, {1, 0, 0, INFINITY}};
  const double there = (2 - std::exp(-2) - std::exp(-0.5)) / 2;  // in two courses
  for (const Form form : {Form::entries, Form::factors}) {
    const Eigen::MatrixXd matrix = dense(NextGeneration(2, 2, {}, form, direct));
    CHECK(matrix(0, 1) == Approx(there));
    CHECK(matrix(1, 0) == Approx(0.5));  // surely, in one of them
    CHECK(reproduction_number(NextGeneration(2, 2, {}, form, direct)) == Approx(std::sqrt(there / 2)));
  }
  Lane lane;
  lane.outbreaks = {{0, 0, 3}, {0, 1, 3}};
  lane.targets = {{1, 0.1}};
  const Eigen::MatrixXd both = dense(NextGeneration(2, 2, {lane}, Form::entries, direct));
  CHECK(both(0, 1) == Approx((2 - std::exp(-2.3) - std::exp(-0.8)) / 2));
}

TEST_CASE("There is no spread without a circle") {
  Lane there;
  there.outbreaks = {{0, 0, 1}};
  there.targets = {{1, 1}};
  Lane on;
  on.outbreaks = {{1, 0, 1}};
  on.targets = {{2, 1}};
  Lane back;
  back.outbreaks = {{2, 0, 2}};
  back.targets = {{0, 1}};
  CHECK(reproduction_number(NextGeneration(3, 1, {there, on})) == 0);
  for (const double share : carriers(NextGeneration(3, 1, {there, on}))) CHECK(share == 0);
  const double a = 1 - std::exp(-1);
  CHECK(reproduction_number(NextGeneration(3, 1, {there, on, back})) ==
        Approx(std::cbrt(a * a * (1 - std::exp(-2)))));
  CHECK(reproduction_number(NextGeneration(50, 1, {there, on, back}, Form::factors)) ==
        Approx(std::cbrt(a * a * (1 - std::exp(-2)))));
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
        if (out < 0.8) lane.outbreaks.push_back({s, 0, 0.3 * out});
        if (in < 0.8) lane.targets.push_back({s, 10 * in / n});
      }
      lanes.push_back(lane);
    }
    const NextGeneration matrix(n, 1, lanes, trial % 2 == 0 ? Form::factors : Form::entries);
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
