#include <algorithm>
#include <limits>

#include "models/measures.h"
#include "models/service_course.h"

namespace trustfall {
namespace {

constexpr double not_occurring = std::numeric_limits<double>::quiet_NaN();

/// An organisation is locked out with a host encrypted within a week, as for the national audit.
constexpr Duration lock_out = 168h;
/// Share of those ever degraded below which things are normal again.
constexpr double normal_below = 0.05;

template <ServiceKind kind>
bool has(const Model& model) {
  return model.services.has(kind);
}

template <ActivityKind... kinds>
bool counts(const Model& model) {
  const auto wanted = [](const Activity& activity) { return ((activity.kind == kinds) || ...); };
  return std::any_of(model.services.services.begin(), model.services.services.end(), [&](const Service& service) {
    return std::any_of(service.activities.begin(), service.activities.end(), wanted);
  });
}

bool diverts(const Model& model) {
  return std::any_of(model.services.services.begin(), model.services.services.end(),
                     [](const Service& service) { return service.diverts_below > 0; });
}

bool priced(const Model& model) {
  for (const Service& service : model.services.services)
    for (const Activity& activity : service.activities)
      if (activity.tariff > 0) return true;
  return false;
}

bool paid(const Model& model) { return model.worm.ransom && model.worm.ransom->paying; }
/// Whether technicians' work is reckoned.
bool staffed(const Model& model) { return model.recovery && model.recovery->hourly > 0; }
bool costs(const Model& model) { return priced(model) || paid(model) || staffed(model); }

constexpr std::string_view down_text = "Hours for which services of this kind were down, over all organisations.";
constexpr std::string_view degraded_text =
    "Hours for which services of this kind were below full capacity but not down, over all organisations.";
constexpr std::string_view longest_text = "Longest time at a stretch for which one service of this kind was down.";

enum Name : std::size_t {
  // Three for each kind before these.
  organisations_disrupted = 3 * service_kinds,
  trusts_disrupted,
  trusts_disrupted_not_locked_out,
  trusts_diverting,
  hours_diverting,
  time_to_normal,
  appointments_cancelled,
  admissions_lost,
  elective_admissions_lost,
  attendances_lost,
  ambulances_diverted,
  activity_lost,
  it_cost,
  ransom_pounds,
  cost,
  count
};

constexpr Metric table[] = {
    {"emergency_down", "h", down_text, Better::lower, has<ServiceKind::emergency>},
    {"emergency_degraded", "h", degraded_text, Better::lower, has<ServiceKind::emergency>},
    {"emergency_longest_down", "h", longest_text, Better::lower, has<ServiceKind::emergency>},
    {"imaging_down", "h", down_text, Better::lower, has<ServiceKind::imaging>},
    {"imaging_degraded", "h", degraded_text, Better::lower, has<ServiceKind::imaging>},
    {"imaging_longest_down", "h", longest_text, Better::lower, has<ServiceKind::imaging>},
    {"pathology_down", "h", down_text, Better::lower, has<ServiceKind::pathology>},
    {"pathology_degraded", "h", degraded_text, Better::lower, has<ServiceKind::pathology>},
    {"pathology_longest_down", "h", longest_text, Better::lower, has<ServiceKind::pathology>},
    {"theatres_down", "h", down_text, Better::lower, has<ServiceKind::theatres>},
    {"theatres_degraded", "h", degraded_text, Better::lower, has<ServiceKind::theatres>},
    {"theatres_longest_down", "h", longest_text, Better::lower, has<ServiceKind::theatres>},
    {"outpatients_down", "h", down_text, Better::lower, has<ServiceKind::outpatients>},
    {"outpatients_degraded", "h", degraded_text, Better::lower, has<ServiceKind::outpatients>},
    {"outpatients_longest_down", "h", longest_text, Better::lower, has<ServiceKind::outpatients>},
    {"pharmacy_down", "h", down_text, Better::lower, has<ServiceKind::pharmacy>},
    {"pharmacy_degraded", "h", degraded_text, Better::lower, has<ServiceKind::pharmacy>},
    {"pharmacy_longest_down", "h", longest_text, Better::lower, has<ServiceKind::pharmacy>},
    {"patient_records_down", "h", down_text, Better::lower, has<ServiceKind::patient_records>},
    {"patient_records_degraded", "h", degraded_text, Better::lower, has<ServiceKind::patient_records>},
    {"patient_records_longest_down", "h", longest_text, Better::lower, has<ServiceKind::patient_records>},
    {"gp_consultations_down", "h", down_text, Better::lower, has<ServiceKind::gp_consultations>},
    {"gp_consultations_degraded", "h", degraded_text, Better::lower, has<ServiceKind::gp_consultations>},
    {"gp_consultations_longest_down", "h", longest_text, Better::lower, has<ServiceKind::gp_consultations>},
    {"email_down", "h", down_text, Better::lower, has<ServiceKind::email>},
    {"email_degraded", "h", degraded_text, Better::lower, has<ServiceKind::email>},
    {"email_longest_down", "h", longest_text, Better::lower, has<ServiceKind::email>},
    {"other_down", "h", down_text, Better::lower, has<ServiceKind::other>},
    {"other_degraded", "h", degraded_text, Better::lower, has<ServiceKind::other>},
    {"other_longest_down", "h", longest_text, Better::lower, has<ServiceKind::other>},
    {"organisations_disrupted", "organisations", "Organisations of which some service was below full capacity."},
    {"trusts_disrupted", "organisations", "Trusts of which some service was below full capacity."},
    {"trusts_disrupted_not_locked_out", "organisations",
     "Trusts of these without a host encrypted within 168 h: disrupted by cuts, isolation or others' services."},
    {"trusts_diverting", "organisations", "Trusts whose emergency department diverted ambulances at some time.",
     Better::lower, diverts},
    {"hours_diverting", "h", "Hours for which emergency departments diverted ambulances, over all organisations.",
     Better::lower, diverts},
    {"time_to_normal", "h",
     "Start to when fewer than 5 % of the organisations that were ever disrupted are, for good; the horizon where "
     "that "
     "is not reached. Does not occur where none was."},
    {"appointments_cancelled", "appointments", "Appointments lost: outpatients' and general practitioners'.",
     Better::lower, counts<ActivityKind::appointments>},
    {"admissions_lost", "admissions", "Elective and emergency admissions lost.", Better::lower,
     counts<ActivityKind::elective_admissions, ActivityKind::emergency_admissions>},
    {"elective_admissions_lost", "admissions", "Of these, elective ones.", Better::lower,
     counts<ActivityKind::elective_admissions>},
    {"attendances_lost", "attendances", "Emergency attendances lost.", Better::lower,
     counts<ActivityKind::attendances>},
    {"ambulances_diverted", "ambulances", "Ambulances that would have come while the department diverted.",
     Better::lower, counts<ActivityKind::ambulance_arrivals>},
    {"activity_lost", "pounds", "What the activity lost was worth, by its tariffs.", Better::lower, priced},
    {"it_cost", "pounds", "What the hours of technicians cost, at work and on the way.", Better::lower, staffed},
    {"ransom_pounds", "pounds", "Ransom paid, in pounds.", Better::lower, paid},
    {"cost", "pounds", "Activity lost, technicians' hours and ransom together.", Better::lower, costs},
};
static_assert(std::size(table) == count);

constexpr Metric curve_table[] = {
    {"organisations_degraded", "organisations", "Organisations of which some service is below full capacity.",
     Better::neither},
    {"trusts_diverting", "organisations", "Trusts whose emergency department diverts ambulances.", Better::neither},
};

/// Start to when fewer than a share of so many organisations are degraded, for good.
double normal_again(const ServiceCourses& courses, double organisations, Instant horizon) {
  if (organisations == 0) return not_occurring;
  const auto few = [&](std::int64_t degraded) {
    return static_cast<double>(degraded) < normal_below * organisations;
  };
  Instant normal{};
  std::int64_t degraded = 0;
  for (auto turn = courses.turns.begin(); turn != courses.turns.end();) {
    const bool before = few(degraded);
    const Instant now = turn->time;
    for (; turn != courses.turns.end() && turn->time == now; ++turn)
      if (turn->what == Turn::What::degraded) degraded += turn->begins ? 1 : -1;
    if (!before && few(degraded)) normal = now;
  }
  return to_hours(few(degraded) ? normal : horizon);
}

class Count {
 public:
  explicit Count(const Played& play)
      : play_(play), model_(play.model()), courses_(reckon_services(play)), metrics_(count) {}

