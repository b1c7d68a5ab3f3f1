#include <algorithm>
#include <map>
#include <set>

#include "scenarios/exercise/events.h"
#include "scenarios/exercise/truth.h"
#include "scenarios/experiment.h"
#include "sim/study/summary.h"
#include "tests/scenarios/reading.h"

// From a replicate to an exercise: what is found in it, when it is played, and what the players are told.

using namespace trustfall;

namespace {

const std::filesystem::path shipped = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "scenarios";

/// A replicate played once more.
struct Replayed {
  Trace trace;
  std::vector<Happening> happenings;
};

/// A study of a shipped scenario and one of its replicates, as the program makes them.
struct Studied {
  std::shared_ptr<const Experiment> experiment;
  Results results;
  Ground ground;

  Studied(const std::string& name, std::uint32_t replicates, double percentile,
          const std::vector<std::string>& more = {}) {
    const std::string file = (shipped / (name + ".yaml")).string();
    std::vector<std::string> settings = more;
    settings.push_back("study.seed=7");
    Document document = read_scenario(file, settings);
    std::vector<InputFile> inputs;
    experiment = build_experiment(document, files_beside(file), inputs);
    results = describe_results(*experiment, document, inputs);
    ground.results = &results;
    ground.model = &experiment->model;
    ground.moments.resize(replicates);
    StudyOptions options;
    options.replicates = replicates;
    options.traces = false;
    const std::size_t ranking = metric_index(results.metrics, "hosts_infected");
    results.strategies.push_back(run_study(noting_player_maker(experiment, ground.moments), options, ranking));
    ground.replicate = static_cast<std::uint32_t>(nearest_replicate(results.strategies[0], ranking, percentile));
    const Replayed replayed = replay(ground.replicate);
    ground.trace = replayed.trace;
    ground.happenings = replayed.happenings;
    ground.code = "CODE";
    ground.place = [](SegmentId id) { return "segment " + std::to_string(index(id)); };
    ground.organisation = [](OrganisationId id) { return "organisation " + std::to_string(index(id)); };
  }
  Studied(const Studied&) = delete;
  Studied& operator=(const Studied&) = delete;

