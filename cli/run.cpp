#include <fmt/format.h>

#include <iostream>

#include "cli/fail_if.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/study_request.h"
#include "cli/verbs.h"
#include "sim/study/study.h"
#include "sim/study/summary.h"
#include "viz_export/json.h"
#include "viz_export/text.h"

namespace trustfall {
namespace {

struct RunOptions : StudyRequest {
  std::vector<std::string> fail_if;
};

int run(RunOptions& options) {
  Prepared prepared = prepare(options);
  Results& results = prepared.results;
  std::vector<Condition> conditions;
  for (const std::string& text : options.fail_if) conditions.emplace_back(text, results.metrics);
  const std::uint32_t replicates = prepared.experiment->replicates;
  if (options.dry_run) {
    print_dry_run(options, prepared, replicates);
    return done;
  }
  if (!options.out.empty()) claim_folder(options.out, options.replace);

  StudyOptions study;
  study.replicates = replicates;
  study.threads = options.threads;
  study.stop = &stop_on_interrupt();
  {
    Progress progress(!options.quiet && !options.json);
    study.progress = [&](std::uint32_t finished, std::uint32_t of) { progress.show(finished, of); };
    results.strategies.push_back(
        run_study(player_maker(prepared.experiment), study, metric_index(results.metrics, "hosts_infected")));
  }
  StrategyResults& played = results.strategies.back();
  played.name = "baseline";
  played.scenario = played_scenario(prepared.document);
  const bool cut_short = played.outcomes.size() < replicates;
  if (cut_short)
    std::cerr << fmt::format("interrupted: {} of {} replicates are kept\n", played.outcomes.size(), replicates);
  if (played.outcomes.empty()) return interrupted;

  if (!options.out.empty()) write_folder(results, options.out, options.names());
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
  add_study_options(*verb, *options);
  verb->add_option("--fail-if", options->fail_if, "Exit with 6 when this holds: 'q95(hosts_encrypted) > 500'")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  verb->footer(
      "Examples:\n"
      "  trustfall run scenarios/nhs-2017.yaml --replicates 200 --out out/nhs\n"
      "  trustfall run scenarios/nhs-2017.yaml --set worm.kill_switch.at=never --json\n"
      "  trustfall run scenarios/district-hospital.yaml --fail-if 'q95(hosts_encrypted) > 500'");
  verb->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace trustfall
