#include <limits>

#include "models/measures.h"

namespace trustfall {
namespace {

constexpr Metric table[] = {
    {"organisations_reported", "organisations",
     "Organisations that reported a detection; only where the scenario has a warning.", Better::neither},
    {"trusts_reported", "organisations", "Trusts that did; likewise.", Better::neither},
    {"time_to_warning", "h", "Start to the national warning; likewise.", Better::neither},
};

constexpr Metric curve_table[] = {
    {"trusts_reported", "organisations",
     "Trusts that have reported a detection so far; only where the scenario has a warning.", Better::neither},
};

void take(const Played& play, Outcome& outcome) {
  Curves curves(play.model(), std::size(curve_table));
  double organisations = 0;
  double trusts = 0;
  play.each_report([&](OrganisationId organisation, Instant at) {
    organisations += 1;
    if ((*play.model().estate)[organisation].kind != OrganisationKind::trust) return;
    trusts += 1;
    curves.mark(0, at);
  });
  const Instant warned = play.warned_at();
  outcome.metrics.insert(
      outcome.metrics.end(),
      {organisations, trusts, warned == never ? std::numeric_limits<double>::quiet_NaN() : to_hours(warned)});
  curves.append_to(outcome);
}

}  // namespace

const Measure response_measure = {table, curve_table, [](const Model& model) { return model.warning.has_value(); },
                                  take};

}  // namespace trustfall
