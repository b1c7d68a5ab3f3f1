#include "models/analytic/mean_field.h"

#include <Eigen/Sparse>
#include <cassert>
#include <cmath>
#include <map>
#include <tuple>

#include "models/analytic/runge_kutta.h"

namespace trustfall::analytic {
namespace {

enum Column { open, latent, infectious, ever, columns };
using State = Eigen::ArrayXXd;  // class by column, in hosts

/// Classes, what they are at the start, and how they meet.
class Equations {
 public:
  Equations(const Estate& estate, Grouping grouping, const Spread& spread, const Beginning& beginning)
      : spread_(spread), pace_(static_cast<Eigen::Index>(estate.zones())) {
    for (std::uint32_t z = 0; z < estate.zones(); ++z)
      pace_[z] = spread.rates[estate[ZoneId{z}].kind] / estate[ZoneId{z}].addresses;
    std::map<Key, Eigen::Index> classes;
    for (std::uint32_t s = 0; s < estate.segments(); ++s)
      add_segment(estate, SegmentId{s}, grouping, beginning, classes);
    const auto n = static_cast<Eigen::Index>(hosts_.size());
    in_zones_.resize(pace_.size(), n);
    in_zones_.setFromTriplets(members_.begin(), members_.end());
    start_ = State::Zero(n, columns);
    infects_.resize(n);
    crashes_.resize(n);
    for (const auto& [key, c] : classes) {
      infects_[c] = spread.infects[static_cast<std::size_t>(std::get<2>(key))];
      crashes_[c] = spread.crashes[static_cast<std::size_t>(std::get<2>(key))];
      start_(c, open) = open_[static_cast<std::size_t>(c)];
      start_(c, ever) = infected_[static_cast<std::size_t>(c)];
      start_(c, spread.latency > 0 ? latent : infectious) = infected_[static_cast<std::size_t>(c)];
    }
    for (Eigen::Index z = 0; z < in_zones_.outerSize(); ++z)
      for (Shares::InnerIterator i(in_zones_, z); i; ++i) i.valueRef() /= hosts_[static_cast<std::size_t>(i.col())];
  }

  const State& start() const { return start_; }

  State slope(const State& s) const {
    const Eigen::ArrayXd hits = s.col(open) * force(s.col(infectious));
    const Eigen::ArrayXd falls = infects_ * hits;
    const Eigen::ArrayXd starts = spread_.latency > 0 ? Eigen::ArrayXd(s.col(latent) / spread_.latency) : falls;
    State change(s.rows(), s.cols());
    change.col(open) = -falls - crashes_ * hits;
    change.col(latent) = falls - starts;
    change.col(infectious) = starts - s.col(infectious) / spread_.activity;
    change.col(ever) = falls;
    return change;
  }

  /// No rate in the equations is ever larger: every host is hit by all, or one goes on to its next state.
  double fastest() const {
    const Eigen::ArrayXd all =
        Eigen::Map<const Eigen::ArrayXd>(hosts_.data(), static_cast<Eigen::Index>(hosts_.size()));
    return ((infects_ + crashes_) * force(all)).maxCoeff() + 1 / spread_.activity +
           (spread_.latency > 0 ? 1 / spread_.latency : 0);
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint16_t, System>;  // organisation (0 where not told apart), network
  using Shares = Eigen::SparseMatrix<double, Eigen::RowMajor>;   // zone by class

  void add_segment(const Estate& estate, SegmentId segment, Grouping grouping, const Beginning& beginning,
                   std::map<Key, Eigen::Index>& classes) {
    const auto owner = grouping == Grouping::network ? 0 : static_cast<std::uint32_t>(estate[segment].organisation);
    std::map<Eigen::Index, double> counts;
    for (auto h = index(estate.first_host(segment)); h < index(estate.last_host(segment)); ++h) {
      const Key key{owner, estate[segment].network, estate.system(HostId{static_cast<std::uint32_t>(h)})};
      const auto [found, fresh] = classes.try_emplace(key, static_cast<Eigen::Index>(hosts_.size()));
      if (fresh) hosts_.push_back(0), open_.push_back(0), infected_.push_back(0);
      const auto c = static_cast<std::size_t>(found->second);
      hosts_[c] += 1;
      open_[c] += beginning.vulnerable[h] * (1 - beginning.infected[h]);
      infected_[c] += beginning.infected[h];
      counts[found->second] += 1;
    }
    for (const ZoneOfSegment& zone : estate.zones_of(segment))
      for (const auto& [c, count] : counts)
        members_.emplace_back(static_cast<int>(index(zone.zone)), static_cast<int>(c), count);
  }

  /// Attempts per second on a host of each class.
  Eigen::ArrayXd force(const Eigen::ArrayXd& scanning) const {
    const Eigen::ArrayXd emitted = pace_ * (in_zones_ * scanning.matrix()).array();
    return in_zones_.transpose() * emitted.matrix();
  }

  const Spread& spread_;
  Eigen::ArrayXd pace_;                          // by zone: attempts per second of one host on one address
  std::vector<double> hosts_, open_, infected_;  // by class
  std::vector<Eigen::Triplet<double>> members_;  // zone, class, hosts
  Shares in_zones_;
  Eigen::ArrayXd infects_, crashes_;  // by class
  State start_;
};

}  // namespace

std::vector<double> mean_field(const Estate& estate, Grouping grouping, const Spread& spread,
                               const Beginning& beginning, double step, std::size_t samples) {
  assert(spread.rates.size() == estate.zone_kinds().size());
  assert(beginning.vulnerable.size() == estate.hosts() && beginning.infected.size() == estate.hosts());
  const Equations equations(estate, grouping, spread, beginning);
  // A step of a twentieth of the shortest time in the equations errs by less than a millionth.
  const auto parts = static_cast<std::size_t>(std::ceil(step * equations.fastest() * 20)) + 1;
  State state = equations.start();
  std::vector<double> result;
  for (std::size_t i = 0; i < samples; ++i) {
    result.push_back(state.col(ever).sum());
    if (i + 1 == samples) break;
    for (std::size_t part = 0; part < parts; ++part)
      runge_kutta_step(state, step / static_cast<double>(parts), [&](const State& s) { return equations.slope(s); });
  }
  return result;
}

}  // namespace trustfall::analytic
