#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <queue>
#include <vector>

#include "tests/support/brute_force_hours.h"
#include "tests/support/brute_force_lines.h"
#include "tests/support/brute_force_orders.h"
#include "tests/support/brute_force_patches.h"
#include "tests/support/brute_force_queue.h"

namespace trustfall::oracle {

/// The scenario once more, attempt by attempt: every infectious host makes attempts on each of its zones at its rate,
/// each picks one of the zone's addresses, and whatever stands there and then is looked up at that moment.
///
/// Reads the same `Model`, and shares nothing else: its own clock (seconds as doubles), queue, random numbers, rules,
/// office hours and patch coverage. Slow and plain on purpose. Sticks are left out, and one zone has links at most.
class BruteForce {
 public:
  explicit BruteForce(const Model& model, std::uint64_t seed)
      : model_(model), estate_(*model.estate), luck_(seed), horizon_(seconds(model.horizon.time_since_epoch())) {
    for (std::uint32_t h = 0; h < estate_.hosts(); ++h) segment_.push_back(index(estate_.segment_of(HostId{h})));
    members_.resize(estate_.zones());
    zones_of_.resize(estate_.segments());
    for (const Membership& m : estate_.memberships()) {
      zones_of_[index(m.segment)].push_back(index(m.zone));
      for (auto h = static_cast<std::uint32_t>(estate_.first_host(m.segment));
           h < static_cast<std::uint32_t>(estate_.last_host(m.segment)); ++h)
        members_[index(m.zone)].push_back(h);
    }
    for (std::uint32_t z = 0; z < estate_.zones(); ++z)
      if (estate_.links_of(ZoneId{z}) != nullptr) {
        links_ = estate_.links_of(ZoneId{z});
        linked_ = z;
      }
  }

  /// Organisations are isolated and reconnected at these moments.
  struct OrganisationCut {
    double from;  // seconds
    double until;
    OrganisationId organisation;
  };
  std::vector<OrganisationCut> cuts;

  /// Seconds to infection by host, infinite where it did not come; ascending.
  std::vector<double> play() {
    start();
    while (!queue_.empty() && queue_.top().time < horizon_) {
      const Happening next = queue_.top();
      queue_.pop();
      now_ = next.time;
      happen(next);
    }
    std::sort(infections_.begin(), infections_.end());
    return infections_;
  }

  std::size_t crashed() const {
    return static_cast<std::size_t>(std::count(fate_.begin(), fate_.end(), Fate::crashed));
  }

 private:
  enum class Fate { open, infected, crashed, stopped };

  void push(double time, What what, std::size_t subject, std::size_t detail = 0) {
    if (time < horizon_) queue_.push({time, what, subject, detail});
  }

  void start() {
    queue_ = {};
    now_ = 0;
    const std::size_t hosts = estate_.hosts();
    fate_.assign(hosts, Fate::open);
    scanning_.assign(hosts, 0);
    isolated_.assign(hosts, 0);
    restored_.assign(hosts, 0);
    cut_.assign(estate_.segments(), 0);
    infections_.assign(hosts, std::numeric_limits<double>::infinity());
    infected_ = 0;
    patched_from_ = Patches(model_, luck_).draw();
    stands_ = draw_rules(model_, luck_);
    draw_plans();
    lines_.draw(luck_);
    orders_.draw(luck_);
    signatures_ = draw_signatures(model_, luck_);
    watched_ = draw_watched(model_, luck_);
    proxied_.clear();
    for (std::size_t o = 0; o < estate_.organisations(); ++o)
      proxied_.push_back(model_.worm.kill_switch && luck_.uniform() < model_.worm.kill_switch->proxied);
    for (std::size_t c = 0; c < cuts.size(); ++c) {
      push(cuts[c].from, What::cut, c);
      push(cuts[c].until, What::uncut, c);
    }
    for (std::size_t e = 0; e < model_.entries.size(); ++e) schedule_entry(e);
  }

  // --- what is drawn at the start ---

  void draw_plans() {
    plan_ = draw_power(model_, luck_);
    for (std::size_t p = 0; p < model_.power.size(); ++p)
      for (double midnight = -seconds(model_.power[p].hours.start.of_day); midnight < horizon_; midnight += 86400) {
        const double morning = midnight + seconds(model_.power[p].hours.on);
        if (morning > 0 && is_on(p, morning + 1e-3)) push(morning, What::power_on, p);
      }
  }

  // --- what holds at a moment ---