  /// Played again by another player, so that nothing of the search is in it.
  Replayed replay(std::uint32_t replicate) const {
    Replayed replayed;
    const auto player = player_maker(experiment, [&](const Played& play) {
      replayed.happenings = happenings_of(play);
      return Outcome{};
    })();
    player->play(replicate);
    replayed.trace = player->trace();
    return replayed;
  }
};

InjectRules shipped_rules(Dialect dialect) {
  return read_injects("injects.yaml", std::string(shipped_injects()), dialect);
}

/// Times of the steps that `wanted` picks, ascending.
template <class Wanted>
std::vector<Instant> times(const Trace& trace, Wanted wanted) {
  std::vector<Instant> result;
  for (const Step& step : trace)
    if (wanted(step)) result.push_back(step.time);
  std::sort(result.begin(), result.end());
  return result;
}

/// 1056 as the texts write it: 1,056.
std::string with_commas(std::size_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

Instant earliest(const std::vector<Instant>& times) { return times.empty() ? never : times.front(); }

/// The first of a kind.
Instant earliest(const std::vector<Happening>& happenings, Happening::What what) {
  for (const Happening& happening : happenings)
    if (happening.what == what) return happening.time;
  return never;
}

/// The first moment at which a service of an organisation that has one of the kind has been down for two hours.
Instant two_hours_down(const std::vector<Happening>& happenings, Instant horizon) {
  Instant first = never;
  for (auto down = happenings.begin(); down != happenings.end(); ++down) {
    if (down->what != Happening::What::service_down || down->time + 2h >= horizon) continue;
    const auto up = std::find_if(down, happenings.end(), [&](const Happening& later) {
      return later.what == Happening::What::service_up && later.organisation == down->organisation &&
             later.service == down->service;
    });
    if (up == happenings.end() || up->time >= down->time + 2h) first = std::min(first, down->time + 2h);
  }
  return first;
}

/// What there is of each kind, looked up one by one without the detectors.
std::map<Detector, Instant> looked_up(const Replayed& replayed, const Model& model) {
  const Trace& trace = replayed.trace;
  const Estate& estate = *model.estate;
  const auto encrypted = [&](DeviceClass device) {
    return times(trace, [&](const Step& step) {
      return step.what == Transition::encrypted && estate.device(step.host) == device;
    });
  };
  const auto all = [&](Transition what) { return times(trace, [&](const Step& step) { return step.what == what; }); };
  std::map<Detector, Instant> found;
  found[Detector::exercise_starts] = Instant{};
  found[Detector::exercise_ends] = model.horizon;
  std::map<HostId, Instant> first_encrypted;
  for (const Step& step : trace)
    if (step.what == Transition::encrypted) first_encrypted.emplace(step.host, step.time);  // in order of time
  found[Detector::clinical_workstation_encrypted] = earliest(times(trace, [&](const Step& step) {
    const auto note = first_encrypted.find(step.host);
    return step.what == Transition::detected && estate.device(step.host) == DeviceClass::clinical_workstation &&
           note != first_encrypted.end() && note->second <= step.time;
  }));
  found[Detector::data_centre_server_lost] = earliest(encrypted(DeviceClass::data_centre_server));
  found[Detector::backup_server_hit] = earliest(encrypted(DeviceClass::backup_server));
  found[Detector::first_detection] = earliest(all(Transition::detected));
  found[Detector::first_restore] = earliest(all(Transition::restored));
  const std::set<DeviceClass> medical = {DeviceClass::imaging, DeviceClass::infusion, DeviceClass::checkin_kiosk,
                                         DeviceClass::camera, DeviceClass::scanner};
  found[Detector::medical_device_hit] = earliest(times(trace, [&](const Step& step) {
    return step.what == Transition::infected && medical.count(estate.device(step.host)) == 1;
  }));

  const bool organisations = estate.organisations() >= 10;
  std::map<std::size_t, Instant> locked_out;
  for (const Step& step : trace) {
    if (step.what != Transition::encrypted || step.time > Instant{} + 168h) continue;
    const std::size_t place =
        organisations ? index(estate.organisation_of(step.host)) : index(estate.segment_of(step.host));
    const auto [known, fresh] = locked_out.emplace(place, step.time);
    if (!fresh) known->second = std::min(known->second, step.time);
  }
  std::vector<Instant> places;
  for (const auto& [place, time] : locked_out) places.push_back(time);
  std::sort(places.begin(), places.end());
  found[Detector::tenth_place_locked_out] = places.size() < 10 ? never : places[9];

  found[Detector::kill_switch] = never;
  if (model.worm.kill_switch && model.worm.kill_switch->at < model.horizon)
    found[Detector::kill_switch] = model.worm.kill_switch->at;

  found[Detector::ransom_doubles] = never;
  std::map<HostId, Instant> restored;
  for (const Step& step : trace)
    if (step.what == Transition::restored) restored[step.host] = step.time;
  if (model.worm.ransom)
    for (const Step& step : trace) {
      const Instant due = step.time + model.worm.ransom->doubles_after;
      if (step.what != Transition::encrypted || due >= model.horizon) continue;
      if (restored.count(step.host) == 1 && restored[step.host] <= due) continue;
      found[Detector::ransom_doubles] = std::min(found[Detector::ransom_doubles], due);
    }

  const std::vector<Instant> infections = all(Transition::infected);
  const Duration quiet = model.horizon.time_since_epoch() / 10;
  found[Detector::outbreak_over] = never;
  if (!infections.empty() && infections.back() + quiet < model.horizon)
    found[Detector::outbreak_over] = infections.back() + quiet;

  bool servers = false;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    servers = servers || estate.device(HostId{h}) == DeviceClass::backup_server;
  const bool spared = servers && !infections.empty() && found[Detector::backup_server_hit] == never;
  found[Detector::backup_servers_spared] = spared ? model.horizon : never;

  found[Detector::national_warning] = earliest(replayed.happenings, Happening::What::warned);
  found[Detector::place_cut_off] = earliest(replayed.happenings, Happening::What::cut_off);
  found[Detector::ambulances_diverted] = earliest(replayed.happenings, Happening::What::diverting);
  found[Detector::service_down] = two_hours_down(replayed.happenings, model.horizon);
  return found;
}

std::size_t column_of(const Table& table, const std::string& name) {
  return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), name) -
                                  table.columns.begin());
}

