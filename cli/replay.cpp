#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <span>

#include "cli/verbs.h"
#include "models/metrics.h"
#include "scenarios/date.h"
#include "scenarios/experiment.h"
#include "scenarios/stored.h"
#include "sim/archive/replay_code.h"
#include "sim/archive/results_file.h"
#include "sim/base/version.h"
#include "viz_export/csv.h"
#include "viz_export/tables.h"

namespace trustfall {
namespace {

constexpr std::string_view step_names[transitions] = {"infected", "stopped",  "crashed",  "recovered", "encrypted",
                                                      "detected", "isolated", "restored", "cleared"};

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

/// The name of a site; of an organisation that comes from a list its number, because a name would tell whose it is.
std::string site_label(const Estate& estate, const Segment& segment, Names names) {
  const Organisation& owner = estate[segment.organisation];
  const bool listed = !owner.type.empty() || !owner.region.empty();
  if (names == Names::real || !listed) return estate[segment.site].name;
  const auto first = static_cast<std::uint32_t>(estate[estate.first_segment(segment.organisation)].site);
  return "site " + std::to_string(static_cast<std::uint32_t>(segment.site) - first + 1);
}

/// Where the worm has come to: an organisation or, when the estate is only one, a network of a site.
std::string place_label(const Results& results, const Estate& estate, SegmentId id, Names names) {
  const Segment& segment = estate[id];
  if (estate.organisations() > 1)
    return label(results.organisations[index(segment.organisation)], index(segment.organisation), names);
  return estate.networks()[segment.network] + " at " + site_label(estate, segment, names);
}

/// One line for each minute in which something happened: how often, and which places were reached for the first time.
void print_minutes(const Trace& trace, const Results& results, const Estate& estate, Names names) {
  std::set<std::string> reached;
  std::size_t at = 0;
  while (at < trace.size()) {
    const auto minute = trace[at].time.time_since_epoch() / 1min;
    std::array<std::size_t, transitions> counts{};
    std::vector<std::string> fresh;
    for (; at < trace.size() && trace[at].time.time_since_epoch() / 1min == minute; ++at) {
      ++counts[static_cast<std::size_t>(trace[at].what)];
      if (trace[at].what != Transition::infected) continue;
      const std::string place = place_label(results, estate, estate.segment_of(trace[at].host), names);
      if (reached.insert(place).second) fresh.push_back(place);
    }
    std::cout << fmt::format("T+{:02}:{:02}  {} ", minute / 60, minute % 60,
                             date_at(results.manifest.start, Instant{} + minute * 1min));
    for (std::size_t t = 0; t < transitions; ++t)
      if (counts[t] > 0) std::cout << fmt::format(" {} {}", counts[t], step_names[t]);
    for (std::size_t i = 0; i < std::min<std::size_t>(fresh.size(), 3); ++i)
      std::cout << (i == 0 ? "; reaches " : ", ") << fresh[i];
    if (fresh.size() > 3) std::cout << fmt::format(" and {} more", fresh.size() - 3);
    std::cout << '\n';
  }
}

Table event_table(std::span<const Step> steps, const Results& results, const Estate& estate, Names names) {
  Table table{
      "events",
      {"t_hours", "time", "what", "host", "device", "system", "organisation", "site", "network", "source", "zone"},
      {}};
  for (const Step& step : steps) {
    const Segment& segment = estate[estate.segment_of(step.host)];
    const std::size_t o = index(segment.organisation);
    table.rows.push_back({to_hours(step.time), date_at(results.manifest.start, step.time),
                          std::string(step_names[static_cast<std::size_t>(step.what)]),
                          static_cast<std::int64_t>(step.host), std::string(name_of(estate.device(step.host))),
                          std::string(name_of(estate.system(step.host))), label(results.organisations[o], o, names),
                          site_label(estate, segment, names), estate.networks()[segment.network],
                          step.source == no_host ? Cell{} : Cell{static_cast<std::int64_t>(step.source)},
                          step.zone == no_zone ? Cell{} : Cell{estate.zone_kinds()[estate[step.zone].kind]}});
  }
  return table;
}

/// Some steps at a time, for in a table each takes many times the memory.
void print_events(const Trace& trace, const Results& results, const Estate& estate, Names names) {
  constexpr std::size_t most = 100000;
  for (std::size_t at = 0; at < std::max<std::size_t>(trace.size(), 1); at += most) {
    const std::span<const Step> steps(trace.begin() + static_cast<std::ptrdiff_t>(at),
                                      std::min(most, trace.size() - at));
    write_csv(event_table(steps, results, estate, names), std::cout, at == 0 ? Header::written : Header::left_out);
  }
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
  const auto player = player_maker(experiment)();
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
  if (options.events) {
    print_events(player->trace(), results, experiment->estate, names);
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
