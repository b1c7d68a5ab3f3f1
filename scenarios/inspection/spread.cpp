#include "scenarios/inspection/spread.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "sim/base/numeric.h"

namespace trustfall {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double seconds_until(Instant moment) { return moment == never ? infinite : to_seconds(moment.time_since_epoch()); }

/// As `Play` lets it come to pass.
ActiveTimes::Sample draw_sample(const Model& model, HostId host, DeviceClass device, const Draws& draws) {
  const Worm& worm = model.worm;
  const double infectious = worm.latency ? to_seconds(span_of(*worm.latency, Purpose::latency, host, draws)) : 0;
  double end = seconds_until(model.horizon);
  if (worm.activity)
    end = std::min(end, infectious + to_seconds(span_of(*worm.activity, Purpose::activity, host, draws)));
  double cut = infinite;
  if (model.detection) {
    const Detection& detection = *model.detection;
    const auto work = worm.encryption_time(host, device, draws);
    const Instant noticed = detection.noticed_at(host, Instant{}, work ? Instant{} + *work : never, draws);
    if (const BackupPolicy* policy = policy_for(model.backups, device))
      end =
          std::min(end, seconds_until(later(noticed, span_of(policy->restore_time, Purpose::restore, host, draws))));
    if (const auto& isolation = detection.isolation) {
      const Instant isolated = later(noticed, span_of(isolation->delay, Purpose::isolation, host, draws));
      double& by = isolation->scope == Isolation::Scope::host ? end : cut;
      by = std::min(by, seconds_until(isolated));
    }
  }
  return {std::max(0.0, end - infectious), std::max(0.0, cut - infectious)};
}

}  // namespace

ActiveTimes::ActiveTimes(const Model& model) {
  const Draws draws(0, 0);  // of its own seed: the same for every study
  for (std::size_t d = 0; d < device_classes; ++d)
    for (std::size_t i = 0; i < size; ++i)
      samples_[d].push_back(
          draw_sample(model, HostId{static_cast<std::uint32_t>(d * size + i)}, static_cast<DeviceClass>(d), draws));
}

std::size_t courses_of(const Estate& estate) {
  constexpr std::size_t hosts = 2000000;
  return std::clamp<std::size_t>(hosts / estate.hosts(), 1, 256);
}

namespace {

using Exposed = std::span<const Vulnerable::Host>;

/// Attempts on each address of the zones of one segment, by the place of the zone among them.
using Attempts = std::array<double, 16>;

/// Draws outbreaks of one segment, whoever brought the worm there.
class SegmentOutbreak {
 public:
  SegmentOutbreak(const Model& model, const Openings& openings, const ActiveTimes& times, SegmentId segment,
                  Exposed hosts)
      : times_(times), hosts_(hosts), zones_(model.estate->zones_of(segment).size()) {
    const Estate& estate = *model.estate;
    const std::uint16_t network = estate[segment].network;
    for (std::size_t z = 0; z < zones_; ++z) {
      const ZoneOfSegment of = estate.zones_of(segment)[z];
      const Zone& zone = estate[of.zone];
      rate_[z] = model.worm.rates[zone.kind] / zone.addresses;
      out_[z] = openings.outbound(of.membership);
      in_[z] = openings.inbound(of.membership, openings.lane(zone.kind, network));
    }
  }

  /// One course: who falls in it goes into `Attempts` until each is cut off.
  Attempts draw(const Draws& luck, std::size_t course) {
    draw_patience(luck);
    Attempts attempts{};
    std::size_t fallen = 0;
    double cut = infinite;
    const auto fall = [&](std::size_t h) {
      std::swap(order_[h], order_[fallen++]);
      const auto& [host, sample] = sample_of(order_[fallen - 1], course);
      add(host.device, sample.active, attempts);
      cut = std::min(cut, sample.cut);
    };
    const auto first = std::min_element(patience_.begin(), patience_.end());
    const double least = *first;  // which of them is the least goes by their chances, and the rest begin anew there
    fall(static_cast<std::size_t>(first - patience_.begin()));
    alone_ = attempts;
    for (std::size_t before = 0; before < fallen;) {
      before = fallen;
      for (std::size_t h = fallen; h < order_.size(); ++h)
        if (pressure(hosts_[order_[h]].device, attempts) >= patience_[order_[h]] - least) fall(h);
    }
    if (cut == infinite) return attempts;
    attempts = {};
    for (std::size_t h = 0; h < fallen; ++h) {
      const auto& [host, sample] = sample_of(order_[h], course);
      add(host.device, std::min(sample.active, cut), attempts);
    }
    return attempts;
  }

  /// Other hosts of the segment that the first one of the last course infects by itself.
  double by_the_first() const {
    double hosts = 0;
    for (std::size_t h = 1; h < order_.size(); ++h) {
      const Vulnerable::Host& other = hosts_[order_[h]];
      hosts += 1 - exponential(-other.chance * pressure(other.device, alone_));
    }
    return hosts;
  }

 private:
  struct Drawn {
    const Vulnerable::Host& host;
    const ActiveTimes::Sample& sample;
  };
  Drawn sample_of(std::size_t h, std::size_t course) const {
    constexpr std::size_t stride = 977;
    return {hosts_[h], times_.of(hosts_[h].device, index(hosts_[h].host) + course * stride)};
  }
  void draw_patience(const Draws& luck) {
    patience_.clear();
    order_.clear();
    for (const Vulnerable::Host& h : hosts_) {
      const double u =
          luck.uniform(Purpose::threshold, static_cast<std::uint32_t>(h.host), static_cast<std::uint32_t>(no_zone));
      order_.push_back(order_.size());
      patience_.push_back(-natural_log(u) / h.chance);
    }
  }
  void add(DeviceClass device, double seconds, Attempts& attempts) const {
    for (std::size_t z = 0; z < zones_; ++z)
      if ((out_[z] & only(device)) != 0) attempts[z] += rate_[z] * seconds;
  }
  /// Attempts on one host of the segment by others in it.
  double pressure(DeviceClass device, const Attempts& attempts) const {
    double sum = 0;
    for (std::size_t z = 0; z < zones_; ++z)
      if ((in_[z] & only(device)) != 0) sum += attempts[z];
    return sum;
  }