  void take(Outcome& outcome) {
    for (const std::uint32_t unit : courses_.touched) add_unit(model_.services.units[unit], courses_.units[unit]);
    add_organisations();
    add_costs();
    outcome.metrics.insert(outcome.metrics.end(), metrics_.begin(), metrics_.end());
    append_curves(outcome);
  }

 private:
  void add_unit(const ServiceUnit& unit, const UnitCourse& course) {
    const std::size_t kind = 3 * static_cast<std::size_t>(model_.services.services[unit.service].kind);
    metrics_[kind] += unit.weight * to_hours(course.down);
    metrics_[kind + 1] += unit.weight * to_hours(course.degraded);
    metrics_[kind + 2] = std::max(metrics_[kind + 2], to_hours(course.longest_down));
    metrics_[hours_diverting] += unit.weight * to_hours(course.diverting);
    const auto lost = [&](ActivityKind of) { return course.lost[static_cast<std::size_t>(of)]; };
    metrics_[appointments_cancelled] += lost(ActivityKind::appointments);
    metrics_[elective_admissions_lost] += lost(ActivityKind::elective_admissions);
    metrics_[admissions_lost] += lost(ActivityKind::elective_admissions) + lost(ActivityKind::emergency_admissions);
    metrics_[attendances_lost] += lost(ActivityKind::attendances);
    metrics_[ambulances_diverted] += lost(ActivityKind::ambulance_arrivals);
    metrics_[activity_lost] += course.pounds;
  }

