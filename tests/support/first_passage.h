#pragma once

#include <algorithm>
#include <vector>

#include "models/model.h"
#include "sim/base/numeric.h"

namespace trustfall::oracle {

/// An outbreak over links once more, without events: the moment of every host is relaxed over all links until nothing
/// changes any more.
///
/// Shares with the engine its draws, its quantiles and its rounding to the nanosecond, since the moments are to be
/// equal; rules, patches and courses are worked out here again. Knows given hosts and mail as entries, patches of one
/// coverage everywhere and a campaign, rules, detection with isolation of the host, copies and encryption.
class FirstPassage {
 public:
  FirstPassage(const Model& model, ZoneId zone, Draws draws)
      : model_(model), estate_(*model.estate), links_(*estate_.links_of(zone)), zone_(zone), draws_(draws) {
    transmission_ = *model.worm.transmissions[estate_[zone].kind];
    for (std::uint32_t h = 0; h < estate_.hosts(); ++h) immune_from_.push_back(patched(h));
    for (const FirewallRule& rule : model.firewalls)
      for (const Instant change : {rule.from, rule.until})
        if (change > Instant{} && change != never) changes_.push_back(change);
    std::sort(changes_.begin(), changes_.end());
  }

  /// By host, when it is infected; `never` where it is not before the horizon.
  std::vector<Instant> solve(std::vector<Instant> entered) {
    std::vector<Instant> before;
    std::vector<Instant> now = entered;
    for (; now != before;) {
      before = now;
      now = entered;
      for (std::uint32_t source = 0; source < now.size(); ++source)
        for (std::uint32_t place = 0; place < links_.row(HostId{source}).size(); ++place) {
          Instant& target = now[links_.row(HostId{source})[place]];
          target = std::min(target, arrival(source, place, before[source]));
        }
    }
    return now;
  }

  /// When a source that is infected then infects over this link.
  Instant arrival(std::uint32_t source, std::uint32_t place, Instant infected) const {
    if (infected == never) return never;
    const std::uint32_t target = links_.row(HostId{source})[place];
    const double chance = model_.worm.infects[static_cast<std::size_t>(estate_.system(HostId{target}))];
    const bool again = transmission_.shape == Distribution::Shape::exponential;
    if (chance <= 0) return never;
    if (!again && draws_.uniform(Purpose::link_effect, source, place) >= chance) return never;
    const auto [from, until] = infectious(source, infected);
    if (from >= until) return never;
    Instant base = from;
    for (std::uint32_t k = 0;; ++k) {
      const Instant at = base + delay(source, place, k, chance);
      if (at >= until || at >= model_.horizon || at >= immune_from_[target]) return never;
      const Instant open = open_from(source, target, at);
      if (open == at && !pair_closed(source, target, at)) return at;
      if (!again || open == never) return never;
      base = open;
    }
  }

 private:
  Duration drawn(const Distribution& d, Purpose purpose, std::uint32_t host) const {
    return from_seconds(d.at(draws_.uniform(purpose, host)));
  }
  Duration delay(std::uint32_t source, std::uint32_t place, std::uint32_t k, double chance) const {
    const double wait = -natural_log(draws_.both(Purpose::link, source, place / 2, k)[place % 2]);
    const double weight = links_.weight(HostId{source}, place);
    if (transmission_.shape == Distribution::Shape::exponential)
      return from_seconds(transmission_.scale / (weight * chance) * wait);
    return from_seconds(transmission_.at(1 - exponential(-wait)) / weight);
  }

