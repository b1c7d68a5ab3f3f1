#include "models/analytic/contact_chain.h"

#include <Eigen/Sparse>
#include <algorithm>
#include <cassert>
#include <cmath>

namespace trustfall::analytic {
namespace {

std::uint32_t at(std::uint32_t state, std::size_t host) { return (state >> (2 * host)) & 3; }
std::uint32_t with(std::uint32_t state, std::size_t host, std::uint32_t what) {
  return (state & ~(3u << (2 * host))) | (what << (2 * host));
}

}  // namespace

ContactChain::ContactChain(std::size_t hosts, std::vector<Contact> contacts, const std::vector<std::size_t>& first,
                           double removal, Afterwards afterwards)
    : hosts_(hosts), contacts_(std::move(contacts)), removal_(removal), afterwards_(afterwards) {
  assert(hosts <= 16);
  std::uint32_t start = 0;
  for (const std::size_t host : first) start = with(start, host, infected);
  number(start);
  for (std::uint32_t s = 0; s < states_.size(); ++s) explore(s);
  probability_.resize(states_.size());
  probability_[0] = 1;
}

std::uint32_t ContactChain::number(std::uint32_t state) {
  const auto [found, fresh] = number_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
  if (fresh) states_.push_back(state);
  return found->second;
}

/// Adds the jumps out of a state, and the states that they lead to.
void ContactChain::explore(std::uint32_t from) {
  const std::uint32_t state = states_[from];
  for (const Contact& contact : contacts_)
    if (contact.rate > 0 && at(state, contact.from) == infected && at(state, contact.to) == open)
      jumps_.push_back({from, number(with(state, contact.to, infected)), contact.rate});
  if (removal_ == 0) return;
  for (std::size_t host = 0; host < hosts_; ++host)
    if (at(state, host) == infected)
      jumps_.push_back(
          {from, number(with(state, host, afterwards_ == Afterwards::immune ? removed : open)), removal_});
}

void ContactChain::advance(double time) {
  std::vector<double> leaving(states_.size());
  for (const Jump& jump : jumps_) leaving[jump.from] += jump.rate;
  const double fastest = *std::max_element(leaving.begin(), leaving.end());
  if (fastest == 0) return;
  const auto n = static_cast<Eigen::Index>(states_.size());
  std::vector<Eigen::Triplet<double>> entries;
  for (const Jump& jump : jumps_)
    entries.emplace_back(static_cast<int>(jump.to), static_cast<int>(jump.from), jump.rate / fastest);
  for (std::size_t s = 0; s < states_.size(); ++s)
    entries.emplace_back(static_cast<int>(s), static_cast<int>(s), 1 - leaving[s] / fastest);
  Eigen::SparseMatrix<double, Eigen::RowMajor> step(n, n);
  step.setFromTriplets(entries.begin(), entries.end());

  // p(t) is the sum over k of Poisson(k; fastest t) step^k p(0). In parts, so that exp(-mean) does not vanish.
  constexpr double most = 100;
  const double parts = std::ceil(fastest * time / most);
  const double mean = fastest * time / parts;
  Eigen::VectorXd p = Eigen::Map<const Eigen::VectorXd>(probability_.data(), n);
  for (double part = 0; part < parts; ++part) {
    double weight = std::exp(-mean);
    Eigen::VectorXd sum = weight * p;
    // Beyond the mean the weights fall at least as 1 / k!, and what is left out is below the last.
    for (int k = 1; k < mean || weight > 1e-17; ++k) {
      p = step * p;
      weight *= mean / k;
      sum += weight * p;
    }
    p = sum;
  }
  Eigen::Map<Eigen::VectorXd>(probability_.data(), n) = p;
}

double ContactChain::chance(std::size_t host, What what) const {
  double sum = 0;
  for (std::size_t s = 0; s < states_.size(); ++s)
    if (at(states_[s], host) == what) sum += probability_[s];
  return sum;
}

std::vector<double> ContactChain::sizes() const {
  std::vector<double> sizes(hosts_ + 1);
  for (std::size_t s = 0; s < states_.size(); ++s) {
    std::size_t size = 0;
    for (std::size_t host = 0; host < hosts_; ++host) size += at(states_[s], host) != open;
    sizes[size] += probability_[s];
  }
  return sizes;
}

}  // namespace trustfall::analytic
