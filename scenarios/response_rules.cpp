#include "scenarios/response_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/orders.h"
#include "models/worm.h"
#include "scenarios/moment_rules.h"

namespace trustfall {
namespace {

void check_antivirus(Document& document) {
  const schema::Detection& detection = document.scenario.detection();
  if (!detection.has_antivirus()) return;
  const schema::Antivirus& antivirus = detection.antivirus();
  const std::string path = "detection.antivirus";
  if (antivirus.has_at() && antivirus.has_after_warning())
    report(document, path + ".at", "at and after_warning are alternatives: leave one of them out");
  if (!antivirus.has_at() && !antivirus.has_after_warning())
    report(document, path, "antivirus lacks at or after_warning: when the signatures are published");
  if (antivirus.has_at()) check_moment(document, path + ".at", "the publication", antivirus.at());
  if (antivirus.has_after_warning() && !document.scenario.has_warning())
    report(document, path + ".after_warning", "there is no warning: add `warning` to the scenario, or say `at`");
}

void check_isolation(Document& document) {
  const schema::Isolation& isolation = document.scenario.detection().isolation();
  if (isolation.has_lasts() && isolation.scope() == schema::the_host)
    report(document, "detection.isolation.lasts",
           "a host stays isolated until it is restored: lasts is for a wider scope", {}, Severity::warning);
  if (document.scenario.detection().has_isolation() && !isolation.has_lasts() &&
      isolation.scope() != schema::the_host && !document.scenario.services().empty())
    report(document, "detection.isolation",
           "what is isolated stays so to the end, and so do the services that need it: lasts ends it", {},
           Severity::warning);
}

void check_attended(Document& document) {
  for (const schema::Attended& part : document.scenario.detection().attended()) {
    const schema::Hours& hours = part.hours();
    if (hours.has_on() && hours.has_off() && hours.on() >= hours.off())
      report(document, "detection.attended." + part.name() + ".hours.off",
             "off is not later than on: write a day's hours from morning to evening");
  }
}

void check_warning(Document& document) {
  if (!document.scenario.has_warning()) return;
  const schema::Warning& warning = document.scenario.warning();
  if (warning.has_at()) {
    check_moment(document, "warning.at", "the warning", warning.at());
    if (warning.has_delay() || document.places.count("warning.after_reports") > 0)
      report(document, "warning.at", "at says when the warning comes: leave out after_reports and delay, or at");
  } else if (!document.scenario.has_detection()) {
    report(document, "warning", "nobody detects anything, so nobody reports it: add detection, or say `at`");
  }
}

void check_trigger(Document& document, const std::string& path, const schema::Order& order) {
  if (order.has_on() && order.has_from())
    report(document, path + ".from", "on and from are alternatives: leave one of them out");
  if (!order.has_on() && !order.has_from())
    report(document, path, order.name() + " lacks on or from: what the order follows");
  if (order.has_from()) check_moment(document, path + ".from", "this order", order.from());
  const bool on_detection = order.has_on() && order.on() == schema::Order::detection;
  if (on_detection && !document.scenario.has_detection())
    report(document, path + ".on", "nobody detects anything: add `detection` to the scenario, or say `from`");
  if (order.has_on() && !on_detection && !document.scenario.has_warning())
    report(document, path + ".on", "there is no warning: add `warning` to the scenario, or say `from`");
  if (!on_detection && document.places.count(path + ".after") > 0)
    report(document, path + ".after", "after counts detections: it belongs to an order on detection");
}

void check_orders(Document& document) {
  const auto most = static_cast<int>(most_orders);
  if (document.scenario.orders_size() > most)
    report(document, "orders", fmt::format("a scenario has at most {} orders", most));
  for (const schema::Order& order : document.scenario.orders()) {
    const std::string path = "orders." + order.name();
    check_trigger(document, path, order);
    const int actions = order.has_close() + order.has_isolate() + order.has_power_down();
    if (actions != 1)
      report(document, path, order.name() + " has exactly one of close, isolate and power_down: what is done");
    if (order.where().systems_size() > 0)
      report(document, path + ".where.systems",
             "an order does not see Windows versions; select by devices or networks");
    const auto& devices = order.has_isolate() ? order.isolate().devices() : order.power_down().devices();
    const auto& among = order.where().devices();
    if (!devices.empty() && !among.empty() &&
        std::find_first_of(devices.begin(), devices.end(), among.begin(), among.end()) == devices.end())
      report(document, path, "this order concerns no host: its devices are not among those of where", {},
             Severity::warning);
  }
}

void check_variants(Document& document) {
  const schema::KillSwitch& kill_switch = document.scenario.worm().kill_switch();
  const auto most = static_cast<int>(most_variants);
  if (kill_switch.variants_size() > most)
    report(document, "worm.kill_switch.variants", fmt::format("a worm has at most {} variants", most));
  for (const schema::WormVariant& variant : kill_switch.variants())
    check_moment(document, "worm.kill_switch.variants." + variant.name() + ".from", "this variant", variant.from());
}

}  // namespace

void check_response(Document& document) {
  check_antivirus(document);
  check_isolation(document);
  check_attended(document);
  check_warning(document);
  check_orders(document);
  check_variants(document);
}

}  // namespace trustfall
