#pragma once

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/brute_force_hours.h"

// How hosts are patched, as the brute-force oracle has it: step by step, with formulas of its own.

namespace trustfall::oracle {

inline constexpr double not_ever = std::numeric_limits<double>::infinity();

inline double adopted(const Adoption& curve, double age) {
  if (curve.shape == Adoption::Shape::weibull) return 1 - std::exp(-std::pow(age / curve.scale, curve.spread));
  if (curve.shape == Adoption::Shape::logistic) return (1 + std::tanh((age - curve.scale) / curve.spread / 2)) / 2;
  Adoption::Point last{0, 0};
  for (const Adoption::Point& point : curve.points) {
    if (age < point.age)
      return last.coverage + (point.coverage - last.coverage) / (point.age - last.age) * (age - last.age);
    last = point;
  }
  return last.coverage;
}

class Patches {
 public:
  Patches(const Model& model, Luck& luck) : plan_(model.patching), estate_(*model.estate), luck_(luck) {}

  /// Seconds from which each host is patched; infinite where it never is.
  std::vector<double> draw() {
    for (std::size_t o = 0; o < estate_.organisations(); ++o) z_.push_back(luck_.normal());
    std::vector<double> from;
    for (std::size_t h = 0; h < estate_.hosts(); ++h) from.push_back(alone(h));
    for (std::size_t o = 0; o < estate_.organisations(); ++o)
      for (auto& [ring, hosts] : visits_[o]) visit(plan_.rings[ring], hosts, from);
    return from;
  }

 private:
  double covered(double mean, std::size_t o) const {
    if (!plan_.concentration || mean <= 0 || mean >= 1) return mean;
    const double rho = 1 / (1 + *plan_.concentration);
    const double lean = quantile(mean) + std::sqrt(rho) * z_[o];
    return rho == 1 ? (lean > 0 ? 1.0 : 0.0) : phi(lean / std::sqrt(1 - rho));
  }

  /// When adoption in the organisation comes to a host of that rank among its hosts: between two of the moments, four
  /// hours apart, at which its coverage is known.
  double adopts_at(std::size_t o, double rank) {
    std::vector<double>& known = adopted_[o];
    for (std::size_t i = known.size(); i <= 6 * 7; ++i)
      known.push_back(covered(adopted(*plan_.adoption, seconds(plan_.age) + 4 * 3600.0 * static_cast<double>(i)), o));
    std::size_t i = 1;
    while (i < known.size() && known[i] <= rank) ++i;
    if (i == known.size()) return not_ever;  // a week or more
    return 4 * 3600 * (static_cast<double>(i - 1) + (rank - known[i - 1]) / (known[i] - known[i - 1]));
  }

  /// When a host is patched if no technician has to come.
  double alone(std::size_t h) {
    const HostId host{static_cast<std::uint32_t>(h)};
    const auto here = [&](const Selector& where) {
      return where.covers(estate_.segment_of(host), estate_.device(host), estate_.system(host));
    };
    double mean = plan_.coverage;
    double patchable = 1;
    bool adopts = plan_.adoption.has_value();
    for (const PatchGroup& group : plan_.groups)
      if (here(group.where)) {
        mean = group.coverage.value_or(plan_.coverage);
        patchable = group.patchable;
        adopts = adopts && !group.coverage;
        break;
      }
    if (luck_.uniform() >= patchable) return not_ever;
    const std::size_t o = index(estate_.organisation_of(host));
    const double before = covered(mean, o);
    const double rank = luck_.uniform();
    if (rank < before) return 0;
    double from = not_ever;
    if (plan_.campaign)
      if (const double after = covered(plan_.campaign->coverage, o); rank < after)
        from = seconds(plan_.campaign->from) + (rank - before) / (after - before) * seconds(plan_.campaign->over);
    if (adopts) from = std::min(from, adopts_at(o, rank));
    for (std::size_t r = 0; r < plan_.rings.size(); ++r) {
      const PatchRing& ring = plan_.rings[r];
      if (!here(ring.where)) continue;
      if (rank >= ring.ceiling) break;
      if (ring.staff) {
        visits_[o][r].push_back({rank, h});
      } else {
        from = std::min(from, holds(ring, seconds(ring.from) + (rank - before) / ring.rate));
      }
      break;
    }
    return from;
  }

  struct Waiting {
    double rank;
    std::size_t host;
  };

  /// Technicians of one organisation go from host to host.
  void visit(const PatchRing& ring, std::vector<Waiting>& hosts, std::vector<double>& from) {
    std::sort(hosts.begin(), hosts.end(), [](const Waiting& a, const Waiting& b) { return a.rank < b.rank; });
    const double pace = luck_.draw(ring.staff->technicians) * ring.staff->per_technician;
    double time = seconds(ring.from);
    for (const Waiting& waiting : hosts) {
      time = ring.staff->hours ? done(*ring.staff->hours, time, 1 / pace, 1e7) : time + 1 / pace;
      from[waiting.host] = std::min(from[waiting.host], holds(ring, time));
    }
  }

  /// From when on the patch holds on a host whose turn is then. Windows and days begin and end at whole hours.
  double holds(const PatchRing& ring, double time) {
    const auto next_hour = [](double t) { return 3600 * (std::floor(t / 3600) + 1); };
    if (ring.window)
      while (!is_on(*ring.window, time)) time = next_hour(time);
    if (luck_.uniform() < ring.fails) return not_ever;
    if (!ring.reboot || luck_.uniform() >= ring.reboot->needed) return time;
    const double forced = ring.reboot->forced_after ? time + seconds(*ring.reboot->forced_after) : not_ever;
    if (luck_.uniform() >= ring.reboot->daily) return forced;
    while (!is_on(ring.reboot->days, time)) time = next_hour(time);
    while (is_on(ring.reboot->days, time)) time = next_hour(time);
    return std::min(forced, time);
  }

  const PatchPlan& plan_;
  const Estate& estate_;
  Luck& luck_;
  std::map<std::size_t, std::vector<double>> adopted_;  // by organisation: coverage every four hours
  std::vector<double> z_;                               // by organisation
  std::map<std::size_t, std::map<std::size_t, std::vector<Waiting>>> visits_;  // by organisation and ring
};

}  // namespace trustfall::oracle
