#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/hours.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// What kind of service it is: decides under which metrics it is counted.
enum class ServiceKind : std::uint8_t {
  emergency,
  imaging,
  pathology,
  theatres,
  outpatients,
  pharmacy,
  patient_records,
  gp_consultations,
  email,
  other,
};
inline constexpr std::size_t service_kinds = 10;
/// As scenario files call it.
std::string_view name_of(ServiceKind kind);

/// What a service does in a day, counted where it is lost.
enum class ActivityKind : std::uint8_t {
  appointments,
  elective_admissions,
  emergency_admissions,
  attendances,
  ambulance_arrivals,  // lost while the service diverts, and then all of them
  other,
};
inline constexpr std::size_t activity_kinds = 6;

struct Activity {
  ActivityKind kind;
  double per_hour;        // within its hours; of an organisation
  bool by_hosts = false;  // of each hundred of its hosts instead
  double tariff = 0;      // pounds for each
  Hours hours;
};

/// A service as a scenario describes it.
struct Service {
  ServiceKind kind;
  double paper = 0;          // capacity that is kept whatever is missing
  Duration paper_after{};    // how long that takes to set up
  double down_below = 0;     // capacity
  double diverts_below = 0;  // capacity; 0 where it never does
  std::vector<Activity> activities;
};

/// One of those who together meet a need for a service.
struct Provider {
  std::uint32_t unit;
  double weight;  // of its capacity; those of a need sum to 1
};

/// Something without which a unit has less than its full capacity.
struct Need {
  enum class Of : std::uint8_t { hosts, link, service };

  Of of;
  std::uint32_t resource = 0;       // hosts, or segments in a zone
  std::uint32_t enough = 1;         // usable hosts that full capacity takes
  double share = 1;                 // capacity of the service that full capacity takes
  std::vector<Provider> providers;  // of a service
};

/// A service of one organisation, or of one of its sites.
struct ServiceUnit {
  std::uint32_t service;  // index in Services::services
  OrganisationId organisation;
  double weight = 1;             // share of the organisation that it serves
  std::uint32_t first_need = 0;  // its needs: Services::needs[first_need .. last_need)
  std::uint32_t last_need = 0;
};

/// Hosts of a segment that belong to a resource.
struct HostsOfResource {
  std::uint32_t resource;
  std::uint32_t hosts;
  DeviceSet devices;
  SystemSet systems;
};

/// A segment that belongs to a resource by its being in a zone.
struct LinkOfResource {
  std::uint32_t resource;
  ZoneId zone;
  DeviceSet devices;  // that there are in the segment
};

/// Lists of numbers, one behind the other.
struct Slices {
  std::vector<std::uint32_t> first;  // by list, one more than there are
  std::vector<std::uint32_t> items;

  std::span<const std::uint32_t> of(std::size_t list) const {
    return {items.data() + first[list], first[list + 1] - first[list]};
  }
};

/// Services of all organisations, resolved against an estate so that a replicate costs only what falls in it.
struct Services {
  std::vector<Service> services;
  std::vector<ServiceUnit> units;
  std::vector<Need> needs;                 // unit by unit
  std::vector<std::uint32_t> members;      // by resource: its hosts, or segments in a zone
  std::vector<HostsOfResource> hosts;      // segment by segment
  std::vector<std::uint32_t> first_hosts;  // by segment, one more than there are
  std::vector<LinkOfResource> links;       // segment by segment
  std::vector<std::uint32_t> first_link;   // by segment, one more than there are
  Slices units_on_resource;                // that need it
  Slices units_on_unit;                    // that need another
  std::vector<double> hundreds;            // of hosts, by unit: of its share of the organisation

  bool has(ServiceKind kind) const;
};

/// Resolves services against an estate, step by step.
class ServicesBuilder {
 public:
  explicit ServicesBuilder(const Estate& estate);

  std::uint32_t add(Service service);
  /// A part of the estate that needs may speak of.
  std::uint32_t add_part(Selector part);
  /// Its hosts in an organisation, perhaps at one site; nullopt where there is none.
  std::optional<std::uint32_t> hosts(std::uint32_t part, OrganisationId organisation,
                                     std::optional<SiteId> site = {});
  /// The segments of an organisation, perhaps of one site, that are in zones of a kind; nullopt where there is none.
  std::optional<std::uint32_t> link(std::uint16_t zone_kind, OrganisationId organisation,
                                    std::optional<SiteId> site = {});
  /// Number of hosts or segments of a resource.
  std::uint32_t members(std::uint32_t resource) const { return services_.members[resource]; }
  std::uint32_t add_unit(std::uint32_t service, OrganisationId organisation, double weight, std::vector<Need> needs);
  /// One need more of a unit.
  void add_need(std::uint32_t unit, Need need) { needs_[unit].push_back(std::move(need)); }
  const std::vector<ServiceUnit>& units() const { return services_.units; }

  Services build() &&;

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // part or zone kind, organisation, site
  template <class Visit>
  void each_segment(OrganisationId organisation, std::optional<SiteId> site, Visit visit) const;

  const Estate* estate_;
  Services services_;
  std::vector<Selector> parts_;
  std::vector<std::vector<Need>> needs_;  // by unit
  std::map<Key, std::optional<std::uint32_t>> hosts_known_;
  std::map<Key, std::optional<std::uint32_t>> links_known_;
  std::vector<std::pair<std::uint32_t, HostsOfResource>> hosts_of_;  // with the segment
  std::vector<std::pair<std::uint32_t, LinkOfResource>> links_of_;   // likewise
};

/// Whether services of some units need one another in a circle.
bool circular(const Services& services);

}  // namespace trustfall
