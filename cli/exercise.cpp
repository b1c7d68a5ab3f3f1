#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/study_request.h"
#include "cli/verbs.h"
#include "scenarios/date.h"
#include "scenarios/exercise/events.h"
#include "scenarios/exercise/truth.h"
#include "scenarios/quantity.h"
#include "sim/archive/replay_code.h"
#include "sim/study/summary.h"
#include "viz_export/csv.h"
#include "viz_export/events_list.h"
#include "viz_export/facilitator_sheet.h"
#include "viz_export/wording.h"

namespace trustfall {
namespace {

namespace fs = std::filesystem;

constexpr const char* list_csv = "events.csv";
constexpr const char* list_xlsx = "events.xlsx";
constexpr const char* sheet_html = "facilitator.html";

struct ExerciseRequest : StudyRequest {
  double percentile = 80;
  std::string duration = "90min";
  std::string dialect = "uk";
  std::string injects;  // file of rules; the shipped ones when empty

  Dialect words() const { return dialect == "us" ? Dialect::us : Dialect::uk; }
};

/// Whole minutes of the exercise.
int minutes_of(const std::string& duration) {
  const auto seconds = parse_quantity(duration, "duration", "").value;
  if (!seconds || *seconds < 600 || *seconds > 7 * 86400 || std::fmod(*seconds, 60) != 0)
    throw CLI::ValidationError(
        "--duration", "an exercise lasts whole minutes, from 10min to 7d; found '" + duration.substr(0, 60) + "'");
  return static_cast<int>(*seconds / 60);
}

InjectRules rules_of(const ExerciseRequest& request) {
  if (request.injects.empty())
    return read_injects("scenarios/exercise/injects.yaml", std::string(shipped_injects()), request.words());
  const fs::path file = request.injects;
  return read_injects(file.string(), read_list(files_beside(file.string()), file.filename().string()).content,
                      request.words());
}

std::string spaced(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

/// A network as players hear of it: `imaging network of trust 26`, or `wards network at site general` where the
/// estate is one organisation. The sites of an organisation from a list have no names here, because a name tells
/// whose it is.
std::string place_of(const Results& results, const Estate& estate, SegmentId id, Names names) {
  const Segment& segment = estate[id];
  const std::string network = spaced(estate.networks()[segment.network]) + " network";
  const std::size_t o = index(segment.organisation);
  if (estate.organisations() > 1) return network + " of " + label(results.organisations[o], o, names);
  if (estate.sites() == 1) return network;
  const Organisation& owner = estate[segment.organisation];
  const bool listed = !owner.type.empty() || !owner.region.empty();
  const bool named = names == Names::real || !listed;
  return network + " at site " + (named ? estate[segment.site].name : std::to_string(index(segment.site) + 1));
}

/// Of which day of the week the dates do not speak.
std::string played_as(const schema::Scenario& scenario) {
  if (!scenario.has_weekday()) return "";
  std::string day = schema::Weekday_Name(scenario.weekday());
  day[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(day[0])));
  return ", its first day played as a " + day;
}

/// Two columns, for the sheet and for the workbook.
Table facts_of(const ExerciseRequest& request, const Ground& ground, const schema::Scenario& scenario, int minutes) {
  const Manifest& manifest = ground.results->manifest;
  return {"facts",
          {"What", "Value"},
          {{"Scenario", manifest.scenario},
           {"Scenario time",
            date_at(manifest.start, Instant{}) + " to " + date_at(manifest.start, ground.model->horizon) +
                (manifest.time_zone.empty() ? "" : " (" + manifest.time_zone + ")") + played_as(scenario)},
           {"Exercise time", fmt::format("{} minutes", minutes)},
           {"Percentile of hosts infected", fmt::format("{:g}", request.percentile)},
           {"Replicate", fmt::format("{} of {}", ground.replicate, manifest.replicates)},
           {"Replay code", ground.code},
           {"Seed", std::to_string(manifest.seed)},
           {"Again, minute by minute", "trustfall replay " + ground.code + " --from results.tfr"},
           {"Trustfall", manifest.version + ", engine " + manifest.engine}}};
}

/// How this replicate was chosen, and how it stands among the others.
std::string choice_text(const ExerciseRequest& request, const Ground& ground, std::size_t at) {
  const StrategyResults& played = ground.results->strategies[0];
  const std::size_t infected = metric_index(ground.results->metrics, "hosts_infected");
  const std::vector<double> values = column(played, infected);
  const Summary spread = summarise(values);
  return fmt::format(
      "This course of events is replicate {} of {}, the one nearest percentile {:g} of hosts infected: {} of {} "
      "hosts. "
      "Half of the replicates have no more than {}, nineteen of twenty no more than {}. Nobody wrote it: every "
      "infection in it has its source.",
      ground.replicate, values.size(), request.percentile, readable(values[at]),
      readable(static_cast<double>(ground.results->hosts)), readable(spread.q50), readable(spread.q95));
}

std::vector<GroundCurve> curves_of(const Results& results, const Outcome& outcome) {
  std::vector<GroundCurve> curves;
  for (std::size_t c = 0; c < results.series.size(); ++c) {
    const std::string& name = results.series[c].name;
    if (name != "hosts_infected" && name != "hosts_encrypted" && name != "hosts_restored") continue;
    const auto first = outcome.series.begin() + static_cast<std::ptrdiff_t>(c * results.samples);
    curves.push_back({spaced(name), {first, first + static_cast<std::ptrdiff_t>(results.samples)}});
  }
  return curves;
}

/// Plays the study and, once more, the replicate that is chosen; its trace is kept in the results.
Ground play(const ExerciseRequest& request, Prepared& prepared, std::size_t& at) {
  Results& results = prepared.results;
  Ground ground;
  ground.results = &results;
  ground.model = &prepared.experiment->model;
  ground.moments.resize(prepared.experiment->replicates);
  StudyOptions study;
  study.replicates = prepared.experiment->replicates;
  study.threads = request.threads;
  study.traces = false;  // of the one that is chosen below
  study.stop = &stop_on_interrupt();
  const std::size_t ranking = metric_index(results.metrics, "hosts_infected");
  {
    Progress progress(!request.quiet && !request.json);
    study.progress = [&](std::uint32_t finished, std::uint32_t of) { progress.show(finished, of); };
    results.strategies.push_back(run_study(noting_player_maker(prepared.experiment, ground.moments), study, ranking));
  }
  StrategyResults& played = results.strategies.back();
  played.name = "baseline";
  played.scenario = played_scenario(prepared.document);
  if (played.outcomes.size() < study.replicates) return ground;

  at = nearest_replicate(played, ranking, request.percentile / 100);
  ground.replicate = played.replicates[at];
  ground.code = replay_code(results, 0, ground.replicate);
  const auto player = player_maker(prepared.experiment, [&ground](const Played& play) {
    ground.happenings = happenings_of(play);
    return Outcome{};
  })();
  player->play(ground.replicate);
  ground.trace = player->trace();
  played.traces.push_back({ground.replicate, request.percentile / 100, ground.trace});
  const Estate& estate = prepared.experiment->estate;
  ground.place = [&results, &estate, names = request.names()](SegmentId segment) {
    return place_of(results, estate, segment, names);
  };
  ground.organisation = [&results, names = request.names()](OrganisationId o) {
    return label(results.organisations[index(o)], index(o), names);
  };
  return ground;
}

void write_pack(const ExerciseRequest& request, const Ground& ground, std::size_t at,
                const schema::Scenario& scenario, const InjectRules& rules, int minutes) {
  const std::vector<ExerciseEvent> events = schedule_events(rules, ground, minutes);
  const Words& named = words(request.words());
  FacilitatorSheet sheet;
  sheet.title = ground.results->manifest.scenario;
  sheet.us = request.words() == Dialect::us;
  sheet.list = fmt::format("{} ({})", named.list, named.short_list);
  sheet.row = named.row;
  sheet.controllers = named.controllers;
  sheet.opening = {scenario.description(), choice_text(request, ground, at)};
  sheet.facts = facts_of(request, ground, scenario, minutes);
  sheet.objectives = rules.objectives;
  sheet.events = events_table(events, ground, request.words());
  for (const ExerciseEvent& event : events) sheet.event_hours.push_back(to_hours(event.moment.time));
  sheet.curves = curves_of(*ground.results, ground.results->strategies[0].outcomes[at]);
  sheet.sample_hours = ground.results->sample_hours;
  sheet.truth = ground_truth(ground, request.words());
  sheet.left_out = left_out(rules, ground, request.words());

  const fs::path out = request.out;
  write_file((out / list_csv).string(), [&](std::ostream& file) { write_csv(sheet.events, file); });
  write_events_workbook(sheet.events, named.short_list, sheet.facts, sheet.us, (out / list_xlsx).string());
  write_file((out / sheet_html).string(), [&](std::ostream& file) { file << facilitator_html(sheet); });
  if (request.json) {
    std::cout << nlohmann::ordered_json{{"scenario", sheet.title},       {"seed", ground.results->manifest.seed},
                                        {"replicate", ground.replicate}, {"replay_code", ground.code},
                                        {"events", events.size()},       {"left_out", sheet.left_out}}
                     .dump()
              << '\n';
  } else if (!request.quiet) {
    std::cout << fmt::format("{}: replicate {} of seed {}, code {}; {} events in {} minutes\n", sheet.title,
                             ground.replicate, ground.results->manifest.seed, ground.code, events.size(), minutes);
    for (std::size_t i = 0; i < events.size(); ++i)
      std::cout << fmt::format("  {}  {}  {}\n", clock_text(events[i].minute),
                               date_at(ground.results->manifest.start, events[i].moment.time),
                               std::get<std::string>(sheet.events.rows[i][6]));
    for (const std::string& text : sheet.left_out) std::cout << "  left out: " << text << '\n';
    std::cout << "Written to " << request.out << '\n';
  }
}

int exercise(ExerciseRequest& request) {
  const int minutes = minutes_of(request.duration);
  const InjectRules rules = rules_of(request);
  Prepared prepared = prepare(request);
  if (prepared.experiment->model.worm.again) {
    report(prepared.document, "worm.reinfects", "an exercise tells of hosts that fall once", "leave reinfects out");
    throw_if_mistaken(prepared.document);
  }
  if (request.dry_run) {
    print_dry_run(request, prepared, prepared.experiment->replicates);
    return done;
  }
  claim_folder(request.out, request.replace);
  std::size_t at = 0;
  const Ground ground = play(request, prepared, at);
  if (ground.code.empty()) {
    std::cerr << "interrupted: nothing is written\n";
    return interrupted;
  }
  write_folder(prepared.results, request.out, request.names());
  write_pack(request, ground, at, prepared.document.scenario, rules, minutes);
  return done;
}

}  // namespace

void add_exercise(CLI::App& app, Action& action) {
  auto request = std::make_shared<ExerciseRequest>();
  CLI::App* verb =
      app.add_subcommand("exercise", "Make an exercise from one replicate: events list and facilitator's sheet.");
  add_study_options(*verb, *request);
  verb->get_option("--out")->required();
  verb->add_option("--percentile", request->percentile, "How bad a replicate: its percentile by hosts infected; 80")
      ->type_name("P")
      ->check([](const std::string& text) { return text == "nan" ? "is not a number" : ""; })
      ->check(CLI::Range(0.0, 100.0));
  verb->add_option("--duration", request->duration, "How long the players play; 90min")->type_name("DURATION");
  verb->add_option("--dialect", request->dialect, "Words of the uk (MEL, serial, EXCON) or the us (MSEL, inject); uk")
      ->type_name("DIALECT")
      ->check(CLI::IsMember({"uk", "us"}));
  verb->add_option("--injects", request->injects, "File of injects to use instead of the shipped ones")
      ->type_name("FILE");
  verb->footer(
      "Examples:\n"
      "  trustfall exercise scenarios/district-hospital.yaml --out out/exercise\n"
      "  trustfall exercise scenarios/nhs-2017.yaml --percentile 50 --duration 3h --dialect us --out "
      "out/nhs-exercise");
  verb->callback([request, &action] { action = [request] { return exercise(*request); }; });
}

}  // namespace trustfall