  bool is_on(std::size_t p, double time) const { return oracle::is_on(model_.power[p].hours, time); }
  bool is_off(std::size_t h) const { return plan_[h] >= 0 && !is_on(static_cast<std::size_t>(plan_[h]), now_); }

  bool open(std::size_t h, std::size_t z, bool inbound) const {
    bool closed = false;
    for (std::size_t r = 0; r < model_.firewalls.size(); ++r) {
      const FirewallRule& rule = model_.firewalls[r];
      if (!rule.from_networks.empty() || rule.zone_kind != kind(z) || !stands_[r][segment_[h]]) continue;
      if (now_ < seconds(rule.from) || now_ >= seconds(rule.until)) continue;
      if (rule.direction == (inbound ? FirewallRule::Direction::outbound : FirewallRule::Direction::inbound))
        continue;
      if (rule.where.devices() & only(estate_.device(HostId{static_cast<std::uint32_t>(h)}))) closed = rule.closes;
    }
    const DeviceClass device = estate_.device(HostId{static_cast<std::uint32_t>(h)});
    return !closed && !orders_.stops(segment_[h], device, kind(z), inbound, now_);
  }
  bool pair_refused(std::size_t source, std::size_t target, std::size_t z) const {
    bool refused = false;
    for (std::size_t r = 0; r < model_.firewalls.size(); ++r) {
      const FirewallRule& rule = model_.firewalls[r];
      if (rule.from_networks.empty() || rule.zone_kind != kind(z) || !stands_[r][segment_[target]]) continue;
      if (now_ < seconds(rule.from) || now_ >= seconds(rule.until)) continue;
      if (!rule.from_networks[estate_[SegmentId{static_cast<std::uint32_t>(segment_[source])}].network]) continue;
      if (rule.where.devices() & only(estate_.device(HostId{static_cast<std::uint32_t>(target)})))
        refused = rule.closes;
    }
    return refused;
  }
  std::uint16_t kind(std::size_t z) const { return estate_[ZoneId{static_cast<std::uint32_t>(z)}].kind; }
  bool connected(std::size_t h) const { return !is_off(h) && !isolated_[h] && cut_[segment_[h]] == 0; }
  bool switch_stops(std::size_t h) const {
    return model_.worm.kill_switch && now_ >= seconds(model_.worm.kill_switch->at) && !proxied_[organisation_of(h)];
  }
  std::size_t organisation_of(std::size_t h) const {
    return index(estate_[SegmentId{static_cast<std::uint32_t>(segment_[h])}].organisation);
  }

  // --- what happens ---

  void schedule_entry(std::size_t e) {
    if (const auto* hosts = std::get_if<HostEntry>(&model_.entries[e])) {
      std::vector<HostId> left = hosts->hosts;
      for (std::uint32_t i = 0; i < hosts->count; ++i) {
        const auto at =
            std::min(static_cast<std::size_t>(luck_.uniform() * static_cast<double>(left.size())), left.size() - 1);
        push(seconds(hosts->at), What::entry, index(left[at]));
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
      }
    } else if (const auto* mail = std::get_if<MailEntry>(&model_.entries[e])) {
      for (std::uint32_t i = 0; i < mail->messages; ++i) {
        if (luck_.uniform() < mail->filter || luck_.uniform() >= mail->click) continue;
        const auto at = static_cast<std::size_t>(luck_.uniform() * static_cast<double>(mail->readers.size()));
        push(seconds(mail->from) + luck_.uniform() * seconds(mail->over), What::entry, index(mail->readers[at]));
      }
    } else if (const auto* outside = std::get_if<OutsideEntry>(&model_.entries[e])) {
      schedule_outside(e, *outside);
    } else {
      assert(false);
    }
  }

  /// The next attempt from outside at the highest number of hosts, thinned when it comes.
  static double most(const OutsideEntry& outside) {
    double hosts = 0;
    for (const auto& step : outside.infected) hosts = std::max(hosts, step.hosts);
    return hosts;
  }
  void schedule_outside(std::size_t e, const OutsideEntry& outside) {
    const double rate = most(outside) * model_.worm.rates[kind(index(outside.zone))];
    push(now_ - std::log(luck_.uniform()) / rate, What::outside, e);
  }

  void schedule_attempt(std::size_t h, std::size_t z) {
    const double rate = model_.worm.rates[kind(z)] * lines_.pace(h);
    if (rate > 0) push(now_ - std::log(luck_.uniform()) / rate, What::attempt, h, z);
  }

