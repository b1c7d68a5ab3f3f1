// What organisations were like at the start, and whether it tells those that were hit from the others.
#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "models/measures.h"

namespace trustfall {
namespace {

constexpr double not_occurring = std::numeric_limits<double>::quiet_NaN();

/// As for organisations that were locked out.
constexpr Duration first_week = 168h;

/// Whether an organisation is compared with the others: trusts are, where there are two or more; else all are.
std::vector<std::uint8_t> compared(const Estate& estate) {
  std::vector<std::uint8_t> which(estate.organisations());
  for (std::uint32_t o = 0; o < which.size(); ++o)
    which[o] = estate[OrganisationId{o}].kind == OrganisationKind::trust;
  if (std::count(which.begin(), which.end(), 1) < 2) which.assign(which.size(), 1);
  return which;
}

bool has_others(const Model& model) { return model.estate->organisations() >= 2; }
bool has_patches(const Model& model) { return patches_any(model.patching); }
bool may_stop(const Model& model) {
  return has_others(model) && (model.worm.kill_switch || (model.detection && model.detection->antivirus));
}

enum Name : std::size_t {
  unpatched_at_start,
  compared_hit,
  compared_open,
  compared_hit_open,
  compared_reached_late,
  told_apart_by_exposure,
  told_apart_by_coverage,
  told_apart_by_size,
  count
};

constexpr Metric table[] = {
    {"unpatched_at_start", "share",
     "Share of the hosts on which the worm can run that had no patch at the start; only where there is a patch.",
     Better::lower, has_patches},
    {"compared_hit", "organisations",
     "Organisations that were hit: locked out or, where the worm encrypts nothing, infected. This metric and the "
     "next six are about trusts, where there are two or more, and else about all organisations, if these are two or "
     "more.",
     Better::lower, has_others},
    {"compared_open", "organisations",
     "Those with a host open to others at the start: the worm can run on it, and no inbound firewall rule "
     "keeps attempts from other organisations or from outside off it. What others let out, rules on pairs of "
     "networks "
     "and orders are left out.",
     Better::lower, has_others},
    {"compared_hit_open", "organisations", "Those that were both.", Better::lower, has_others},
    {"compared_reached_late", "organisations",
     "Those not hit in which the worm started and stopped at once, for the kill switch or for signatures; only where "
     "there is either.",
     Better::neither, may_stop},
    {"told_apart_by_exposure", "share",
     "Chance that of one that was hit and one that was not the first had more hosts open at the start; ties count a "
     "half. 0.5 tells nothing. Does not occur where none or all were hit.",
     Better::neither, has_others},
    {"told_apart_by_coverage", "share",
     "Likewise, among those with a host open, that it had the larger share of hosts without a patch of those on "
     "which the worm can run.",
     Better::neither, has_others},
    {"told_apart_by_size", "share", "Likewise, among those with a host open, that it had more hosts.",
     Better::neither, has_others},
};
static_assert(std::size(table) == count);

/// Chance that one of `hit` is above one of `others`, ties a half: Mann and Whitney, Annals of Mathematical
/// Statistics 18(1), 1947, over the number of pairs; the area under the ROC curve.
double told_apart(const std::vector<double>& hit, std::vector<double> others) {
  if (hit.empty() || others.empty()) return not_occurring;
  std::sort(others.begin(), others.end());
  std::uint64_t twice = 0;
  for (const double value : hit) {
    const auto [low, high] = std::equal_range(others.begin(), others.end(), value);
    twice += static_cast<std::uint64_t>((low - others.begin()) + (high - others.begin()));
  }
  return static_cast<double>(twice) / (2 * static_cast<double>(hit.size()) * static_cast<double>(others.size()));
}

/// An organisation at the start.
struct Standing {
  std::uint32_t can_run = 0;    // hosts on which the worm can run
  std::uint32_t unpatched = 0;  // those of them without a patch
  std::uint32_t open = 0;       // those of them that are open to others

