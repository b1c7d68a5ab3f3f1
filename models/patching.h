#pragma once

#include <optional>
#include <vector>

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
  double coverage = 0;
  std::optional<double> concentration;  // empty: all organisations alike
  Duration age{};                       // of the patch at the start
  std::vector<PatchGroup> groups;       // the first that matches a host counts
  std::optional<VendorApproval> vendors;
  std::optional<Campaign> campaign;
};

/// Coverage reached by an organisation whose normal is `z`.
double coverage_of_organisation(double mean, std::optional<double> concentration, double z);

/// Who is patched in one replicate. Looks up what it is asked and remembers it by organisation.
class Patched {
 public:
  Patched(const Estate& estate, const PatchPlan& plan);
  void reset(const Draws& draws);

  /// Whether the host is immune from the start.
  bool at_start(HostId host, SegmentId segment) const;
  /// From when on the host is immune: the start, a moment of the campaign, or `never`.
  Instant from(HostId host, SegmentId segment) const;

 private:
  struct Group {
    std::size_t level;  // index of its mean coverage in `levels_`
    double patchable;
  };
  Group group_of(HostId host, SegmentId segment) const;
  bool patchable(HostId host, double share) const;
  bool approved(HostId host, OrganisationId organisation) const;
  double coverage(std::size_t level, OrganisationId organisation) const;

  const Estate* estate_;
  const PatchPlan* plan_;
  Draws draws_{0, 0};
  std::vector<double> levels_;            // means: the estate's, each group's, the campaign's
  std::vector<std::uint8_t> models_run_;  // by organisation and device class; empty without vendors
  mutable std::vector<double> coverage_;  // by level and organisation; negative until asked for
};

}  // namespace trustfall