  /// The host at a random address of the zone, or none.
  std::size_t at_random_address(std::size_t z) {
    const auto address =
        static_cast<std::size_t>(luck_.uniform() * estate_[ZoneId{static_cast<std::uint32_t>(z)}].addresses);
    return address < members_[z].size() ? members_[z][address] : none;
  }

  void happen(const Happening& next) {
    const std::size_t h = next.subject;
    switch (next.what) {
      case What::attempt:
        return attempt(h, next.detail);
      case What::link:
        return try_link(h, next.detail);
      case What::outside:
        return attempt_from_outside(h);
      case What::entry:
        if (fate_[h] == Fate::open && !is_off(h) && !isolated_[h]) infect(h);
        return;
      case What::infectious:
        if (restored_[h]) return;
        if (!scanning_[h]) begin_scanning(h);
        return;
      case What::inactive:
        scanning_[h] = 0;
        return;
      case What::detected:
        return detected(h);
      case What::isolate:
        return isolate(h);
      case What::reconnect:
        for (std::size_t s = h; s < next.detail; ++s) --cut_[s];
        return;
      case What::restore:
        scanning_[h] = 0;
        isolated_[h] = 0;
        restored_[h] = 1;
        return;
      case What::cut:
        return change_cut(cuts[h].organisation, +1);
      case What::uncut:
        return change_cut(cuts[h].organisation, -1);
      case What::power_on:
        for (std::size_t g = 0; g < estate_.hosts(); ++g)
          if (plan_[g] == static_cast<int>(h) && scanning_[g] && !isolated_[g] && switch_stops(g)) scanning_[g] = 0;
        return;
    }
  }

  void change_cut(OrganisationId organisation, int by) {
    for (std::size_t s = 0; s < estate_.segments(); ++s)
      if (estate_[SegmentId{static_cast<std::uint32_t>(s)}].organisation == organisation) cut_[s] += by;
  }

  void attempt(std::size_t h, std::size_t z) {
    if (!scanning_[h]) return;  // the chain of its attempts ends here
    schedule_attempt(h, z);
    const std::size_t target = at_random_address(z);
    if (target == none || fate_[target] != Fate::open || !connected(h) || !open(h, z, false)) return;
    const auto sends = [&](auto g, auto y) { return scanning_[g] && connected(g) && open(g, y, false); };
    if (lines_.lose(h, ZoneId{static_cast<std::uint32_t>(z)}, sends, luck_)) return;
    if (!pair_refused(h, target, z)) reach(target, z);
  }

  /// Exponential links are tried again and again, as attempts at random are; others once.
  void schedule_link(std::size_t h, std::size_t place) {
    const HostId source{static_cast<std::uint32_t>(h)};
    const Distribution& time = *model_.worm.transmissions[kind(linked_)];
    push(now_ + luck_.draw(time) / static_cast<double>(links_->weight(source, place)), What::link, h, place);
  }
  void try_link(std::size_t h, std::size_t place) {
    if (!scanning_[h]) return;
    if (model_.worm.transmissions[kind(linked_)]->shape == Distribution::Shape::exponential) schedule_link(h, place);
    const std::size_t target = links_->row(HostId{static_cast<std::uint32_t>(h)})[place];
    if (!connected(h) || !open(h, linked_, false)) return;
    if (!pair_refused(h, target, linked_)) reach(target, linked_);
  }

  void attempt_from_outside(std::size_t e) {
    const auto& outside = std::get<OutsideEntry>(model_.entries[e]);
    schedule_outside(e, outside);
    double hosts = 0;
    for (const auto& step : outside.infected)
      if (seconds(step.from) <= now_) hosts = step.hosts;
    if (luck_.uniform() * most(outside) >= hosts) return;
    const std::size_t target = at_random_address(index(outside.zone));
    if (target != none) reach(target, index(outside.zone));
  }

  void reach(std::size_t target, std::size_t z) {
    if (fate_[target] != Fate::open || patched_from_[target] <= now_) return;
    if (!connected(target) || !open(target, z, true)) return;
    const auto system = static_cast<std::size_t>(estate_.system(HostId{static_cast<std::uint32_t>(target)}));
    const double u = luck_.uniform();
    if (u < model_.worm.infects[system]) {
      infect(target);
    } else if (u < model_.worm.infects[system] + model_.worm.crashes[system]) {
      fate_[target] = Fate::crashed;
    }
  }

