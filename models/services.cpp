#include "models/services.h"

#include <algorithm>

namespace trustfall {
namespace {

constexpr std::uint32_t anywhere = 0xffffffffu;

constexpr std::string_view kind_names[] = {"emergency",   "imaging",  "pathology",       "theatres",
                                           "outpatients", "pharmacy", "patient_records", "gp_consultations",
                                           "email",       "other"};
static_assert(std::size(kind_names) == service_kinds);

std::uint32_t raw(std::optional<SiteId> site) { return site ? static_cast<std::uint32_t>(*site) : anywhere; }

/// Puts what belongs to segments in their order, and says where each segment's begins.
template <class T>
void sort_out(std::vector<std::pair<std::uint32_t, T>> of, std::size_t segments, std::vector<T>& items,
              std::vector<std::uint32_t>& first) {
  std::stable_sort(of.begin(), of.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  first.assign(segments + 1, 0);
  for (const auto& [segment, item] : of) {
    ++first[segment + 1];
    items.push_back(item);
  }
  for (std::size_t s = 0; s < segments; ++s) first[s + 1] += first[s];
}

/// Lists of units by what they need; each unit once in a list.
Slices slices(std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs, std::size_t lists) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Slices slices;
  slices.first.assign(lists + 1, 0);
  for (const auto& [list, unit] : pairs) {
    ++slices.first[list + 1];
    slices.items.push_back(unit);
  }
  for (std::size_t i = 0; i < lists; ++i) slices.first[i + 1] += slices.first[i];
  return slices;
}

}  // namespace

std::string_view name_of(ServiceKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

bool Services::has(ServiceKind kind) const {
  return std::any_of(units.begin(), units.end(),
                     [&](const ServiceUnit& u) { return services[u.service].kind == kind; });
}

ServicesBuilder::ServicesBuilder(const Estate& estate) : estate_(&estate) {}

std::uint32_t ServicesBuilder::add(Service service) {
  services_.services.push_back(std::move(service));
  return static_cast<std::uint32_t>(services_.services.size() - 1);
}

std::uint32_t ServicesBuilder::add_part(Selector part) {
  parts_.push_back(std::move(part));
  return static_cast<std::uint32_t>(parts_.size() - 1);
}

template <class Visit>
void ServicesBuilder::each_segment(OrganisationId organisation, std::optional<SiteId> site, Visit visit) const {
  const auto last = static_cast<std::uint32_t>(estate_->last_segment(organisation));
  for (auto s = static_cast<std::uint32_t>(estate_->first_segment(organisation)); s < last; ++s)
    if (!site || (*estate_)[SegmentId{s}].site == *site) visit(SegmentId{s});
}

std::optional<std::uint32_t> ServicesBuilder::hosts(std::uint32_t part, OrganisationId organisation,
                                                    std::optional<SiteId> site) {
  const auto [known, is_new] =
      hosts_known_.try_emplace({part, static_cast<std::uint32_t>(organisation), raw(site)}, std::nullopt);
  if (!is_new) return known->second;
  const Selector& selector = parts_[part];
  const auto resource = static_cast<std::uint32_t>(services_.members.size());
  std::uint32_t all = 0;
  each_segment(organisation, site, [&](SegmentId s) {
    if (!selector.covers(s)) return;
    std::uint32_t here = 0;
    const auto last = static_cast<std::uint32_t>(estate_->last_host(s));
    for (auto h = static_cast<std::uint32_t>(estate_->first_host(s)); h < last; ++h)
      here += selector.covers(s, estate_->device(HostId{h}), estate_->system(HostId{h}));
    if (here == 0) return;
    hosts_of_.push_back({static_cast<std::uint32_t>(s), {resource, here, selector.devices(), selector.systems()}});
    all += here;
  });
  if (all == 0) return std::nullopt;
  services_.members.push_back(all);
  return known->second = resource;
}

std::optional<std::uint32_t> ServicesBuilder::link(std::uint16_t zone_kind, OrganisationId organisation,
                                                   std::optional<SiteId> site) {
  const auto [known, is_new] =
      links_known_.try_emplace({zone_kind, static_cast<std::uint32_t>(organisation), raw(site)}, std::nullopt);
  if (!is_new) return known->second;
  const auto resource = static_cast<std::uint32_t>(services_.members.size());
  std::uint32_t all = 0;
  each_segment(organisation, site, [&](SegmentId s) {
    for (const ZoneOfSegment& of : estate_->zones_of(s)) {
      if ((*estate_)[of.zone].kind != zone_kind) continue;
      DeviceSet devices = 0;
      const auto last = static_cast<std::uint32_t>(estate_->last_host(s));
      for (auto h = static_cast<std::uint32_t>(estate_->first_host(s)); h < last; ++h)
        devices |= only(estate_->device(HostId{h}));
      links_of_.push_back({static_cast<std::uint32_t>(s), {resource, of.zone, devices}});
      ++all;
    }
  });
  if (all == 0) return std::nullopt;
  services_.members.push_back(all);
  return known->second = resource;
}

std::uint32_t ServicesBuilder::add_unit(std::uint32_t service, OrganisationId organisation, double weight,
                                        std::vector<Need> needs) {
  services_.units.push_back({service, organisation, weight, 0, 0});
  services_.hundreds.push_back(weight * static_cast<double>(estate_->hosts_of(organisation)) / 100);
  needs_.push_back(std::move(needs));
  return static_cast<std::uint32_t>(services_.units.size() - 1);
}

Services ServicesBuilder::build() && {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> on_resource;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> on_unit;
  for (std::uint32_t u = 0; u < services_.units.size(); ++u) {
    services_.units[u].first_need = static_cast<std::uint32_t>(services_.needs.size());
    for (Need& need : needs_[u]) {
      if (need.of != Need::Of::service) on_resource.emplace_back(need.resource, u);
      for (const Provider& provider : need.providers) on_unit.emplace_back(provider.unit, u);
      services_.needs.push_back(std::move(need));
    }
    services_.units[u].last_need = static_cast<std::uint32_t>(services_.needs.size());
  }
  sort_out(std::move(hosts_of_), estate_->segments(), services_.hosts, services_.first_hosts);
  sort_out(std::move(links_of_), estate_->segments(), services_.links, services_.first_link);
  services_.units_on_resource = slices(std::move(on_resource), services_.members.size());
  services_.units_on_unit = slices(std::move(on_unit), services_.units.size());
  return std::move(services_);
}

bool circular(const Services& services) {
  std::vector<std::uint32_t> open(services.units.size());  // by unit: those that it still waits for
  for (const std::uint32_t needing : services.units_on_unit.items) ++open[needing];
  std::vector<std::uint32_t> free;
  for (std::uint32_t u = 0; u < open.size(); ++u)
    if (open[u] == 0) free.push_back(u);
  std::size_t done = 0;
  while (!free.empty()) {
    const std::uint32_t unit = free.back();
    free.pop_back();
    ++done;
    for (const std::uint32_t needing : services.units_on_unit.of(unit))
      if (--open[needing] == 0) free.push_back(needing);
  }
  return done < services.units.size();
}

}  // namespace trustfall
