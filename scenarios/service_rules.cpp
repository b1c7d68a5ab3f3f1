#include "scenarios/service_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace trustfall {
namespace {

constexpr int most_services = 100;

void check_need(Document& document, const std::string& path, const schema::Need& need) {
  if (need.has_hosts() + need.has_zone() + need.has_service() != 1)
    report(document, path, "a need is for hosts, a zone or a service: exactly one of these");
  if (need.has_at_least() && need.has_at_least_hosts())
    report(document, path + ".at_least_hosts", "at_least and at_least_hosts are alternatives");
  if (need.has_zone() && need.has_at_least())
    report(document, path + ".at_least", "a link is there or not: at_least belongs to hosts and services");
  if (need.has_at_least_hosts() && !need.has_hosts())
    report(document, path + ".at_least_hosts", "at_least_hosts belongs to a need for hosts");
}

void check_activity(Document& document, const std::string& path, const schema::Service& service,
                    const schema::Activity& activity) {
  const schema::Hours& hours = activity.hours();
  if (activity.has_hours() && hours.has_on() && hours.has_off() && hours.on() >= hours.off())
    report(document, path + ".hours.off", "off is not later than on: write a day's hours from morning to evening");
  if (activity.has_kind() && activity.kind() == schema::Activity::ambulance_arrivals && !service.has_diverts_below())
    report(document, path, "ambulances are lost while the service diverts: say diverts_below");
}

void check_service(Document& document, const schema::Service& service) {
  const std::string path = "services." + service.name();
  if (service.where().devices_size() > 0)
    report(document, path + ".where.devices", "where selects organisations and sites; devices belong to needs");
  if (service.where().systems_size() > 0)
    report(document, path + ".where.systems", "where selects organisations and sites; systems belong to needs");
  if (service.has_diverts_below() && service.has_kind() && service.kind() != schema::Service::emergency)
    report(document, path + ".diverts_below", "only a service of the kind emergency diverts ambulances");
  for (const schema::Need& need : service.needs()) check_need(document, path + ".needs." + need.name(), need);
  for (const schema::Activity& activity : service.activity())
    check_activity(document, path + ".activity." + schema::Activity::Kind_Name(activity.kind()), service, activity);
}

/// Follows the needs for services of the same organisation and reports the first circle.
class Circles {
 public:
  explicit Circles(Document& document) : document_(document) {}

  void find() {
    const auto& services = document_.scenario.services();
    state_.assign(static_cast<std::size_t>(services.size()), untouched);
    for (int s = 0; s < services.size() && !found_; ++s) follow(s);
  }

 private:
  enum State { untouched, followed, done };

  int number_of(const std::string& name) const {
    const auto& services = document_.scenario.services();
    const auto found = std::find_if(services.begin(), services.end(),
                                    [&](const schema::Service& service) { return service.name() == name; });
    return found == services.end() ? -1 : static_cast<int>(found - services.begin());
  }

  void follow(int number) {
    const schema::Service& service = document_.scenario.services(number);
    state_[static_cast<std::size_t>(number)] = followed;
    way_.push_back(service.name());
    for (const schema::Need& need : service.needs()) {
      const int other = need.has_service() && !need.has_of() ? number_of(need.service()) : -1;
      if (other < 0 || found_) continue;
      const State state = state_[static_cast<std::size_t>(other)];
      if (state == untouched) follow(other);
      if (state == followed) tell("services." + service.name() + ".needs." + need.name() + ".service", other);
    }
    way_.pop_back();
    state_[static_cast<std::size_t>(number)] = done;
  }

  void tell(const std::string& path, int back_to) {
    found_ = true;
    const std::string& first = document_.scenario.services(back_to).name();
    std::string text = "services need one another in a circle: ";
    for (auto name = std::find(way_.begin(), way_.end(), first); name != way_.end(); ++name)
      text += *name + ", which needs ";
    report(document_, path, text + first);
  }

  Document& document_;
  std::vector<State> state_;  // by service
  std::vector<std::string> way_;
  bool found_ = false;
};

}  // namespace

void check_services(Document& document) {
  const auto& services = document.scenario.services();
  if (services.size() > most_services)
    return report(document, "services", fmt::format("a scenario has at most {} services", most_services));
  for (const schema::Service& service : services) check_service(document, service);
  Circles(document).find();
}

}  // namespace trustfall
