#include "scenarios/exercise/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "scenarios/date.h"
#include "scenarios/exercise/pacing.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

std::string words_of(DeviceClass device) {
  if (device == DeviceClass::checkin_kiosk) return "check-in kiosk";
  if (device == DeviceClass::data_centre_server) return "data-centre server";
  if (device == DeviceClass::imaging) return "imaging device";
  if (device == DeviceClass::infusion) return "infusion device";
  std::string name(name_of(device));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// What had become of the hosts by a moment.
struct Standing {
  std::size_t infected = 0, encrypted = 0, detected = 0, restored = 0;
  std::size_t waiting = 0;  // encrypted and not restored
  std::size_t places = 0;   // organisations or segments with an encrypted host
};

Standing standing_at(Instant moment, const Ground& ground) {
  const Estate& estate = ground.estate();
  Standing standing;
  Firsts firsts;
  std::set<HostId> waiting;
  std::set<std::size_t> places;
  for (const Step& step : ground.trace) {
    if (step.time > moment) break;
    const bool first = firsts.take(step);
    standing.infected += first && step.what == Transition::infected;
    standing.detected += first && step.what == Transition::detected;
    standing.restored += first && step.what == Transition::restored;
    if (step.what == Transition::restored) waiting.erase(step.host);
    if (step.what != Transition::encrypted) continue;
    standing.encrypted += first;
    waiting.insert(step.host);
    const SegmentId segment = estate.segment_of(step.host);
    places.insert(counts_organisations(estate) ? index(estate[segment].organisation) : index(segment));
  }
  standing.waiting = waiting.size();
  standing.places = places.size();
  return standing;
}

/// Hosts that the message speaks of, so far; what `{count}` is.
std::size_t count_of(const ExerciseEvent& event, const Ground& ground) {
  const Estate& estate = ground.estate();
  const Instant by = event.moment.time;
  Firsts firsts;
  const auto steps = [&](Transition what, auto of_kind) {
    return static_cast<std::size_t>(std::count_if(ground.trace.begin(), ground.trace.end(), [&](const Step& step) {
      return step.what == what && step.time <= by && of_kind(estate.device(step.host)) &&
             estate.organisation_of(step.host) == estate.organisation_of(event.moment.host) && firsts.take(step);
    }));
  };
  const auto is = [](DeviceClass wanted) { return [wanted](DeviceClass device) { return device == wanted; }; };
  switch (event.rule->detector) {
    case Detector::clinical_workstation_encrypted:
      return steps(Transition::encrypted, is(DeviceClass::clinical_workstation));
    case Detector::medical_device_hit:
      return steps(Transition::infected, is_medical);
    case Detector::data_centre_server_lost:
      return steps(Transition::encrypted, is(DeviceClass::data_centre_server));
    case Detector::backup_server_hit:
      return steps(Transition::encrypted, is(DeviceClass::backup_server));
    case Detector::backup_servers_spared:
      return static_cast<std::size_t>(std::count_if(ground.trace.begin(), ground.trace.end(), [&](const Step& step) {
        return step.what == Transition::infected && estate.device(step.host) == DeviceClass::backup_server &&
               firsts.take(step);
      }));
    case Detector::tenth_place_locked_out:
      return tenth;
    default:
      return standing_at(by, ground).waiting;
  }
}

/// `09:37`, and the day when it is not the first.
std::string time_of_day(Instant moment, const Ground& ground) {
  const std::string& start = ground.results->manifest.start;
  const std::string date = date_at(start, moment);
  const Duration midnight = local_start(start).of_day;
  const auto day = (midnight + moment.time_since_epoch()) / 24h + 1;
  return date.substr(11, 5) + (day > 1 ? fmt::format(" on day {}", day) : "");
}

std::string span_text(Duration span) {
  const double hours = to_hours(span);
  return hours < 2 ? fmt::format("{:.0f} minutes", hours * 60) : fmt::format("{:.0f} hours", hours);
}

/// The text with its placeholders filled in.
class Filler {
 public:
  Filler(const ExerciseEvent& event, const Ground& ground, Dialect dialect) {
    const Standing standing = standing_at(event.moment.time, ground);
    const Estate& estate = ground.estate();
    const HostId host = event.moment.host;
    const auto& ransom = ground.model->worm.ransom;
    values_["scenario"] = ground.results->manifest.scenario;
    values_["time"] = time_of_day(event.moment.time, ground);
    values_["place"] = host == no_host ? "" : ground.place(estate.segment_of(host));
    values_["host_class"] = host == no_host ? "" : spelled(words_of(estate.device(host)), dialect);
    const auto organisation =
        host == no_host ? event.moment.organisation : std::optional(estate.organisation_of(host));
    values_["organisation"] = organisation ? ground.organisation(*organisation) : "";
    values_["service"] = event.moment.service ? words_of(*event.moment.service) : "";
    values_["count"] = grouped(count_of(event, ground));
    values_["infected"] = grouped(standing.infected);
    values_["encrypted"] = grouped(standing.encrypted);
    values_["detected"] = grouped(standing.detected);
    values_["restored"] = grouped(standing.restored);
    values_["places"] = grouped(standing.places);
    values_["kind_of_place"] = counts_organisations(estate) ? spelled("organisations", dialect) : "network segments";
    values_["quiet"] = span_text(quiet_time(*ground.model));
    values_["ransom"] = ransom ? grouped(static_cast<std::size_t>(ransom->amount)) : "";
    values_["ransom_doubled"] = ransom ? grouped(static_cast<std::size_t>(2 * ransom->amount)) : "";
  }

  std::string fill(const std::string& text) const {
    std::string filled;
    std::size_t done = 0;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', done)) {
      const std::size_t end = text.find('}', at);
      filled += text.substr(done, at - done) + values_.at(text.substr(at + 1, end - at - 1));
      done = end + 1;
    }
    return filled + text.substr(done);
  }

 private:
  std::map<std::string, std::string> values_;
};

