#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "models/hours.h"
#include "sim/base/distribution.h"
#include "sim/engine/incident.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// What bringing a host of these classes back takes.
struct Procedure {
  DeviceSet devices;
  Distribution work;                         // seconds of a technician
  DeviceSet needs = 0;                       // classes of which no host of its organisation may still be lost
  std::optional<Distribution> verification;  // seconds from rebuilt, with its data, to back in service
};

/// Technicians who rebuild hosts. A unit of them serves an organisation, a community, or everyone.
struct Team {
  Selector where;
  std::vector<std::uint32_t> unit_of;       // by organisation
  std::vector<std::uint32_t> hosts;         // that each unit serves
  std::optional<Distribution> technicians;  // of a unit
  double hosts_per_technician = 0;          // where that is empty
  std::optional<Hours> shift;               // around the clock when empty
  std::optional<Distribution> travel;       // seconds from one site to another
  std::uint32_t luck = 0;                   // luck_of its name; each team its own
};

/// Of a unit, however many are drawn.
inline constexpr double most_technicians = 100000;

/// How lost hosts come back: a queue for people, then one for their data.
struct RecoveryPlan {
  std::vector<Procedure> procedures;      // the first that covers a device class counts
  std::vector<Team> teams;                // the first that covers a host counts
  std::vector<DeviceClass> order;         // triage: the first class goes first, those not named last
  std::optional<Distribution> bandwidth;  // bytes per second that a site's line carries; without limit when empty
  double patched = 1;                     // share of the restored that have the patch then
  double hourly = 0;                      // pounds that an hour of a technician costs

  const Procedure* procedure_for(DeviceClass device) const;
  std::uint8_t rank(DeviceClass device) const;
};

/// A lost host on its way back.
struct Repair {
  static constexpr std::uint32_t none = 0xffffffffu;

  HostId host;
  std::uint32_t episode;            // how often the host has fallen before
  std::uint32_t team = none;        // that serves it; none where nobody does, or does not know how
  std::uint32_t unit = none;        // of that team, numbered over all teams
  std::uint32_t technician = none;  // of that unit
  Instant reported;                 // found and out of reach: it waits for a technician
  Instant begun = never;            // a technician sets out
  Duration travelled{};
  Duration worked{};
  Instant rebuilt = never;   // the technician is done with it, and its data are asked for
  double bytes = 0;          // of these
  bool on_servers = false;   // backup servers of its organisation hold them
  Instant fetching = never;  // the site's line carries them
  Instant fetched = never;
  Instant back = never;  // in service
};

/// What technicians have spent on a repair by then.
struct Effort {
  Duration travelled;
  Duration worked;
};
Effort effort(const RecoveryPlan& plan, const Repair& repair, Instant until);

/// The repairs of one replicate: who waits for whom, and what everybody is busy with. A plain value.
class Recovery {
 public:
  Recovery(const Estate& estate, const RecoveryPlan& plan);
  void reset(const Draws& draws);

  /// A host is found lost; it stays so where there is no procedure or no team for it.
  void report(HostId host, std::uint32_t episode, Incident& incident);
  /// Technicians of a unit look for work: all that was found at the same moment is known by then.
  void dispatch(std::uint32_t unit, Incident& incident);
  /// A technician is done with a host: those still waiting are next. To be followed by fetch() or verify().
  void rebuilt(std::uint32_t repair, Incident& incident);
  /// Its data are asked for: so many bytes, at hand after `delay`; at_hand() is to follow, at once if this says so.
  bool fetch(std::uint32_t repair, double bytes, Duration delay, bool on_servers, Incident& incident);
  /// They are. Where backup servers of its organisation hold them, and some of these are found lost or encrypted,
  /// they wait until they are taken out again.
  void at_hand(std::uint32_t repair, bool encrypted_servers, Incident& incident);
  /// Takes out the repairs whose data wait for backup servers of the organisation.
  std::vector<std::uint32_t> take_waiting(OrganisationId organisation);
  /// What is left is to verify it.
  void verify(std::uint32_t repair, Instant from, Incident& incident);
  /// It is back in service; what needs it may go on.
  void back(std::uint32_t repair, Incident& incident);

  const std::vector<Repair>& repairs() const { return repairs_; }
  /// The repair of a host that had fallen so often before, or nullptr.
  const Repair* repair_of(HostId host, std::uint32_t episode) const;
  /// The backup servers of an organisation.
  std::span<const HostId> backup_servers(OrganisationId organisation) const;
  /// Technicians of a unit that has been called upon.
  std::size_t technicians(std::uint32_t unit) const { return units_[unit].technicians.size(); }
  const Team& team_of(std::uint32_t unit) const;

  /// Whether what must always hold does: nobody does two things at once or works out of hours, no line carries more
  /// than it can, and nothing comes back that was not lost.
  bool consistent() const;

 private:
  struct Technician {
    std::uint32_t site = Repair::none;
    bool busy = false;
  };
  struct Unit {
    std::vector<Technician> technicians;
    std::vector<std::uint32_t> ready;   // a heap: the next repair of each queue that may go on
    bool called = false;                // upon
    Instant looks_at = Instant::min();  // for work: later than now if that is bound to come
  };
  /// Repairs of one organisation, class and team, first come first served.
  struct Queue {
    std::vector<std::uint32_t> repairs;
    std::uint32_t next = 0;
    bool offered = false;  // its next is in the heap of its unit
  };
  using Key = std::uint64_t;

  std::uint32_t team_for(HostId host, SegmentId segment) const;
  Key key_of(std::uint32_t team, DeviceClass device, OrganisationId organisation) const;
  Key key_of(const Repair& repair) const;
  Unit& unit(std::uint32_t number);
  bool held(DeviceClass device, OrganisationId organisation) const;
  void offer(Key key);
  void look(std::uint32_t unit, Incident& incident);
  std::uint32_t take_ready(std::uint32_t unit);
  void begin(std::uint32_t repair, Incident& incident);
  void transfer(std::uint32_t repair, Incident& incident);
  bool goes_later(std::uint32_t a, std::uint32_t b) const;
  double bandwidth_of(std::uint32_t site) const;

  const Estate* estate_;
  const RecoveryPlan* plan_;
  Draws draws_{0, 0};
  std::vector<std::uint32_t> first_unit_;  // by team, one more than there are
  std::vector<Repair> repairs_;
  std::vector<Unit> units_;
  std::vector<std::uint32_t> called_;  // units that have been called upon
  // Looked up by key only: the order of their elements never matters.
  std::unordered_map<Key, Queue> queues_;
  std::unordered_map<Key, std::uint32_t> lost_;  // by organisation and class: not yet back
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> for_server_;  // by organisation: their data are there
  std::unordered_map<std::uint32_t, Instant> line_free_;                      // by site: from when on
  std::unordered_map<std::uint64_t, std::uint32_t> repair_of_;                // by episode and host
  std::vector<HostId> backup_servers_;                                        // ascending
};

}  // namespace trustfall
