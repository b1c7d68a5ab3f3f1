#include "scenarios/history_count.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/metrics.h"
#include "models/service_course.h"

namespace trustfall {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr Duration week = 168h;

double share(double part, double of) { return of > 0 ? part / of : unknown; }

/// Metrics and curves of a play by name.
class Told {
 public:
  explicit Told(const Played& play)
      : which_(told(play.model())),
        outcome_(measure(play, which_)),
        metrics_(metrics(which_)),
        curves_(series(which_)),
        step_(play.model().sample_every),
        samples_(samples(play.model())) {}

  double metric(std::string_view name) const {
    const auto found =
        std::find_if(metrics_.begin(), metrics_.end(), [&](const Metric& m) { return m.name == name; });
    return found == metrics_.end() ? unknown : outcome_.metrics[static_cast<std::size_t>(found - metrics_.begin())];
  }
  /// As it stands at the last sample up to that moment.
  double curve(std::string_view name, Instant at) const { return sample(name, sample_at(at)); }
  double highest(std::string_view name, Instant until) const {
    double highest = 0;
    for (std::size_t s = 0; s <= sample_at(until); ++s) highest = std::max(highest, sample(name, s));
    return highest;
  }

 private:
  std::size_t sample_at(Instant at) const {
    return std::min(static_cast<std::size_t>(at.time_since_epoch() / step_), samples_ - 1);
  }
  double sample(std::string_view name, std::size_t s) const {
    const auto found = std::find_if(curves_.begin(), curves_.end(), [&](const Metric& m) { return m.name == name; });
    if (found == curves_.end()) return unknown;
    return outcome_.series[static_cast<std::size_t>(found - curves_.begin()) * samples_ + s];
  }

  trustfall::Told which_;
  Outcome outcome_;
  std::vector<Metric> metrics_, curves_;
  Duration step_;
  std::size_t samples_;
};

class Count {
 public:
  Count(const Played& play, const HistoryMoments& at)
      : play_(play),
        at_(at),
        told_(play),
        estate_(*play.model().estate),
        locked_out_(estate_.organisations()),
        contacted_(estate_.organisations()) {
    play.each_step([this](const Step& step) { add(step); });
    for (std::uint32_t h = 0; h < estate_.hosts(); ++h) imaging_ += estate_.device(HostId{h}) == DeviceClass::imaging;
  }

  std::vector<double> take() {
    add_organisations();
    add_reports();
    add_recovery();
    add_services();
    add(told_.metric("hosts_infected"));
    add(told_.metric("appointments_cancelled") - appointments_.lost);
    return std::move(counts_);
  }

 private:
  bool is(std::size_t o, OrganisationKind kind) const {
    return estate_[OrganisationId{static_cast<std::uint32_t>(o)}].kind == kind;
  }
  void add(double count) { counts_.push_back(count); }

  void add(const Step& step) {
    const OrganisationId organisation = estate_.organisation_of(step.host);
    if (step.what == Transition::stopped) contacted_[index(organisation)] = 1;
    if (step.what == Transition::encrypted && step.time <= Instant{} + week) {
      locked_out_[index(organisation)] = 1;
      imaging_encrypted_ += estate_.device(step.host) == DeviceClass::imaging;
    }
    if (step.what != Transition::infected) return;
    const auto& kill_switch = play_.model().worm.kill_switch;
    if (!kill_switch || !play_.model().worm.stopped(organisation, Instant::max(), play_.draws())) return;
    infected_direct_ += 1;
    infected_direct_later_ += step.time >= kill_switch->at;
  }

  double counted(OrganisationKind kind, const std::vector<std::uint8_t>& which) const {
    double sum = 0;
    for (std::size_t o = 0; o < which.size(); ++o) sum += which[o] != 0 && is(o, kind);
    return sum;
  }

  /// H1.
  void add_organisations() {
    std::vector<std::size_t> sizes;
    double acute = 0, contacted = 0, trusts = 0, practices = 0;
    for (std::size_t o = 0; o < locked_out_.size(); ++o) {
      practices += is(o, OrganisationKind::practice);
      if (!is(o, OrganisationKind::trust)) continue;
      const OrganisationId id{static_cast<std::uint32_t>(o)};
      trusts += 1;
      sizes.push_back(estate_.hosts_of(id));
      acute += locked_out_[o] != 0 && estate_[id].type == "acute";
      north_ += locked_out_[o] != 0 && (estate_[id].region == "North" || estate_[id].region == "Midlands and East");
      contacted += contacted_[o] != 0 && locked_out_[o] == 0;
    }
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    double large = 0;
    for (std::size_t o = 0; o < locked_out_.size(); ++o)
      large += locked_out_[o] != 0 && is(o, OrganisationKind::trust) &&
               estate_.hosts_of(OrganisationId{static_cast<std::uint32_t>(o)}) > *middle;
    trusts_out_ = counted(OrganisationKind::trust, locked_out_);
    const double practices_out = counted(OrganisationKind::practice, locked_out_);
    const double disrupted = told_.metric("trusts_disrupted_not_locked_out");
    add(trusts_out_);
    add(disrupted);
    add(trusts_out_ + disrupted);
    add(practices_out);
    add(share(acute, trusts_out_) * 100);
    add(share(large, trusts_out_) * 100);
    add(contacted);
    add(share(trusts_out_ / trusts, practices_out / practices));
  }

