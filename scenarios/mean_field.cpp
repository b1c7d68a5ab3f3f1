#include "scenarios/mean_field.h"

#include <algorithm>

#include "models/metrics.h"
#include "sim/base/error.h"

namespace trustfall {
namespace {

bool exponential_or_none(const std::optional<Distribution>& time) {
  return !time || time->shape == Distribution::Shape::exponential;
}

bool at_the_start(const Entry& entry) {
  const auto* hosts = std::get_if<HostEntry>(&entry);
  return hosts != nullptr && hosts->at == Instant{};
}

/// What of the model is not in the equations.
std::vector<Mistake> beyond_equations(const Model& model) {
  std::vector<Mistake> found;
  const auto say = [&](bool there, const char* what) {
    if (there)
      found.push_back(
          {"scenario", {}, Severity::error, std::string("the mean-field equations know no ") + what, {}, {}});
  };
  say(!exponential_or_none(model.worm.latency), "latency that is not exponential");
  say(!exponential_or_none(model.worm.activity), "active_for that is not exponential");
  say(model.worm.dormancy.has_value(), "dormancy");
  say(model.worm.pacing.swept.has_value(), "zones that are swept");
  say(model.worm.again, "hosts that are infected again");
  say(model.worm.kill_switch.has_value(), "kill switch");
  say(!model.firewalls.empty(), "firewalls");
  say(model.detection && model.detection->isolation, "isolation");
  say(model.detection && model.detection->antivirus, "antivirus signatures");
  say(!model.orders.empty(), "orders");
  say(model.detection && !model.backups.empty(), "hosts that are restored");
  say(!model.power.empty(), "power plans");
  const PatchPlan& patching = model.patching;
  say(patching.concentration || patching.vendors || patching.campaign || patching.adoption || !patching.rings.empty(),
      "patching but coverage by group");
  say(!std::all_of(model.entries.begin(), model.entries.end(), at_the_start), "entries but hosts at the start");
  return found;
}

/// Chance that the host has no patch.
double vulnerable(const Model& model, HostId host) {
  const Estate& estate = *model.estate;
  for (const PatchGroup& group : model.patching.groups)
    if (group.where.covers(estate.segment_of(host), estate.device(host), estate.system(host)))
      return 1 - group.coverage.value_or(model.patching.coverage) * group.patchable;
  return 1 - model.patching.coverage;
}

analytic::Beginning beginning(const Model& model) {
  const std::size_t hosts = model.estate->hosts();
  analytic::Beginning start{std::vector<double>(hosts), std::vector<double>(hosts)};
  for (std::size_t h = 0; h < hosts; ++h)
    start.vulnerable[h] = vulnerable(model, HostId{static_cast<std::uint32_t>(h)});
  for (const Entry& entry : model.entries) {
    const auto& first = std::get<HostEntry>(entry);
    const double spared = 1 - first.count / static_cast<double>(first.hosts.size());
    for (const HostId host : first.hosts)
      start.infected[index(host)] = 1 - (1 - start.infected[index(host)]) * spared;
  }
  return start;
}

}  // namespace

std::vector<double> mean_field(const Model& model, analytic::Grouping grouping) {
  if (std::vector<Mistake> found = beyond_equations(model); !found.empty()) throw InputError(std::move(found));
  analytic::Spread spread{model.worm.rates, model.worm.infects, model.worm.crashes};
  if (model.worm.latency) spread.latency = model.worm.latency->scale;
  if (model.worm.activity) spread.activity = model.worm.activity->scale;
  return analytic::mean_field(*model.estate, grouping, spread, beginning(model), to_seconds(model.sample_every),
                              samples(model));
}

}  // namespace trustfall