std::string text_in(const Table& table, std::size_t row, const std::string& column) {
  const auto* text = std::get_if<std::string>(&table.rows[row][column_of(table, column)]);
  return text == nullptr ? "" : *text;
}

}  // namespace

TEST_CASE("What the detectors find in a replicate is what a look through its trace finds") {
  struct Case {
    std::string name;
    std::uint32_t replicates;
    std::vector<std::string> settings;
  };
  std::map<Detector, int> found;
  for (const Case& of : {Case{"district-hospital", 40, {}},
                         Case{"district-hospital",
                              20,
                              {"worm.kill_switch.at=+30h", "worm.ransom.amount=300", "worm.ransom.doubles_after=20h",
                               "worm.ransom.expires_after=60h"}},
                         Case{"plain-si", 5, {}}, Case{"nhs-2017", 2, {}}}) {
    const Studied studied(of.name, of.replicates, 0.8, of.settings);
    for (std::uint32_t r = 0; r < of.replicates; ++r)
      for (const auto& [detector, time] : looked_up(studied.replay(r), studied.experiment->model)) {
        INFO(of.name << ", replicate " << r << ", " << info(detector).name);
        CHECK(studied.ground.moments[r][static_cast<std::size_t>(detector)].time == time);
        found[detector] += time != never;
      }
  }
  for (int d = 0; d < detectors; ++d) {
    INFO(info(static_cast<Detector>(d)).name);
    CHECK(found[static_cast<Detector>(d)] > 0);
  }
}

TEST_CASE("The host of a moment is the one to which it happened") {
  const Studied studied("district-hospital", 20, 0.8);
  int seen = 0;
  for (int d = 0; d < detectors; ++d) {
    const Moment& moment = studied.ground.moment(static_cast<Detector>(d));
    const auto detector = static_cast<Detector>(d);
    const bool later = detector == Detector::ransom_doubles || detector == Detector::place_cut_off;
    if (moment.host == no_host || later) continue;
    ++seen;
    CHECK(std::any_of(studied.ground.trace.begin(), studied.ground.trace.end(),
                      [&](const Step& step) { return step.host == moment.host && step.time == moment.time; }));
  }
  CHECK(seen > 3);
}

TEST_CASE("The evidence is p10, p50 and p90 over the replicates in which the event occurs") {
  const std::uint32_t replicates = 40;
  const Studied studied("district-hospital", replicates, 0.8);
  const InjectRules rules = shipped_rules(Dialect::uk);
  const auto events = schedule_events(rules, studied.ground, 90);
  const Table table = events_table(events, studied.ground, Dialect::uk);
  int compared = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Detector detector = events[i].rule->detector;
    const std::string evidence = text_in(table, i, "Model Evidence (p10/p50/p90)");
    if (detector == Detector::exercise_starts || detector == Detector::exercise_ends) {
      CHECK(evidence.empty());
      continue;
    }
    std::vector<Instant> moments;
    for (std::uint32_t r = 0; r < replicates; ++r) {
      const Instant time = looked_up(studied.replay(r), studied.experiment->model).at(detector);
      if (time != never) moments.push_back(time);
    }
    std::sort(moments.begin(), moments.end());
    const auto at = [&](std::size_t tenths) {  // the smallest that so many tenths do not exceed
      return clock_text(moments[(moments.size() * tenths + 9) / 10 - 1]);
    };
    INFO(info(detector).name);
    CHECK(evidence ==
          at(1) + " / " + at(5) + " / " + at(9) + " in " + std::to_string(moments.size()) + " of 40 replicates");
    ++compared;
  }
  CHECK(compared >= 5);
}

