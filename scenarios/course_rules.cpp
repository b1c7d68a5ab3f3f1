#include "scenarios/course_rules.h"

#include <fmt/format.h>

namespace trustfall {
namespace {

constexpr double most_turns = 1e6;          // of one host, so that a play ends
constexpr double most_turns_again = 65535;  // of one that falls again: the numbers that a fall has for them

/// The middle of what is drawn, or about that.
double middle(const schema::Distribution& of) {
  if (of.has_exponential()) return of.exponential();
  if (of.has_lognormal()) return of.lognormal().median();
  if (of.has_weibull()) return of.weibull().scale();
  if (of.has_gamma()) return of.gamma().mean();
  double sum = of.fixed();
  for (const schema::Weighted& value : of.discrete()) sum += value.value();
  return sum;
}

void check_reinfection(Document& document) {
  const schema::Scenario& scenario = document.scenario;
  const schema::Worm& worm = scenario.worm();
  if (!worm.has_active_for())
    report(document, "worm.reinfects",
           "nothing says how long a host is infected before it can be infected again: add active_for");
  if (worm.has_encryption())
    report(document, "worm.reinfects", "a host is encrypted only once: leave out either encryption or reinfects");
  if (worm.has_attempt_limit())
    report(document, "worm.reinfects", "say with active_for how long a host is infected, instead of attempt_limit");
  if (scenario.has_detection())
    report(document, "worm.reinfects",
           "hosts that are detected are isolated or restored for good: leave out either detection or reinfects");
}

}  // namespace

void check_course(Document& document) {
  const schema::Worm& worm = document.scenario.worm();
  if (worm.reinfects()) check_reinfection(document);
  const double turn = middle(worm.dormancy().after()) + middle(worm.dormancy().lasts());
  const bool again =
      worm.reinfects() || (document.scenario.has_recovery() && document.scenario.recovery().patched() < 1);
  const double most = again ? most_turns_again : most_turns;
  if (worm.has_dormancy() && turn * most < document.scenario.horizon())
    report(document, "worm.dormancy",
           fmt::format("the worm would fall silent over {} times on a host before the horizon",
                       again ? "65,535" : "a million"));
}

}  // namespace trustfall