  double share_unpatched() const { return can_run == 0 ? 0 : static_cast<double>(unpatched) / can_run; }
};

class Count {
 public:
  explicit Count(const Played& play)
      : play_(play),
        model_(play.model()),
        estate_(*model_.estate),
        compared_(compared(estate_)),
        standing_(estate_.organisations()),
        patches_(has_patches(model_)) {}

  void take(Outcome& outcome) {
    find_systems();
    if (has_others(model_)) find_ways_in();
    for (std::uint32_t s = 0; s < estate_.segments(); ++s) add(SegmentId{s});
    find_fates();
    add_share();
    if (has_others(model_)) compare();
    outcome.metrics.insert(outcome.metrics.end(), metrics_.begin(), metrics_.end());
  }

 private:
  bool scanned(std::uint16_t kind) const { return model_.worm.rates[kind] > 0; }
  bool over_links(std::uint16_t kind) const {
    return kind < model_.worm.transmissions.size() && model_.worm.transmissions[kind];
  }

  void find_systems() {
    for (std::uint16_t kind = 0; kind < estate_.zone_kinds().size(); ++kind) {
      if (!scanned(kind) && !over_links(kind)) continue;
      for (std::size_t s = 0; s < runs_on_.size(); ++s)
        runs_on_[s] = runs_on_[s] || (model_.worm.needs_exploit(kind) ? model_.worm.infects[s] > 0
                                                                      : static_cast<System>(s) != System::no_windows);
    }
  }

  /// Zones through which the worm comes from another organisation or from outside, and over which links it does.
  void find_ways_in() {
    ways_in_.assign(estate_.zones(), 0);
    for (std::uint32_t z = 0; z < ways_in_.size(); ++z) {
      const Zone& zone = estate_[ZoneId{z}];
      const auto owner = [&](std::uint32_t m) { return estate_[estate_.memberships()[m].segment].organisation; };
      for (std::uint32_t m = zone.first; m < zone.last && !ways_in_[z]; ++m)
        ways_in_[z] = owner(m) != owner(zone.first);
      const bool links = estate_.links_of(ZoneId{z}) != nullptr;
      ways_in_[z] = ways_in_[z] && (links ? over_links(zone.kind) : scanned(zone.kind));
      if (links && ways_in_[z]) find_contacted(ZoneId{z});
    }
    for (const Entry& entry : model_.entries)
      if (const auto* outside = std::get_if<OutsideEntry>(&entry))
        ways_in_[index(outside->zone)] |= scanned(estate_[outside->zone].kind);
  }

  void find_contacted(ZoneId zone) {
    std::vector<std::uint8_t>& contacted = contacted_[zone];
    contacted.resize(estate_.hosts());
    for (std::uint32_t o = 0; o < estate_.organisations(); ++o) {
      const auto first = static_cast<std::uint32_t>(estate_.first_host(estate_.first_segment(OrganisationId{o})));
      const auto last = first + static_cast<std::uint32_t>(estate_.hosts_of(OrganisationId{o}));
      for (std::uint32_t h = first; h < last; ++h)
        for (const std::uint32_t to : estate_.links_of(zone)->row(HostId{h}))
          if (to < first || to >= last) contacted[to] = 1;
    }
  }

  /// Classes of device in a segment that are open through scanned zones; notes down what is over links.
  DeviceSet open_in(SegmentId segment) {
    DeviceSet open = 0;
    by_link_.clear();
    for (const ZoneOfSegment& of : estate_.zones_of(segment)) {
      if (!ways_in_[index(of.zone)]) continue;
      const auto let_in = static_cast<DeviceSet>(all_devices & ~play_.firewalls().closed(of.membership, {}).inbound);
      if (const auto contacted = contacted_.find(of.zone); contacted != contacted_.end())
        by_link_.emplace_back(contacted->second.data(), let_in);
      else
        open = static_cast<DeviceSet>(open | let_in);
    }
    return open;
  }

