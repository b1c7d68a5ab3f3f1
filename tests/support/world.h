#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "models/play.h"
#include "sim/engine/outcome.h"
#include "sim/estate/builder.h"

/// Small worlds that can be checked by hand.
namespace trustfall::small {

/// So many hosts of a kind.
struct Batch {
  std::size_t hosts;
  DeviceClass device = DeviceClass::workstation;
  System system = System::windows_7;
};

/// A segment: its hosts in order, and the name of its network.
struct Lan {
  std::vector<Batch> batches;
  std::string network = "office";
};

inline Organisation organisation(const std::string& code, OrganisationKind kind = OrganisationKind::trust,
                                 const std::string& group = "group") {
  Organisation o;
  o.code = code;
  o.name = code;
  o.kind = kind;
  o.group = group;
  return o;
}

inline void add_lan(EstateBuilder& builder, const Lan& lan) {
  builder.add_segment(lan.network);
  for (const Batch& batch : lan.batches)
    for (std::size_t i = 0; i < batch.hosts; ++i) builder.add_host(batch.device, batch.system);
}

/// An organisation with one site.
inline OrganisationId add_organisation(EstateBuilder& builder, const std::string& code, const std::vector<Lan>& lans,
                                       OrganisationKind kind = OrganisationKind::trust,
                                       const std::string& group = "group") {
  const OrganisationId id = builder.add_organisation(organisation(code, kind, group));
  builder.add_site(code + " site");
  for (const Lan& lan : lans) add_lan(builder, lan);
  return id;
}

inline std::vector<std::uint8_t> all_of(const EstateBuilder& builder) {
  return std::vector<std::uint8_t>(builder.organisations().size(), 1);
}

/// One organisation, one zone `lan` that holds all its segments.
inline Estate one_zone(const std::vector<Lan>& lans, double addresses) {
  EstateBuilder builder;
  add_organisation(builder, "A", lans);
  builder.add_zones("lan", EstateBuilder::Pool::everyone, addresses, all_of(builder));
  return builder.build();
}

/// One segment of `hosts` workstations in one zone.
inline Estate one_segment(std::size_t hosts, double addresses) { return one_zone({{{{hosts}}}}, addresses); }

/// Luck of its own for each rule, as their names give them in a scenario.
inline std::vector<FirewallRule> numbered(std::vector<FirewallRule> rules) {
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i].luck = static_cast<std::uint32_t>(i + 1);
  return rules;
}

/// Copies on line or off, restored so long after detection.
inline BackupPolicy copies(DeviceSet devices, double coverage, Duration interval, bool offline,
                           Distribution restore_time, Duration loss_without_copy) {
  BackupPolicy policy{};
  policy.devices = devices;
  policy.coverage = coverage;
  policy.interval = interval;
  policy.kept = offline ? BackupPolicy::Kept::offline : BackupPolicy::Kept::online;
  policy.restore_time = std::move(restore_time);
  policy.loss_without_copy = loss_without_copy;
  return policy;
}

/// A worm that takes whatever it hits at the first attempt, at these rates by kind of zone (none where left out), and
/// no controls.
inline Model model_of(const Estate& estate, std::vector<double> rates, Duration horizon) {
  Model model;
  model.estate = &estate;
  model.worm.rates = std::move(rates);
  model.worm.rates.resize(estate.zone_kinds().size());
  model.worm.infects.fill(1);
  model.horizon = Instant{} + horizon;
  return model;
}

inline HostId host(std::size_t i) { return HostId{static_cast<std::uint32_t>(i)}; }
inline SegmentId segment(std::size_t i) { return SegmentId{static_cast<std::uint32_t>(i)}; }
inline OrganisationId org(std::size_t i) { return OrganisationId{static_cast<std::uint32_t>(i)}; }
inline ZoneId zone(std::size_t i) { return ZoneId{static_cast<std::uint32_t>(i)}; }

