#include "scenarios/estate_plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "scenarios/lower.h"
#include "sim/base/draws.h"
#include "sim/base/numeric.h"
#include "sim/estate/builder.h"

namespace trustfall {
namespace {

static_assert(schema::DeviceClass_ARRAYSIZE == device_classes && schema::System_ARRAYSIZE == systems &&
              schema::OrganisationKind_ARRAYSIZE == organisation_kinds);

// Questions about the estate, each with an address of its own.
enum Question : std::uint32_t { how_many_devices, which_device, which_system, which_model, models_in_use, connected };

/// Shares of device classes or systems, cumulated.
struct Mix {
  std::vector<double> upto;

  std::size_t pick(double u) const {
    const auto found = std::upper_bound(upto.begin(), upto.end(), u * upto.back());
    return std::min(static_cast<std::size_t>(found - upto.begin()), upto.size() - 1);
  }
};

Mix mix_of(const schema::SystemMix& mix) {
  Mix cumulated;
  double sum = 0;
  for (const double share :
       {mix.windows_xp(), mix.windows_vista(), mix.windows_7(), mix.windows_8(), mix.windows_10(), mix.server_2003(),
        mix.server_2008(), mix.server_2008_r2(), mix.server_2012(), mix.server_2016(), mix.no_windows()})
    cumulated.upto.push_back(sum += share);
  return cumulated;
}

/// Puts the hosts of one segment after another into the builder, drawing class, system and model of each.
class HostMaker {
 public:
  HostMaker(const schema::Estate& estate, EstateBuilder& builder) : builder_(builder), draws_(estate.seed(), 0) {
    for (const auto& mix : estate.systems()) systems_[mix.device()] = mix_of(mix);
    for (const auto& models : estate.models()) models_[models.device()] = &models;
  }

  void begin_group(const schema::OrganisationGroup& group) {
    own_systems_.clear();
    for (const auto& mix : group.systems()) own_systems_[mix.device()] = mix_of(mix);
  }
  void begin_network(const schema::Network& network) {
    classes_.clear();
    Mix mix;
    double sum = 0;
    for (const auto& share : network.devices()) {
      classes_.push_back(share.device());
      mix.upto.push_back(sum += share.share());
    }
    mix_ = mix;
  }

  double uniform(Question question, std::size_t subject, std::uint32_t other = 0) const {
    return draws_.uniform(Purpose::estate, static_cast<std::uint32_t>(subject), other, question);
  }
  void add_drawn(OrganisationId owner) {
    if (classes_.empty()) return;
    add(owner, classes_[mix_.pick(uniform(which_device, builder_.hosts()))]);
  }
  void add(OrganisationId owner, int device) {
    const std::size_t host = builder_.hosts();
    const auto own = own_systems_.find(device);
    const auto general = systems_.find(device);
    System system = System::no_windows;
    if (own != own_systems_.end() || general != systems_.end())
      system = static_cast<System>(
          (own != own_systems_.end() ? own->second : general->second).pick(uniform(which_system, host)));
    builder_.add_host(static_cast<DeviceClass>(device), system, model_of(owner, device, host));
  }

 private:
  std::string model_of(OrganisationId owner, int device, std::size_t host) const {
    const auto found = models_.find(device);
    if (found == models_.end()) return {};
    const schema::MedicalModels& models = *found->second;
    const auto kind = static_cast<std::uint32_t>(device);
    const auto slot = static_cast<std::uint32_t>(uniform(which_model, host) * models.in_use());
    const double u = uniform(models_in_use, index(owner), kind << 16 | slot);
    const auto number = static_cast<std::uint32_t>(u * models.vendors() * models.models_per_vendor());
    return std::string(name_of(static_cast<DeviceClass>(device))) + " vendor " +
           std::to_string(number / models.models_per_vendor() + 1) + " model " +
           std::to_string(number % models.models_per_vendor() + 1);
  }

  EstateBuilder& builder_;
  Draws draws_;
  std::map<int, Mix> systems_;
  std::map<int, Mix> own_systems_;
  std::map<int, const schema::MedicalModels*> models_;
  std::vector<int> classes_;
  Mix mix_;
};

struct SitePlan {
  std::string name;
  double share;
};

/// Reads each list once and remembers it.
class Lists {
 public:
  Lists(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs)
      : document_(document), read_file_(read_file), inputs_(inputs) {}

