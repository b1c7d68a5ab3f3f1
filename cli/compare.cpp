#include <fmt/format.h>

#include <iostream>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/study_request.h"
#include "cli/verbs.h"
#include "scenarios/variants.h"
#include "sim/base/error.h"
#include "sim/study/study.h"
#include "sim/study/summary.h"
#include "viz_export/comparison.h"
#include "viz_export/json.h"

namespace trustfall {
namespace {

std::vector<Strategy> read_strategies(const StudyRequest& request, Prepared& prepared) {
  const Reread reread = [&](const std::vector<std::string>& more, const std::string& strategy) {
    return read_requested(request, more, strategy);
  };
  check_variants(prepared.document, reread);
  throw_if_mistaken(prepared.document);
  std::vector<Strategy> strategies =
      build_strategies(prepared.document, *prepared.experiment, reread, files_beside(request.scenario));
  if (strategies.size() < 2)
    report(prepared.document, "strategies",
           "compare needs at least two strategies; the first is what the others are compared with",
           "strategies: {as it is: {}, patched: {set: {patching.coverage: 90%}}}");
  throw_if_mistaken(prepared.document);
  return strategies;
}

/// Plays every strategy; fewer replicates than asked for are left after an interruption.
void play(const StudyRequest& request, const std::vector<Strategy>& strategies, std::size_t ranking,
          Results& results) {
  Progress progress(!request.quiet && !request.json);
  StudyOptions study;
  study.replicates = results.manifest.replicates;
  study.threads = request.threads;
  study.stop = &stop_on_interrupt();
  const auto total = static_cast<std::uint32_t>(strategies.size()) * study.replicates;
  for (std::size_t v = 0; v < strategies.size(); ++v) {
    const auto before = static_cast<std::uint32_t>(v) * study.replicates;
    study.progress = [&](std::uint32_t finished, std::uint32_t) { progress.show(before + finished, total); };
    results.strategies.push_back(run_study(player_maker(strategies[v].experiment), study, ranking));
    results.strategies.back().name = strategies[v].name;
    results.strategies.back().scenario = played_scenario(strategies[v].document);
  }
}

struct CompareOptions : StudyRequest {
  std::string metric = "hosts_infected";
};

int compare(CompareOptions& options) {
  Prepared prepared = prepare(options);
  Results& results = prepared.results;
  const std::size_t ranking = metric_index(results.metrics, options.metric);
  if (ranking == results.metrics.size()) {
    std::vector<std::string> known;
    for (const MetricInfo& metric : results.metrics) known.push_back(metric.name);
    throw InputError({{"--metric",
                       {},
                       Severity::error,
                       "there is no metric '" + options.metric + "'",
                       nearest(options.metric, known),
                       {}}});
  }
  const std::vector<Strategy> strategies = read_strategies(options, prepared);
  if (options.dry_run) {
    print_dry_run(options, prepared, static_cast<double>(strategies.size()) * prepared.experiment->replicates);
    return done;
  }
  if (!options.out.empty()) claim_folder(options.out, options.replace);
  play(options, strategies, ranking, results);

  std::size_t fewest = results.manifest.replicates;
  for (const StrategyResults& strategy : results.strategies) fewest = std::min(fewest, strategy.outcomes.size());
  const bool cut_short = fewest < results.manifest.replicates;
  if (cut_short)
    std::cerr << fmt::format("interrupted: {} of {} replicates were played of every strategy\n", fewest,
                             results.manifest.replicates);
  if (fewest == 0) return interrupted;
  if (!options.out.empty()) write_folder(results, options.out, options.names());
  if (options.json) {
    std::cout << summary_json(results) << '\n';
  } else if (!options.quiet) {
    std::cout << comparison_text(results, ranking);
    if (!options.out.empty()) std::cout << "Written to " << options.out << '\n';
  }
  return cut_short ? interrupted : done;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* verb = app.add_subcommand("compare", "Play every strategy of a scenario on the same luck.");
  add_study_options(*verb, *options);
  verb->add_option("--metric", options->metric, "What the strategies are ranked by")->type_name("METRIC");
  verb->footer(
      "Examples:\n"
      "  trustfall compare scenarios/district-hospital.yaml --out out/strategies\n"
      "  trustfall compare scenarios/district-hospital.yaml --metric hosts_encrypted --json");
  verb->callback([options, &action] { action = [options] { return compare(*options); }; });
}

}  // namespace trustfall