  void add(SegmentId segment) {
    Standing& standing = standing_[index(estate_[segment].organisation)];
    const bool comparing = compared_[index(estate_[segment].organisation)] && has_others(model_);
    const DeviceSet open = comparing ? open_in(segment) : DeviceSet{0};
    if (!comparing) by_link_.clear();
    const auto first = static_cast<std::uint32_t>(estate_.first_host(segment));
    patched_.assign(static_cast<std::uint32_t>(estate_.last_host(segment)) - first, 0);
    if (patches_) play_.patched().at_start(segment, patched_);
    for (std::uint32_t i = 0; i < patched_.size(); ++i) {
      const HostId host{first + i};
      if (!runs_on_[static_cast<std::size_t>(estate_.system(host))]) continue;
      const DeviceSet device = only(estate_.device(host));
      bool is_open = (open & device) != 0;
      for (const auto& [contacted, let_in] : by_link_)
        is_open = is_open || (contacted[first + i] != 0 && (let_in & device) != 0);
      standing.can_run += 1;
      standing.unpatched += patched_[i] == 0;
      standing.open += is_open;
    }
  }

  void find_fates() {
    hit_.assign(estate_.organisations(), 0);
    stopped_.assign(estate_.organisations(), 0);
    const Transition hits = model_.worm.encryption ? Transition::encrypted : Transition::infected;
    play_.each_step([&](const Step& step) {
      if (step.what == hits && (hits == Transition::infected || step.time <= Instant{} + first_week))
        hit_[index(estate_.organisation_of(step.host))] = 1;
      if (step.what == Transition::stopped) stopped_[index(estate_.organisation_of(step.host))] = 1;
    });
  }

  void add_share() {
    std::uint64_t can_run = 0;
    std::uint64_t unpatched = 0;
    for (const Standing& standing : standing_) can_run += standing.can_run, unpatched += standing.unpatched;
    if (can_run > 0) metrics_[unpatched_at_start] = static_cast<double>(unpatched) / static_cast<double>(can_run);
  }

  void compare() {
    std::array<std::vector<double>, 2> open, unpatched, size;  // of those not hit, and of those hit
    for (std::uint32_t o = 0; o < standing_.size(); ++o) {
      if (!compared_[o]) continue;
      const bool hit = hit_[o] != 0;
      const bool stands_open = standing_[o].open > 0;
      metrics_[compared_hit] += hit;
      metrics_[compared_open] += stands_open;
      metrics_[compared_hit_open] += hit && stands_open;
      metrics_[compared_reached_late] += !hit && stopped_[o] != 0;
      open[hit].push_back(standing_[o].open);
      if (!stands_open) continue;
      unpatched[hit].push_back(standing_[o].share_unpatched());
      size[hit].push_back(static_cast<double>(estate_.hosts_of(OrganisationId{o})));
    }
    metrics_[told_apart_by_exposure] = told_apart(open[1], std::move(open[0]));
    metrics_[told_apart_by_coverage] = told_apart(unpatched[1], std::move(unpatched[0]));
    metrics_[told_apart_by_size] = told_apart(size[1], std::move(size[0]));
  }

  const Played& play_;
  const Model& model_;
  const Estate& estate_;
  std::vector<std::uint8_t> compared_;  // by organisation
  std::vector<Standing> standing_;      // by organisation
  bool patches_;
  std::vector<std::uint8_t> ways_in_;                      // by zone
  std::array<bool, systems> runs_on_{};                    // by system: whether the worm can run on it
  std::map<ZoneId, std::vector<std::uint8_t>> contacted_;  // by host: whether a link comes from another organisation
  std::vector<std::pair<const std::uint8_t*, DeviceSet>> by_link_;  // of a segment: contacted, and who is let in
  std::vector<std::uint8_t> patched_;                               // of a segment
  std::vector<std::uint8_t> hit_;                                   // by organisation
  std::vector<std::uint8_t> stopped_;  // by organisation: the worm started there and stopped
  std::array<double, count> metrics_{not_occurring, 0, 0, 0, 0, not_occurring, not_occurring, not_occurring};
};

}  // namespace

const Measure exposure_measure = {table,
                                  {},
                                  [](const Model& model) { return has_others(model) || has_patches(model); },
                                  [](const Played& play, Outcome& outcome) { Count(play).take(outcome); }};

}  // namespace trustfall
