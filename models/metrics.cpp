#include "models/metrics.h"

#include "models/measures.h"

namespace trustfall {
namespace {

// The order in which they are told.
const Measure* const all[] = {&spread_measure, &pace_measure, &presence_measure, &response_measure, &orders_measure};
static_assert(std::size(all) <= 32);

template <class Visit>
void each(Told told, Visit visit) {
  for (std::size_t i = 0; i < std::size(all); ++i)
    if ((told >> i & 1) != 0) visit(*all[i]);
}

}  // namespace

Told told(const Model& model) {
  Told told = 0;
  for (std::size_t i = 0; i < std::size(all); ++i)
    if (all[i]->told(model)) told |= Told{1} << i;
  return told;
}

std::vector<Metric> metrics(Told told) {
  std::vector<Metric> list;
  each(told, [&](const Measure& of) { list.insert(list.end(), of.metrics.begin(), of.metrics.end()); });
  return list;
}

std::vector<Metric> series(Told told) {
  std::vector<Metric> list;
  each(told, [&](const Measure& of) { list.insert(list.end(), of.curves.begin(), of.curves.end()); });
  return list;
}

std::size_t samples(const Model& model) {
  return static_cast<std::size_t>(model.horizon.time_since_epoch() / model.sample_every) + 1;
}

Outcome measure(const Played& play, Told told) {
  Outcome outcome;
  each(told, [&](const Measure& of) { of.take(play, outcome); });
  return outcome;
}

}  // namespace trustfall
