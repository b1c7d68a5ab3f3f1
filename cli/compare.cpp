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

/// A strategy of the scenario, ready to be played.
struct Variant {
  std::string name;
  std::string scenario;
  std::shared_ptr<const Experiment> experiment;
};

/// Whether replicates of both can be pairs: the same hosts in the same segments, whatever runs on them.
bool same_shape(const Estate& a, const Estate& b) {
  if (a.hosts() != b.hosts() || a.segments() != b.segments() || a.organisations() != b.organisations()) return false;
  for (std::uint32_t s = 0; s < a.segments(); ++s)
    if (a.first_host(SegmentId{s}) != b.first_host(SegmentId{s}) || a[SegmentId{s}].site != b[SegmentId{s}].site)
      return false;
  return true;
}

std::vector<Variant> build_strategies(const StudyRequest& request, Prepared& prepared) {
  check_variants(prepared.document, [&](const std::vector<std::string>& more, const std::string& strategy) {
    return read_requested(request, more, strategy);
  });
  throw_if_mistaken(prepared.document);
  std::vector<Variant> variants;
  for (const std::string& name : strategy_names(prepared.document)) {
    Document document = read_requested(request, {}, name);
    throw_if_mistaken(document);
    const auto experiment = build_variant(request, prepared, document);
    if (!same_shape(prepared.experiment->estate, experiment->estate))
      report(
          prepared.document, "strategies." + name,
          "this strategy gives the estate other hosts or segments, so its replicates are not pairs of the others'");
    variants.push_back({name, played_scenario(document), experiment});
  }
  if (variants.size() < 2)
    report(prepared.document, "strategies",
           "compare needs at least two strategies; the first is what the others are compared with",
           "strategies: {as it is: {}, patched: {set: {patching.coverage: 90%}}}");
  throw_if_mistaken(prepared.document);
  return variants;
}

/// Plays every strategy; fewer replicates than asked for are left after an interruption.
void play(const StudyRequest& request, const std::vector<Variant>& variants, std::size_t ranking, Results& results) {
  Progress progress(!request.quiet && !request.json);
  StudyOptions study;
  study.replicates = results.manifest.replicates;
  study.threads = request.threads;
  study.stop = &stop_on_interrupt();
  const auto total = static_cast<std::uint32_t>(variants.size()) * study.replicates;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    const auto before = static_cast<std::uint32_t>(v) * study.replicates;
    study.progress = [&](std::uint32_t finished, std::uint32_t) { progress.show(before + finished, total); };
    results.strategies.push_back(run_study(player_maker(variants[v].experiment), study, ranking));
    results.strategies.back().name = variants[v].name;
    results.strategies.back().scenario = variants[v].scenario;
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
  const std::vector<Variant> variants = build_strategies(options, prepared);
  if (options.dry_run) {
    print_dry_run(options, prepared, static_cast<double>(variants.size()) * prepared.experiment->replicates);
    return done;
  }
  if (!options.out.empty()) claim_folder(options.out, options.replace);
  play(options, variants, ranking, results);

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