  const std::string& content(const std::string& name) {
    for (const InputFile& input : inputs_)
      if (input.name == name) return input.content;
    inputs_.push_back({name, read_file_(name)});
    return inputs_.back().content;
  }
  std::vector<OrganisationRow> organisations(const schema::OrganisationGroup& group) {
    std::vector<OrganisationRow> rows;
    if (!group.has_list()) {
      for (std::uint32_t i = 1; i <= group.count(); ++i) {
        const std::string number = group.count() > 1 ? " " + std::to_string(i) : "";
        rows.push_back({group.name() + (group.count() > 1 ? "-" + std::to_string(i) : ""), group.name() + number, "",
                        "", "", 0, 0, 1});
      }
      return rows;
    }
    std::set<std::string> known;
    for (OrganisationRow& row : read_organisations(group.list(), content(group.list()), document_.mistakes)) {
      known.insert(row.type);
      const auto& wanted = group.classes();
      if (wanted.empty() || std::find(wanted.begin(), wanted.end(), row.type) != wanted.end())
        rows.push_back(std::move(row));
    }
    for (int i = 0; i < group.classes_size(); ++i)
      if (known.count(group.classes(i)) == 0)
        report(document_, "estate.organisations." + group.name() + ".classes." + std::to_string(i),
               "no organisation of " + group.list() + " has the class '" + group.classes(i) + "'",
               nearest(group.classes(i), {known.begin(), known.end()}));
    return rows;
  }
  const std::map<std::string, std::vector<std::string>>& sites(const std::string& name) {
    const auto [found, fresh] = sites_.try_emplace(name);
    if (fresh)
      for (const SiteRow& row : read_sites(name, content(name), document_.mistakes))
        found->second[row.organisation].push_back(row.name);
    return found->second;
  }

 private:
  Document& document_;
  const ReadFile& read_file_;
  std::vector<InputFile>& inputs_;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> sites_;
};

std::vector<SitePlan> sites_of(const schema::OrganisationGroup& group, const OrganisationRow& row, Lists& lists) {
  std::vector<SitePlan> plans;
  if (group.has_site_list()) {
    const auto& sites = lists.sites(group.site_list());
    const auto found = sites.find(row.code);
    if (found != sites.end())
      for (const std::string& name : found->second)
        plans.push_back({name, 1.0 / static_cast<double>(found->second.size())});
  }
  for (const auto& site : group.sites()) plans.push_back({site.name(), site.share()});
  if (plans.empty()) plans.push_back({"main", 1.0});
  return plans;
}

bool has(const schema::Network& network, const std::vector<SitePlan>& sites, std::size_t site, bool listed) {
  if (network.sites().empty()) return true;
  if (site == 0 && listed && network.sites(0) == "main") return true;
  return std::find(network.sites().begin(), network.sites().end(), sites[site].name) != network.sites().end();
}

/// Part `i` of `total` units that are split by shares, so that the parts add up.
std::uint32_t part(double total, const std::vector<double>& shares, std::size_t i) {
  double before = 0;
  double all = 0;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    if (s < i) before += shares[s];
    all += shares[s];
  }
  if (all <= 0) return 0;
  return static_cast<std::uint32_t>(std::floor(total * (before + shares[i]) / all + 0.5) -
                                    std::floor(total * before / all + 0.5));
}

/// Adds one network of one site, in segments of nearly equal size.
void add_network(const schema::Network& network, std::uint32_t drawn, bool with_always, OrganisationId owner,
                 EstateBuilder& builder, HostMaker& maker) {
  std::vector<int> always;
  if (with_always)
    for (const auto& device : network.always()) always.insert(always.end(), device.count(), device.device());
  const auto total = static_cast<std::uint32_t>(always.size()) + drawn;
  if (total == 0) return;
  maker.begin_network(network);
  const std::uint32_t count = (total + network.segment_size() - 1) / network.segment_size();
  std::size_t made = 0;
  for (std::uint32_t s = 0; s < count; ++s) {
    builder.add_segment(network.name());
    const std::size_t upto = std::uint64_t{total} * (s + 1) / count;
    for (; made < upto; ++made) {
      if (made < always.size()) {
        maker.add(owner, always[made]);
      } else {
        maker.add_drawn(owner);
      }
    }
  }
}

/// (size / mean) to the power of `weight`, with our own functions: an estate is the same on every machine.
double size_factor(double size, double mean, double weight) {
  if (weight <= 0 || mean <= 0) return 1;
  return size > 0 ? exponential(weight * natural_log(size / mean)) : 0;
}

void add_organisation(const schema::OrganisationGroup& group, const OrganisationRow& row, double mean_size,
                      Lists& lists, EstateBuilder& builder, HostMaker& maker) {
  const OrganisationId id =
      builder.add_organisation({row.code, row.name, static_cast<OrganisationKind>(group.kind()), group.name(),
                                row.type, row.region, row.community, row.latitude, row.longitude});
  double devices = 0;
  if (group.has_devices()) {
    const double drawn = lower(group.devices()).at(maker.uniform(how_many_devices, index(id)));
    devices = std::clamp(std::round(drawn * size_factor(row.size, mean_size, group.size_weight())), 1.0, most_hosts);
  }
  const std::vector<SitePlan> sites = sites_of(group, row, lists);
  for (std::size_t site = 0; site < sites.size(); ++site) {
    builder.add_site(sites[site].name);
    for (const auto& network : group.networks()) {
      if (!has(network, sites, site, group.has_site_list())) continue;
      std::vector<double> shares;
      std::size_t first = sites.size();
      for (std::size_t s = 0; s < sites.size(); ++s) {
        const bool there = has(network, sites, s, group.has_site_list());
        shares.push_back(there ? sites[s].share : 0);
        if (there && first == sites.size()) first = s;
      }
      const double total = network.has_hosts() ? network.hosts() : std::round(devices * network.share());
      add_network(network, part(total, shares, site), site == first, id, builder, maker);
    }
  }
}

void connect(const schema::Connection& connection, EstateBuilder& builder, const HostMaker& maker,
             std::uint32_t number) {
  const auto& organisations = builder.organisations();
  std::map<std::string, OrganisationId> hubs;
  for (std::uint32_t o = 0; o < organisations.size(); ++o)
    if (organisations[o].kind == static_cast<OrganisationKind>(connection.hub()) &&
        !organisations[o].community.empty())
      hubs.try_emplace(organisations[o].community, OrganisationId{o});
  for (std::uint32_t o = 0; o < organisations.size(); ++o) {
    const auto& kinds = connection.organisations();
    if (std::find(kinds.begin(), kinds.end(), static_cast<int>(organisations[o].kind)) == kinds.end()) continue;
    const auto hub = hubs.find(organisations[o].community);
    if (hub == hubs.end() || hub->second == OrganisationId{o}) continue;
    if (maker.uniform(connected, o, number) < connection.share())
      builder.connect(connection.name(), OrganisationId{o}, hub->second);
  }
}

void add_zones(const schema::Zone& zone, EstateBuilder& builder) {
  std::vector<std::uint8_t> belongs;
  for (const Organisation& organisation : builder.organisations())
    belongs.push_back(zone.organisations().empty() ||
                      std::find(zone.organisations().begin(), zone.organisations().end(),
                                static_cast<int>(organisation.kind)) != zone.organisations().end());
  using Pool = EstateBuilder::Pool;
  switch (zone.pool()) {
    case schema::each_segment:
      return builder.add_zones(zone.name(), Pool::each_segment, zone.addresses(), belongs);
    case schema::each_site:
      return builder.add_zones(zone.name(), Pool::each_site, zone.addresses(), belongs);
    case schema::each_organisation:
      return builder.add_zones(zone.name(), Pool::each_organisation, zone.addresses(), belongs);
    case schema::everyone:
      return builder.add_zones(zone.name(), Pool::everyone, zone.addresses(), belongs);
    case schema::each_connected:
      return builder.add_connected_zones(zone.name(), zone.through(), zone.addresses(), belongs);
  }
}

/// About how many hosts the group will have, before any is made.
double expected_hosts(const schema::OrganisationGroup& group, std::size_t organisations) {
  double each = 0;
  if (group.has_devices()) each = lower(group.devices()).at(0.5);
  for (const auto& network : group.networks()) {
    if (network.has_hosts()) each += network.hosts();
    for (const auto& always : network.always()) each += always.count();
  }
  return each * static_cast<double>(organisations);
}

}  // namespace

