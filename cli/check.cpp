#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/verbs.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"
#include "scenarios/variants.h"

namespace trustfall {
namespace {

void print(const std::vector<Mistake>& mistakes, bool json) {
  for (const Mistake& m : mistakes) {
    if (!json) {
      std::cout << describe(m) << '\n';
      continue;
    }
    const nlohmann::ordered_json line = {
        {"file", m.file},           {"line", m.place.line},
        {"column", m.place.column}, {"severity", m.severity == Severity::error ? "error" : "warning"},
        {"message", m.message},     {"suggestion", m.suggestion}};
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

std::string counted(std::size_t number, const std::string& what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

int check(const std::string& scenario, const std::vector<std::string>& settings, bool json) {
  Document document = read_scenario(scenario, settings);
  const Reread reread = [&](const std::vector<std::string>& more, const std::string& strategy) {
    std::vector<std::string> all = settings;
    all.insert(all.end(), more.begin(), more.end());
    return read_scenario(scenario, all, strategy);
  };
  check_variants(document, reread);
  try {
    std::vector<InputFile> inputs;
    const auto experiment = build_experiment(document, files_beside(scenario), inputs);
    build_strategies(document, *experiment, reread, files_beside(scenario));
    throw_if_mistaken(document);
    print(document.mistakes, json);
    if (!json)
      std::cout << fmt::format(
          "{}: no errors, {}; {} in {} of {}, {} in {}\n", scenario, counted(document.mistakes.size(), "warning"),
          counted(experiment->estate.hosts(), "host"), counted(experiment->estate.segments(), "segment"),
          counted(experiment->estate.organisations(), "organisation"),
          counted(experiment->estate.zone_kinds().size(), "zone"), counted(experiment->estate.zones(), "pool"));
    return done;
  } catch (const InputError& error) {
    print(error.mistakes(), json);
    return invalid_input;
  }
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  struct Options {
    std::string scenario;
    std::vector<std::string> settings;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("check", "Report every mistake in a scenario, with its place and what to do.");
  verb->add_option("scenario", options->scenario, "Scenario file (YAML)")->required()->type_name("FILE");
  verb->add_option("--set", options->settings, "Change a value first, as in run")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  verb->add_flag("--json", options->json, "One line of JSON for each mistake");
  verb->footer("Example:\n  trustfall check my-estate.yaml");
  verb->callback([options, &action] {
    action = [options] { return check(options->scenario, options->settings, options->json); };
  });
}

}  // namespace trustfall
