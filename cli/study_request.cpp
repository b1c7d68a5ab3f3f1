#include "cli/study_request.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>

#include "scenarios/reader.h"
#include "sim/study/study.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

std::atomic<bool> stop_requested{false};
extern "C" void request_stop(int) {
  stop_requested = true;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends at once
}

std::string check_seed(const std::string& seed) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), value);
  const bool whole = error == std::errc{} && end == seed.data() + seed.size();
  return whole ? std::string() : "a seed is a whole number below 2^64; found '" + seed.substr(0, 60) + "'";
}

std::string check_folder(const std::string& folder) {
  return folder.empty() || folder[0] == '-' ? "a folder is missing (one whose name begins with - is written ./-name)"
                                            : std::string();
}

}  // namespace

void add_study_options(CLI::App& verb, StudyRequest& request) {
  verb.add_option("scenario", request.scenario, "Scenario file (YAML)")->required()->type_name("FILE");
  verb.add_option("--replicates", request.replicates, "How many times to play it")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  verb.add_option("--seed", request.seed, "Seed of all luck; chosen and printed when nobody gives one")
      ->type_name("N")
      ->check(check_seed);
  verb.add_option("--threads", request.threads, "Threads; as many as there are cores when left out")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--out", request.out, "Folder for what is written")->type_name("DIR")->check(check_folder);
  verb.add_option("--set", request.settings, "Change a value, as in worm.latency=5min; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  verb.add_flag("--replace", request.replace, "Replace results that are already in --out");
  verb.add_flag("--real-names", request.real_names, "Name real organisations instead of pseudonyms");
  verb.add_flag("--json", request.json, "Print the summary as one line of JSON");
  verb.add_flag("--quiet", request.quiet, "Print nothing but errors");
  verb.add_flag("--dry-run", request.dry_run,
                "Play one replicate to say how many it would be, how long and how large");
}

Document read_requested(const StudyRequest& request, const std::vector<std::string>& more,
                        const std::string& strategy) {
  std::vector<std::string> settings = request.settings;
  if (request.seed) settings.push_back(fmt::format("study.seed={}", *request.seed));
  if (request.replicates) settings.push_back(fmt::format("study.replicates={}", *request.replicates));
  settings.insert(settings.end(), more.begin(), more.end());
  return read_scenario(request.scenario, settings, strategy);
}

Prepared prepare(StudyRequest& request) {
  Prepared prepared{read_requested(request), nullptr, {}};
  Document& document = prepared.document;
  throw_if_mistaken(document);
  if (!document.scenario.study().has_seed()) {
    request.seed = std::random_device{}();
    document.scenario.mutable_study()->set_seed(*request.seed);
  }
  const ReadFile read_file = files_beside(request.scenario);
  const std::string file_name = std::filesystem::path(request.scenario).filename();
  std::vector<InputFile> inputs = {read_list(read_file, file_name)};
  prepared.experiment = build_experiment(document, read_file, inputs);
  if (!request.quiet)
    for (const Mistake& mistake : document.mistakes) std::cerr << describe(mistake) << '\n';
  prepared.results = describe_results(*prepared.experiment, document, std::move(inputs));
  return prepared;
}

std::shared_ptr<const Experiment> build_variant(const StudyRequest& request, const Prepared& prepared,
                                                Document& document) {
  std::vector<InputFile> ignored;
  return build_experiment(document, files_beside(request.scenario), ignored, prepared.experiment.get());
}

const std::atomic<bool>& stop_on_interrupt() {
  std::signal(SIGINT, request_stop);
  return stop_requested;
}

void print_dry_run(const StudyRequest& request, const Prepared& prepared, double plays) {
  const Results& results = prepared.results;
  const int threads = request.threads > 0 ? request.threads : available_threads();
  const auto start = std::chrono::steady_clock::now();
  const auto player = player_maker(prepared.experiment)();
  const double infected = player->play(0).metrics[metric_index(results.metrics, "hosts_infected")];
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  // Lines of the tables and steps of the six traces that are kept, by what they take on average.
  const double bytes = 90.0 * plays * static_cast<double>(results.metrics.size()) +
                       80.0 * results.samples * static_cast<double>(results.series.size()) +
                       130.0 * static_cast<double>(results.organisations.size()) +
                       (infected > most_hosts_traced ? 0 : 6 * 9.0 * static_cast<double>(player->trace().size()));
  std::cout << fmt::format("{} plays of {} hosts; about {:.3g} s on {} threads; about {:.2g} MB on disk\n", plays,
                           results.hosts, seconds * plays / threads, threads, bytes / 1e6);
}

}  // namespace trustfall
