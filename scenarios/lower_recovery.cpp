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

Team team(const Parts& parts, const schema::Team& said) {
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
  for (const HostId host : team.where.hosts(estate)) ++team.hosts[team.unit_of[index(estate.organisation_of(host))]];
  if (said.has_technicians()) team.technicians = lower(said.technicians());
  if (said.has_shift()) team.shift = lower_hours(parts, said.shift());
  if (said.has_travel()) team.travel = lower(said.travel());
  return team;
}

}  // namespace

RecoveryPlan lower_recovery(const Parts& parts) {
  const schema::Recovery& said = parts.scenario().recovery();
  RecoveryPlan plan;
  for (const auto& of : said.procedures()) plan.procedures.push_back(procedure(of));
  for (const auto& of : said.teams()) plan.teams.push_back(team(parts, of));
  for (const int device : said.order()) plan.order.push_back(static_cast<DeviceClass>(device));
  if (said.has_bandwidth()) plan.bandwidth = lower(said.bandwidth());
  plan.patched = said.patched();
  plan.hourly = said.hourly();
  return plan;
}

}  // namespace trustfall