  /// H2.
  void add_reports() {
    const double one = told_.curve("trusts_reported", at_.one_o_clock);
    const double four = told_.curve("trusts_reported", at_.four_o_clock);
    add(one);
    add(four);
    add(one > 0 && four > one ? std::log(2) * 3 / std::log(four / one) : unknown);
    add(share(told_.curve("trusts_reported", at_.midnight), trusts_out_) * 100);
    const auto& kill_switch = play_.model().worm.kill_switch;
    add(kill_switch ? to_hours(kill_switch->at - at_.day_begins) : unknown);
    add(share(infected_direct_later_, infected_direct_) * 100);
    add(share(north_, trusts_out_) * 100);
  }

  /// H3.
  void add_recovery() {
    std::vector<Instant> last(estate_.organisations(), Instant::min());
    double devices = 0;
    for (const Repair& repair : play_.repairs()) {
      const std::size_t o = index(estate_.organisation_of(repair.host));
      if (!is(o, OrganisationKind::practice)) continue;
      last[o] = std::max(last[o], repair.back);
      devices += 1;
    }
    double hit = 0, by_day_five = 0;
    Instant all{};
    for (const Instant back : last) {
      if (back == Instant::min()) continue;
      hit += 1;
      by_day_five += back <= at_.day_five;
      all = std::max(all, back);
    }
    add(share(by_day_five, hit) * 100);
    // Who is not back within the week counts as back at its end: a median before that is right all the same.
    add(hit == 0 ? unknown : to_hours(std::min(all, Instant{} + week)) / 24);
    double practices = 0;
    for (std::size_t o = 0; o < last.size(); ++o) practices += is(o, OrganisationKind::practice);
    add(told_.curve("practices_patched", at_.sunday_evening) / practices * 100);
    add(told_.highest("trusts_diverting", at_.midnight));
    add(told_.curve("trusts_diverting", at_.tuesday));
    add(told_.metric("time_to_normal") / 24);
    add(share(devices, hit));
    add(imaging_encrypted_ / imaging_ * 100);
  }

  /// H4, of the trusts locked out where the source is about these.
  void add_services() {
    for (const ServiceUnit& unit : play_.model().services.units) add_scheduled(unit);
    const ServiceCourses courses = reckon_services(play_);
    for (const std::uint32_t unit : courses.touched)
      add_lost(play_.model().services.units[unit], courses.units[unit]);
    const auto lost = [&](ActivityKind kind) {
      const Amount& amount = hit_[static_cast<std::size_t>(kind)];
      return share(amount.lost, amount.scheduled) * 100;
    };
    const Amount& elective = hit_[static_cast<std::size_t>(ActivityKind::elective_admissions)];
    const Amount& emergency = hit_[static_cast<std::size_t>(ActivityKind::emergency_admissions)];
    add(share(elective.lost + emergency.lost, elective.scheduled + emergency.scheduled) * 100);
    add(share(lost(ActivityKind::elective_admissions), lost(ActivityKind::emergency_admissions)));
    add(share(appointments_.lost, appointments_.scheduled) * 100);
    add(appointments_.lost);
    add(pounds_hit_ / 1e6);
    add(told_.metric("cost") / 1e6);
  }

  /// What a trust does in the week if nothing is lost.
  void add_scheduled(const ServiceUnit& unit) {
    const std::size_t o = index(unit.organisation);
    if (!is(o, OrganisationKind::trust)) return;
    for (const Activity& activity : play_.model().services.services[unit.service].activities) {
      if (activity.by_hosts) continue;
      const double scheduled =
          unit.weight * activity.per_hour * to_hours(activity.hours.within(Instant{}, Instant{} + week));
      if (locked_out_[o] != 0) hit_[static_cast<std::size_t>(activity.kind)].scheduled += scheduled;
      if (activity.kind == ActivityKind::appointments) appointments_.scheduled += scheduled;
    }
  }

  void add_lost(const ServiceUnit& unit, const UnitCourse& course) {
    const std::size_t o = index(unit.organisation);
    if (!is(o, OrganisationKind::trust)) return;
    appointments_.lost += course.lost[static_cast<std::size_t>(ActivityKind::appointments)];
    if (locked_out_[o] == 0) return;
    pounds_hit_ += course.pounds;
    for (std::size_t kind = 0; kind < activity_kinds; ++kind) hit_[kind].lost += course.lost[kind];
  }

  struct Amount {
    double scheduled = 0;
    double lost = 0;
  };

  const Played& play_;
  const HistoryMoments& at_;
  Told told_;
  const Estate& estate_;
  std::vector<std::uint8_t> locked_out_;  // by organisation
  std::vector<std::uint8_t> contacted_;   // by organisation: the worm found the domain there
  double trusts_out_ = 0;
  double north_ = 0;  // of these, in the North, or Midlands and East
  double imaging_ = 0;
  double imaging_encrypted_ = 0;
  double infected_direct_ = 0;  // hosts of organisations that reach the web directly
  double infected_direct_later_ = 0;
  std::array<Amount, activity_kinds> hit_{};  // trusts locked out
  Amount appointments_;                       // of all trusts
  double pounds_hit_ = 0;
  std::vector<double> counts_;
};

}  // namespace

std::vector<double> count_history(const Played& play, const HistoryMoments& at) { return Count(play, at).take(); }

}  // namespace trustfall
