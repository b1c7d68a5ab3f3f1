#include "models/measures.h"

#include <algorithm>
#include <limits>

namespace trustfall {
namespace {

constexpr double not_occurring = std::numeric_limits<double>::quiet_NaN();

/// What the national audit counted: an organisation with a host encrypted in the first week.
constexpr Duration lock_out = 168h;

enum Name : std::size_t {
  hosts_infected,
  hosts_encrypted,
  hosts_crashed,
  hosts_stopped,
  hosts_detected,
  hosts_isolated,
  hosts_restored,
  terminals_infected,
  servers_infected,
  data_centre_infected,
  medical_devices_infected,
  terminals_encrypted,
  servers_encrypted,
  data_centre_encrypted,
  medical_devices_encrypted,
  infected_unpatched,
  organisations_infected,
  organisations_locked_out,
  trusts_infected,
  trusts_locked_out,
  practices_infected,
  practices_locked_out,
  peak_new_infections_per_hour,
  time_to_peak,
  time_to_first_infection,
  time_to_first_encryption,
  time_to_first_detection,
  large_outbreak,
  data_lost,
  data_saved,
  hosts_without_copy,
  ransom_doubled,
  ransom_expired,
  ransom_demanded,
  count
};

constexpr Metric table[] = {
    {"hosts_infected", "hosts", "Hosts in which the worm ran."},
    {"hosts_encrypted", "hosts", "Hosts whose data were encrypted completely."},
    {"hosts_crashed", "hosts", "Hosts that an attempt crashed instead of infecting."},
    {"hosts_stopped", "hosts", "Hosts on which the worm started, found the kill switch and stopped; not infected.",
     Better::neither},
    {"hosts_detected", "hosts", "Infected hosts that were noticed.", Better::neither},
    {"hosts_isolated", "hosts", "Hosts that were isolated one by one; isolated segments are not counted.",
     Better::neither},
    {"hosts_restored", "hosts", "Infected hosts that were back in service before the horizon.", Better::neither},
    {"terminals_infected", "hosts", "Infected workstations and clinical workstations."},
    {"servers_infected", "hosts", "Infected servers, domain controllers and backup servers outside the data centre."},
    {"data_centre_infected", "hosts", "Infected data-centre servers."},
    {"medical_devices_infected", "hosts", "Infected imaging, infusion, kiosk, camera and scanner devices."},
    {"terminals_encrypted", "hosts", "Encrypted workstations and clinical workstations."},
    {"servers_encrypted", "hosts",
     "Encrypted servers, domain controllers and backup servers outside the data centre."},
    {"data_centre_encrypted", "hosts", "Encrypted data-centre servers."},
    {"medical_devices_encrypted", "hosts", "Encrypted imaging, infusion, kiosk, camera and scanner devices."},
    {"infected_unpatched", "hosts",
     "Infected hosts that had no patch then; the others came by mail, by a stick, by a "
     "credential or by a `hosts` entry."},
    {"organisations_infected", "organisations", "Organisations with an infected host."},
    {"organisations_locked_out", "organisations", "Organisations with a host encrypted within 168 h."},
    {"trusts_infected", "organisations", "Trusts with an infected host."},
    {"trusts_locked_out", "organisations",
     "Trusts with a host encrypted within 168 h: what the national audit counted."},
    {"practices_infected", "organisations", "GP practices with an infected host."},
    {"practices_locked_out", "organisations", "GP practices with a host encrypted within 168 h."},
    {"peak_new_infections_per_hour", "hosts/h", "Most hosts infected in one hour of the scenario's clock."},
    {"time_to_peak", "h", "Start to the middle of that hour; does not occur without an infection.", Better::higher},
    {"time_to_first_infection", "h", "Start to the first infection.", Better::higher},
    {"time_to_first_encryption", "h", "Start to the first encrypted host.", Better::higher},
    {"time_to_first_detection", "h", "Start to the first detection.", Better::neither},
    {"large_outbreak", "share",
     "Share of the hosts infected, where it is at least large_from; does not occur otherwise."},
    {"data_lost", "host-hours",
     "Work lost on encrypted hosts since their last good copy; one that is encrypted twice loses it twice."},
    {"data_saved", "host-hours",
     "Work that good copies saved on encrypted hosts: what would be lost there without a copy, less what is lost "
     "since "
     "the last. Below 0 where copies are older than that.",
     Better::neither},
    {"hosts_without_copy", "hosts",
     "Encrypted hosts without a good copy: covered by no policy, not backed up, or the copy was lost."},
    {"ransom_doubled", "hosts", "Encrypted hosts not restored when the ransom doubled."},
    {"ransom_expired", "hosts", "Encrypted hosts not restored when the deletion of their files was due."},
    {"ransom_demanded", "US dollars",
     "Ransom asked for at the horizon, or when the host was restored; each time that it was encrypted."},
};
static_assert(std::size(table) == count);

enum Curve : std::size_t {
  cumulated_infected,
  cumulated_encrypted,
  cumulated_detected,
  cumulated_restored,
  reached,
  curves
};

constexpr Metric curve_table[] = {
    {"hosts_infected", "hosts", "Hosts infected so far.", Better::neither},
    {"hosts_encrypted", "hosts", "Hosts encrypted so far.", Better::neither},
    {"hosts_detected", "hosts", "Infected hosts noticed so far.", Better::neither},
    {"hosts_restored", "hosts", "Hosts restored so far.", Better::neither},
    {"organisations_infected", "organisations", "Organisations with an infected host so far.", Better::neither},
};
static_assert(std::size(curve_table) == curves);

/// Counts a replicate's steps, in whatever order.
class Count {
 public:
  explicit Count(const Played& play)
      : play_(play),
        estate_(*play.model().estate),
        curves_(play.model(), curves),
        infected_of_(estate_.organisations()),
        encrypted_of_(estate_.organisations()),
        reached_at_(estate_.organisations(), never),
        hourly_(static_cast<std::size_t>(play.model().horizon.time_since_epoch() / 1h) + 1) {
    if (play.model().falls_again()) had_.resize(estate_.hosts());
    metrics_.assign(count, 0);
    for (const Name time : {time_to_peak, time_to_first_infection, time_to_first_encryption, time_to_first_detection})
      at(time) = not_occurring;
  }