  const ActiveTimes& times_;
  Exposed hosts_;
  std::size_t zones_;
  std::array<double, 16> rate_{};    // on each address, by zone
  std::array<DeviceSet, 16> out_{};  // who makes attempts, by zone
  std::array<DeviceSet, 16> in_{};   // whom these reach in the segment itself, by zone
  std::vector<double> patience_;     // attempts that a host stands
  std::vector<std::size_t> order_;   // the fallen first
  Attempts alone_{};                 // of the first
};

/// All courses of the outbreaks of all segments.
struct Outbreaks {
  std::size_t courses;
  std::vector<double> attempts;  // by membership and course
  double within = 0;
};

Outbreaks draw_outbreaks(const Model& model, const Openings& openings, const ActiveTimes& times,
                         const Vulnerable& vulnerable, std::uint64_t seed) {
  const Estate& estate = *model.estate;
  Outbreaks drawn{courses_of(estate), {}};
  drawn.attempts.resize(estate.memberships().size() * drawn.courses);
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Exposed hosts(vulnerable.hosts.data() + vulnerable.first[s], vulnerable.first[s + 1] - vulnerable.first[s]);
    if (hosts.empty()) continue;
    SegmentOutbreak outbreak(model, openings, times, SegmentId{s}, hosts);
    for (std::size_t course = 0; course < drawn.courses; ++course) {
      const Attempts attempts = outbreak.draw(Draws(seed, static_cast<std::uint32_t>(course)), course);
      std::size_t z = 0;
      for (const ZoneOfSegment of : estate.zones_of(SegmentId{s}))
        drawn.attempts[of.membership * drawn.courses + course] = attempts[z++];
      drawn.within += outbreak.by_the_first() * static_cast<double>(hosts.size()) /
                      static_cast<double>(vulnerable.hosts.size() * drawn.courses);
    }
  }
  return drawn;
}

/// The lane from one network through one zone.
analytic::Lane lane_of(const Model& model, const Openings& openings, const Vulnerable& vulnerable,
                       const Outbreaks& drawn, ZoneId zone, std::uint16_t network) {
  const Estate& estate = *model.estate;
  analytic::Lane lane;
  for (std::uint32_t m = estate[zone].first; m < estate[zone].last; ++m) {
    const SegmentId segment = estate.memberships()[m].segment;
    const auto number = static_cast<std::uint32_t>(segment);
    if (openings.lane(estate[zone].kind, estate[segment].network) == network)
      for (std::size_t course = 0; course < drawn.courses; ++course)
        if (const double attempts = drawn.attempts[m * drawn.courses + course]; attempts > 0)
          lane.outbreaks.push_back({number, static_cast<std::uint32_t>(course), attempts});
    const DeviceSet open = openings.inbound(m, network);
    double weight = 0;
    for (std::size_t h = vulnerable.first[number]; open != 0 && h < vulnerable.first[number + 1]; ++h)
      if ((open & only(vulnerable.hosts[h].device)) != 0) weight += vulnerable.hosts[h].chance;
    if (weight > 0) lane.targets.push_back({number, weight});
  }
  return lane;
}

}  // namespace

Spread spread(const Model& model, const Openings& openings, const PatchPlan& patching, const ActiveTimes& times,
              std::uint64_t seed, std::uint32_t replicate) {
  const Estate& estate = *model.estate;
  const Vulnerable exposed = vulnerable(model, patching, Draws(seed, replicate));
  const Outbreaks drawn = draw_outbreaks(model, openings, times, exposed, seed);
  std::vector<analytic::Lane> lanes;
  std::set<std::uint16_t> networks;
  for (std::uint32_t z = 0; z < estate.zones(); ++z) {
    const Zone& zone = estate[ZoneId{z}];
    if (zone.last - zone.first < 2) continue;  // leads to no other segment
    networks.clear();
    for (std::uint32_t m = zone.first; m < zone.last; ++m)
      networks.insert(openings.lane(zone.kind, estate[estate.memberships()[m].segment].network));
    for (const std::uint16_t network : networks) {
      analytic::Lane lane = lane_of(model, openings, exposed, drawn, ZoneId{z}, network);
      if (!lane.outbreaks.empty() && !lane.targets.empty()) lanes.push_back(std::move(lane));
    }
  }
  return {analytic::NextGeneration(estate.segments(), drawn.courses, lanes), drawn.within};
}

PatchPlan at_coverage(const PatchPlan& patching, double coverage) {
  PatchPlan changed = patching;
  changed.coverage = coverage;
  for (PatchGroup& group : changed.groups)
    if (group.coverage) group.coverage = coverage;
  return changed;
}

std::optional<double> critical_coverage(const Model& model, const Openings& openings, const ActiveTimes& times,
                                        std::uint64_t seed, std::uint32_t replicate) {
  const auto below_one = [&](double coverage) {
    return spread(model, openings, at_coverage(model.patching, coverage), times, seed, replicate).reproduction() < 1;
  };
  if (below_one(0)) return 0.0;
  if (!below_one(1)) return std::nullopt;
  double above = 0;
  double enough = 1;
  constexpr double resolution = 0.005;
  while (enough - above > resolution) {
    const double middle = (above + enough) / 2;
    (below_one(middle) ? enough : above) = middle;
  }
  return enough;
}

}  // namespace trustfall
