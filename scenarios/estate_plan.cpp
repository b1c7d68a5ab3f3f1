#include "scenarios/estate_plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "scenarios/fields.h"
#include "scenarios/link_plan.h"
#include "scenarios/lower.h"
#include "scenarios/organisation_lists.h"
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
  for (const double share : shares_of(mix)) cumulated.upto.push_back(sum += share);
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
    add(owner, classes_[pick(mix_, which_device, builder_.hosts())]);
  }
  void add(OrganisationId owner, int device) {
    const std::size_t host = builder_.hosts();
    const auto own = own_systems_.find(device);
    const auto general = systems_.find(device);
    System system = System::no_windows;
    if (own != own_systems_.end() || general != systems_.end())
      system =
          static_cast<System>(pick(own != own_systems_.end() ? own->second : general->second, which_system, host));
    builder_.add_host(static_cast<DeviceClass>(device), system, model_of(owner, device, host));
  }

 private:
  /// Draws only where there is a choice: numbers have addresses, so that leaving one out changes no other.
  std::size_t pick(const Mix& mix, Question question, std::size_t host) const {
    const auto first = std::find_if(mix.upto.begin(), mix.upto.end(), [](double sum) { return sum > 0; });
    if (first != mix.upto.end() && *first == mix.upto.back())
      return static_cast<std::size_t>(first - mix.upto.begin());
    return mix.pick(uniform(question, host));
  }
  std::string model_of(OrganisationId owner, int device, std::size_t host) {
    const auto found = models_.find(device);
    if (found == models_.end()) return {};
    const schema::MedicalModels& models = *found->second;
    const std::vector<std::uint32_t>& used = models_used(owner, device, models);
    const std::uint32_t number = used[static_cast<std::size_t>(uniform(which_model, host) * models.in_use())];
    return std::string(name_of(static_cast<DeviceClass>(device))) + " vendor " +
           std::to_string(number / models.models_per_vendor() + 1) + " model " +
           std::to_string(number % models.models_per_vendor() + 1);
  }
  /// The different models that an organisation runs (a sample without replacement: Floyd, CACM 30(9), 1987).
  const std::vector<std::uint32_t>& models_used(OrganisationId owner, int device,
                                                const schema::MedicalModels& models) {
    if (owner != models_owner_) used_.clear();
    models_owner_ = owner;
    const auto [found, fresh] = used_.try_emplace(device);
    std::vector<std::uint32_t>& used = found->second;
    const std::uint32_t market = models.vendors() * models.models_per_vendor();
    for (std::uint32_t i = market - models.in_use(); fresh && i < market; ++i) {
      const auto slot = static_cast<std::uint32_t>(used.size());
      const double u = uniform(models_in_use, index(owner), static_cast<std::uint32_t>(device) << 16 | slot);
      const auto pick = static_cast<std::uint32_t>(u * (i + 1));
      used.push_back(std::find(used.begin(), used.end(), pick) == used.end() ? pick : i);
    }
    return used;
  }

  EstateBuilder& builder_;
  Draws draws_;
  std::map<int, Mix> systems_;
  std::map<int, Mix> own_systems_;
  std::map<int, const schema::MedicalModels*> models_;
  std::map<int, std::vector<std::uint32_t>> used_;  // models of `models_owner_`, by device class
  OrganisationId models_owner_{0xffffffffu};
  std::vector<int> classes_;
  Mix mix_;
};