/// Position in Estate::memberships() of the segment in that zone, or -1 when it is not in it.
inline std::uint32_t membership_of(const Estate& estate, SegmentId s, ZoneId z) {
  for (std::uint32_t m = estate[z].first; m < estate[z].last; ++m)
    if (estate.memberships()[m].segment == s) return m;
  return static_cast<std::uint32_t>(-1);
}
inline bool is_in(const Estate& estate, HostId h, ZoneId z) {
  return membership_of(estate, estate.segment_of(h), z) != static_cast<std::uint32_t>(-1);
}

/// These hosts, at that moment.
inline HostEntry entry_of(std::vector<HostId> hosts, Instant at = Instant{}) {
  const auto count = static_cast<std::uint32_t>(hosts.size());
  return {count, at, std::move(hosts)};
}

/// When each host was infected; `never` where it was not.
inline std::vector<Instant> infection_times(const Incident& incident) {
  std::vector<Instant> times(incident.estate().hosts(), never);
  for (const Step& step : incident.trace())
    if (step.what == Transition::infected) times[index(step.host)] = step.time;
  return times;
}

inline std::size_t count_of(const Incident& incident, Transition what) {
  return static_cast<std::size_t>(
      std::count_if(incident.steps().begin(), incident.steps().end(), [&](const Step& s) { return s.what == what; }));
}

inline std::size_t attack_size(const Incident& incident) { return count_of(incident, Transition::infected); }

/// Moment of the host's first step of that kind, or `never`.
inline Instant time_of(const Incident& incident, HostId host, Transition what) {
  for (const Step& step : incident.trace())
    if (step.host == host && step.what == what) return step.time;
  return never;
}

inline bool same(const Step& a, const Step& b) {
  return a.time == b.time && a.detail == b.detail && a.host == b.host && a.source == b.source && a.zone == b.zone &&
         a.what == b.what;
}
inline bool same(const Trace& a, const Trace& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const Step& x, const Step& y) { return same(x, y); });
}

/// Whether a replicate came to the same, whatever NaN says of itself.
inline bool same(const Outcome& a, const Outcome& b) {
  const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  const auto alike = [](const OrganisationOutcome& x, const OrganisationOutcome& y) {
    return x.organisation == y.organisation && x.infected == y.infected && x.encrypted == y.encrypted;
  };
  return std::equal(a.metrics.begin(), a.metrics.end(), b.metrics.begin(), b.metrics.end(), equal) &&
         a.series == b.series &&
         std::equal(a.organisations.begin(), a.organisations.end(), b.organisations.begin(), b.organisations.end(),
                    alike);
}

/// Targets that a test lays down itself, for an incident without models.
class PlainTargets final : public Targets {
 public:
  explicit PlainTargets(const Estate& estate)
      : chance_of(estate.hosts(), 1.0),
        immune_from(estate.hosts(), never),
        plan_of(estate.hosts(), always_on),
        estate_(&estate) {}

  std::vector<double> chance_of;
  std::vector<Instant> immune_from;
  std::vector<int> plan_of;
  std::function<bool(HostId source, HostId target, ZoneId zone, Instant now)> refusal;

  void chances(SegmentId segment, std::span<double> chance) const override {
    const std::size_t first = index(estate_->first_host(segment));
    for (std::size_t i = 0; i < chance.size(); ++i) chance[i] = chance_of[first + i];
  }
  double chance(HostId host) const override { return chance_of[index(host)]; }
  bool protected_from_start(HostId host, SegmentId) const override { return immune_from[index(host)] <= Instant{}; }
  bool protected_at(HostId host, Instant now) const override { return immune_from[index(host)] <= now; }
  int power_plan(HostId host) const override { return plan_of[index(host)]; }
  bool refuses(HostId source, HostId target, ZoneId zone, Instant now) const override {
    return refusal && refusal(source, target, zone, now);
  }

 private:
  const Estate* estate_;
};

}  // namespace trustfall::small
