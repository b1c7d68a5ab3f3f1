#include "scenarios/recovery_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "models/recovery.h"

namespace trustfall {
namespace {

bool has_backup_server(const schema::Estate& estate) {
  for (const schema::OrganisationGroup& group : estate.organisations())
    for (const schema::Network& network : group.networks()) {
      for (const schema::DeviceShare& device : network.devices())
        if (device.has_device() && device.device() == schema::backup_server) return true;
      for (const schema::DeviceCount& device : network.always())
        if (device.has_device() && device.device() == schema::backup_server) return true;
    }
  return false;
}

void check_backups(Document& document) {
  if (has_backup_server(document.scenario.estate())) return;
  for (const schema::BackupPolicy& policy : document.scenario.backups())
    if (policy.kept() != schema::offline)
      report(document, "backups." + policy.name() + ".kept",
             "copies are kept on backup servers, but the estate has no backup_server: the worm cannot reach them", {},
             Severity::warning);
}

void check_backup_keys(Document& document) {
  const bool queues = document.scenario.has_recovery();
  for (const schema::BackupPolicy& policy : document.scenario.backups()) {
    const std::string path = "backups." + policy.name();
    if (!queues && policy.has_fetch())
      report(document, path + ".fetch", "fetch has no effect without `recovery`: restore_time holds all of it", {},
             Severity::warning);
    if (!queues && policy.has_rpo())
      report(document, path + ".rpo", "rpo is counted only with `recovery`", {}, Severity::warning);
    if (!queues && policy.has_rto())
      report(document, path + ".rto", "rto is counted only with `recovery`", {}, Severity::warning);
    if (!queues && !policy.has_restore_time())
      report(document, path, policy.name() + " lacks restore_time, and there is no `recovery`: no host comes back",
             {}, Severity::warning);
    if (policy.has_retention() && policy.retention() < policy.interval())
      report(document, path + ".retention",
             "retention is shorter than the interval: at times there would be no copy at all");
  }
}

using Classes = std::set<int>;

/// What hosts of this class wait for, directly and through others.
void add_needed(const schema::Recovery& recovery, int device, Classes& needed) {
  for (const schema::Procedure& procedure : recovery.procedures()) {
    if (std::find(procedure.devices().begin(), procedure.devices().end(), device) == procedure.devices().end())
      continue;
    for (const int need : procedure.needs())
      if (needed.insert(need).second) add_needed(recovery, need, needed);
    return;  // the first that covers the class counts
  }
}

void check_procedures(Document& document, const schema::Recovery& recovery) {
  Classes covered;
  for (const schema::Procedure& procedure : recovery.procedures())
    covered.insert(procedure.devices().begin(), procedure.devices().end());
  for (const schema::Procedure& procedure : recovery.procedures()) {
    const std::string path = "recovery.procedures." + procedure.name() + ".needs";
    for (int i = 0; i < procedure.needs_size(); ++i)
      if (covered.count(procedure.needs(i)) == 0)
        report(document, fmt::format("{}.{}", path, i),
               schema::DeviceClass_Name(procedure.needs(i)) +
                   " has no procedure: once one is lost, nothing that needs it comes back");
    for (const int device : procedure.devices()) {
      Classes needed;
      add_needed(recovery, device, needed);
      if (needed.count(device) > 0) {
        report(document, path,
               schema::DeviceClass_Name(static_cast<schema::DeviceClass>(device)) + " would wait for itself");
        break;
      }
    }
  }
}

/// Whether copies of such hosts' data are on backup servers.
bool on_servers(const Document& document, int device) {
  for (const schema::BackupPolicy& policy : document.scenario.backups())
    if (std::find(policy.devices().begin(), policy.devices().end(), device) != policy.devices().end())
      return policy.kept() != schema::offline;
  return false;
}

/// Backup servers that wait for hosts whose data wait for backup servers.
void check_servers(Document& document, const schema::Recovery& recovery) {
  Classes needed;
  add_needed(recovery, schema::backup_server, needed);
  for (const int device : needed)
    if (on_servers(document, device))
      report(document, "recovery.procedures",
             fmt::format("backup_server waits for {0}, whose copies are on backup servers: where both are lost, "
                         "neither comes back",
                         schema::DeviceClass_Name(static_cast<schema::DeviceClass>(device))),
             {}, Severity::warning);
}

void check_order(Document& document, const schema::Recovery& recovery) {
  Classes seen;
  for (int i = 0; i < recovery.order_size(); ++i)
    if (!seen.insert(recovery.order(i)).second)
      report(document, fmt::format("recovery.order.{}", i),
             schema::DeviceClass_Name(recovery.order(i)) + " is in the order already: its first place counts", {},
             Severity::warning);
}

/// Whether all values that may be drawn are within these limits, as far as values are said one by one.
bool within(const schema::Distribution& said, double least, double most) {
  if (said.has_fixed()) return least <= said.fixed() && said.fixed() <= most;
  return std::all_of(said.discrete().begin(), said.discrete().end(),
                     [&](const schema::Weighted& of) { return least <= of.value() && of.value() <= most; });
}

void check_teams(Document& document, const schema::Recovery& recovery) {
  using number = std::numeric_limits<double>;
  if (!within(recovery.bandwidth(), number::min(), number::max()))
    report(document, "recovery.bandwidth",
           "a line that carries nothing brings no data back: leave it out for no limit");
  for (const schema::Team& team : recovery.teams()) {
    const std::string path = "recovery.teams." + team.name();
    if (team.has_technicians() == team.has_hosts_per_technician())
      report(document, path,
             team.has_technicians() ? "technicians and hosts_per_technician are alternatives"
                                    : team.name() + " lacks technicians or hosts_per_technician: how many they are");
    if (!within(team.technicians(), 0, most_technicians))
      report(document, path + ".technicians", "a team has at most 100,000 technicians");
    if (team.technicians().has_fixed() && team.technicians().fixed() < 0.5)
      report(document, path + ".technicians", "a team of nobody brings nobody back", {}, Severity::warning);
    if (team.has_shift() && team.shift().has_on() && team.shift().has_off() &&
        team.shift().on() >= team.shift().off())
      report(document, path + ".shift.off", "off is not later than on: write a shift from morning to evening");
  }
}

}  // namespace

void check_recovery(Document& document) {
  check_backups(document);
  check_backup_keys(document);
  if (!document.scenario.has_recovery()) return;
  check_procedures(document, document.scenario.recovery());
  check_servers(document, document.scenario.recovery());
  check_teams(document, document.scenario.recovery());
  check_order(document, document.scenario.recovery());
  if (document.scenario.recovery().hourly() > 0 && document.scenario.services().empty())
    report(document, "recovery.hourly", "it counts only beside `services`: technician_hours tells the hours", {},
           Severity::warning);
  if (!document.scenario.has_detection())
    report(document, "recovery", "nobody finds a lost host: the scenario lacks detection");
}

}  // namespace trustfall
