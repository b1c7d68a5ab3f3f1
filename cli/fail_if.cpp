#include "cli/fail_if.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "sim/base/error.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

constexpr std::array<std::string_view, 7> statistics = {"q05", "q25", "q50", "q75", "q95", "mean", "share_occurring"};
constexpr std::array<std::string_view, 4> comparisons = {"<", "<=", ">", ">="};

template <std::size_t n>
bool has(const std::array<std::string_view, n>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

double statistic_of(const Summary& summary, const std::string& statistic) {
  if (statistic == "mean") return summary.mean;
  if (statistic == "share_occurring") return summary.share_occurring;
  if (statistic == "q05") return summary.q05;
  if (statistic == "q25") return summary.q25;
  if (statistic == "q50") return summary.q50;
  return statistic == "q75" ? summary.q75 : summary.q95;
}

}  // namespace

Condition::Condition(const std::string& text, const std::vector<MetricInfo>& metrics) : text_(text) {
  char statistic[32] = "";
  char metric[64] = "";
  char comparison[3] = "";
  char unit[2] = "";
  int end = 0;
  const int read = std::sscanf(text.c_str(), " %31[a-z0-9_] ( %63[a-z0-9_] ) %2[<>=] %lf %n%1[%%] %n", statistic,
                               metric, comparison, &limit_, &end, unit, &end);
  statistic_ = statistic;
  comparison_ = comparison;
  const bool known = has(statistics, statistic_) && has(comparisons, comparison_);
  if (read < 4 || !known || !std::isfinite(limit_) || static_cast<std::size_t>(end) != text.size())
    throw CLI::ValidationError("--fail-if",
                               "'" + text.substr(0, 80) +
                                   "' is not of the form 'q95(hosts_encrypted) > 500'; before the bracket "
                                   "stands q05, q25, q50, q75, q95, mean or share_occurring");
  metric_ = metric_index(metrics, metric);
  if (metric_ == metrics.size()) {
    std::vector<std::string> names;
    for (const MetricInfo& other : metrics) names.push_back(other.name);
    const std::string near = nearest(metric, names);
    throw CLI::ValidationError("--fail-if", std::string("there is no metric '") + metric + "'" +
                                                (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  if (unit[0] != '%') return;
  if (statistic_ != "share_occurring" && metrics[metric_].unit != "share")
    throw CLI::ValidationError("--fail-if",
                               std::string(metric) + " is counted in " + metrics[metric_].unit + ", not in %");
  limit_ /= 100;
}

bool Condition::holds(const Results& results) const {
  for (const StrategyResults& strategy : results.strategies) {
    const double value = statistic_of(summarise(column(strategy, metric_)), statistic_);
    if (comparison_ == "<" && value < limit_) return true;
    if (comparison_ == "<=" && value <= limit_) return true;
    if (comparison_ == ">" && value > limit_) return true;
    if (comparison_ == ">=" && value >= limit_) return true;
  }
  return false;
}

}  // namespace trustfall