struct SitePlan {
  std::string name;
  double share;
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

/// Splits `total` units by shares, so that the parts add up.
std::vector<std::uint32_t> split(double total, const std::vector<double>& shares) {
  double all = 0;
  for (const double share : shares) all += share;
  std::vector<std::uint32_t> parts;
  double before = 0;
  double given = 0;
  for (const double share : shares) {
    before += share;
    const double upto = all > 0 ? std::floor(total * before / all + 0.5) : 0;
    parts.push_back(static_cast<std::uint32_t>(upto - given));
    given = upto;
  }
  return parts;
}

/// Which of an organisation's sites have the network.
std::vector<std::uint8_t> sites_with(const schema::Network& network, const std::vector<SitePlan>& sites,
                                     bool listed) {
  const std::set<std::string> named(network.sites().begin(), network.sites().end());
  std::vector<std::uint8_t> there;
  for (std::size_t s = 0; s < sites.size(); ++s)
    there.push_back(named.empty() || (s == 0 && listed && network.sites(0) == "main") ||
                    named.count(sites[s].name) > 0);
  return there;
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

/// Hosts of each network, from the organisation's devices and from what the networks say themselves.
std::vector<double> hosts_of_networks(const schema::OrganisationGroup& group, double devices) {
  std::vector<double> shares;
  double all = 0;
  for (const auto& network : group.networks()) {
    shares.push_back(network.has_hosts() ? 0 : network.share());
    all += shares.back();
  }
  const std::vector<std::uint32_t> parts = split(std::round(devices * all), shares);
  std::vector<double> hosts;
  for (int n = 0; n < group.networks_size(); ++n)
    hosts.push_back(group.networks(n).has_hosts() ? group.networks(n).hosts() : parts[static_cast<std::size_t>(n)]);
  return hosts;
}

/// One network of an organisation, site by site.
struct NetworkPlan {
  std::vector<std::uint8_t> there;   // whether the site has it
  std::vector<std::uint32_t> drawn;  // hosts of the mix
  std::size_t first;                 // the site that has those which are always there
};

/// False when the estate would have more hosts than are accepted.
bool add_organisation(const schema::OrganisationGroup& group, const OrganisationRow& row, double mean_size,
                      Lists& lists, EstateBuilder& builder, HostMaker& maker) {
  const OrganisationId id =
      builder.add_organisation({row.code, row.name, static_cast<OrganisationKind>(group.kind()), group.name(),
                                row.type, row.region, row.community, row.latitude, row.longitude});
  double devices = 0;
  if (group.has_devices()) {
    const double drawn = lower(group.devices()).at(maker.uniform(how_many_devices, index(id)));
    devices = std::clamp(std::round(drawn * size_factor(row.size, mean_size, group.size_weight())), 1.0, most_hosts);
  }
  if (devices + static_cast<double>(builder.hosts()) > most_hosts) return false;
  const std::vector<SitePlan> sites = sites_of(group, row, lists);
  const std::vector<double> hosts = hosts_of_networks(group, devices);
  std::vector<NetworkPlan> plans;
  for (int n = 0; n < group.networks_size(); ++n) {
    NetworkPlan plan{sites_with(group.networks(n), sites, group.has_site_list()), {}, 0};
    std::vector<double> shares;
    for (std::size_t s = 0; s < sites.size(); ++s) shares.push_back(plan.there[s] ? sites[s].share : 0);
    plan.drawn = split(hosts[static_cast<std::size_t>(n)], shares);
    plan.first = static_cast<std::size_t>(std::find(plan.there.begin(), plan.there.end(), 1) - plan.there.begin());
    plans.push_back(std::move(plan));
  }
  for (std::size_t site = 0; site < sites.size(); ++site) {
    builder.add_site(sites[site].name);
    for (int n = 0; n < group.networks_size(); ++n)
      if (const NetworkPlan& plan = plans[static_cast<std::size_t>(n)]; plan.there[site])
        add_network(group.networks(n), plan.drawn[site], site == plan.first, id, builder, maker);
  }
  return true;
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

/// From a thousand of its quantiles: a little below the mean where the tail is long.
double mean_of(const Distribution& distribution) {
  constexpr int steps = 1000;
  double sum = 0;
  for (int i = 0; i < steps; ++i) sum += distribution.at((i + 0.5) / steps);
  return sum / steps;
}

/// About how many hosts the group will have, before any is made.
double expected_hosts(const schema::OrganisationGroup& group, std::size_t organisations) {
  double each = group.has_devices() ? mean_of(lower(group.devices())) : 0;
  for (const auto& network : group.networks()) {
    if (network.has_hosts()) each += network.hosts();
    for (const auto& always : network.always()) each += always.count();
  }
  return each * static_cast<double>(organisations);
}

/// Adds the organisations of a group; false when the estate grows beyond what is accepted.
bool add_group(const schema::OrganisationGroup& group, const std::vector<OrganisationRow>& rows, Lists& lists,
               EstateBuilder& builder, HostMaker& maker) {
  if (expected_hosts(group, rows.size()) + static_cast<double>(builder.hosts()) > most_hosts) return false;
  double mean_size = 0;
  for (const OrganisationRow& row : rows) mean_size += row.size / static_cast<double>(rows.size());
  maker.begin_group(group);
  return std::all_of(rows.begin(), rows.end(), [&](const OrganisationRow& row) {
    return add_organisation(group, row, mean_size, lists, builder, maker);
  });
}

}  // namespace

Estate build_estate(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs) {
  const schema::Estate& plan = document.scenario.estate();
  EstateBuilder builder;
  HostMaker maker(plan, builder);
  Lists lists(document, read_file, inputs);
  LinkPlan links(document, read_file, inputs);
  std::vector<std::vector<OrganisationRow>> rows;
  for (const auto& group : plan.organisations()) {
    rows.push_back(lists.organisations(group));
    if (group.has_site_list()) lists.sites(group.site_list());
  }
  throw_if_mistaken(document);
  links.size_networks();
  for (int g = 0; g < plan.organisations_size(); ++g)
    if (!add_group(plan.organisations(g), rows[static_cast<std::size_t>(g)], lists, builder, maker)) {
      report(document, "estate.organisations." + plan.organisations(g).name(),
             "the estate would have more than 200 million hosts");
      throw_if_mistaken(document);
    }
  if (builder.hosts() == 0) report(document, "estate.organisations", "the estate has no host");
  for (int c = 0; c < plan.connections_size(); ++c)
    connect(plan.connections(c), builder, maker, static_cast<std::uint32_t>(c));
  for (const auto& zone : plan.zones()) add_zones(zone, builder);
  links.add(builder);
  return builder.build();
}

}  // namespace trustfall
