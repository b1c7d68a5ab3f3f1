#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

static_assert(static_cast<int>(ServiceKind::emergency) == schema::Service::emergency &&
              static_cast<int>(ServiceKind::imaging) == schema::Service::imaging &&
              static_cast<int>(ServiceKind::pathology) == schema::Service::pathology &&
              static_cast<int>(ServiceKind::theatres) == schema::Service::theatres &&
              static_cast<int>(ServiceKind::outpatients) == schema::Service::outpatients &&
              static_cast<int>(ServiceKind::pharmacy) == schema::Service::pharmacy &&
              static_cast<int>(ServiceKind::patient_records) == schema::Service::patient_records &&
              static_cast<int>(ServiceKind::gp_consultations) == schema::Service::gp_consultations &&
              static_cast<int>(ServiceKind::email) == schema::Service::email &&
              static_cast<int>(ServiceKind::other) == schema::Service::other);
static_assert(static_cast<int>(ActivityKind::appointments) == schema::Activity::appointments &&
              static_cast<int>(ActivityKind::elective_admissions) == schema::Activity::elective_admissions &&
              static_cast<int>(ActivityKind::emergency_admissions) == schema::Activity::emergency_admissions &&
              static_cast<int>(ActivityKind::attendances) == schema::Activity::attendances &&
              static_cast<int>(ActivityKind::ambulance_arrivals) == schema::Activity::ambulance_arrivals &&
              static_cast<int>(ActivityKind::other) == schema::Activity::other);

constexpr std::size_t most_needs = 10000000;  // of all units together

/// Share of so many hosts, rounded up; a rounding error of the share is not a host.
std::uint32_t enough_of(std::uint32_t hosts, double share) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::ceil(share * hosts - 1e-6)));
}

class Lowering {
 public:
  explicit Lowering(const Parts& parts) : parts_(parts), estate_(parts.estate()), builder_(estate_) {}

  Services lower() {
    const auto& said = parts_.scenario().services();
    for (int s = 0; s < said.size() && needs_ <= most_needs; ++s) add_units(said.Get(s));
    for (int s = 0; s < said.size() && needs_ <= most_needs; ++s) join_services(said.Get(s));
    if (needs_ > most_needs)
      report(parts_.document(), "services", "the organisations' services have more than 10 million needs together");
    Services services = std::move(builder_).build();
    if (circular(services))
      report(parts_.document(), "services", "services of different organisations need one another in a circle");
    return services;
  }

 private:
  /// Where a unit of a service may be.
  struct Place {
    OrganisationId organisation;
    std::optional<SiteId> site;
  };

  Service service(const schema::Service& said) const {
    Service service{static_cast<ServiceKind>(said.kind()),
                    said.paper().capacity(),
                    from_seconds(said.paper().after()),
                    said.down_below(),
                    said.diverts_below(),
                    {}};
    for (const schema::Activity& activity : said.activity()) {
      Hours hours{Duration{}, 24h, true, parts_.start()};
      if (activity.has_hours()) hours = lower_hours(parts_, activity.hours());
      service.activities.push_back({static_cast<ActivityKind>(activity.kind()),
                                    activity.per_day() / to_hours(hours.off - hours.on),
                                    activity.per() == schema::Activity::hundred_hosts, activity.tariff(), hours});
    }
    return service;
  }

  std::vector<Place> places(const schema::Service& said) const {
    const Selector where = parts_.selector(said.has_where(), said.where(), "services." + said.name() + ".where");
    std::vector<Place> places;
    for (std::uint32_t s = 0; s < estate_.segments(); ++s) {
      if (!where.covers(SegmentId{s})) continue;
      const Segment& segment = estate_[SegmentId{s}];
      const Place place{segment.organisation,
                        said.per() == schema::Service::site ? std::optional(segment.site) : std::nullopt};
      if (places.empty() || places.back().organisation != place.organisation || places.back().site != place.site)
        places.push_back(place);
    }
    return places;
  }

