#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include <Eigen/Sparse>

namespace trustfall::oracle {

/// The exact probabilities of a small outbreak: a Markov chain over what every host is, by sparse uniformisation.
///
/// Hosts are open, scanning, removed or crashed. Attempts come at exponential gaps, scanning ends after an
/// exponential time, so nothing else needs to be remembered.
class Chain {
 public:
  enum What : std::uint32_t { open, scanning, removed, crashed };

  /// `crash_share[h]`: of the attempts that have an effect on h, those that crash it.
  Chain(std::size_t hosts, const std::vector<std::size_t>& scanning_first, double removal_rate,
        std::vector<double> crash_share)
      : hosts_(hosts), removal_rate_(removal_rate), crash_share_(std::move(crash_share)) {
    std::uint32_t start = 0;
    for (const std::size_t h : scanning_first) start = with(start, h, scanning);
    number(start);
    for (std::size_t s = 0; s < states_.size(); ++s)
      for (std::size_t h = 0; h < hosts_; ++h) {
        const std::uint32_t state = states_[s];
        if (at(state, h) == open) number(with(state, h, scanning));
        if (at(state, h) == open && crash_share_[h] > 0) number(with(state, h, crashed));
        if (at(state, h) == scanning && removal_rate_ > 0) number(with(state, h, removed));
      }
    probability_ = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(states_.size()));
    probability_[0] = 1;
  }

  /// Effective attempts per second from a scanning host (or, as number `hosts`, from outside) on another.
  using Rates = std::function<double(std::size_t source, std::size_t target)>;

  /// Lets so many seconds pass under these rates.
  void advance(double seconds, const Rates& rates) {
    std::vector<Eigen::Triplet<double>> jumps;
    std::vector<double> leaving(states_.size());
    const auto jump = [&](std::size_t from, std::uint32_t to, double rate) {
      if (rate <= 0) return;
      jumps.emplace_back(static_cast<int>(number_.at(to)), static_cast<int>(from), rate);
      leaving[from] += rate;
    };
    for (std::size_t s = 0; s < states_.size(); ++s)
      for (std::size_t h = 0; h < hosts_; ++h) {
        const std::uint32_t state = states_[s];
        if (at(state, h) == scanning) jump(s, with(state, h, removed), removal_rate_);
        if (at(state, h) != open) continue;
        double rate = rates(hosts_, h);
        for (std::size_t source = 0; source < hosts_; ++source)
          if (at(state, source) == scanning) rate += rates(source, h);
        jump(s, with(state, h, scanning), rate * (1 - crash_share_[h]));
        jump(s, with(state, h, crashed), rate * crash_share_[h]);
      }
    double fastest = 0;
    for (const double rate : leaving) fastest = std::max(fastest, rate);
    if (fastest == 0) return;
    for (auto& j : jumps) j = {j.row(), j.col(), j.value() / fastest};
    for (std::size_t s = 0; s < states_.size(); ++s)
      jumps.emplace_back(static_cast<int>(s), static_cast<int>(s), 1 - leaving[s] / fastest);
    Eigen::SparseMatrix<double> step(probability_.size(), probability_.size());
    step.setFromTriplets(jumps.begin(), jumps.end());

    // p(t) = sum over k of Poisson(k; fastest t) step^k p(0).
    const double mean = fastest * seconds;
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(probability_.size());
    double logarithm = -mean;
    double used = 0;
    for (int k = 0; used < 1 - 1e-13 && k < 10 * mean + 200; ++k) {
      const double weight = std::exp(logarithm);
      sum += weight * probability_;
      used += weight;
      probability_ = step * probability_;
      logarithm += std::log(mean / (k + 1));
    }
    probability_ = sum / used;
  }

  /// Chance that a host is this now.
  double chance(std::size_t host, What what) const {
    double sum = 0;
    for (std::size_t s = 0; s < states_.size(); ++s)
      if (at(states_[s], host) == what) sum += probability_[static_cast<Eigen::Index>(s)];
    return sum;
  }
  /// Chance that so many hosts have been infected by now, by number.
  std::vector<double> sizes() const {
    std::vector<double> result(hosts_ + 1);
    for (std::size_t s = 0; s < states_.size(); ++s) {
      std::size_t infected = 0;
      for (std::size_t h = 0; h < hosts_; ++h)
        infected += at(states_[s], h) == scanning || at(states_[s], h) == removed;
      result[infected] += probability_[static_cast<Eigen::Index>(s)];
    }
    return result;
  }
  std::size_t states() const { return states_.size(); }

 private:
  static std::uint32_t at(std::uint32_t state, std::size_t host) { return (state >> (2 * host)) & 3; }
  static std::uint32_t with(std::uint32_t state, std::size_t host, std::uint32_t what) {
    return (state & ~(3u << (2 * host))) | (what << (2 * host));
  }
  void number(std::uint32_t state) {
    if (number_.try_emplace(state, states_.size()).second) states_.push_back(state);
  }

  std::size_t hosts_;
  double removal_rate_;
  std::vector<double> crash_share_;                        // by host
  std::vector<std::uint32_t> states_;                      // two bits a host
  std::unordered_map<std::uint32_t, std::size_t> number_;  // of a state
  Eigen::VectorXd probability_;                            // by state
};

}  // namespace trustfall::oracle
