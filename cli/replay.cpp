#include <fmt/format.h>

#include <iostream>
#include <map>

#include "cli/verbs.h"
#include "models/metrics.h"
#include "scenarios/date.h"
#include "scenarios/experiment.h"
#include "sim/archive/replay_code.h"
#include "sim/archive/results_file.h"
#include "sim/base/version.h"
#include "viz_export/csv.h"
#include "viz_export/tables.h"

namespace trustfall {
namespace {

constexpr std::string_view step_names[transitions] = {"infected",  "stopped",  "crashed",  "recovered",
                                                      "encrypted", "detected", "isolated", "restored"};

/// The experiment behind results, built from what they hold.
std::shared_ptr<const Experiment> rebuild(const Results& results) {
  Document document;
  document.file = "results";
  document.scenario.ParseFromString(results.scenario);
  std::vector<InputFile> inputs;
  return build_experiment(
      document,
      [&](const std::string& name) {
        for (const InputFile& input : results.inputs)
          if (input.name == name) return input.content;
        throw FileError("the results do not hold " + name);
      },
      inputs);
}

/// One line for each minute in which something happened: how often, and which organisations were reached first.
void print_minutes(const Trace& trace, const Results& results, const Estate& estate, Names names) {
  std::vector<std::uint8_t> reached(estate.organisations());
  std::size_t at = 0;
  while (at < trace.size()) {
    const auto minute = trace[at].time.time_since_epoch() / 1min;
    std::array<std::size_t, transitions> counts{};
    std::vector<std::string> fresh;
    for (; at < trace.size() && trace[at].time.time_since_epoch() / 1min == minute; ++at) {
      ++counts[static_cast<std::size_t>(trace[at].what)];
      const std::size_t o = index(estate.organisation_of(trace[at].host));
      if (trace[at].what != Transition::infected || reached[o]) continue;
      reached[o] = 1;
      fresh.push_back(label(results.organisations[o], o, names));
    }
    std::cout << fmt::format("T+{:02}:{:02}  {} ", minute / 60, minute % 60,
                             date_at(results.manifest.start, Instant{} + minute * 1min));
    for (std::size_t t = 0; t < transitions; ++t)
      if (counts[t] > 0) std::cout << fmt::format(" {} {}", counts[t], step_names[t]);
    for (std::size_t i = 0; i < std::min<std::size_t>(fresh.size(), 3); ++i)
      std::cout << (i == 0 ? "; reaches " : ", ") << fresh[i];
    if (fresh.size() > 3) std::cout << fmt::format(" and {} more organisations", fresh.size() - 3);
    std::cout << '\n';
  }
}

Table event_table(const Trace& trace, const Results& results, const Estate& estate, Names names) {
  Table table{"events", {"t_hours", "time", "what", "host", "device", "organisation", "source", "zone"}, {}};
  for (const Step& step : trace) {
    const std::size_t o = index(estate.organisation_of(step.host));
    table.rows.push_back({to_hours(step.time), date_at(results.manifest.start, step.time),
                          std::string(step_names[static_cast<std::size_t>(step.what)]),
                          static_cast<std::int64_t>(step.host), std::string(name_of(estate.device(step.host))),
                          label(results.organisations[o], o, names),
                          step.source == no_host ? Cell{} : Cell{static_cast<std::int64_t>(step.source)},
                          step.zone == no_zone ? Cell{} : Cell{estate.zone_kinds()[estate[step.zone].kind]}});
  }
  return table;
}

struct ReplayOptions {
  std::string code;
  std::string from;
  bool events = false;
  bool real_names = false;
};

int replay(const ReplayOptions& options) {
  const Results results = load_results(options.from);
  const PlayRow row = find_play(results, options.code);
  if (results.manifest.engine != engine_version)
    throw InputError({{options.from,
                       {},
                       Severity::error,
                       "these results were played by engine " + results.manifest.engine + " (trustfall " +
                           results.manifest.version + "); this program has engine " + std::string(engine_version) +
                           " and would play something else",
                       {},
                       {}}});
  const auto experiment = rebuild(results);
  const auto player = player_maker(experiment)();
  const Outcome again = player->play(row.replicate);

  // What is shown must be what was counted.
  const StrategyResults& strategy = results.strategies[row.strategy];
  for (std::size_t i = 0; i < strategy.replicates.size(); ++i)
    if (strategy.replicates[i] == row.replicate && strategy.outcomes[i].series != again.series)
      throw std::runtime_error("the replay differs from the stored outcome");

  const Names names = options.real_names ? Names::real : Names::pseudonyms;
  if (options.events) {
    write_csv(event_table(player->trace(), results, experiment->estate, names), std::cout);
    return done;
  }
  std::cout << fmt::format("{}: replicate {} of seed {}, code {}; times in {}\n", results.manifest.scenario,
                           row.replicate, results.manifest.seed, replay_code(results, row.strategy, row.replicate),
                           results.manifest.time_zone);
  print_minutes(player->trace(), results, experiment->estate, names);
  return done;
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* verb = app.add_subcommand("replay", "Play one replicate again and tell it minute by minute.");
  verb->add_option("code", options->code, "Replay code, as printed with the summary")->required()->type_name("CODE");
  verb->add_option("--from", options->from, "Results file (results.tfr)")->required()->type_name("FILE");
  verb->add_flag("--events", options->events, "Every single step as CSV instead");
  verb->add_flag("--real-names", options->real_names, "Name real organisations instead of pseudonyms");
  verb->footer("Example:\n  trustfall replay 0A1B2C3D4E5F --from out/hospital/results.tfr");
  verb->callback([options, &action] { action = [options] { return replay(*options); }; });
}

}  // namespace trustfall
