#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "cli/replay_text.h"
#include "cli/verbs.h"
#include "models/metrics.h"
#include "scenarios/experiment.h"
#include "scenarios/stored.h"
#include "sim/archive/replay_code.h"
#include "sim/archive/results_file.h"
#include "sim/base/version.h"

namespace trustfall {
namespace {

/// The experiment behind results, built from what they hold.
std::shared_ptr<const Experiment> rebuild(const Results& results, std::size_t strategy, const std::string& file) {
  Document document = stored_scenario(file, results.strategies[strategy].scenario, results.inputs);
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_in(results.inputs, file), inputs);
  if (experiment->estate.organisations() != results.organisations.size())
    throw InputError({{file,
                       {},
                       Severity::error,
                       "the file is damaged: its organisations are not those of its scenario",
                       {},
                       {}}});
  return experiment;
}

/// Equal to the bit, where metrics that did not occur are equal too.
bool same(const Outcome& a, const Outcome& b) {
  const auto equal = [](double x, double y) { return x == y || (x != x && y != y); };
  // A strategy by itself may tell fewer metrics than beside others.
  const auto told = static_cast<std::ptrdiff_t>(std::min(a.metrics.size(), b.metrics.size()));
  return a.series == b.series &&
         std::equal(a.metrics.begin(), a.metrics.begin() + told, b.metrics.begin(), b.metrics.begin() + told, equal);
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
  const auto experiment = rebuild(results, row.strategy, options.from);
  std::vector<Happening> happenings;
  const auto player = player_maker(experiment, [&](const Played& play) {
    happenings = happenings_of(play);
    return measure(play, experiment->told);
  })();
  const Outcome again = player->play(row.replicate);

  // What is shown must be what was counted.
  const StrategyResults& strategy = results.strategies[row.strategy];
  for (std::size_t i = 0; i < strategy.replicates.size(); ++i)
    if (strategy.replicates[i] == row.replicate && !same(strategy.outcomes[i], again))
      throw InputError({{options.from,
                         {},
                         Severity::error,
                         "the file is damaged: its counts are not those of its scenario",
                         {},
                         {}}});

  const Names names = options.real_names ? Names::real : Names::pseudonyms;
  const ToldReplicate told{results, experiment->estate, names, player->trace(), std::move(happenings)};
  if (options.events) {
    print_events(told);
    return done;
  }
  std::cout << fmt::format("{}: replicate {} of seed {}, code {}; times in {}\n", results.manifest.scenario,
                           row.replicate, results.manifest.seed, replay_code(results, row.strategy, row.replicate),
                           results.manifest.time_zone);
  print_minutes(told);
  return done;
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* verb = app.add_subcommand("replay", "Play one replicate again and tell it minute by minute.");
  verb->add_option("code", options->code, "Replay code, as printed with the summary, or the number of a replicate")
      ->required()
      ->type_name("CODE");
  verb->add_option("--from", options->from, "Results file (results.tfr)")->required()->type_name("FILE");
  verb->add_flag("--events", options->events, "Every single step as CSV instead");
  verb->add_flag("--real-names", options->real_names, "Name real organisations instead of pseudonyms");
  verb->footer("Example:\n  trustfall replay 0A1B2C3D4E5F --from out/hospital/results.tfr");
  verb->callback([options, &action] { action = [options] { return replay(*options); }; });
}

}  // namespace trustfall