  /// Whose the need is: the organisation's own, or that which serves it.
  std::optional<OrganisationId> owner(const schema::Need& need, OrganisationId organisation) {
    if (!need.has_of()) return organisation;
    const auto& codes = need.hosts().codes();
    std::string key = need.of();
    for (const std::string& code : codes) key += ' ' + code;
    const auto [known, is_new] = owners_.try_emplace(key);
    if (is_new)
      for (std::uint32_t o = 0; o < estate_.organisations(); ++o) {
        const Organisation& of = estate_[OrganisationId{o}];
        if (of.group == need.of() && (codes.empty() || std::find(codes.begin(), codes.end(), of.code) != codes.end()))
          known->second.push_back(OrganisationId{o});
      }
    const std::vector<OrganisationId>& candidates = known->second;
    if (candidates.size() == 1) return candidates.front();
    const std::string& community = estate_[organisation].community;
    if (community.empty()) return std::nullopt;
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [&](OrganisationId o) { return estate_[o].community == community; });
    return found == candidates.end() ? std::nullopt : std::optional(*found);
  }

  std::uint32_t part(const schema::Where& hosts, const std::string& path) {
    const auto [known, is_new] = parts_known_.try_emplace(hosts.SerializeAsString(), 0);
    if (is_new) known->second = builder_.add_part(parts_.selector(true, hosts, path));
    return known->second;
  }

  /// What it comes to for a unit at that place; nullopt where there are no such hosts or no such link.
  std::optional<Need> resolve(const schema::Need& said, OrganisationId of, std::optional<SiteId> site,
                              const std::string& path) {
    Need need;
    need.of = said.has_zone() ? Need::Of::link : Need::Of::hosts;
    if (said.has_of() || said.hosts().sites_size() > 0) site.reset();
    const auto resource = said.has_zone() ? builder_.link(parts_.zone_kind(said.zone()), of, site)
                                          : builder_.hosts(part(said.hosts(), path + ".hosts"), of, site);
    if (!resource) return std::nullopt;
    need.resource = *resource;
    const std::uint32_t members = builder_.members(*resource);
    need.enough = said.has_at_least_hosts() ? std::min(said.at_least_hosts(), members)
                                            : enough_of(members, said.has_at_least() ? said.at_least() : 1);
    return need;
  }

  /// The needs of a unit for hosts and links; nullopt where it lacks its own hosts for one, and so does not exist.
  std::optional<std::vector<Need>> needs_at(const schema::Service& said, const Place& place,
                                            std::map<std::string, std::uint32_t>& alone) {
    std::vector<Need> needs;
    for (const schema::Need& need : said.needs()) {
      if (need.has_service()) continue;
      const std::string path = "services." + said.name() + ".needs." + need.name();
      const auto of = owner(need, place.organisation);
      auto resolved = of ? resolve(need, *of, place.site, path) : std::nullopt;
      if (resolved) {
        needs.push_back(std::move(*resolved));
      } else if (need.has_of()) {
        ++alone[path];
      } else if (need.has_hosts()) {
        return std::nullopt;
      }
    }
    return needs;
  }

  std::size_t hosts_at(const Place& place) const {
    std::size_t hosts = 0;
    const auto last = static_cast<std::uint32_t>(estate_.last_segment(place.organisation));
    for (auto s = static_cast<std::uint32_t>(estate_.first_segment(place.organisation)); s < last; ++s)
      if (!place.site || estate_[SegmentId{s}].site == *place.site)
        hosts += static_cast<std::size_t>(estate_.last_host(SegmentId{s})) -
                 static_cast<std::size_t>(estate_.first_host(SegmentId{s}));
    return hosts;
  }

  void add_units(const schema::Service& said) {
    const std::uint32_t number = builder_.add(service(said));
    struct Found {
      Place place;
      std::vector<Need> needs;
      double hosts;
    };
    std::vector<Found> found;
    std::map<std::string, std::uint32_t> alone;  // organisations without a provider, by path of the need
    std::map<OrganisationId, double> together;   // hosts of the sites that have it
    for (const Place& place : places(said))
      if (auto needs = needs_at(said, place, alone)) {
        const auto hosts = static_cast<double>(hosts_at(place));
        together[place.organisation] += hosts;
        needs_ += static_cast<std::size_t>(said.needs_size());
        found.push_back({place, std::move(*needs), hosts});
        if (needs_ > most_needs) return;
      }
    for (Found& unit : found) {
      const double weight = unit.place.site ? unit.hosts / together[unit.place.organisation] : 1;
      units_[{said.name(), unit.place.organisation}].push_back(
          builder_.add_unit(number, unit.place.organisation, weight, std::move(unit.needs)));
      sites_.push_back(unit.place.site);
    }
    tell(said, found.empty(), alone);
  }

  void tell(const schema::Service& said, bool nobody, const std::map<std::string, std::uint32_t>& alone) {
    if (nobody)
      report(parts_.document(), "services." + said.name(),
             "no organisation has hosts for each of its needs: nobody has this service", {}, Severity::warning);
    for (const auto& [path, organisations] : alone)
      report(parts_.document(), path,
             fmt::format("{} organisation{} without: none of the group serves it, or more than one and none in the "
                         "community",
                         organisations, organisations == 1 ? " does" : "s do"),
             {}, Severity::warning);
  }

  /// Adds the needs for services, now that all units are there.
  void join_services(const schema::Service& said) {
    std::map<std::string, std::uint32_t> alone;
    for (const schema::Need& need : said.needs()) {
      if (!need.has_service()) continue;
      for (const auto& [key, units] : units_) {
        if (key.first != said.name()) continue;
        const auto of = owner(need, key.second);
        const auto there = of ? units_.find({need.service(), *of}) : units_.end();
        if (there != units_.end())
          for (const std::uint32_t unit : units) join(unit, there->second, need);
        else if (need.has_of())
          ++alone["services." + said.name() + ".needs." + need.name()];
      }
    }
    tell(said, false, alone);
  }

  void join(std::uint32_t unit, const std::vector<std::uint32_t>& providers, const schema::Need& said) {
    Need need;
    need.of = Need::Of::service;
    need.share = said.has_at_least() ? said.at_least() : 1;
    for (const std::uint32_t provider : providers)
      if (!said.has_of() && sites_[unit] && sites_[unit] == sites_[provider]) need.providers = {{provider, 1}};
    if (need.providers.empty())
      for (const std::uint32_t provider : providers)
        need.providers.push_back({provider, builder_.units()[provider].weight});
    builder_.add_need(unit, std::move(need));
  }

  const Parts& parts_;
  const Estate& estate_;
  ServicesBuilder builder_;
  std::size_t needs_ = 0;
  std::map<std::string, std::uint32_t> parts_known_;           // by what was said
  std::map<std::string, std::vector<OrganisationId>> owners_;  // who may serve, by group and codes
  std::map<std::pair<std::string, OrganisationId>, std::vector<std::uint32_t>> units_;
  std::vector<std::optional<SiteId>> sites_;  // by unit
};

}  // namespace

Services lower_services(const Parts& parts) { return Lowering(parts).lower(); }

}  // namespace trustfall
