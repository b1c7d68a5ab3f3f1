#include "viz_export/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/study/summary.h"
#include "viz_export/wording.h"

namespace trustfall {
namespace {

Cell number(double value) { return std::isfinite(value) ? Cell{value} : Cell{}; }

/// Two digits of a number of replicates are all that an interval can promise.
std::string about(double replicates) {
  const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(replicates)) - 1));
  return readable(std::ceil(replicates / unit) * unit);
}

std::string signed_number(double value) { return (value > 0 ? "+" : "") + readable(value); }

/// How one metric is spread under each strategy.
std::string spread(const Results& results, std::size_t metric) {
  std::string text = fmt::format("{:<32}{:>12}{:>12}{:>12}{:>12}{:>12}\n", results.metrics[metric].name, "5 %",
                                 "25 %", "median", "75 %", "95 %");
  for (const StrategyResults& strategy : results.strategies) {
    const Summary s = summarise(column(strategy, metric));
    text += fmt::format("  {:<30}{:>12}{:>12}{:>12}{:>12}{:>12}\n", strategy.name, readable(s.q05), readable(s.q25),
                        readable(s.q50), readable(s.q75), readable(s.q95));
  }
  return text;
}

std::string line(const MetricInfo& metric, const PairedDifference& d, std::size_t replicates) {
  std::string text = fmt::format("  {:<30}{:>10} ({} to {})", metric.name, signed_number(d.mean),
                                 signed_number(d.low), signed_number(d.high));
  if (metric.better != Better::neither)
    text += fmt::format(", better in {}, equal in {}", percent(d.chance_better), percent(d.chance_equal));
  if (d.pairs < replicates) text += fmt::format("; in the {} pairs in which both have it", d.pairs);
  return text + "; " + verdict(d) + "\n";
}

/// The differences of one strategy that a planner asks for first.
std::string differences(const Results& results, const std::vector<PairedDifference>& of, std::size_t ranking) {
  std::string text;
  std::vector<std::size_t> shown = {ranking};
  for (const char* name : {"hosts_infected", "hosts_encrypted", "organisations_locked_out", "data_centre_encrypted",
                           "medical_devices_encrypted", "hosts_without_copy", "data_lost", "hosts_not_back",
                           "days_to_95_back", "appointments_cancelled", "cost"})
    if (const std::size_t m = metric_index(results.metrics, name); m < results.metrics.size() && m != ranking)
      shown.push_back(m);
  for (const std::size_t m : shown)
    if (m == ranking || (of[m].pairs > 0 && of[m].chance_equal < 1))
      text += line(results.metrics[m], of[m], results.strategies[0].outcomes.size());
  return text;
}

}  // namespace

std::string verdict(const PairedDifference& difference) {
  if (difference.chance_equal >= 1) return "no difference in any replicate";
  if (difference.settled) return "settled";
  if (!std::isfinite(difference.more_replicates)) return "not settled, and no number of replicates in sight";
  return "not settled: about " + about(difference.more_replicates) + " more replicates";
}

std::size_t best_strategy(const std::vector<std::vector<PairedDifference>>& comparison, std::size_t metric) {
  std::size_t best = 0;
  for (std::size_t s = 1; s < comparison.size(); ++s)
    if (comparison[s][metric].regret < comparison[best][metric].regret) best = s;
  return best;
}

Table comparison_table(const Results& results) {
  Table table{"comparison",
              {"scenario", "strategy", "against", "metric", "unit", "pairs", "mean_difference", "low", "high",
               "chance_better", "chance_equal", "regret", "settled", "more_replicates"},
              {}};
  const auto comparison = compare_strategies(results);
  for (std::size_t s = 0; s < comparison.size(); ++s)
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      const PairedDifference& d = comparison[s][m];
      const bool judged = results.metrics[m].better != Better::neither;
      table.rows.push_back({results.manifest.scenario, results.strategies[s].name, results.strategies[0].name,
                            results.metrics[m].name, results.metrics[m].unit, static_cast<std::int64_t>(d.pairs),
                            number(d.mean), number(d.low), number(d.high), judged ? number(d.chance_better) : Cell{},
                            number(d.chance_equal), number(d.regret), d.settled ? "yes" : "no",
                            number(d.more_replicates)});
    }
  return table;
}

std::string comparison_text(const Results& results, std::size_t ranking) {
  const auto comparison = compare_strategies(results);
  const MetricInfo& metric = results.metrics[ranking];
  std::string text =
      fmt::format("{}: {} strategies, {} replicates of each on the same luck, seed {}\n\n", results.manifest.scenario,
                  results.strategies.size(), readable(static_cast<double>(results.strategies[0].outcomes.size())),
                  results.manifest.seed);
  text += spread(results, ranking) + "\n";
  for (std::size_t s = 1; s < comparison.size(); ++s)
    text += fmt::format("'{}' less '{}', mean over pairs of replicates (95 % interval):\n{}\n",
                        results.strategies[s].name, results.strategies[0].name,
                        differences(results, comparison[s], ranking));
  if (metric.better == Better::neither) return text;
  const std::size_t best = best_strategy(comparison, ranking);
  const auto regret = [&](std::size_t s) { return comparison[s][ranking].regret; };
  if (std::isnan(regret(best)))
    return text +
           fmt::format("{} does not occur in every replicate: no strategy is called the best by it.\n", metric.name);
  double most = 0;
  for (std::size_t s = 0; s < comparison.size(); ++s) most = std::max(most, regret(s));
  if (most == 0) return text + fmt::format("By {} all strategies are alike.\n", metric.name);
  text += fmt::format("Best by {}: '{}'. Mean regret, the distance to the best of each replicate:", metric.name,
                      results.strategies[best].name);
  for (std::size_t s = 0; s < comparison.size(); ++s)
    text += fmt::format("{} {} {}", s == 0 ? "" : ",", results.strategies[s].name, readable(regret(s)));
  return text + ".\n";
}

}  // namespace trustfall
