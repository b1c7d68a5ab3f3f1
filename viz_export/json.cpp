#include "viz_export/json.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/archive/digest.h"
#include "sim/archive/replay_code.h"
#include "sim/schema/scenario.pb.h"
#include "sim/study/compare.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (std::isnan(value)) return nullptr;
  if (value == std::floor(value) && std::fabs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

Json summary_of(const std::string& unit, const Summary& s) {
  return {{"unit", unit},           {"share_occurring", s.share_occurring},
          {"mean", number(s.mean)}, {"q05", number(s.q05)},
          {"q25", number(s.q25)},   {"q50", number(s.q50)},
          {"q75", number(s.q75)},   {"q95", number(s.q95)}};
}

/// Beside the metrics of each strategy, how it differs from the first.
void add_comparison(const Results& results, Json& strategies) {
  const auto comparison = compare_strategies(results);
  for (std::size_t s = 0; s < comparison.size(); ++s) {
    Json metrics = Json::object();
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      const PairedDifference& d = comparison[s][m];
      const bool judged = results.metrics[m].better != Better::neither;
      metrics[results.metrics[m].name] = {
          {"pairs", d.pairs},
          {"mean_difference", number(d.mean)},
          {"low", number(d.low)},
          {"high", number(d.high)},
          {"chance_better", judged ? Json(d.chance_better) : Json(nullptr)},
          {"chance_equal", d.chance_equal},
          {"regret", number(d.regret)},
          {"settled", d.settled},
          {"more_replicates", std::isfinite(d.more_replicates) ? number(d.more_replicates) : Json(nullptr)}};
    }
    strategies[s]["against_first"] = std::move(metrics);
  }
}

}  // namespace

std::string summary_json(const Results& results) {
  Json strategies = Json::array();
  for (std::size_t s = 0; s < results.strategies.size(); ++s) {
    const StrategyResults& strategy = results.strategies[s];
    Json metrics = Json::object();
    for (std::size_t m = 0; m < results.metrics.size(); ++m)
      metrics[results.metrics[m].name] = summary_of(results.metrics[m].unit, summarise(column(strategy, m)));
    Json replays = Json::array();
    for (const KeptTrace& kept : strategy.traces)
      replays.push_back({{"percentile", kept.percentile},
                         {"replicate", kept.replicate},
                         {"code", replay_code(results, s, kept.replicate)}});
    strategies.push_back({{"name", strategy.name},
                          {"replicates", strategy.outcomes.size()},
                          {"metrics", std::move(metrics)},
                          {"replays", std::move(replays)}});
  }
  if (results.strategies.size() > 1) add_comparison(results, strategies);
  std::size_t played = results.manifest.replicates;
  for (const StrategyResults& strategy : results.strategies) played = std::min(played, strategy.outcomes.size());
  return Json{{"scenario", results.manifest.scenario},
              {"seed", results.manifest.seed},
              {"replicates", played},
              {"strategies", std::move(strategies)}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string manifest_json(const Results& results) {
  const Manifest& m = results.manifest;
  schema::Scenario scenario;
  scenario.ParseFromString(results.scenario);
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string resolved;
  if (!google::protobuf::util::MessageToJsonString(scenario, &resolved, options).ok()) resolved = "null";
  Json inputs = Json::array();
  for (const InputFile& input : results.inputs) inputs.push_back({{"name", input.name}, {"sha256", sha256(input)}});
  return Json{{"scenario", m.scenario},
              {"start", m.start},
              {"time_zone", m.time_zone},
              {"seed", m.seed},
              {"replicates", m.replicates},
              {"hosts", results.hosts},
              {"organisations", results.organisations.size()},
              {"trustfall", m.version},
              {"engine", m.engine},
              {"compiler", m.compiler},
              {"settings", m.settings},
              {"inputs", std::move(inputs)},
              {"resolved_sha256", sha256(results.scenario)},
              {"resolved_scenario", Json::parse(resolved)}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace trustfall