  struct Span {
    Instant from, until;
  };
  Span infectious(std::uint32_t host, Instant infected) const {
    const Worm& worm = model_.worm;
    Span span{infected, never};
    if (worm.latency) span.from += drawn(*worm.latency, Purpose::latency, host);
    if (worm.activity) span.until = span.from + drawn(*worm.activity, Purpose::activity, host);
    if (!model_.detection) return span;
    const auto device = static_cast<std::size_t>(estate_.device(HostId{host}));
    const Detection& detection = *model_.detection;
    Instant noticed = never;
    if (draws_.uniform(Purpose::noticed, host) < detection.share)
      noticed = infected + drawn(detection.dwell, Purpose::dwell, host);
    if (worm.encryption && worm.encryption->data[device]) {
      const double bytes = worm.encryption->data[device]->at(draws_.uniform(Purpose::data_size, host));
      const Instant encrypted = infected + from_seconds(bytes / worm.encryption->throughput);
      if (encrypted < noticed)
        noticed = std::min(noticed, encrypted + drawn(detection.note_seen, Purpose::note, host));
    }
    if (noticed == never) return span;
    if (detection.isolation)
      span.until = std::min(span.until, noticed + drawn(detection.isolation->delay, Purpose::isolation, host));
    for (const BackupPolicy& policy : model_.backups)
      if ((policy.devices >> device & 1) != 0) {
        span.until = std::min(span.until, noticed + drawn(*policy.restore_time, Purpose::restore, host));
        break;
      }
    return span;
  }

  Instant patched(std::uint32_t host) const {
    const PatchPlan& plan = model_.patching;
    const double u = draws_.uniform(Purpose::patched, host);
    if (u < plan.coverage) return Instant{};
    if (!plan.campaign || u >= plan.campaign->coverage) return never;
    const double part = to_seconds(plan.campaign->over) * (u - plan.coverage);  // of the rise
    return plan.campaign->from + from_seconds(part / (plan.campaign->coverage - plan.coverage));
  }

  bool stands(const FirewallRule& rule, std::uint32_t host, Instant at) const {
    const SegmentId segment = estate_.segment_of(HostId{host});
    if (rule.zone_kind != estate_[zone_].kind || at < rule.from || at >= rule.until) return false;
    if (!rule.where.covers(segment, estate_.device(HostId{host}), estate_.system(HostId{host}))) return false;
    const std::uint32_t unit = rule.per == FirewallRule::Unit::segment ? static_cast<std::uint32_t>(segment)
                               : rule.per == FirewallRule::Unit::site
                                   ? static_cast<std::uint32_t>(estate_[segment].site)
                                   : static_cast<std::uint32_t>(estate_[segment].organisation);
    return draws_.uniform(Purpose::firewall, unit, rule.luck) < rule.share &&
           draws_.uniform(Purpose::misconfigured, unit, rule.luck) >= rule.misconfigured;
  }
  bool closed(std::uint32_t host, FirewallRule::Direction to, Instant at) const {
    bool shut = false;
    for (const FirewallRule& rule : model_.firewalls)
      if (!rule.pairs() && (rule.direction == to || rule.direction == FirewallRule::Direction::both) &&
          stands(rule, host, at))
        shut = rule.closes;
    return shut;
  }
  bool closed_between(std::uint32_t source, std::uint32_t target, Instant at) const {
    return closed(source, FirewallRule::Direction::outbound, at) ||
           closed(target, FirewallRule::Direction::inbound, at);
  }
  bool pair_closed(std::uint32_t source, std::uint32_t target, Instant at) const {
    const std::uint16_t network = estate_[estate_.segment_of(HostId{source})].network;
    bool shut = false;
    for (const FirewallRule& rule : model_.firewalls)
      if (rule.pairs() && rule.from_networks[network] && stands(rule, target, at)) shut = rule.closes;
    return shut;
  }
  /// The first moment from `at` on at which neither end is closed.
  Instant open_from(std::uint32_t source, std::uint32_t target, Instant at) const {
    if (!closed_between(source, target, at)) return at;
    for (const Instant change : changes_)
      if (change > at && !closed_between(source, target, change)) return change;
    return never;
  }

  const Model& model_;
  const Estate& estate_;
  const Links& links_;
  ZoneId zone_;
  Draws draws_;
  Distribution transmission_;
  std::vector<Instant> immune_from_;  // by host
  std::vector<Instant> changes_;
};

}  // namespace trustfall::oracle
