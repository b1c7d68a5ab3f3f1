#include "models/metrics.h"

#include <cassert>

#include "models/measures.h"

namespace trustfall {
namespace {

// The order in which they are told.
const Measure* const all[] = {&spread_measure,   &exposure_measure, &pace_measure,   &presence_measure,
                              &patching_measure, &response_measure, &orders_measure, &recovery_measure,
                              &services_measure, &ransom_measure};
static_assert(std::size(all) <= 32);

/// Visits each measure that is told, with the place of its first metric among those of all measures.
template <class Visit>
void each(const Told& told, Visit visit) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < std::size(all); ++i) {
    if ((told.measures >> i & 1) != 0) visit(*all[i], first);
    first += all[i]->metrics.size();
  }
  assert(first <= told.without.size());
}

}  // namespace

Told told(const Model& model) {
  Told told{0, {}};
  std::size_t place = 0;
  for (std::size_t i = 0; i < std::size(all); ++i) {
    if (all[i]->told(model)) told.measures |= std::uint32_t{1} << i;
    for (const Metric& metric : all[i]->metrics) told.without[place++] = metric.told && !metric.told(model);
  }
  return told;
}

std::vector<Metric> metrics(const Told& told) {
  std::vector<Metric> list;
  each(told, [&](const Measure& of, std::size_t first) {
    for (std::size_t m = 0; m < of.metrics.size(); ++m)
      if (!told.without[first + m]) list.push_back(of.metrics[m]);
  });
  return list;
}

std::vector<Metric> series(const Told& told) {
  std::vector<Metric> list;
  each(told, [&](const Measure& of, std::size_t) { list.insert(list.end(), of.curves.begin(), of.curves.end()); });
  return list;
}

std::size_t samples(const Model& model) {
  return static_cast<std::size_t>(model.horizon.time_since_epoch() / model.sample_every) + 1;
}

Outcome measure(const Played& play, const Told& told) {
  Outcome outcome;
  each(told, [&](const Measure& of, std::size_t first) {
    const std::size_t begin = outcome.metrics.size();
    of.take(play, outcome);
    std::size_t kept = begin;
    for (std::size_t m = 0; m < of.metrics.size(); ++m)
      if (!told.without[first + m]) outcome.metrics[kept++] = outcome.metrics[begin + m];
    outcome.metrics.resize(kept);
  });
  return outcome;
}

}  // namespace trustfall
