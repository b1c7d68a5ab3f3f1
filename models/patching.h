#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "models/adoption.h"
#include "models/patch_ring.h"
#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/time.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// A part of the estate where patching differs.
struct PatchGroup {
  Selector where;
  std::optional<double> coverage;  // of its patchable hosts; the estate's when empty
  double patchable = 1;            // share that can be patched at all
};

/// Vendors of medical devices approve a patch, model by model, before it may be installed.
struct VendorApproval {
  Distribution delay;           // seconds from the patch's release
  double slower_per_model = 0;  // how much longer for each further model of the kind that an organisation runs
};

/// Emergency patching: coverage rises evenly to a new level, in every organisation.
struct Campaign {
  Instant from;
  Duration over;
  double coverage;
};

/// Patch coverage that differs between organisations and within them.
///
/// An organisation's coverage is Phi((Phi^-1(mean) + sqrt(rho) z) / sqrt(1 - rho)) with z its own standard normal:
/// the one-factor model of Vasicek (Risk, December 2002). Its mean over organisations is exactly `coverage`, it grows
/// with `coverage` for every z, and rho = 1 / (1 + concentration), the correlation within an organisation of a
/// beta-binomial of that concentration. At concentration 0 each organisation is patched or not as a whole.
struct PatchPlan {
  double coverage = 0;                  // at the start
  std::optional<double> concentration;  // empty: all organisations alike
  Duration age{};                       // of the patch at the start
  std::vector<PatchGroup> groups;       // the first that matches a host counts
  std::optional<VendorApproval> vendors;
  std::optional<Campaign> campaign;
  std::optional<Adoption> adoption;  // goes on where no group has a coverage of its own; `coverage` is its at `age`
  std::vector<PatchRing> rings;      // the first that matches a host counts
};

/// Coverage reached by an organisation whose normal is `z`.
double coverage_of_organisation(double mean, std::optional<double> concentration, double z);
/// The mean at which that organisation reaches a coverage.
double mean_for_coverage(double coverage, std::optional<double> concentration, double z);

/// Whether anybody has the patch, or gets it.
bool patches_any(const PatchPlan& plan);

/// What comes of the patch on a host.
struct PatchCourse {
  bool can = false;         // be patched at all
  Instant from = never;     // immune from here on
  Instant install = never;  // by a ring, at the cost of its downtime, whether it succeeds or not
  Duration downtime{};
};

/// Who is patched in one replicate. Looks up what it is asked and remembers it by organisation.
class Patched {
 public:
  Patched(const Estate& estate, const PatchPlan& plan);
  void reset(const Draws& draws);
  /// A ring begins then, if it has not before.
  void begin_ring(std::size_t ring, Instant at);

  /// Whether the host is immune from the start.
  bool at_start(HostId host, SegmentId segment) const;
  /// The same of all hosts of a segment, in less time. `out` is as long as the segment.
  void at_start(SegmentId segment, std::span<std::uint8_t> out) const;
  /// From when on the host is immune: the start, a later moment, or `never`.
  Instant from(HostId host, SegmentId segment) const;
  /// Whether by then a host may be immune that was not from the start.
  bool more_by(Instant now) const { return now >= more_from_; }

  /// The courses of all hosts of a segment: the same in less time. `out` is as long as the segment.
  void courses(SegmentId segment, std::span<PatchCourse> out) const;

 private:
  struct Group {
    std::size_t level;  // index of its mean coverage in `levels_`
    double patchable;
    bool adopts;
  };
  /// What hosts of one device class and Windows version in one segment have in common.
  struct Kind {
    OrganisationId organisation;
    double patchable;
    bool adopts;
    double before;          // coverage in the organisation at the start
    double reached;         // and after the campaign
    const PatchRing* ring;  // or null
  };
  /// What is drawn about a host: by its place here.
  enum Question : std::size_t { covered, patchable, failing, rebooting, shut_down, questions };
  static constexpr std::array<Purpose, questions> purposes = {
      Purpose::patched, Purpose::patchable, Purpose::install_fails, Purpose::reboot, Purpose::shut_down};

  template <class Luck>
  PatchCourse course(HostId host, const Kind& kind, const Luck& luck) const;
  template <class Luck>
  void take_ring(PatchCourse& course, HostId host, const Kind& kind, Instant approved, const Luck& luck) const;
  Instant by_campaign(const Kind& kind, double u) const;
  Instant by_adoption(OrganisationId organisation, double u) const;
  bool may_ask(Question question) const;
  bool approved_at_start(HostId host, const Group& group, OrganisationId organisation) const;

  const PatchRing* ring_of(SegmentId segment, DeviceClass device, System system) const;
  double turns_before(HostId host, OrganisationId organisation) const;
  void number_turns(OrganisationId organisation) const;

  Kind kind_of(SegmentId segment, DeviceClass device, System system) const;
  Group group_of(SegmentId segment, DeviceClass device, System system) const;
  Instant approved_from(HostId host, OrganisationId organisation) const;
  double normal(OrganisationId organisation) const;
  double coverage(std::size_t level, OrganisationId organisation) const;

  const Estate* estate_;
  const PatchPlan* plan_;
  Draws draws_{0, 0};
  std::vector<double> levels_;                  // means: the estate's, each group's, the campaign's
  std::vector<std::uint8_t> models_run_;        // by organisation and device class; empty without vendors
  std::vector<Instant> begun_;                  // by ring
  Instant more_from_ = never;                   // from when on there may be more patched than at the start
  bool by_staff_ = false;                       // some ring is
  mutable std::vector<double> coverage_;        // by level and organisation; negative until asked for
  mutable std::vector<double> approval_;        // by model: seconds from release; negative until asked for
  mutable std::vector<std::uint8_t> numbered_;  // by organisation: whether its turns are; empty without staff
  mutable std::vector<std::uint32_t> turn_;     // by host: how many its organisation's staff comes to before it
};

}  // namespace trustfall
