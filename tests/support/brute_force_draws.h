#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "models/model.h"

// What the brute-force oracle draws, with random numbers and formulas of its own.

namespace trustfall::oracle {

inline double seconds(Duration span) { return static_cast<double>(span.count()) / 1e9; }
inline double seconds(Instant moment) {
  return moment == never ? std::numeric_limits<double>::infinity() : seconds(moment.time_since_epoch());
}

class Luck {
 public:
  explicit Luck(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); }
  double draw(const Distribution& d) {
    switch (d.shape) {
      case Distribution::Shape::fixed:
        return d.scale;
      case Distribution::Shape::exponential:
        return -d.scale * std::log(uniform());
      case Distribution::Shape::lognormal:
        return d.scale * std::exp(d.spread * normal());
      case Distribution::Shape::weibull:
        return d.scale * std::pow(-std::log(uniform()), 1 / d.spread);
      case Distribution::Shape::gamma:
        return std::gamma_distribution<double>(d.spread, d.scale / d.spread)(engine_);
      case Distribution::Shape::discrete:
        break;
    }
    const double u = uniform();
    std::size_t i = 0;
    while (i + 1 < d.values.size() && d.cumulated[i] <= u) ++i;
    return d.values[i];
  }

 private:
  std::mt19937_64 engine_;
};

inline double phi(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }
/// The normal quantile by bisection.
inline double quantile(double p) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 80; ++i) (phi((low + high) / 2) < p ? low : high) = (low + high) / 2;
  return (low + high) / 2;
}

/// By rule and segment, whether the rule stands there.
inline std::vector<std::vector<std::uint8_t>> draw_rules(const Model& model, Luck& luck) {
  const Estate& estate = *model.estate;
  std::vector<std::vector<std::uint8_t>> stands(model.firewalls.size());
  for (std::size_t r = 0; r < model.firewalls.size(); ++r) {
    const FirewallRule& rule = model.firewalls[r];
    std::vector<std::uint8_t> unit(estate.segments() + estate.sites() + estate.organisations());
    for (auto& u : unit) u = luck.uniform() < rule.share && luck.uniform() >= rule.misconfigured;
    for (std::size_t s = 0; s < estate.segments(); ++s) {
      const Segment& segment = estate[SegmentId{static_cast<std::uint32_t>(s)}];
      const std::size_t which = rule.per == FirewallRule::Unit::segment ? s
                                : rule.per == FirewallRule::Unit::site  ? index(segment.site)
                                                                        : index(segment.organisation);
      stands[r].push_back(unit[which] && rule.where.covers(SegmentId{static_cast<std::uint32_t>(s)}));
    }
  }
  return stands;
}

/// By host, the power plan that it follows, or -1.
inline std::vector<int> draw_power(const Model& model, Luck& luck) {
  const Estate& estate = *model.estate;
  std::vector<int> plan(estate.hosts(), -1);
  for (std::size_t h = 0; h < estate.hosts(); ++h) {
    const HostId host{static_cast<std::uint32_t>(h)};
    for (std::size_t p = 0; p < model.power.size(); ++p) {
      if (!model.power[p].where.covers(estate.segment_of(host), estate.device(host), estate.system(host))) continue;
      if (luck.uniform() < model.power[p].share) plan[h] = static_cast<int>(p);
      break;
    }
  }
  return plan;
}

}  // namespace trustfall::oracle
