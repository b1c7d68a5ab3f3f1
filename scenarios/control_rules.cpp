#include "scenarios/control_rules.h"

#include "scenarios/moment_rules.h"
#include "scenarios/patching_rules.h"
#include "scenarios/segmentation_rules.h"

namespace trustfall {
namespace {

void check_firewalls(Document& document) {
  for (const schema::Firewall& rule : document.scenario.firewalls()) {
    const std::string path = "firewalls." + rule.name();
    check_within_horizon(document, path + ".from", "this rule", rule.from());
    if (rule.from() >= rule.until())
      report(document, path + ".until", "until is not later than from: the rule never holds");
    else if (rule.until() <= 0)
      report(document, path + ".until", "this rule is over before the scenario starts", {}, Severity::warning);
    if (rule.where().systems_size() > 0)
      report(document, path + ".where.systems",
             "a firewall does not see Windows versions; select by devices or networks");
    if (rule.stops() == schema::Firewall::everything &&
        (rule.from_networks_size() > 0 || rule.action() == schema::open))
      report(document, path + ".stops",
             "a rule that stops everything closes, and whatever network it comes from: leave out from_networks and "
             "open");
    if (rule.from_networks_size() > 0 && rule.direction() != schema::inbound)
      report(document, path + ".direction", "a rule with from_networks is inbound: it stops what comes from there");
  }
}

void check_power(Document& document) {
  for (const schema::PowerPlan& plan : document.scenario.power())
    if (plan.has_on() && plan.has_off() && plan.on() >= plan.off())
      report(document, "power." + plan.name() + ".off",
             "off is not later than on: write a day's plan from morning to evening");
}

}  // namespace

void check_controls(Document& document) {
  check_patching(document);
  check_segmentation(document);
  check_firewalls(document);
  check_power(document);
}

}  // namespace trustfall
