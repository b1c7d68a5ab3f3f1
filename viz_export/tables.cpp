#include "viz_export/tables.h"

#include <algorithm>
#include <cmath>

#include "sim/study/summary.h"

namespace trustfall {
namespace {

Cell count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// Counts are written as integers, so that 12 does not become 12.0 in one place and 12 in another.
Cell measure(double value) {
  if (std::isnan(value)) return std::monostate{};
  if (value == std::floor(value) && std::fabs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

/// A coordinate; pseudonyms go with a tenth of a degree, and no place with no coordinates.
Cell degrees(double value, const OrganisationInfo& of, Names names) {
  if (of.latitude == 0 && of.longitude == 0) return std::monostate{};
  return names == Names::real ? value : std::round(value * 10) / 10;
}

}  // namespace

std::string label(const OrganisationInfo& organisation, std::size_t number, Names names) {
  if (names == Names::real) return organisation.name;
  return organisation.kind + " " + std::to_string(number + 1);
}

Table outcomes_table(const Results& results, std::uint32_t sweep_point) {
  Table table{"outcomes", {"scenario", "strategy", "sweep_point", "replicate", "metric", "unit", "value"}, {}};
  for (const StrategyResults& strategy : results.strategies)
    for (std::size_t i = 0; i < strategy.outcomes.size(); ++i)
      for (std::size_t m = 0; m < results.metrics.size(); ++m)
        table.rows.push_back({results.manifest.scenario, strategy.name, count(sweep_point),
                              count(strategy.replicates[i]), results.metrics[m].name, results.metrics[m].unit,
                              measure(strategy.outcomes[i].metrics[m])});
  return table;
}

Table timeseries_table(const Results& results, std::uint32_t sweep_point) {
  Table table{"timeseries",
              {"scenario", "strategy", "sweep_point", "t_hours", "metric", "q05", "q25", "q50", "q75", "q95"},
              {}};
  for (const StrategyResults& strategy : results.strategies)
    for (std::size_t c = 0; c < results.series.size(); ++c)
      for (std::size_t s = 0; s < results.samples; ++s) {
        std::vector<double> values;
        for (const Outcome& outcome : strategy.outcomes) values.push_back(outcome.series[c * results.samples + s]);
        const Summary summary = summarise(values);
        table.rows.push_back({results.manifest.scenario, strategy.name, count(sweep_point),
                              measure(static_cast<double>(s) * results.sample_hours), results.series[c].name,
                              measure(summary.q05), measure(summary.q25), measure(summary.q50), measure(summary.q75),
                              measure(summary.q95)});
      }
  return table;
}

Table organisations_table(const Results& results, Names names) {
  Table table{"organisations",
              {"scenario", "strategy", "organisation", "code", "kind", "type", "group", "region", "latitude",
               "longitude", "hosts", "chance_infected", "chance_locked_out", "mean_hosts_infected"},
              {}};
  for (const StrategyResults& strategy : results.strategies) {
    std::vector<std::uint64_t> infected(results.organisations.size());
    std::vector<std::uint64_t> locked_out(results.organisations.size());
    std::vector<std::uint64_t> hosts(results.organisations.size());
    for (const Outcome& outcome : strategy.outcomes)
      for (const OrganisationOutcome& o : outcome.organisations) {
        ++infected[index(o.organisation)];
        locked_out[index(o.organisation)] += o.encrypted > 0;
        hosts[index(o.organisation)] += o.infected;
      }
    const double plays = std::max<double>(1, static_cast<double>(strategy.outcomes.size()));
    for (std::size_t o = 0; o < results.organisations.size(); ++o) {
      const OrganisationInfo& of = results.organisations[o];
      table.rows.push_back(
          {results.manifest.scenario, strategy.name, label(of, o, names), names == Names::real ? of.code : "",
           of.kind, of.type, of.group, of.region, degrees(of.latitude, of, names), degrees(of.longitude, of, names),
           count(of.hosts), measure(static_cast<double>(infected[o]) / plays),
           measure(static_cast<double>(locked_out[o]) / plays), measure(static_cast<double>(hosts[o]) / plays)});
    }
  }
  return table;
}

}  // namespace trustfall
