#pragma once

#include <algorithm>
#include <vector>

#include "tests/support/brute_force_draws.h"

namespace trustfall::oracle {

/// Lines that carry only so many attempts, and hosts that are not all equally fast: what the engine makes of sums,
/// once more by asking every host.
class Lines {
 public:
  explicit Lines(const Model& model) : model_(model), estate_(*model.estate) {}

  void draw(Luck& luck) {
    pace_.clear();
    caps_.clear();
    for (std::size_t h = 0; h < estate_.hosts(); ++h)
      pace_.push_back(model_.worm.pacing.pace ? luck.draw(*model_.worm.pacing.pace) : 1);
    for (const Uplink& uplink : model_.worm.pacing.uplinks) {
      caps_.emplace_back();
      for (std::size_t unit = 0; unit < estate_.hosts(); ++unit) caps_.back().push_back(luck.draw(uplink.cap));
    }
  }

  double pace(std::size_t h) const { return pace_[h]; }
  double attempts_per_second(std::size_t h) const {
    double sum = 0;
    for (const ZoneOfSegment& of : zones_of(h)) sum += rate(h, of.zone);
    return sum;
  }

  /// Whether an attempt of the host on a zone is lost on an uplink; `sends` says who sends where now.
  template <class Sends>
  bool lose(std::size_t h, ZoneId zone, const Sends& sends, Luck& luck) const {
    const double share = carried(h, zone, sends, model_.worm.pacing.uplinks.size());
    return share < 1 && luck.uniform() >= share;
  }

 private:
  std::span<const ZoneOfSegment> zones_of(std::size_t h) const {
    return estate_.zones_of(estate_.segment_of(HostId{static_cast<std::uint32_t>(h)}));
  }
  double rate(std::size_t h, ZoneId zone) const { return model_.worm.rates[estate_[zone].kind] * pace_[h]; }
  std::size_t unit_of(std::size_t h, const Uplink& uplink) const {
    const Segment& home = estate_[estate_.segment_of(HostId{static_cast<std::uint32_t>(h)})];
    if (uplink.of == Uplink::Of::host) return h;
    return uplink.of == Uplink::Of::site ? index(home.site) : index(home.organisation);
  }

  /// Share of the attempts that the first so many uplinks carry.
  template <class Sends>
  double carried(std::size_t h, ZoneId zone, const Sends& sends, std::size_t uplinks) const {
    double share = 1;
    for (std::size_t u = 0; u < uplinks; ++u) {
      const Uplink& uplink = model_.worm.pacing.uplinks[u];
      if (!uplink.beyond[estate_[zone].kind]) continue;
      const std::size_t unit = unit_of(h, uplink);
      double load = 0;
      for (std::size_t g = 0; g < estate_.hosts(); ++g) {
        if (unit_of(g, uplink) != unit) continue;
        for (const ZoneOfSegment& of : zones_of(g))
          if (uplink.beyond[estate_[of.zone].kind] && (uplink.of == Uplink::Of::host || sends(g, index(of.zone))))
            load += rate(g, of.zone) * carried(g, of.zone, sends, u);
      }
      share *= std::min(1.0, caps_[u][unit] / load);
    }
    return share;
  }

  const Model& model_;
  const Estate& estate_;
  std::vector<double> pace_;               // by host
  std::vector<std::vector<double>> caps_;  // by uplink and number of host, site or organisation
};

}  // namespace trustfall::oracle
