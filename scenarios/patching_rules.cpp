#include "scenarios/patching_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/moment_rules.h"

namespace trustfall {
namespace {

void warn(Document& document, const std::string& path, std::string message) {
  report(document, path, std::move(message), {}, Severity::warning);
}

void check_coverage(Document& document, const schema::Patching& patching) {
  if (patching.has_coverage() && patching.has_adoption())
    report(document, "patching.adoption",
           "coverage and adoption are alternatives; adoption at the patch's age is the coverage at the start");
  // A key that was misspelt is reported already.
  if (!patching.has_coverage() && !patching.has_adoption() && document.mistakes.empty())
    report(document, "patching",
           "patching lacks coverage or adoption: share of patchable hosts that are patched at the start, or how it "
           "grows");
}

/// The least coverage that some part of the estate may have at the start; 0 where only a play can tell.
double least_coverage(const schema::Patching& patching) {
  if (patching.has_concentration() || patching.has_adoption()) return 0;
  double least = patching.coverage();
  for (const schema::PatchGroup& group : patching.groups())
    if (group.has_coverage()) least = std::min(least, group.coverage());
  return least;
}

void check_table(Document& document, const schema::Adoption& adoption) {
  if (adoption.table().empty() && document.places.count("patching.adoption.table") > 0)
    report(document, "patching.adoption.table", "the table is empty: it needs an age and the coverage then");
  for (int i = 1; i < adoption.table_size(); ++i) {
    const schema::AdoptionPoint& before = adoption.table(i - 1);
    const std::string path = fmt::format("patching.adoption.table.{}", i);
    if (adoption.table(i).age() <= before.age())
      report(document, path + ".age", "the table goes forward in time: this age is not later than the one before");
    if (adoption.table(i).coverage() < before.coverage())
      report(document, path + ".coverage",
             fmt::format("coverage never falls: {:.6g}% comes after {:.6g}%", adoption.table(i).coverage() * 100,
                         before.coverage() * 100));
  }
  if (adoption.table_size() > 0 && adoption.table(0).age() <= 0 && adoption.table(0).coverage() > 0)
    report(document, "patching.adoption.table.0.age", "nobody has a patch when it comes out: begin at a later age");
}

void check_campaign(Document& document, const schema::Patching& patching) {
  if (!patching.has_campaign()) return;
  const schema::Campaign& campaign = patching.campaign();
  check_moment(document, "patching.campaign.from", "the campaign", campaign.from());
  if (campaign.has_coverage() && campaign.coverage() < least_coverage(patching))
    warn(document, "patching.campaign.coverage",
         fmt::format("the campaign ends at {:.6g}%, below the {:.6g}% patched at the start: it adds nothing",
                     campaign.coverage() * 100, least_coverage(patching) * 100));
}

void check_hours(Document& document, const std::string& path, const schema::Hours& hours) {
  if (hours.has_on() && hours.has_off() && hours.on() >= hours.off())
    report(document, path + ".off", "off is not later than on: write the hours of one day, from morning to evening");
}

void check_ring(Document& document, const schema::Patching& patching, const schema::PatchRing& ring) {
  const std::string path = "patching.rings." + ring.name();
  if (ring.has_rate() && ring.has_staff()) report(document, path + ".staff", "rate and staff are alternatives");
  if (!ring.has_rate() && !ring.has_staff())
    report(document, path, ring.name() + " lacks rate or staff: how fast its hosts are patched");
  if (ring.has_from()) check_moment(document, path + ".from", "this ring", ring.from());
  if (ring.has_from() == ring.has_after_warning())
    report(document, path,
           ring.has_from() ? "from and after_warning are alternatives"
                           : ring.name() + " lacks from or after_warning: when it begins");
  if (ring.has_after_warning() && !document.scenario.has_warning())
    report(document, path + ".after_warning", "there is no warning: add `warning` to the scenario, or say `from`");
  if (ring.ceiling() <= least_coverage(patching))
    warn(document, path + ".ceiling",
         fmt::format("the ring ends at {:.6g}%, and {:.6g}% are patched at the start: it adds nothing",
                     ring.ceiling() * 100, least_coverage(patching) * 100));
  check_hours(document, path + ".window", ring.window());
  check_hours(document, path + ".staff.hours", ring.staff().hours());
}

}  // namespace

void check_patching(Document& document) {
  if (!document.scenario.has_patching()) return;
  const schema::Patching& patching = document.scenario.patching();
  check_coverage(document, patching);
  check_table(document, patching.adoption());
  check_campaign(document, patching);
  for (const schema::PatchRing& ring : patching.rings()) check_ring(document, patching, ring);
}

}  // namespace trustfall
