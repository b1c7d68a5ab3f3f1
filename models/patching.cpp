#include "models/patching.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/base/numeric.h"

namespace trustfall {

double coverage_of_organisation(double mean, std::optional<double> concentration, double z) {
  if (!concentration || mean <= 0 || mean >= 1) return mean;
  const double rho = 1 / (1 + *concentration);
  const double lean = inverse_normal(mean) + std::sqrt(rho) * z;
  if (rho >= 1) return lean > 0 ? 1 : 0;
  return normal_cdf(lean / std::sqrt(1 - rho));
}

namespace {

/// How many different models of each device class each organisation runs.
std::vector<std::uint8_t> count_models(const Estate& estate) {
  std::vector<std::uint8_t> counts(estate.organisations() * device_classes);
  std::set<std::uint16_t> seen;
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    seen.clear();
    const auto first = static_cast<std::uint32_t>(estate.first_host(estate.first_segment(OrganisationId{o})));
    for (std::uint32_t h = first; h < first + estate.hosts_of(OrganisationId{o}); ++h) {
      const std::uint16_t model = estate.model(HostId{h});
      std::uint8_t& count = counts[o * device_classes + static_cast<std::size_t>(estate.device(HostId{h}))];
      if (model != 0 && count < 255 && seen.insert(model).second) ++count;
    }
  }
  return counts;
}

}  // namespace

Patched::Patched(const Estate& estate, const PatchPlan& plan) : estate_(&estate), plan_(&plan) {
  levels_.push_back(plan.coverage);
  for (const PatchGroup& group : plan.groups) levels_.push_back(group.coverage.value_or(plan.coverage));
  levels_.push_back(plan.campaign ? plan.campaign->coverage : 0);
  if (plan.vendors) models_run_ = count_models(estate);
}

void Patched::reset(const Draws& draws) {
  draws_ = draws;
  coverage_.assign(levels_.size() * estate_->organisations(), -1);
}

double Patched::coverage(std::size_t level, OrganisationId organisation) const {
  double& known = coverage_[level * estate_->organisations() + index(organisation)];
  if (known < 0) {
    const double u = draws_.uniform(Purpose::coverage, static_cast<std::uint32_t>(organisation));
    known = coverage_of_organisation(levels_[level], plan_->concentration, inverse_normal(u));
  }
  return known;
}

bool Patched::approved(HostId host, OrganisationId organisation) const {
  const std::uint16_t model = estate_->model(host);
  if (!plan_->vendors || model == 0) return true;
  const double u = draws_.uniform(Purpose::approval, model);
  const std::size_t row = index(organisation) * device_classes + static_cast<std::size_t>(estate_->device(host));
  const double slower = 1 + plan_->vendors->slower_per_model * (models_run_[row] - 1);
  return plan_->vendors->delay.at(u) * slower <= to_seconds(plan_->age);
}

Patched::Group Patched::group_of(HostId host, SegmentId segment) const {
  for (std::size_t g = 0; g < plan_->groups.size(); ++g)
    if (plan_->groups[g].where.covers(segment, estate_->device(host), estate_->system(host)))
      return {g + 1, plan_->groups[g].patchable};
  return {0, 1};
}

bool Patched::patchable(HostId host, double share) const {
  return share >= 1 || draws_.uniform(Purpose::patchable, static_cast<std::uint32_t>(host)) < share;
}

bool Patched::at_start(HostId host, SegmentId segment) const {
  const Group group = group_of(host, segment);
  const OrganisationId organisation = (*estate_)[segment].organisation;
  const double now = coverage(group.level, organisation);
  return now > 0 && draws_.uniform(Purpose::patched, static_cast<std::uint32_t>(host)) < now &&
         patchable(host, group.patchable) && approved(host, organisation);
}

Instant Patched::from(HostId host, SegmentId segment) const {
  const Group group = group_of(host, segment);
  const OrganisationId organisation = (*estate_)[segment].organisation;
  const double u = draws_.uniform(Purpose::patched, static_cast<std::uint32_t>(host));
  const double now = coverage(group.level, organisation);
  const double reached = plan_->campaign ? coverage(levels_.size() - 1, organisation) : 0;
  if (u >= std::max(now, reached) || !patchable(host, group.patchable) || !approved(host, organisation)) return never;
  if (u < now) return Instant{};
  const Campaign& campaign = *plan_->campaign;
  return later(campaign.from, from_seconds(to_seconds(campaign.over) * (u - now) / (reached - now)));
}

}  // namespace trustfall
