#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <optional>
#include <random>

#include "cli/fail_if.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "models/metrics.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"
#include "sim/study/study.h"
#include "sim/study/summary.h"
#include "viz_export/json.h"
#include "viz_export/text.h"

namespace trustfall {
namespace {

std::atomic<bool> stop_requested{false};
extern "C" void request_stop(int) {
  stop_requested = true;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends at once
}

struct RunOptions {
  std::string scenario;
  std::vector<std::string> settings;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replicates;
  int threads = 0;
  std::string out;
  std::vector<std::string> fail_if;
  bool replace = false;
  bool real_names = false;
  bool json = false;
  bool quiet = false;
  bool dry_run = false;
};

/// Reads the scenario with what the command line says on top; a seed that nobody gave is chosen.
Document read(const RunOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (options.seed) settings.push_back(fmt::format("study.seed={}", *options.seed));
  if (options.replicates) settings.push_back(fmt::format("study.replicates={}", *options.replicates));
  Document document = read_scenario(options.scenario, settings);
  if (!document.scenario.study().has_seed()) document.scenario.mutable_study()->set_seed(std::random_device{}());
  return document;
}

void warn(const Document& document) {
  for (const Mistake& mistake : document.mistakes) std::cerr << describe(mistake) << '\n';
}

/// Plays one replicate to say what all of them would take.
int dry_run(const std::shared_ptr<const Experiment>& experiment, const Results& results, int threads) {
  const auto start = std::chrono::steady_clock::now();
  const auto player = player_maker(experiment)();
  player->play(0);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double plays = experiment->replicates;
  // Lines of the tables and steps of the five traces that are kept, by what they take on average.
  const double bytes = 90.0 * plays * static_cast<double>(results.metrics.size()) +
                       80.0 * results.samples * static_cast<double>(results.series.size()) +
                       130.0 * static_cast<double>(results.organisations.size()) +
                       5 * 9.0 * static_cast<double>(player->trace().size());
  std::cout << fmt::format("{} plays of {} hosts; about {:.3g} s on {} threads; about {:.2g} MB on disk\n", plays,
                           results.hosts, seconds * plays / threads, threads, bytes / 1e6);
  return done;
}

int run(const RunOptions& options) {
  Document document = read(options);
  throw_if_mistaken(document);
  const ReadFile read_file = files_beside(options.scenario);
  const std::string file_name = std::filesystem::path(options.scenario).filename();
  std::vector<InputFile> inputs = {{file_name, read_file(file_name)}};
  const auto experiment = build_experiment(document, read_file, inputs);
  if (!options.quiet) warn(document);
  Results results = describe_results(*experiment, document, std::move(inputs));
  std::vector<Condition> conditions;
  for (const std::string& text : options.fail_if) conditions.emplace_back(text, results.metrics);
  if (!options.out.empty() && !options.dry_run) claim_folder(options.out, options.replace);

  if (options.dry_run)
    return dry_run(experiment, results, options.threads > 0 ? options.threads : available_threads());

  StudyOptions study{experiment->replicates, options.threads, {}, &stop_requested};
  {
    Progress progress(!options.quiet && !options.json);
    study.progress = [&](std::uint32_t finished, std::uint32_t of) { progress.show(finished, of); };
    std::signal(SIGINT, request_stop);
    results.strategies.push_back(
        run_study(player_maker(experiment), study, metric_index(results.metrics, "hosts_infected")));
    results.strategies.back().name = "baseline";
  }
  const bool cut_short = results.strategies.back().outcomes.size() < experiment->replicates;
  if (cut_short)
    std::cerr << fmt::format("interrupted: {} of {} replicates are kept\n", results.strategies.back().outcomes.size(),
                             experiment->replicates);

  if (results.strategies.back().outcomes.empty()) return interrupted;
  if (!options.out.empty()) write_folder(results, options.out, options.real_names ? Names::real : Names::pseudonyms);
  if (options.json) {
    std::cout << summary_json(results) << '\n';
  } else if (!options.quiet) {
    std::cout << summary_text(results);
    if (!options.out.empty()) std::cout << "Written to " << options.out << '\n';
  }
  if (cut_short) return interrupted;
  int code = done;
  for (const Condition& condition : conditions)
    if (condition.holds(results)) {
      std::cerr << "--fail-if: " << condition.text() << " holds\n";
      code = condition_holds;
    }
  return code;
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* verb = app.add_subcommand("run", "Play a scenario many times and summarise what came out.");
  verb->add_option("scenario", options->scenario, "Scenario file (YAML)")->required()->type_name("FILE");
  verb->add_option("--replicates", options->replicates, "How many times to play it")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--seed", options->seed, "Seed of all luck; chosen and printed when nobody gives one")
      ->type_name("N")
      ->check([](const std::string& seed) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), value);
        const bool whole = error == std::errc{} && end == seed.data() + seed.size();
        return whole ? std::string() : "a seed is a whole number below 2^64; found '" + seed.substr(0, 60) + "'";
      });
  verb->add_option("--threads", options->threads, "Threads; as many as there are cores when left out")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  verb->add_option("--out", options->out, "Folder for results.tfr, manifest.json, summary.json and the CSV tables")
      ->type_name("DIR")
      ->check([](const std::string& folder) {
        return folder.empty() || folder[0] == '-'
                   ? "a folder is missing (one whose name begins with - is written ./-name)"
                   : std::string();
      });
  verb->add_option("--set", options->settings, "Change a value, as in worm.latency=5min; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--fail-if", options->fail_if, "Exit with 6 when this holds: 'q95(hosts_encrypted) > 500'")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  verb->add_flag("--replace", options->replace, "Replace results that are already in --out");
  verb->add_flag("--real-names", options->real_names, "Name real organisations in the tables instead of pseudonyms");
  verb->add_flag("--json", options->json, "Print the summary as one line of JSON");
  verb->add_flag("--quiet", options->quiet, "Print nothing but errors");
  verb->add_flag("--dry-run", options->dry_run,
                 "Play one replicate to say how many it would be, how long and how large");
  verb->footer(
      "Examples:\n"
      "  trustfall run scenarios/nhs-2017.yaml --replicates 200 --out out/nhs\n"
      "  trustfall run scenarios/nhs-2017.yaml --set worm.kill_switch.at=never --json\n"
      "  trustfall run scenarios/district-hospital.yaml --fail-if 'q95(hosts_encrypted) > 500'");
  verb->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace trustfall
