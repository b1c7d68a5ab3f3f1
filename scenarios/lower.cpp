#include "scenarios/lower.h"

#include <algorithm>

#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

void check_rates(const Parts& parts, const Model& model) {
  std::vector<double> outside(parts.estate().zones());
  for (const Entry& entry : model.entries)
    if (const auto* from = std::get_if<OutsideEntry>(&entry)) {
      double most = 0;
      for (const OutsideEntry::Step& step : from->infected) most = std::max(most, step.hosts);
      if (from->zone != no_zone) outside[index(from->zone)] += most;
    }
  for (std::uint32_t z = 0; z < parts.estate().zones(); ++z) {
    const Zone& zone = parts.estate()[ZoneId{z}];
    const double hosts = static_cast<double>(zone.hosts) + outside[z];
    const double most = model.worm.pacing.pace ? most_attempts_per_second / 2 : most_attempts_per_second;
    if (hosts * model.worm.rates[zone.kind] > most)
      return report(parts.document(),
                    parts.scenario().worm().has_scanning()
                        ? "worm.scanning.rate"
                        : "worm.attempts." + parts.estate().zone_kinds()[zone.kind],
                    std::string("all hosts of a zone together could make more than ") +
                        (model.worm.pacing.pace ? "2" : "4") + " billion attempts a second");
  }
}

/// Names that the lists may bring, so that only the estate can tell whether they exist.

}  // namespace

Distribution lower(const schema::Distribution& said) {
  using Shape = Distribution::Shape;
  if (said.has_exponential()) return {Shape::exponential, said.exponential(), 0, {}, {}};
  if (said.has_lognormal()) return {Shape::lognormal, said.lognormal().median(), said.lognormal().sigma(), {}, {}};
  if (said.has_weibull()) return {Shape::weibull, said.weibull().scale(), said.weibull().shape(), {}, {}};
  if (said.has_gamma()) return {Shape::gamma, said.gamma().mean(), said.gamma().shape(), {}, {}};
  if (said.discrete_size() == 0) return fixed(said.fixed());
  std::vector<std::pair<double, double>> weighted;
  double total = 0;
  for (const auto& value : said.discrete()) {
    weighted.emplace_back(value.value(), value.weight());
    total += value.weight();
  }
  std::sort(weighted.begin(), weighted.end());
  Distribution discrete{Shape::discrete, 0, 0, {}, {}};
  double sum = 0;
  for (const auto& [value, weight] : weighted) {
    discrete.values.push_back(value);
    discrete.cumulated.push_back((sum += weight) / total);
  }
  return discrete;
}

Selector select(Document& document, const Estate& estate, const schema::Where& where, const std::string& path) {
  return Parts(document, estate).selector(true, where, path);
}

Model lower(Document& document, const Estate& estate) {
  const Parts parts(document, estate);
  const schema::Scenario& scenario = document.scenario;
  Model model;
  model.estate = &estate;
  model.horizon = moment_at(scenario.horizon());
  model.large_from = scenario.study().large_from();
  model.sample_every = from_seconds(scenario.study().sample_every());
  model.worm = lower_worm(parts);
  model.entries = lower_entries(parts);
  if (scenario.has_patching()) model.patching = lower_patching(parts);
  model.firewalls = lower_firewalls(parts);
  if (scenario.has_detection()) model.detection = lower_detection(parts);
  model.backups = lower_backups(parts);
  model.power = lower_power(parts);
  if (scenario.has_recovery()) model.recovery = lower_recovery(parts);
  if (scenario.services_size() > 0) model.services = lower_services(parts);
  model.orders = lower_orders(parts);
  if (scenario.has_warning()) model.warning = lower_warning(parts);
  check_rates(parts, model);
  if (scenario.horizon() / scenario.study().sample_every() > 100000)
    report(document, "study.sample_every", "the time series would have more than 100,000 samples");
  return model;
}

}  // namespace trustfall
