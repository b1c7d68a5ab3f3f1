#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/study_request.h"
#include "cli/verbs.h"
#include "models/metrics.h"
#include "notebooks_export/notebook.h"
#include "scenarios/sweep.h"
#include "sim/archive/digest.h"
#include "sim/archive/sweep_store.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/study/study.h"
#include "viz_export/json.h"
#include "viz_export/tables.h"

namespace trustfall {
namespace {

namespace fs = std::filesystem;

struct SweepOptions : StudyRequest {
  std::vector<std::string> over;
};

/// What must be the same for a store to be gone on with.
std::string fingerprint(const Prepared& prepared, const Sweep& sweep) {
  std::string all = played_scenario(prepared.document) + '\n' + std::string(engine_version);
  for (std::size_t i = 1; i < prepared.results.inputs.size(); ++i)
    all += '\n' + prepared.results.inputs[i].name + '\n' + sha256(prepared.results.inputs[i]);
  for (const SweepAxis& axis : sweep.axes) {
    all += '\n' + axis.path;
    for (const std::string& value : axis.values) all += '\n' + value;
  }
  return sha256(all);
}

/// Every value is read once by itself, so that a mistake is found before anything is played.
void check_values(const StudyRequest& request, const Sweep& sweep) {
  for (const SweepAxis& axis : sweep.axes)
    for (const std::string& value : axis.values) {
      Document document = read_requested(request, {axis.path + "=" + value});
      for (Mistake& mistake : document.mistakes)
        if (mistake.place.in_setting) mistake.file = "a value of the sweep", mistake.place.line = 1;
      throw_if_mistaken(document);
    }
}

/// A store from before gives the seed that nobody else does, so that the same command goes on.
void take_seed_from(const fs::path& store, SweepOptions& options) {
  if (options.seed || !fs::exists(store) || read_requested(options).scenario.study().has_seed()) return;
  const std::string seed = SweepStore(store.string()).note("seed");
  if (!seed.empty()) options.seed = std::stoull(seed);
}

void claim(SweepStore& store, const Prepared& prepared, const Sweep& sweep, const std::string& folder) {
  const std::string mine = fingerprint(prepared, sweep);
  const std::string kept = store.note("fingerprint");
  if (!kept.empty() && kept != mine)
    throw FileError(folder +
                    ": holds another sweep (scenario, settings, seed, replicates or engine differ); choose "
                    "another --out, or say --replace");
  store.keep_note("fingerprint", mine);
  store.keep_note("seed", std::to_string(prepared.experiment->seed));
  store.keep_note("manifest", manifest_json(prepared.results));
  store.keep_note("notebook", sweep_notebook_json(prepared.results, sweep.points()));
}

/// Plays the points that are not done; how many are missing at the end.
std::size_t play(const SweepOptions& options, Prepared& prepared, const Sweep& sweep, SweepStore& store) {
  const auto points = static_cast<std::uint32_t>(sweep.points());
  const std::vector<std::uint32_t> done = store.done();
  std::size_t missing = points - done.size();
  if (missing < points && !options.quiet)
    std::cerr << fmt::format("{} of {} points are done already\n", points - missing, points);
  StudyOptions study;
  study.replicates = prepared.experiment->replicates;
  study.threads = options.threads;
  study.traces = false;
  study.stop = &stop_on_interrupt();
  Progress progress(!options.quiet && !options.json);
  const auto total = static_cast<std::uint32_t>(missing) * study.replicates;
  std::uint32_t before = 0;
  for (std::uint32_t point = 0; point < points && !study.stop->load(); ++point) {
    if (std::binary_search(done.begin(), done.end(), point)) continue;
    study.progress = [&](std::uint32_t finished, std::uint32_t) { progress.show(before + finished, total); };
    Document document = read_requested(options, sweep.settings(point));
    const auto experiment = build_variant(options, prepared, document);
    prepared.results.strategies = {run_study(player_maker(experiment), study, 0)};
    prepared.results.strategies[0].name = "baseline";
    if (prepared.results.strategies[0].outcomes.size() < study.replicates) break;
    prepared.results.samples = static_cast<std::uint32_t>(samples(experiment->model));
    store.add(point, {points_table(sweep, point), outcomes_table(prepared.results, point),
                      timeseries_table(prepared.results, point)});
    before += study.replicates;
    --missing;
  }
  return missing;
}

int sweep_over(SweepOptions& options) {
  const fs::path store_path = fs::path(options.out) / sweep_file;
  if (!options.replace) take_seed_from(store_path, options);
  Prepared prepared = prepare(options);
  const Sweep sweep = options.over.empty() ? sweep_of(prepared.document) : sweep_from(options.over);
  check_values(options, sweep);
  const auto plays = static_cast<double>(sweep.points()) * prepared.experiment->replicates;
  if (options.dry_run) {
    std::cout << fmt::format("{} points; ", sweep.points());
    print_dry_run(options, prepared, plays);
    return done;
  }
  make_folder(options.out);
  if (options.replace)
    remove_results(options.out, {});
  else
    refuse_results(options.out, fs::exists(store_path) ? sweep_files() : std::vector<std::string>());
  SweepStore store(store_path.string());
  claim(store, prepared, sweep, options.out);

  const std::size_t missing = play(options, prepared, sweep, store);
  if (missing > 0) {
    std::cerr << fmt::format("interrupted: {} of {} points are done; the same command{} goes on with the rest\n",
                             sweep.points() - missing, sweep.points(), options.replace ? " without --replace" : "");
    return interrupted;
  }
  write_sweep(store, options.out);
  if (options.json)
    std::cout << fmt::format("{{\"points\":{},\"replicates\":{},\"seed\":{}}}\n", sweep.points(),
                             prepared.experiment->replicates, prepared.experiment->seed);
  else if (!options.quiet)
    std::cout << fmt::format(
        "{} point{} of {} replicate{} each, seed {}\nWritten to {}: points.csv, outcomes.csv, "
        "timeseries.csv, sweep.db\n",
        sweep.points(), sweep.points() == 1 ? "" : "s", prepared.experiment->replicates,
        prepared.experiment->replicates == 1 ? "" : "s", prepared.experiment->seed, options.out);
  return done;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* verb =
      app.add_subcommand("sweep", "Play many settings of a scenario on the same luck; goes on where it was stopped.");
  add_study_options(*verb, *options);
  verb->get_option("--out")->required();
  verb->add_option("--over", options->over, "A path as for --set and its values; several times: each with each")
      ->type_name("PATH=A,B,C")
      ->allow_extra_args(false);
  verb->footer(
      "Examples:\n"
      "  trustfall sweep scenarios/district-hospital.yaml --over patching.coverage=40%,60%,80% --out out/coverage\n"
      "  trustfall sweep my-estate.yaml --out out/sweep      (the grid under `sweep:` in the file)");
  verb->callback([options, &action] { action = [options] { return sweep_over(*options); }; });
}

}  // namespace trustfall