  void take(Outcome& outcome) {
    play_.each_step([this](const Step& step) { add(step); });
    add_organisations(outcome);
    add_shape();
    at(data_lost) = static_cast<double>(lost_.count()) / 3.6e6;
    at(data_saved) = static_cast<double>(saved_.count()) / 3.6e6;
    outcome.metrics.insert(outcome.metrics.end(), metrics_.begin(), metrics_.end());
    curves_.append_to(outcome);
  }

 private:
  double& at(Name name) { return metrics_[name]; }
  void mark(Curve curve, Instant time) { curves_.mark(curve, time); }

  void first(Name name, Instant time) {
    if (!(at(name) <= to_hours(time))) at(name) = to_hours(time);
  }

  void add(const Step& step) {
    switch (step.what) {
      case Transition::infected:
        return add_infection(step);
      case Transition::stopped:
        at(hosts_stopped) += 1;
        return;
      case Transition::crashed:
        at(hosts_crashed) += 1;
        return;
      case Transition::recovered:
        return;
      case Transition::encrypted:
        return add_encryption(step);
      case Transition::detected:
        if (again(step.host, 4)) return;
        at(hosts_detected) += 1;
        first(time_to_first_detection, step.time);
        return mark(cumulated_detected, step.time);
      case Transition::isolated:
        at(hosts_isolated) += !again(step.host, 8);
        return;
      case Transition::restored:
        if (again(step.host, 16)) return;
        at(hosts_restored) += 1;
        return mark(cumulated_restored, step.time);
      case Transition::cleared:
        return;
    }
  }

  void add_infection(const Step& step) {
    ++hourly_[static_cast<std::size_t>(step.time.time_since_epoch() / 1h)];
    if (again(step.host, 1)) return;
    at(hosts_infected) += 1;
    metrics_[terminals_infected + static_cast<std::size_t>(tier_of(estate_.device(step.host)))] += 1;
    // An exploit reaches the unpatched only; mail, sticks and credentials run on any host.
    const bool exploited = step.zone != no_zone && play_.model().worm.needs_exploit(estate_[step.zone].kind);
    at(infected_unpatched) += exploited || play_.unpatched(step.host, step.time);
    first(time_to_first_infection, step.time);
    mark(cumulated_infected, step.time);
    const std::size_t organisation = index(estate_.organisation_of(step.host));
    ++infected_of_[organisation];
    reached_at_[organisation] = std::min(reached_at_[organisation], step.time);
  }

