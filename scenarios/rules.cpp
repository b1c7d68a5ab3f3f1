#include "scenarios/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "scenarios/control_rules.h"
#include "scenarios/course_rules.h"
#include "scenarios/estate_plan.h"
#include "scenarios/fields.h"
#include "scenarios/moment_rules.h"
#include "scenarios/recovery_rules.h"
#include "scenarios/response_rules.h"
#include "scenarios/scanning_rules.h"
#include "scenarios/service_rules.h"
#include "sim/engine/event_queue.h"

namespace trustfall {
namespace {

// A value that could not be read is NaN here: comparisons are written so that NaN breaks no rule.

constexpr int most_entries = 256;   // the engine numbers a stick and its entry in one word
constexpr double tolerance = 1e-5;  // on sums of shares: 1/3 written with six digits must do

using schema::DeviceClass;
using schema::System;

void warn(Document& document, const std::string& path, std::string message) {
  report(document, path, std::move(message), "", Severity::warning);
}

std::string percent(double share) { return fmt::format("{:.6g}%", share * 100); }

/// The shares of a mix have to make up the whole.
void check_sum(Document& document, const std::string& path, const std::string& what, double sum) {
  if (std::abs(sum - 1) > tolerance)
    report(document, path, fmt::format("{} must sum to 100%; they sum to {}", what, percent(sum)));
}

// ---- the estate

void check_zones(Document& document) {
  for (const schema::Zone& zone : document.scenario.estate().zones()) {
    const std::string path = "estate.zones." + zone.name();
    if (!zone.has_pool()) continue;
    const bool connected = zone.pool() == schema::each_connected;
    if (connected && !zone.has_through())
      report(document, path + ".pool", "a pool each_connected needs `through`: the connection that joins it");
    if (!connected && zone.has_through())
      report(document, path + ".through",
             "`through` belongs to a pool each_connected; this pool is " + schema::Pool_Name(zone.pool()));
  }
}

double sum_of(const schema::SystemMix& mix) {
  const std::vector<double> shares = shares_of(mix);
  return std::accumulate(shares.begin(), shares.end(), 0.0);
}

void check_systems(Document& document, const std::string& path,
                   const google::protobuf::RepeatedPtrField<schema::SystemMix>& mixes) {
  for (const schema::SystemMix& mix : mixes) {
    if (!mix.has_device()) continue;
    const std::string own = path + ".systems." + schema::DeviceClass_Name(mix.device());
    check_sum(document, own, "the shares of Windows versions", sum_of(mix));
    if (mix.device() == schema::mobile && sum_of(mix) - mix.no_windows() > 0)
      report(document, own, "phones and tablets cannot be infected: write {no_windows: 100%}");
  }
}

void check_models(Document& document) {
  for (const schema::MedicalModels& models : document.scenario.estate().models())
    if (models.has_device() &&
        std::uint64_t{models.in_use()} > std::uint64_t{models.vendors()} * models.models_per_vendor())
      report(document, "estate.models." + schema::DeviceClass_Name(models.device()) + ".in_use",
             fmt::format("in_use is {}, but there are only {} models on the market", models.in_use(),
                         std::uint64_t{models.vendors()} * models.models_per_vendor()));
}

void check_alternatives(Document& document, const std::string& path, const schema::OrganisationGroup& group) {
  if (group.has_list() && group.has_count())
    report(document, path + ".count", "count and list are alternatives; with a list, its rows are the organisations");
  if (!group.has_list() && !group.has_count())
    report(document, path, group.name() + " lacks count or list: how many organisations there are");
  if (group.classes_size() > 0 && !group.has_list()) report(document, path + ".classes", "classes belong to a list");
  if (group.has_site_list() && group.sites_size() > 0)
    report(document, path + ".sites", "sites and site_list are alternatives");
  if (group.has_site_list() && !group.has_list())
    report(document, path + ".site_list", "a list of sites needs a list of the organisations whose sites they are");
  if (group.size_weight() > 0 && !group.has_list())
    warn(document, path + ".size_weight", "size_weight has no effect without a list: the sizes stand there");
}

void check_sites(Document& document, const std::string& path, const schema::OrganisationGroup& group) {
  double sum = 0;
  std::vector<std::string> names;
  for (const schema::Site& site : group.sites()) {
    sum += site.share();
    names.push_back(site.name());
  }
  if (!names.empty()) check_sum(document, path + ".sites", "the shares of the sites", sum);
  if (group.has_site_list()) names = {"main"};
  const std::set<std::string> known(names.begin(), names.end());
  for (const schema::Network& network : group.networks()) {
    const auto empty = [&](const schema::Site& site) {
      const auto& there = network.sites();
      return site.share() <= 0 ||
             (!there.empty() && std::find(there.begin(), there.end(), site.name()) == there.end());
    };
    const bool all_known = std::all_of(network.sites().begin(), network.sites().end(),
                                       [&](const std::string& site) { return known.count(site) > 0; });
    if (all_known && network.has_hosts() && group.sites_size() > 0 && document.mistakes.size() < 100 &&
        std::all_of(group.sites().begin(), group.sites().end(), empty))
      report(document, fmt::format("{}.networks.{}", path, network.name()),
             fmt::format("none of the sites of {} has a share of the organisation's devices", network.name()));
    for (int i = 0; i < network.sites_size(); ++i)
      if (known.count(network.sites(i)) == 0 && document.mistakes.size() < 100)
        report(document, fmt::format("{}.networks.{}.sites.{}", path, network.name(), i),
               fmt::format("{} has no site '{}'", group.name(), network.sites(i)), nearest(network.sites(i), names));
  }
}

/// A network is given by its share of the devices, by its hosts, or only by the devices that it always has.
void check_network(Document& document, const std::string& path, const schema::OrganisationGroup& group,
                   const schema::Network& network) {
  const bool mixed = network.has_share() || network.has_hosts() || network.has_hosts_from();
  if (network.has_hosts_from() && (network.has_share() || network.has_hosts()))
    report(document, path + ".hosts_from", "share, hosts and hosts_from are alternatives");
  if (network.has_share() && network.has_hosts())
    report(document, path + ".hosts", "share and hosts are alternatives; " + network.name() + " has both");
  if (!mixed && network.devices_size() > 0)
    report(document, path, network.name() + " has a mix of devices, but neither share nor hosts says how many");
  if (!mixed && network.devices_size() == 0 && network.always_size() == 0)
    report(document, path, network.name() + " has no hosts: give it share, hosts or always");
  if (mixed && network.devices_size() == 0)
    report(document, path, network.name() + " lacks devices: the mix of its hosts");
  if (network.has_share() && !group.has_devices())
    report(document, path + ".share", "a share needs `devices` of the organisation, of which it is the share");
  double sum = 0;
  for (const schema::DeviceShare& device : network.devices()) sum += device.share();
  if (network.devices_size() > 0) check_sum(document, path + ".devices", "the shares of the devices", sum);
}

void check_network_shares(Document& document, const std::string& path, const schema::OrganisationGroup& group) {
  double sum = 0;
  bool shares = false;
  bool hosts = false;
  for (const schema::Network& network : group.networks()) {
    sum += network.share();
    shares = shares || network.has_share();
    hosts = hosts || network.has_hosts();
  }
  if (shares && !hosts) check_sum(document, path + ".networks", "the shares of the networks", sum);
  if (shares && hosts && sum > 1 + tolerance)
    report(document, path + ".networks", "the shares of the networks sum to " + percent(sum) + ", more than 100%");
}

/// Whether a mix was meant for a device class that there is not: nothing follows then from a class being absent.
bool has_unknown(const google::protobuf::RepeatedPtrField<schema::SystemMix>& mixes) {
  return std::any_of(mixes.begin(), mixes.end(), [](const schema::SystemMix& mix) { return !mix.has_device(); });
}

/// Device classes for which somebody has said the Windows versions.
std::set<DeviceClass> classes_of(const google::protobuf::RepeatedPtrField<schema::SystemMix>& mixes) {
  std::set<DeviceClass> classes;
  for (const schema::SystemMix& mix : mixes)
    if (mix.has_device()) classes.insert(mix.device());
  return classes;
}

void check_classes_have_systems(Document& document, const std::string& path, const schema::OrganisationGroup& group) {
  if (has_unknown(document.scenario.estate().systems()) || has_unknown(group.systems())) return;
  std::set<DeviceClass> known = classes_of(document.scenario.estate().systems());
  known.merge(classes_of(group.systems()));
  const auto check = [&](const std::string& where, DeviceClass device) {
    const std::string& name = schema::DeviceClass_Name(device);
    if (known.count(device) == 0)
      report(document, where + "." + name,
             "nothing says which Windows versions run on " + name + ": add it to `systems` of the estate or of " +
                 group.name());
  };
  for (const schema::Network& network : group.networks()) {
    const std::string own = path + ".networks." + network.name();
    for (const schema::DeviceShare& device : network.devices())
      if (device.has_device()) check(own + ".devices", device.device());
    for (const schema::DeviceCount& device : network.always())
      if (device.has_device()) check(own + ".always", device.device());
  }
}

/// Links and zones share their names: a rule may close either.
void check_links(Document& document) {
  std::set<std::string> zones;
  for (const schema::Zone& zone : document.scenario.estate().zones()) zones.insert(zone.name());
  for (const schema::LinkGroup& links : document.scenario.estate().links())
    if (zones.count(links.name()) > 0)
      report(document, "estate.links." + links.name(), "a zone has the name " + links.name() + " already");
  if (document.scenario.estate().links_size() > most_link_zones)
    report(document, "estate.links", fmt::format("an estate has at most {} lists of links", most_link_zones));
  if (document.scenario.has_estate() && zones.empty() && document.scenario.estate().links_size() == 0)
    report(document, "estate", "estate lacks zones or links: nobody could reach anybody");
}

void check_estate(Document& document) {
  if (document.scenario.estate().zones_size() > most_zones)
    report(document, "estate.zones", fmt::format("an estate has at most {} zones", most_zones));
  check_zones(document);
  check_links(document);
  check_systems(document, "estate", document.scenario.estate().systems());
  check_models(document);
  for (const schema::OrganisationGroup& group : document.scenario.estate().organisations()) {
    const std::string path = "estate.organisations." + group.name();
    check_alternatives(document, path, group);
    check_sites(document, path, group);
    check_systems(document, path, group.systems());
    check_network_shares(document, path, group);
    check_classes_have_systems(document, path, group);
    for (const schema::Network& network : group.networks())
      check_network(document, path + ".networks." + network.name(), group, network);
  }
}

// ---- the worm

/// Windows versions that some host of the estate may run.
std::set<System> systems_in_use(const schema::Estate& estate) {
  std::set<System> systems;
  const auto add = [&](const schema::SystemMix& mix) {
    const std::vector<double> shares = shares_of(mix);
    for (std::size_t i = 0; i < shares.size(); ++i)
      if (shares[i] > 0) systems.insert(static_cast<System>(i));
  };
  for (const schema::SystemMix& mix : estate.systems()) add(mix);
  for (const schema::OrganisationGroup& group : estate.organisations())
    for (const schema::SystemMix& mix : group.systems()) add(mix);
  systems.erase(schema::no_windows);
  return systems;
}

void check_chances(Document& document) {
  std::set<System> missing = systems_in_use(document.scenario.estate());
  bool all_known = true;
  for (const schema::Chance& chance : document.scenario.worm().chances()) {
    all_known = all_known && chance.has_system();
    if (!chance.has_system()) continue;
    missing.erase(chance.system());
    if (chance.infect() + chance.crash() > 1 + tolerance)
      report(document, "worm.chances." + schema::System_Name(chance.system()),
             "the chances to infect and to crash sum to " + percent(chance.infect() + chance.crash()) +
                 ", more than 100%");
  }
  if (!all_known || document.scenario.worm().chances_size() == 0) return;  // reported already
  for (const System system : missing)
    warn(document, "worm.chances",
         "the estate has " + schema::System_Name(system) + ", for which there is no chance: it cannot be attacked");
}

/// What a scenario consists of, unless `plain` stands for it.
void check_parts(Document& document) {
  const schema::Scenario& scenario = document.scenario;
  if (!scenario.has_estate())
    report(document, "", "the scenario lacks estate: organisations, their devices and the zones that join them");
  if (!scenario.has_worm()) report(document, "", "the scenario lacks worm: what spreads");
  if (scenario.entries_size() == 0) {
    const bool said = document.places.count("entries") > 0;
    if (!said || document.mistakes.empty())  // otherwise an entry that could not be read is reported already
      report(document, "entries",
             said ? "entries is empty, and the scenario needs at least one"
                  : "the scenario lacks entries: how the worm comes in");
  }
  if (scenario.has_worm() && !scans(scenario.worm()) && scenario.worm().links_size() == 0)
    report(document, "worm", "worm lacks attempts, scanning or links: it would not spread");
}

// ---- entries

/// Whether the zone has one pool in the whole estate, and the worm scans it.
void check_outside_zone(Document& document, const std::string& path, const schema::OutsideEntry& entry) {
  bool scanned = false;
  const schema::Worm& worm = document.scenario.worm();
  for (const schema::Attempts& attempts : worm.attempts()) scanned = scanned || attempts.zone() == entry.zone();
  for (const schema::ScanShare& of : worm.scanning().shares()) scanned = scanned || of.zone() == entry.zone();
  if (entry.has_zone() && !scanned && scans(worm))
    warn(document, path + ".zone", "the worm makes no attempts into " + entry.zone() + ": nothing comes in this way");
  for (const schema::Zone& zone : document.scenario.estate().zones()) {
    const bool many = zone.has_pool() && zone.pool() != schema::everyone;
    if (many && zone.name() == entry.zone() && !entry.has_organisation())
      report(document, path,
             fmt::format("zone {} has many pools ({}); say with `organisation` which is scanned", zone.name(),
                         schema::Pool_Name(zone.pool())));
  }
}

void check_outside(Document& document, const std::string& path, const schema::OutsideEntry& entry) {
  check_outside_zone(document, path, entry);
  for (int i = 0; i < entry.infected_size(); ++i) {
    const std::string step = fmt::format("{}.infected.{}.from", path, i);
    check_moment(document, step, "this step", entry.infected(i).from());
    if (i > 0 && entry.infected(i).from() <= entry.infected(i - 1).from())
      report(document, step, "the steps go forward in time: this one is not later than the one before");
  }
}

void check_entries(Document& document) {
  if (document.scenario.entries_size() > most_entries)
    report(document, "entries", fmt::format("a scenario has at most {} entries", most_entries));
  for (const schema::Entry& entry : document.scenario.entries()) {
    const std::string path = "entries." + entry.name();
    if (entry.has_outside()) check_outside(document, path + ".outside", entry.outside());
    if (entry.has_mail()) check_moment(document, path + ".mail.from", "this entry", entry.mail().from());
    if (entry.has_web()) check_moment(document, path + ".web.from", "this entry", entry.web().from());
    if (entry.has_sticks()) check_moment(document, path + ".sticks.from", "this entry", entry.sticks().from());
    if (entry.has_hosts()) check_moment(document, path + ".hosts.at", "this entry", entry.hosts().at());
  }
}
}  // namespace

void check_rules(Document& document) {
  check_parts(document);
  check_estate(document);
  check_chances(document);
  check_course(document);
  check_scanning(document);
  check_entries(document);
  check_controls(document);
  check_recovery(document);
  check_services(document);
  check_response(document);
}

}  // namespace trustfall