TEST_CASE("Numbers in a text are those of the replicate at that moment") {
  const Studied studied("district-hospital", 20, 0.8);
  InjectRules rules = shipped_rules(Dialect::uk);
  for (InjectRule& rule : rules.injects)
    rule.texts[static_cast<std::size_t>(Field::title)] =
        "{infected};{encrypted};{detected};{restored};{places};{count};{place}";
  const auto events = schedule_events(rules, studied.ground, 90);
  const Table table = events_table(events, studied.ground, Dialect::uk);
  const Estate& estate = studied.experiment->estate;
  const Trace& trace = studied.ground.trace;
  REQUIRE(events.size() > 5);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Moment& moment = events[i].moment;
    std::map<Transition, std::size_t> so_far;
    std::set<std::size_t> segments;
    std::size_t waiting = 0, fellows = 0;
    for (const Step& step : trace) {
      const bool past = step.time <= moment.time;
      so_far[step.what] += past;
      if (step.what == Transition::encrypted && past) {
        segments.insert(index(estate.segment_of(step.host)));
        waiting += std::none_of(trace.begin(), trace.end(), [&](const Step& other) {
          return other.what == Transition::restored && other.host == step.host && other.time <= moment.time;
        });
      }
      fellows += step.what == Transition::encrypted && step.time <= moment.time && moment.host != no_host &&
                 estate.device(step.host) == estate.device(moment.host);
    }
    // Thousands have a comma; this replicate has few enough hosts for most counts to be without.
    std::string expected;
    for (const Transition what :
         {Transition::infected, Transition::encrypted, Transition::detected, Transition::restored}) {
      expected += with_commas(so_far[what]) + ";";
    }
    expected += std::to_string(segments.size()) + ";";
    const Detector detector = events[i].rule->detector;
    INFO(info(detector).name);
    const std::string shown = text_in(table, i, "Title");
    CHECK(shown.substr(0, expected.size()) == expected);
    if (detector == Detector::clinical_workstation_encrypted || detector == Detector::data_centre_server_lost)
      CHECK(shown.substr(expected.size(), shown.rfind(';') - expected.size()) == with_commas(fellows));
    if (detector == Detector::first_restore || detector == Detector::first_detection)
      CHECK(shown.substr(expected.size(), shown.rfind(';') - expected.size()) == with_commas(waiting));
    const std::string place =
        moment.host == no_host ? "" : "segment " + std::to_string(index(estate.segment_of(moment.host)));
    CHECK(shown.substr(shown.rfind(';') + 1) == place);
  }
}

TEST_CASE("Every shipped scenario gives an exercise in both dialects, from STARTEX to ENDEX") {
  for (const auto& [name, replicates] :
       std::map<std::string, std::uint32_t>{{"district-hospital", 20}, {"plain-si", 5}, {"nhs-2017", 2}}) {
    const Studied studied(name, replicates, 0.8);
    for (const Dialect dialect : {Dialect::uk, Dialect::us}) {
      INFO(name);
      const InjectRules rules = shipped_rules(dialect);
      const auto events = schedule_events(rules, studied.ground, 90);
      const Table table = events_table(events, studied.ground, dialect);
      REQUIRE(table.columns.size() == 26);
      CHECK(table.columns.front() == "Inject #");
      CHECK(table.columns.back() == "Outcome");
      CHECK(text_in(table, 0, "Title") == "STARTEX");
      CHECK(text_in(table, events.size() - 1, "Title") == "ENDEX");
      CHECK(text_in(table, events.size() - 1, "Exercise Time (T+hh:mm)") == "T+01:30");
      CHECK(events.size() + left_out(rules, studied.ground, dialect).size() == rules.injects.size());
      for (std::size_t i = 1; i < events.size(); ++i) {
        CHECK(events[i].minute > events[i - 1].minute);
        CHECK(events[i].moment.time >= events[i - 1].moment.time);
      }
      for (const auto& row : table.rows) {
        REQUIRE(row.size() == 26);
        for (const Cell& cell : row)
          if (const auto* text = std::get_if<std::string>(&cell))
            CHECK(text->find_first_of("{}[]|") == std::string::npos);
      }
      CHECK(ground_truth(studied.ground, dialect).front().rows.back()[2] ==
            Cell{static_cast<std::int64_t>(
                times(studied.ground.trace, [](const Step& s) { return s.what == Transition::infected; }).size())});
    }
  }
}

TEST_CASE("A scenario without encryption or backups leaves those injects out and says so") {
  const Studied studied("plain-si", 5, 0.8);
  const InjectRules rules = shipped_rules(Dialect::uk);
  const std::vector<std::string> missing = left_out(rules, studied.ground, Dialect::uk);
  CHECK(missing.size() == 14);
  for (const std::string id : {"clinical-workstation", "backup-hit", "backup-spared", "kill-switch", "first-restore",
                               "warning", "cut-off", "service-down", "diversion"})
    CHECK(std::any_of(missing.begin(), missing.end(), [&](const std::string& text) {
      return text.rfind(id + " (", 0) == 0 && text.find("in none of 5 replicates") != std::string::npos;
    }));
}
