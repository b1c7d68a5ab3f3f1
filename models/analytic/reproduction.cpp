#include "models/analytic/reproduction.h"

#include <Spectra/GenEigsSolver.h>

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace trustfall::analytic {
namespace {

/// Sums over the targets of a lane, and over those beside one of them.
struct Weights {
  double sum = 0;
  double squares = 0;

  void add(double weight) { sum += weight, squares += weight * weight; }
  /// Outbreaks that x attempts on each address begin beside a target of weight `own`, for each unit of weight.
  double begun(double x, double own) const {
    const double others = sum - own;
    if (!(others > 1e-9 * sum)) return 0;
    const double worth = std::max(1.0, others * others / (squares - own * own));
    return -std::expm1(-x * others / worth) * worth / others;
  }
};

}  // namespace

NextGeneration::NextGeneration(std::size_t segments, std::size_t courses, const std::vector<Lane>& lanes, Form form,
                               const std::vector<DirectHits>& direct)
    : segments_(segments), begins_{0} {
  if (form == Form::entries) {
    add_entries(courses, lanes, direct);
  } else {
    add_factors(courses, lanes);
    add_direct(courses, direct);
  }
}

void NextGeneration::add_entries(std::size_t courses, const std::vector<Lane>& lanes,
                                 const std::vector<DirectHits>& direct) {
  std::vector<double> hits(segments_ * courses * segments_);  // by segment, course and segment hit
  for (const Lane& lane : lanes)
    for (const Lane::Outbreak& outbreak : lane.outbreaks)
      for (const Lane::Target& target : lane.targets)
        hits[(outbreak.segment * courses + outbreak.course) * segments_ + target.segment] +=
            outbreak.attempts * target.weight;
  for (const DirectHits& hit : direct)
    hits[(hit.segment * courses + hit.course) * segments_ + hit.target] += hit.hits;
  entries_.resize(segments_ * segments_);
  for (std::size_t s = 0; s < segments_; ++s)
    for (std::size_t course = 0; course < courses; ++course)
      for (std::size_t t = 0; t < segments_; ++t)
        if (const double hit = hits[(s * courses + course) * segments_ + t]; s != t && hit > 0)
          entries_[s * segments_ + t] -= std::expm1(-hit) / static_cast<double>(courses);
}

void NextGeneration::add_factors(std::size_t courses, const std::vector<Lane>& lanes) {
  constexpr std::size_t absent = static_cast<std::size_t>(-1);
  std::vector<std::size_t> place(segments_, absent);  // of a segment among the members of the lane at hand
  for (const Lane& lane : lanes) {
    const auto member = [&](std::uint32_t segment) -> Member& {
      if (place[segment] == absent) {
        place[segment] = members_.size();
        members_.push_back({segment, 0, 0});
      }
      return members_[place[segment]];
    };
    Weights weights;
    for (const Lane::Target& target : lane.targets) {
      member(target.segment).in = target.weight;
      weights.add(target.weight);
    }
    for (const Lane::Outbreak& outbreak : lane.outbreaks) {
      Member& from = member(outbreak.segment);
      from.out += weights.begun(outbreak.attempts, from.in) / static_cast<double>(courses);
    }
    for (std::size_t m = begins_.back(); m < members_.size(); ++m) place[members_[m].segment] = absent;
    begins_.push_back(members_.size());
  }
}

void NextGeneration::add_direct(std::size_t courses, const std::vector<DirectHits>& direct) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> begun;  // by segment and target
  for (const DirectHits& hit : direct)
    begun[{hit.segment, hit.target}] -= std::expm1(-hit.hits) / static_cast<double>(courses);
  for (const auto& [ends, outbreaks] : begun) direct_.push_back({ends.first, ends.second, outbreaks});
}

