#include "models/measures.h"

namespace trustfall {
namespace {

/// As for organisations that were locked out.
constexpr Duration first_week = 168h;

constexpr Metric table[] = {
    {"organisations_cut_off", "organisations",
     "Organisations in which an order was in force at some time; only where the scenario has orders."},
    {"trusts_cut_off", "organisations", "Trusts in which one was; likewise."},
    {"trusts_cut_off_uninfected", "organisations",
     "Of these, trusts without a host encrypted within 168 h: disrupted, not infected, as the national audit says; "
     "likewise."},
};

void take(const Played& play, Outcome& outcome) {
  const Estate& estate = *play.model().estate;
  std::vector<std::uint8_t> cut_off(estate.organisations());
  std::vector<std::uint8_t> locked_out(estate.organisations());
  play.each_cut([&](const Cut& cut) {
    if (cut.ordered) cut_off[index(estate[cut.segment].organisation)] = 1;
  });
  play.each_step([&](const Step& step) {
    if (step.what == Transition::encrypted && step.time <= Instant{} + first_week)
      locked_out[index(estate.organisation_of(step.host))] = 1;
  });
  double organisations = 0;
  double trusts = 0;
  double uninfected = 0;
  for (std::uint32_t o = 0; o < cut_off.size(); ++o) {
    if (cut_off[o] == 0) continue;
    organisations += 1;
    if (estate[OrganisationId{o}].kind != OrganisationKind::trust) continue;
    trusts += 1;
    uninfected += locked_out[o] == 0;
  }
  outcome.metrics.insert(outcome.metrics.end(), {organisations, trusts, uninfected});
}

}  // namespace

const Measure orders_measure = {table, {}, [](const Model& model) { return !model.orders.empty(); }, take};

}  // namespace trustfall