  void add_organisations() {
    const Estate& estate = *model_.estate;
    std::vector<std::uint8_t> disrupted(estate.organisations());
    std::vector<std::uint8_t> diverting(estate.organisations());
    std::vector<std::uint8_t> locked_out(estate.organisations());
    for (const std::uint32_t unit : courses_.touched) {
      const std::size_t organisation = index(model_.services.units[unit].organisation);
      disrupted[organisation] |= courses_.units[unit].disturbed();
      diverting[organisation] |= courses_.units[unit].diverting > Duration{};
    }
    play_.each_step([&](const Step& step) {
      if (step.what == Transition::encrypted && step.time <= Instant{} + lock_out)
        locked_out[index(estate.organisation_of(step.host))] = 1;
    });
    for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
      const bool trust = estate[OrganisationId{o}].kind == OrganisationKind::trust;
      metrics_[organisations_disrupted] += disrupted[o];
      metrics_[trusts_disrupted] += trust && disrupted[o] != 0;
      metrics_[trusts_disrupted_not_locked_out] += trust && disrupted[o] != 0 && locked_out[o] == 0;
      metrics_[trusts_diverting] += trust && diverting[o] != 0;
    }
    metrics_[time_to_normal] = normal_again(courses_, metrics_[organisations_disrupted], model_.horizon);
  }

  void add_costs() {
    if (staffed(model_)) {
      Duration busy{};
      for (const Repair& repair : play_.repairs()) {
        const Effort spent = effort(*model_.recovery, repair, model_.horizon);
        busy += spent.travelled + spent.worked;
      }
      metrics_[it_cost] = to_hours(busy) * model_.recovery->hourly;
    }
    if (paid(model_)) {
      double dollars = 0;
      play_.each_step([&](const Step& step) {
        if (step.what == Transition::encrypted) dollars += play_.payment(play_.fall_at(step.host, step.time)).dollars;
      });
      metrics_[ransom_pounds] = dollars * model_.worm.ransom->paying->pounds_per_dollar;
    }
    metrics_[cost] = metrics_[activity_lost] + metrics_[it_cost] + metrics_[ransom_pounds];
  }

  void append_curves(Outcome& outcome) const {
    Curves curves(model_, std::size(curve_table));
    for (const Turn& turn : courses_.turns) {
      const bool diverts = turn.what == Turn::What::diverting;
      if (diverts && (*model_.estate)[turn.organisation].kind != OrganisationKind::trust) continue;
      curves.mark(diverts, turn.time, turn.begins ? 1 : -1u);
    }
    curves.append_to(outcome);
  }

  const Played& play_;
  const Model& model_;
  ServiceCourses courses_;
  std::vector<double> metrics_;
};

void take(const Played& play, Outcome& outcome) {
  if (!play.model().services.units.empty()) return Count(play).take(outcome);
  outcome.metrics.insert(outcome.metrics.end(), count, 0);
  outcome.metrics[outcome.metrics.size() - count + time_to_normal] = not_occurring;
  Curves(play.model(), std::size(curve_table)).append_to(outcome);
}

}  // namespace

const Measure services_measure = {table, curve_table,
                                  [](const Model& model) { return !model.services.units.empty(); }, take};

}  // namespace trustfall