  void infect(std::size_t h) {
    if (switch_stops(h) || signatures_[h] <= now_) {
      fate_[h] = Fate::stopped;
      return;
    }
    fate_[h] = Fate::infected;
    infections_[infected_++] = now_;
    const Worm& worm = model_.worm;
    const double latency = worm.latency ? luck_.draw(*worm.latency) : 0;
    if (latency > 0) {
      push(now_ + latency, What::infectious, h);
    } else {
      begin_scanning(h);
    }
    if (worm.activity) push(now_ + latency + luck_.draw(*worm.activity), What::inactive, h);
    if (worm.pacing.limit)
      push(now_ + latency + *worm.pacing.limit / lines_.attempts_per_second(h), What::inactive, h);
    if (!model_.detection) return;
    const auto encryption = [&] {
      const auto device = static_cast<std::size_t>(estate_.device(HostId{static_cast<std::uint32_t>(h)}));
      if (!worm.encryption || !worm.encryption->data[device]) return std::numeric_limits<double>::infinity();
      return done(h, luck_.draw(*worm.encryption->data[device]) / worm.encryption->throughput);
    };
    const bool watched = watched_[organisation_of(h)] != 0;
    push(draw_detection(model_, now_, now_ + latency, encryption, signatures_[h], watched, luck_), What::detected, h);
  }

  double done(std::size_t h, double work) const {
    if (plan_[h] < 0) return now_ + work;
    return oracle::done(model_.power[static_cast<std::size_t>(plan_[h])].hours, now_, work, horizon_);
  }

  void begin_scanning(std::size_t h) {
    scanning_[h] = 1;
    for (const std::size_t z : zones_of_[segment_[h]]) schedule_attempt(h, z);
    if (links_ == nullptr) return;
    const std::size_t contacts = links_->row(HostId{static_cast<std::uint32_t>(h)}).size();
    for (std::size_t place = 0; place < contacts; ++place) schedule_link(h, place);
  }

  void detected(std::size_t h) {
    orders_.detected(organisation_of(h), now_, luck_);
    if (model_.detection->isolation) push(now_ + luck_.draw(model_.detection->isolation->delay), What::isolate, h);
    for (const BackupPolicy& policy : model_.backups)
      if (policy.devices & only(estate_.device(HostId{static_cast<std::uint32_t>(h)}))) {
        push(now_ + luck_.draw(*policy.restore_time), What::restore, h);
        return;
      }
  }

  void isolate(std::size_t h) {
    const Isolation& isolation = *model_.detection->isolation;
    if (isolation.scope == Isolation::Scope::host) {
      if (!restored_[h]) isolated_[h] = 1;
      return;
    }
    const Segment& home = estate_[SegmentId{static_cast<std::uint32_t>(segment_[h])}];
    std::size_t first = estate_.segments();
    std::size_t last = 0;
    for (std::size_t s = 0; s < estate_.segments(); ++s) {
      const Segment& other = estate_[SegmentId{static_cast<std::uint32_t>(s)}];
      const bool within = isolation.scope == Isolation::Scope::segment ? s == segment_[h]
                          : isolation.scope == Isolation::Scope::site  ? other.site == home.site
                                                                       : other.organisation == home.organisation;
      if (!within) continue;
      ++cut_[s];
      first = std::min(first, s);
      last = s + 1;
    }
    if (isolation.lasts) push(now_ + luck_.draw(*isolation.lasts), What::reconnect, first, last);
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  const Model& model_;
  const Estate& estate_;
  Luck luck_;
  Lines lines_{model_};
  OrderBook orders_{model_};
  double horizon_;
  double now_ = 0;
  std::priority_queue<Happening> queue_;
  const Links* links_ = nullptr;
  std::size_t linked_ = 0;                          // the zone whose links these are
  std::vector<std::size_t> segment_;                // by host
  std::vector<std::vector<std::size_t>> members_;   // by zone
  std::vector<std::vector<std::size_t>> zones_of_;  // by segment
  std::vector<Fate> fate_;                          // by host
  std::vector<std::uint8_t> scanning_;              // by host
  std::vector<std::uint8_t> isolated_;              // by host
  std::vector<std::uint8_t> restored_;              // by host
  std::vector<int> cut_;                            // by segment: isolations that hold
  std::vector<double> patched_from_;                // by host
  std::vector<std::vector<std::uint8_t>> stands_;   // by rule and segment
  std::vector<int> plan_;                           // by host
  std::vector<std::uint8_t> proxied_;               // by organisation
  std::vector<double> signatures_;                  // by host: from when it has them
  std::vector<std::uint8_t> watched_;               // by organisation
  std::vector<double> infections_;
  std::size_t infected_ = 0;
};

}  // namespace trustfall::oracle
