#include <algorithm>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

/// Hosts on which a worm can run at all.
std::vector<HostId> windows(const Estate& estate, const Selector& where) {
  std::vector<HostId> hosts = where.hosts(estate);
  std::erase_if(hosts, [&](HostId host) { return estate.system(host) == System::no_windows; });
  return hosts;
}

Entry outside(const Parts& parts, const schema::OutsideEntry& said, const std::string& path) {
  OutsideEntry entry{};
  entry.zone = no_zone;
  std::size_t pools = 0;
  const std::uint16_t kind = parts.zone_kind(said.zone());
  for (std::uint32_t z = 0; z < parts.estate().zones(); ++z) {
    const Zone& zone = parts.estate()[ZoneId{z}];
    if (zone.kind != kind) continue;
    const SegmentId first = parts.estate().memberships()[zone.first].segment;
    if (said.has_organisation() && parts.estate()[parts.estate()[first].organisation].group != said.organisation())
      continue;
    if (pools++ == 0) entry.zone = ZoneId{z};
  }
  if (pools == 0)
    report(parts.document(), path + ".zone", "no part of the estate is in the zone '" + said.zone() + "' there");
  if (pools > 1 && !said.has_organisation())
    report(parts.document(), path + ".zone",
           "the zone '" + said.zone() + "' has many pools: say with `organisation` which of them is scanned");
  for (const auto& step : said.infected()) entry.infected.push_back({moment_at(step.from()), step.hosts()});
  return entry;
}

/// Where they are none, the entry says so.
std::vector<HostId> receivers(const Parts& parts, const Selector& where, const std::string& path) {
  std::vector<HostId> hosts = windows(parts.estate(), where);
  if (hosts.empty())
    report(parts.document(), path, "the worm comes to nobody this way: there is no such host with Windows", {},
           Severity::warning);
  return hosts;
}

/// Those who read mail and browse, unless the scenario says who else.
std::vector<HostId> at_desks(const Parts& parts, const schema::Where& said, const std::string& path) {
  schema::Where desks = said;
  if (desks.devices().empty()) {
    desks.add_devices(schema::workstation);
    desks.add_devices(schema::clinical_workstation);
  }
  return receivers(parts, parts.selector(true, desks, path), path);
}

Entry mail(const Parts& parts, const schema::MailEntry& said, const std::string& path, std::uint32_t luck) {
  return MailEntry{static_cast<std::uint32_t>(said.messages()),
                   said.filter(),
                   said.click(),
                   moment_at(said.from()),
                   from_seconds(said.over()),
                   at_desks(parts, said.where(), path),
                   luck};
}

/// A download that is run is to the worm what an attachment is.
Entry web(const Parts& parts, const schema::WebEntry& said, const std::string& path, std::uint32_t luck) {
  return MailEntry{static_cast<std::uint32_t>(said.visits()),
                   said.filter(),
                   said.runs(),
                   moment_at(said.from()),
                   from_seconds(said.over()),
                   at_desks(parts, said.where(), path),
                   luck};
}

Entry sticks(const Parts& parts, const schema::StickEntry& said, const std::string& path, std::uint32_t luck) {
  const Selector where = parts.selector(said.has_where(), said.where(), path);
  return StickEntry{static_cast<std::uint32_t>(said.sticks()),
                    moment_at(said.from()),
                    from_seconds(said.over()),
                    lower(said.carry()),
                    said.runs(),
                    receivers(parts, where, path),
                    luck};
}

Entry entry_of(const Parts& parts, const schema::Entry& entry) {
  const std::string path = "entries." + entry.name();
  if (entry.has_outside()) return outside(parts, entry.outside(), path + ".outside");
  if (entry.has_mail()) return mail(parts, entry.mail(), path + ".mail.where", luck_of(entry.name()));
  if (entry.has_web()) return web(parts, entry.web(), path + ".web.where", luck_of(entry.name()));
  if (entry.has_sticks()) return sticks(parts, entry.sticks(), path + ".sticks.where", luck_of(entry.name()));
  const Selector where = parts.selector(entry.hosts().has_where(), entry.hosts().where(), path + ".hosts.where");
  std::vector<HostId> hosts = windows(parts.estate(), where);
  if (entry.hosts().count() > hosts.size())
    report(parts.document(), path + ".hosts.count",
           "there are only " + std::to_string(hosts.size()) + " hosts with Windows in this part of the estate");
  return HostEntry{entry.hosts().count(), moment_at(entry.hosts().at()), std::move(hosts), luck_of(entry.name())};
}

}  // namespace

std::vector<Entry> lower_entries(const Parts& parts) {
  std::vector<Entry> entries;
  for (const auto& entry : parts.scenario().entries()) entries.push_back(entry_of(parts, entry));
  return entries;
}

}  // namespace trustfall