  /// Whether that has come to the host before: then it counts no more.
  bool again(HostId host, std::uint8_t what) {
    if (had_.empty()) return false;
    const bool before = (had_[index(host)] & what) != 0;
    had_[index(host)] |= what;
    return before;
  }

  void add_encryption(const Step& step) {
    add_cost(play_.fall_at(step.host, step.time));
    if (again(step.host, 2)) return;
    at(hosts_encrypted) += 1;
    metrics_[terminals_encrypted + static_cast<std::size_t>(tier_of(estate_.device(step.host)))] += 1;
    first(time_to_first_encryption, step.time);
    mark(cumulated_encrypted, step.time);
    if (step.time <= Instant{} + lock_out) ++encrypted_of_[index(estate_.organisation_of(step.host))];
  }

  /// What an encrypted host cost until it was restored or the replicate ended. Where it is encrypted twice its work
  /// is lost and its ransom asked for twice, but it is one host.
  void add_cost(const Fall& fall) {
    const Instant until = std::min(fall.restored, play_.model().horizon);
    lost_ += std::chrono::duration_cast<std::chrono::milliseconds>(play_.work_lost(fall, until));
    const bool without = play_.without_copy(fall, until);
    at(hosts_without_copy) += without && !again(fall.host, 32);
    if (!without) saved_ += std::chrono::duration_cast<std::chrono::milliseconds>(play_.work_saved(fall, until));
    const auto& ransom = play_.model().worm.ransom;
    if (!ransom) return;
    const Duration waited = until - fall.encrypted;
    at(ransom_doubled) += waited > ransom->doubles_after && !again(fall.host, 64);
    at(ransom_expired) += waited > ransom->expires_after && !again(fall.host, 128);
    at(ransom_demanded) += waited > ransom->doubles_after ? 2 * ransom->amount : ransom->amount;
  }

  void add_organisations(Outcome& outcome) {
    for (std::uint32_t o = 0; o < infected_of_.size(); ++o) {
      if (infected_of_[o] == 0) continue;
      mark(reached, reached_at_[o]);
      outcome.organisations.push_back({OrganisationId{o}, infected_of_[o], encrypted_of_[o]});
      const OrganisationKind kind = estate_[OrganisationId{o}].kind;
      at(organisations_infected) += 1;
      const bool locked_out = encrypted_of_[o] > 0;
      at(organisations_locked_out) += locked_out;
      if (kind == OrganisationKind::trust) at(trusts_infected) += 1, at(trusts_locked_out) += locked_out;
      if (kind == OrganisationKind::practice) at(practices_infected) += 1, at(practices_locked_out) += locked_out;
    }
  }

  void add_shape() {
    const auto peak = std::max_element(hourly_.begin(), hourly_.end());
    at(peak_new_infections_per_hour) = *peak;
    if (*peak > 0) at(time_to_peak) = static_cast<double>(peak - hourly_.begin()) + 0.5;
    const double share = at(hosts_infected) / static_cast<double>(estate_.hosts());
    at(large_outbreak) = at(hosts_infected) > 0 && share >= play_.model().large_from ? share : not_occurring;
  }

  const Played& play_;
  const Estate& estate_;
  Curves curves_;
  std::vector<double> metrics_;              // by Name
  std::vector<std::uint32_t> infected_of_;   // by organisation
  std::vector<std::uint32_t> encrypted_of_;  // by organisation, within `lock_out`
  std::vector<std::uint8_t> had_;            // by host: a bit for what it has had; empty where it falls but once
  std::vector<Instant> reached_at_;          // by organisation: its first infection
  std::vector<std::uint32_t> hourly_;        // new infections
  std::chrono::milliseconds lost_{};         // work; an integer, so that its sum does not depend on the order
  std::chrono::milliseconds saved_{};        // likewise
};

}  // namespace

const Measure spread_measure = {table, curve_table, [](const Model&) { return true; },
                                [](const Played& play, Outcome& outcome) { Count(play).take(outcome); }};

}  // namespace trustfall
