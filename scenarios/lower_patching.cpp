#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

Adoption adoption(const schema::Adoption& said) {
  using Shape = Adoption::Shape;
  if (said.has_weibull()) return {Shape::weibull, said.weibull().scale(), said.weibull().shape(), {}};
  if (said.has_logistic()) return {Shape::logistic, said.logistic().middle(), said.logistic().width(), {}};
  Adoption table{Shape::table, 0, 0, {}};
  for (const schema::AdoptionPoint& point : said.table()) table.points.push_back({point.age(), point.coverage()});
  return table;
}

PatchGroup group(const Parts& parts, const schema::PatchGroup& said) {
  PatchGroup lowered{parts.selector(true, said.where(), "patching.groups." + said.name() + ".where"), std::nullopt,
                     said.patchable()};
  if (said.has_coverage()) lowered.coverage = said.coverage();
  return lowered;
}

PatchStaff staff(const Parts& parts, const schema::PatchStaff& said) {
  PatchStaff lowered{lower(said.technicians()), said.per_technician(), std::nullopt};
  if (said.has_hours()) lowered.hours = lower_hours(parts, said.hours());
  return lowered;
}

Reboot reboot(const Parts& parts, const schema::Reboot& said) {
  const Hours days{Duration{}, from_seconds(said.day_ends()), said.weekends(), parts.start()};
  Reboot lowered{said.needed(), said.daily(), days, std::nullopt};
  if (said.has_forced_after()) lowered.forced_after = from_seconds(said.forced_after());
  return lowered;
}

PatchRing ring(const Parts& parts, const schema::PatchRing& said) {
  PatchRing lowered;
  lowered.where = parts.selector(said.has_where(), said.where(), "patching.rings." + said.name() + ".where");
  if (said.has_from()) lowered.from = moment_at(said.from());
  if (said.has_after_warning()) lowered.after_warning = from_seconds(said.after_warning());
  lowered.rate = said.rate();
  if (said.has_staff()) lowered.staff = staff(parts, said.staff());
  lowered.ceiling = said.ceiling();
  lowered.fails = said.fails();
  if (said.has_window()) lowered.window = lower_hours(parts, said.window());
  if (said.has_reboot()) lowered.reboot = reboot(parts, said.reboot());
  lowered.downtime = from_seconds(said.downtime());
  lowered.luck = luck_of(said.name());
  return lowered;
}

}  // namespace

PatchPlan lower_patching(const Parts& parts) {
  const schema::Patching& said = parts.scenario().patching();
  PatchPlan plan;
  plan.coverage = said.coverage();
  if (said.has_concentration()) plan.concentration = said.concentration();
  plan.age = from_seconds(said.age());
  for (const auto& one : said.groups()) plan.groups.push_back(group(parts, one));
  if (said.has_vendors())
    plan.vendors = VendorApproval{lower(said.vendors().approval()), said.vendors().slower_per_model()};
  if (said.has_campaign())
    plan.campaign =
        Campaign{moment_at(said.campaign().from()), from_seconds(said.campaign().over()), said.campaign().coverage()};
  if (said.has_adoption()) {
    plan.adoption = adoption(said.adoption());
    plan.coverage = plan.adoption->coverage_at(said.age());
  }
  for (const auto& one : said.rings()) plan.rings.push_back(ring(parts, one));
  return plan;
}

}  // namespace trustfall