Estate build_estate(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs) {
  const schema::Estate& plan = document.scenario.estate();
  if (plan.zones_size() > most_zones)
    report(document, "estate.zones", "an estate has at most " + std::to_string(most_zones) + " zones");
  EstateBuilder builder;
  HostMaker maker(plan, builder);
  Lists lists(document, read_file, inputs);
  double expected = 0;
  for (const auto& group : plan.organisations()) {
    const std::vector<OrganisationRow> rows = lists.organisations(group);
    expected += expected_hosts(group, rows.size());
    if (expected > most_hosts) {
      report(document, "estate.organisations." + group.name(), "the estate would have more than 200 million hosts");
      break;
    }
    double mean_size = 0;
    for (const OrganisationRow& row : rows) mean_size += row.size / static_cast<double>(rows.size());
    maker.begin_group(group);
    for (const OrganisationRow& row : rows) add_organisation(group, row, mean_size, lists, builder, maker);
    if (static_cast<double>(builder.hosts()) > most_hosts) {
      report(document, "estate.organisations." + group.name(), "the estate has more than 200 million hosts");
      break;
    }
  }
  if (builder.hosts() == 0) report(document, "estate.organisations", "the estate has no host");
  std::uint32_t number = 0;
  for (const auto& connection : plan.connections()) connect(connection, builder, maker, number++);
  for (const auto& zone : plan.zones()) add_zones(zone, builder);
  return builder.build();
}

}  // namespace trustfall