void NextGeneration::multiply(const double* x, double* y, bool transposed) const {
  std::fill(y, y + segments_, 0.0);
  for (std::size_t e = 0; e < entries_.size(); ++e) {
    const std::size_t row = e / segments_;
    const std::size_t column = e % segments_;
    transposed ? y[column] += entries_[e] * x[row] : y[row] += entries_[e] * x[column];
  }
  for (const Begun& begun : direct_)
    transposed ? y[begun.target] += begun.outbreaks * x[begun.segment]
               : y[begun.segment] += begun.outbreaks * x[begun.target];
  const auto from = transposed ? &Member::out : &Member::in;
  const auto to = transposed ? &Member::in : &Member::out;
  for (std::size_t lane = 0; lane + 1 < begins_.size(); ++lane) {
    double sum = 0;
    for (std::size_t m = begins_[lane]; m < begins_[lane + 1]; ++m) sum += members_[m].*from * x[members_[m].segment];
    if (sum == 0) continue;
    for (std::size_t m = begins_[lane]; m < begins_[lane + 1]; ++m) {
      const Member& member = members_[m];
      y[member.segment] += member.*to * (sum - member.*from * x[member.segment]);  // not in itself
    }
  }
}

namespace {

struct Dominant {
  double value = 0;
  Eigen::VectorXd vector;
};

/// The matrix as Spectra wants it, divided by its size: Spectra's thresholds are absolute.
struct Product {
  using Scalar = double;
  const NextGeneration& matrix;
  bool transposed;
  double size = 1;

  Eigen::Index rows() const { return static_cast<Eigen::Index>(matrix.segments()); }
  Eigen::Index cols() const { return rows(); }
  void perform_op(const double* x, double* y) const {
    transposed ? matrix.apply_transposed(x, y) : matrix.apply(x, y);
    Eigen::Map<Eigen::VectorXd>(y, rows()) /= size;
  }
};

Dominant of_dense(const Product& product) {
  Eigen::MatrixXd dense(product.rows(), product.rows());
  for (Eigen::Index column = 0; column < product.rows(); ++column) {
    const Eigen::VectorXd unit = Eigen::VectorXd::Unit(product.rows(), column);
    product.perform_op(unit.data(), dense.col(column).data());
  }
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(dense);
  Eigen::Index largest = 0;
  const double value = solver.eigenvalues().real().maxCoeff(&largest);
  return {value * product.size, solver.eigenvectors().col(largest).real().cwiseAbs()};
}

/// Of matrices without negative entries the spectral radius is an eigenvalue, and has a vector without them
/// (Perron and Frobenius).
Dominant dominant(const NextGeneration& matrix, bool transposed) {
  Product product{matrix, transposed};
  const Eigen::Index n = product.rows();
  Eigen::VectorXd x = Eigen::VectorXd::Ones(n);
  Eigen::VectorXd y(n);
  double growth = 0;
  constexpr int generations = 50;
  for (int g = 0; g < generations; ++g) {
    product.perform_op(x.data(), y.data());
    growth = y.maxCoeff();
    if (!(growth > 0)) return {0, Eigen::VectorXd::Zero(n)};  // no circle: whatever begins comes to an end
    x = y / growth;
  }
  product.size = growth;
  constexpr Eigen::Index small = 24;
  if (n <= small) return of_dense(product);
  // An uneven start: Spectra goes astray when it is handed an eigenvector.
  constexpr double golden = 0.6180339887498949;
  for (Eigen::Index i = 0; i < n; ++i) y[i] = 1 + std::fmod(golden * static_cast<double>(i), 1.0);
  Spectra::GenEigsSolver<Product> solver(product, 1, small);
  solver.init(y.data());
  constexpr int restarts = 300;
  constexpr double tolerance = 1e-7;
  if (solver.compute(Spectra::SortRule::LargestReal, restarts, tolerance) == 1)
    return {solver.eigenvalues()[0].real() * growth, solver.eigenvectors(1).col(0).real().cwiseAbs()};
  return {growth, x};  // eigenvalues too close to be told apart: what fifty generations have settled to
}

}  // namespace

double reproduction_number(const NextGeneration& matrix) {
  if (matrix.segments() == 0) return 0;
  return std::max(0.0, dominant(matrix, false).value);
}

std::vector<double> carriers(const NextGeneration& matrix) {
  std::vector<double> shares(matrix.segments());
  if (matrix.segments() == 0) return shares;
  const Eigen::VectorXd worth = dominant(matrix, false).vector;
  const Eigen::VectorXd mix = dominant(matrix, true).vector;
  const double sum = worth.dot(mix);
  if (!(sum > 0)) return shares;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    const auto i = static_cast<Eigen::Index>(s);
    shares[s] = worth[i] * mix[i] / sum;
  }
  return shares;
}

}  // namespace trustfall::analytic
