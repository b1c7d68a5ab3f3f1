#pragma once

#include <vector>

#include "tests/support/brute_force_draws.h"

// Emergency orders as the brute-force oracle has them: when each is in force, by segment.

namespace trustfall::oracle {

class OrderBook {
 public:
  explicit OrderBook(const Model& model) : model_(model) {}

  void draw(Luck& luck) {
    periods_.assign(model_.orders.size(), std::vector<Period>(model_.estate->segments()));
    detections_.assign(model_.estate->organisations(), 0);
    for (std::size_t o = 0; o < model_.orders.size(); ++o)
      if (model_.orders[o].trigger.on == Trigger::On::moment)
        give(o, seconds(model_.orders[o].trigger.from), all, luck);
  }

  void detected(std::size_t organisation, double now, Luck& luck) {
    ++detections_[organisation];
    for (std::size_t o = 0; o < model_.orders.size(); ++o)
      if (model_.orders[o].trigger.on == Trigger::On::detection &&
          model_.orders[o].trigger.after == detections_[organisation])
        give(o, now, organisation, luck);
  }

  /// Whether an order keeps the host of that class from being reached through the zone, or from reaching out.
  bool stops(std::size_t segment, DeviceClass device, std::uint16_t zone_kind, bool inbound, double now) const {
    for (std::size_t o = 0; o < model_.orders.size(); ++o) {
      const Order& order = model_.orders[o];
      const Period& period = periods_[o][segment];
      if (now < period.from || now >= period.until) continue;
      if ((order.where.devices() & order.action.devices & only(device)) == 0) continue;
      if (order.action.what != OrderedAction::What::close) return true;
      const auto other = inbound ? FirewallRule::Direction::outbound : FirewallRule::Direction::inbound;
      if (order.action.zone_kind == zone_kind && order.action.direction != other) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t all = static_cast<std::size_t>(-1);
  struct Period {
    double from = std::numeric_limits<double>::infinity();
    double until = std::numeric_limits<double>::infinity();
  };

  void give(std::size_t o, double now, std::size_t organisation, Luck& luck) {
    const Order& order = model_.orders[o];
    const Estate& estate = *model_.estate;
    std::size_t last = all;
    Period period;
    for (std::size_t s = 0; s < estate.segments(); ++s) {
      const SegmentId id{static_cast<std::uint32_t>(s)};
      if (organisation != all && index(estate[id].organisation) != organisation) continue;
      const std::size_t unit = order.per == FirewallRule::Unit::segment ? s
                               : order.per == FirewallRule::Unit::site  ? index(estate[id].site)
                                                                        : index(estate[id].organisation);
      if (unit != last) {
        last = unit;
        period = {};
        if (luck.uniform() < order.share) {
          period.from = now + luck.draw(order.delay);
          if (order.lasts) period.until = period.from + luck.draw(*order.lasts);
        }
      }
      if (order.where.covers(id)) periods_[o][s] = period;
    }
  }

  const Model& model_;
  std::vector<std::vector<Period>> periods_;  // by order and segment
  std::vector<std::uint32_t> detections_;     // by organisation
};

/// When an infected host is detected; `encryption` draws when it would be encrypted (or infinite).
template <class Encryption>
double draw_detection(const Model& model, double infected, double infectious, const Encryption& encryption,
                      double signatures, bool watched, Luck& luck) {
  const Detection& detection = *model.detection;
  double noticed = std::numeric_limits<double>::infinity();
  if (luck.uniform() < detection.share) noticed = infected + luck.draw(detection.dwell);
  const double encrypted = encryption();
  if (encrypted < noticed) noticed = std::min(noticed, encrypted + luck.draw(detection.note_seen));
  if (watched) noticed = std::min(noticed, infectious + luck.draw(detection.monitoring->dwell));
  return std::min(noticed, signatures);
}

/// By host, from when it has signatures (those that are published at a given moment).
inline std::vector<double> draw_signatures(const Model& model, Luck& luck) {
  std::vector<double> from(model.estate->hosts(), std::numeric_limits<double>::infinity());
  if (!model.detection || !model.detection->antivirus) return from;
  const Antivirus& antivirus = *model.detection->antivirus;
  for (double& of : from)
    if (luck.uniform() < antivirus.share) of = seconds(antivirus.at) + luck.draw(antivirus.delay);
  return from;
}

/// By organisation, whether its network is watched.
inline std::vector<std::uint8_t> draw_watched(const Model& model, Luck& luck) {
  std::vector<std::uint8_t> watched(model.estate->organisations());
  if (!model.detection || !model.detection->monitoring) return watched;
  for (auto& of : watched) of = luck.uniform() < model.detection->monitoring->share;
  return watched;
}

}  // namespace trustfall::oracle
