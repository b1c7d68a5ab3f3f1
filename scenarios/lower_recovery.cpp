#include <fmt/format.h>

#include <map>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

DeviceSet set_of(const google::protobuf::RepeatedField<int>& devices) {
  DeviceSet set = 0;
  for (const int device : devices) set |= only(static_cast<DeviceClass>(device));
  return set;
}

Procedure procedure(const schema::Procedure& said) {
  Procedure procedure{set_of(said.devices()), lower(said.work()), set_of(said.needs()), std::nullopt};
  if (said.has_verification()) procedure.verification = lower(said.verification());
  return procedure;
}

/// Which unit of a team serves each organisation, and how many units there are.
std::uint32_t number_units(const Estate& estate, schema::Serves serves, std::vector<std::uint32_t>& unit_of) {
  std::map<std::string, std::uint32_t> numbers;
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    const Organisation& of = estate[OrganisationId{o}];
    std::string key;
    if (serves == schema::its_organisation) key = std::to_string(o);
    // Who is in nobody's area has a team of its own.
    if (serves == schema::its_community) key = of.community.empty() ? "/" + std::to_string(o) : of.community;
    unit_of.push_back(numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return static_cast<std::uint32_t>(numbers.size());
}

/// Of the hosts that a team covers it serves those not `served` yet.
Team team(const Parts& parts, const schema::Team& said, std::vector<bool>& served) {
  const Estate& estate = parts.estate();
  Team team{parts.selector(said.has_where(), said.where(), "recovery.teams." + said.name() + ".where"),
            {},
            {},
            std::nullopt,
            said.hosts_per_technician(),
            std::nullopt,
            std::nullopt,
            luck_of(said.name())};
  team.hosts.resize(number_units(estate, said.serves(), team.unit_of));
  for (const HostId host : team.where.hosts(estate)) {
    if (served[index(host)]) continue;
    served[index(host)] = true;
    ++team.hosts[team.unit_of[index(estate.organisation_of(host))]];
  }
  if (said.has_technicians()) team.technicians = lower(said.technicians());
  if (said.has_shift()) team.shift = lower_hours(parts, said.shift());
  if (said.has_travel()) team.travel = lower(said.travel());
  return team;
}

/// Says whom nobody brings back.
void tell_left_out(const Parts& parts, const RecoveryPlan& plan, const std::vector<bool>& served) {
  const Estate& estate = parts.estate();
  std::size_t alone = 0;
  DeviceSet unknown = 0;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h) {
    const HostId host{h};
    if (estate.system(host) == System::no_windows) continue;
    alone += !served[h];
    if (plan.procedure_for(estate.device(host)) == nullptr)
      unknown = static_cast<DeviceSet>(unknown | only(estate.device(host)));
  }
  if (alone > 0)
    report(parts.document(), "recovery.teams",
           fmt::format("no team serves {} host{} with Windows: once lost, they do not come back", alone,
                       alone == 1 ? "" : "s"),
           {}, Severity::warning);
  for (int d = 0; d < device_classes; ++d)
    if (const auto device = static_cast<DeviceClass>(d); (unknown & only(device)) != 0)
      report(parts.document(), "recovery.procedures",
             fmt::format("{} has no procedure: once lost, such a host does not come back", name_of(device)), {},
             Severity::warning);
}

}  // namespace

RecoveryPlan lower_recovery(const Parts& parts) {
  const schema::Recovery& said = parts.scenario().recovery();
  RecoveryPlan plan;
  for (const auto& of : said.procedures()) plan.procedures.push_back(procedure(of));
  std::vector<bool> served(parts.estate().hosts());
  for (const auto& of : said.teams()) plan.teams.push_back(team(parts, of, served));
  tell_left_out(parts, plan, served);
  for (const int device : said.order()) plan.order.push_back(static_cast<DeviceClass>(device));
  if (said.has_bandwidth()) plan.bandwidth = lower(said.bandwidth());
  plan.patched = said.patched();
  plan.hourly = said.hourly();
  return plan;
}

}  // namespace trustfall
