#include "viz_export/xlsx_tables.h"

#include <cmath>

#include "sim/archive/digest.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

Cell whole(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Cell measure(double value) {
  if (!std::isfinite(value)) return std::monostate{};
  if (value == std::floor(value) && std::fabs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace

Table summary_sheet(const Results& results) {
  Table table{"Summary",
              {"strategy", "metric", "unit", "meaning", "share_occurring", "mean", "q05", "q25", "q50", "q75", "q95"},
              {}};
  for (const StrategyResults& strategy : results.strategies)
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      const MetricInfo& metric = results.metrics[m];
      const Summary s = summarise(column(strategy, m));
      table.rows.push_back({strategy.name, metric.name, metric.unit, metric.meaning, measure(s.share_occurring),
                            measure(s.mean), measure(s.q05), measure(s.q25), measure(s.q50), measure(s.q75),
                            measure(s.q95)});
    }
  return table;
}

Table outcomes_sheet(const Results& results) {
  Table table{"Outcomes", {"strategy", "replicate"}, {}};
  for (const MetricInfo& metric : results.metrics) table.columns.push_back(metric.name);
  for (const StrategyResults& strategy : results.strategies)
    for (std::size_t i = 0; i < strategy.outcomes.size(); ++i) {
      auto& row = table.rows.emplace_back();
      row = {strategy.name, whole(strategy.replicates[i])};
      for (const double value : strategy.outcomes[i].metrics) row.push_back(measure(value));
    }
  return table;
}

Table manifest_sheet(const Results& results) {
  const Manifest& m = results.manifest;
  Table table{"Manifest",
              {"entry", "value"},
              {{"scenario", m.scenario},
               {"start", m.start},
               {"time zone", m.time_zone},
               // As a text: a spreadsheet's number has 15 digits, a seed up to 20.
               {"seed", std::to_string(m.seed)},
               {"replicates asked for", whole(m.replicates)},
               {"hosts", whole(results.hosts)},
               {"organisations", whole(results.organisations.size())},
               {"trustfall", m.version},
               {"engine", m.engine},
               {"compiler", m.compiler}}};
  for (const StrategyResults& strategy : results.strategies) {
    table.rows.push_back({"strategy", strategy.name});
    table.rows.push_back({"replicates played", whole(strategy.outcomes.size())});
  }
  for (const std::string& setting : m.settings) table.rows.push_back({"setting", setting});
  for (const InputFile& input : results.inputs) table.rows.push_back({"SHA-256 of " + input.name, sha256(input)});
  table.rows.push_back({"SHA-256 of the resolved scenario", sha256(results.scenario)});
  return table;
}

}  // namespace trustfall