/// p10, p50 and p90 of a detector's moment over the replicates in which it has one, and how many these are.
std::string evidence(Detector detector, const Ground& ground) {
  if (detector == Detector::exercise_starts || detector == Detector::exercise_ends) return "";
  std::vector<double> hours;
  for (const std::uint32_t replicate : ground.results->strategies[0].replicates) {
    const Moment& moment = ground.moments[replicate][static_cast<std::size_t>(detector)];
    if (moment.time != never) hours.push_back(to_hours(moment.time));
  }
  std::sort(hours.begin(), hours.end());
  const std::size_t of = ground.results->strategies[0].replicates.size();
  if (hours.empty()) return fmt::format("in none of {} replicates", of);
  const auto at = [&](double share) { return clock_text(Instant{} + from_seconds(quantile(hours, share) * 3600)); };
  return fmt::format("{} / {} / {} in {} of {} replicates", at(0.1), at(0.5), at(0.9), hours.size(), of);
}

}  // namespace

std::string words_of(ServiceKind kind) {
  if (kind == ServiceKind::emergency) return "emergency department";
  if (kind == ServiceKind::gp_consultations) return "GP consultations";
  if (kind == ServiceKind::email) return "e-mail";
  if (kind == ServiceKind::other) return "a shared service";
  std::string name(name_of(kind));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

const Words& words(Dialect dialect) {
  static constexpr Words uk = {"Main events list", "MEL", "Serial", "EXCON"};
  static constexpr Words us = {"Master scenario events list", "MSEL", "Inject", "Controllers"};
  return dialect == Dialect::uk ? uk : us;
}

std::string grouped(std::size_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string spelled(std::string text, Dialect dialect) {
  if (dialect == Dialect::uk) return text;
  for (const auto& [uk, us] : {std::pair{"rganisation", "rganization"}, std::pair{"centre", "center"}})
    for (auto at = text.find(uk); at != std::string::npos; at = text.find(uk, at))
      text.replace(at, std::string_view(uk).size(), us);
  return text;
}

std::string clock_text(int minute) { return fmt::format("T+{:02}:{:02}", minute / 60, minute % 60); }

std::string clock_text(Instant moment) { return clock_text(static_cast<int>(moment.time_since_epoch() / 1min)); }

std::vector<ExerciseEvent> schedule_events(const InjectRules& rules, const Ground& ground, int minutes) {
  std::vector<ExerciseEvent> starts, events, ends;
  for (const InjectRule& rule : rules.injects) {
    const Moment& moment = ground.moment(rule.detector);
    if (moment.time == never) continue;
    auto& list = rule.detector == Detector::exercise_starts ? starts
                 : rule.detector == Detector::exercise_ends ? ends
                                                            : events;
    list.push_back({&rule, moment, 0});
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const ExerciseEvent& a, const ExerciseEvent& b) { return a.moment.time < b.moment.time; });
  std::vector<Instant> times;
  for (const ExerciseEvent& event : events) times.push_back(event.moment.time);
  const std::vector<int> paced = pace(times, minutes);
  for (std::size_t i = 0; i < events.size(); ++i) events[i].minute = paced[i];
  for (ExerciseEvent& end : ends) end.minute = minutes;
  starts.insert(starts.end(), events.begin(), events.end());
  starts.insert(starts.end(), ends.begin(), ends.end());
  return starts;
}

Table events_table(const std::vector<ExerciseEvent>& events, const Ground& ground, Dialect dialect) {
  Table table{dialect == Dialect::uk ? "mel" : "msel",
              {"Inject #",
               "Event Type",
               "Status",
               "Exercise Time (T+hh:mm)",
               "Scenario Time (ISO 8601)",
               "Phase",
               "Title",
               "Inject Description",
               "From",
               "To",
               "Delivery Method",
               "Responsible Controller",
               "Expected Player Action",
               "Objective #",
               "Core Capability",
               "Critical Task",
               "Contingency",
               "Branch Condition",
               "Branch Target",
               "Controller Notes",
               "Evaluator Instructions",
               "ATT&CK ID",
               "Model Evidence (p10/p50/p90)",
               "Replay Code",
               "Actual Time",
               "Outcome"},
              {}};
  // A branch to a rule that does not apply here leads nowhere.
  const auto number_of = [&](const std::string& id) {
    for (std::size_t i = 0; i < events.size(); ++i)
      if (events[i].rule->id == id) return Cell{static_cast<std::int64_t>(i + 1)};
    return Cell{};
  };
  for (std::size_t i = 0; i < events.size(); ++i) {
    const ExerciseEvent& event = events[i];
    const InjectRule& rule = *event.rule;
    const Filler filler(event, ground, dialect);
    const auto text = [&](Field field) { return Cell{filler.fill(rule[field])}; };
    const Cell target = rule.branch_target.empty() ? Cell{} : number_of(rule.branch_target);
    const bool branches = target != Cell{};
    table.rows.push_back({static_cast<std::int64_t>(i + 1),
                          text(Field::type),
                          "Planned",
                          clock_text(event.minute),
                          date_at(ground.results->manifest.start, event.moment.time),
                          text(Field::phase),
                          text(Field::title),
                          text(Field::description),
                          text(Field::from),
                          text(Field::to),
                          text(Field::delivery_method),
                          text(Field::responsible_controller),
                          text(Field::expected_action),
                          rule.objective > 0 ? Cell{static_cast<std::int64_t>(rule.objective)} : Cell{},
                          text(Field::core_capability),
                          text(Field::critical_task),
                          text(Field::contingency),
                          branches ? text(Field::branch_condition) : Cell{},
                          target,
                          text(Field::controller_notes),
                          text(Field::evaluator_instructions),
                          rule.technique,
                          evidence(rule.detector, ground),
                          ground.code,
                          Cell{},
                          Cell{}});
  }
  return table;
}

std::vector<std::string> left_out(const InjectRules& rules, const Ground& ground, Dialect dialect) {
  std::vector<std::string> texts;
  for (const InjectRule& rule : rules.injects)
    if (ground.moment(rule.detector).time == never)
      texts.push_back(
          spelled(fmt::format("{} ({}): {}", rule.id, info(rule.detector).meaning, evidence(rule.detector, ground)),
                  dialect));
  return texts;
}

}  // namespace trustfall
