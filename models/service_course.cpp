#include "models/service_course.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

namespace trustfall {
namespace {

/// Something that changes what can be used. At the same moment what begins goes first: a host that crashes for no
/// time is back, and paper is not put away for no time.
struct Change {
  enum class Kind : std::uint8_t { falls, cut_begins, mends, cut_ends };

  Instant time;
  Kind kind;
  std::uint32_t subject;  // host, or number of the cut
};

bool earlier(const Change& a, const Change& b) {
  return std::tie(a.time, a.kind, a.subject) < std::tie(b.time, b.kind, b.subject);
}

/// When paper is set up in a unit.
struct PaperReady {
  Instant time;
  std::uint32_t unit;
};

bool later_ready(const PaperReady& a, const PaperReady& b) {
  return std::tie(a.time, a.unit) > std::tie(b.time, b.unit);
}

class Reckoning {
 public:
  explicit Reckoning(const Played& play)
      : play_(play),
        estate_(*play.model().estate),
        services_(play.model().services),
        horizon_(play.model().horizon),
        host_(estate_.hosts()),
        cut_(estate_.segments()),
        down_(services_.hosts.size()),
        cut_of_link_(services_.links.size()),
        lost_(services_.members.size()),
        state_(services_.units.size()),
        degraded_of_(estate_.organisations()),
        diverting_of_(estate_.organisations()) {
    courses_.units.resize(services_.units.size());
    find_spare();
  }

  ServiceCourses reckon() {
    collect();
    for (const Change& change : changes_) {
      run_papers(change.time);
      now_ = change.time;
      apply(change);
    }
    run_papers(horizon_ - Duration(1));
    now_ = horizon_;
    for (const std::uint32_t unit : courses_.touched) {
      account(unit);
      if (state_[unit].down != never) end_outage(unit);
    }
    return std::move(courses_);
  }

 private:
  struct State {
    double needs = 1;  // capacity that they leave
    double capacity = 1;
    Instant since{};
    Instant paper = never;  // from when it is set up
    Instant down = never;   // since when it is
    bool touched = false;
  };

  void find_spare() {
    spare_ = services_.members;
    for (const Need& need : services_.needs) {
      if (need.of == Need::Of::service) continue;
      const std::uint32_t all = services_.members[need.resource];
      const std::uint32_t spare = need.of == Need::Of::link ? all / 2 : all - need.enough;
      spare_[need.resource] = std::min(spare_[need.resource], spare);
    }
  }

  void add(Instant time, Change::Kind kind, std::uint32_t subject) {
    if (time < horizon_) changes_.push_back({time, kind, subject});
  }

  /// Data that come back to a host that has been rebuilt meanwhile mend nothing.
  void add_payment(const Fall& fall) {
    const Instant returned = play_.payment(fall).returned;
    if (returned < fall.restored) add(returned, Change::Kind::mends, static_cast<std::uint32_t>(fall.host));
  }

  void collect() {
    const auto& ransom = play_.model().worm.ransom;
    const bool pays = ransom && ransom->paying;
    play_.each_step([&](const Step& step) {
      const auto host = static_cast<std::uint32_t>(step.host);
      switch (step.what) {
        case Transition::encrypted:
          if (pays) add_payment(play_.fall_at(step.host, step.time));
          [[fallthrough]];
        case Transition::isolated:
        case Transition::crashed:
          return add(step.time, Change::Kind::falls, host);
        case Transition::restored:
        case Transition::recovered:
          return add(step.time, Change::Kind::mends, host);
        default:
          return;
      }
    });
    play_.each_cut([&](const Cut& cut) {
      add(cut.from, Change::Kind::cut_begins, static_cast<std::uint32_t>(cuts_.size()));
      add(cut.until, Change::Kind::cut_ends, static_cast<std::uint32_t>(cuts_.size()));
      cuts_.push_back(cut);
    });
    std::sort(changes_.begin(), changes_.end(), earlier);
  }

  void apply(const Change& change) {
    switch (change.kind) {
      case Change::Kind::falls:
        return change_host(HostId{change.subject}, host_[change.subject] | fallen);
      case Change::Kind::mends:
        return change_host(HostId{change.subject}, host_[change.subject] & ~std::uint32_t{fallen});
      case Change::Kind::cut_begins:
        return apply_cut(cuts_[change.subject], 1);
      case Change::Kind::cut_ends:
        return apply_cut(cuts_[change.subject], -1u);
    }
  }

  // --- hosts and links ---

  /// A host's number: whether it has fallen, and how often those like it in its segment are cut off.
  void change_host(HostId host, std::uint32_t to) {
    std::uint32_t& at = host_[index(host)];
    const bool before = at != 0;
    at = to;
    if (before == (to != 0)) return;
    const SegmentId segment = estate_.segment_of(host);
    const DeviceSet device = only(estate_.device(host));
    const SystemSet system = only(estate_.system(host));
    for (std::uint32_t i = services_.first_hosts[index(segment)]; i < services_.first_hosts[index(segment) + 1];
         ++i) {
      const HostsOfResource& of = services_.hosts[i];
      if ((of.devices & device) == 0 || (of.systems & system) == 0) continue;
      down_[i] += before ? -1u : 1u;
      if (cut_[index(segment)] == 0) lose(of.resource, before ? -1u : 1u);
    }
  }

  void apply_cut(const Cut& cut, std::uint32_t by) {
    const bool everything = cut.zone == no_zone;
    if (everything && cut.devices == all_devices) change_segment(cut.segment, by);
    if (everything && cut.devices != all_devices) {
      const auto last = static_cast<std::uint32_t>(estate_.last_host(cut.segment));
      for (auto h = static_cast<std::uint32_t>(estate_.first_host(cut.segment)); h < last; ++h)
        if ((only(estate_.device(HostId{h})) & cut.devices) != 0) change_host(HostId{h}, host_[h] + by * one_cut);
    }
    const std::size_t s = index(cut.segment);
    for (std::uint32_t i = services_.first_link[s]; i < services_.first_link[s + 1]; ++i) {
      const LinkOfResource& of = services_.links[i];
      if ((!everything && cut.zone != of.zone) || (of.devices & cut.devices) == 0) continue;
      const bool before = gone(i);
      for (int d = 0; d < device_classes; ++d)
        if ((of.devices & cut.devices & only(static_cast<DeviceClass>(d))) != 0)
          cut_of_link_[i][static_cast<std::size_t>(d)] += by;
      if (before != gone(i)) lose(of.resource, before ? -1u : 1u);
    }
  }

  /// Whether all that there is in the segment is cut off, by one cut or by several together.
  bool gone(std::uint32_t link) const {
    for (int d = 0; d < device_classes; ++d)
      if ((services_.links[link].devices & only(static_cast<DeviceClass>(d))) != 0 &&
          cut_of_link_[link][static_cast<std::size_t>(d)] == 0)
        return false;
    return true;
  }

  void change_segment(SegmentId segment, std::uint32_t by) {
    const std::size_t s = index(segment);
    const bool before = cut_[s] != 0;
    cut_[s] += by;
    if (before == (cut_[s] != 0)) return;
    for (std::uint32_t i = services_.first_hosts[s]; i < services_.first_hosts[s + 1]; ++i) {
      const std::uint32_t usable = services_.hosts[i].hosts - down_[i];
      if (usable > 0) lose(services_.hosts[i].resource, before ? -usable : usable);
    }
  }

  void lose(std::uint32_t resource, std::uint32_t members) {
    const std::uint32_t before = lost_[resource];
    lost_[resource] += members;
    assert(lost_[resource] <= services_.members[resource]);
    if (std::max(before, lost_[resource]) <= spare_[resource]) return;
    for (const std::uint32_t unit : services_.units_on_resource.of(resource)) update(unit);
  }

  // --- capacity ---

  double left_by(const Need& need) const {
    if (need.of == Need::Of::service) {
      double capacity = 0;
      for (const Provider& from : need.providers) capacity += from.weight * state_[from.unit].capacity;
      return capacity;
    }
    const std::uint32_t all = services_.members[need.resource];
    const std::uint32_t lost = lost_[need.resource];
    if (need.of == Need::Of::link) return 2 * std::uint64_t{lost} > all ? 0 : 1;
    return static_cast<double>(all - lost);
  }

  double left_by_needs(const ServiceUnit& unit) const {
    double least = 1;
    for (std::uint32_t n = unit.first_need; n < unit.last_need; ++n) {
      const Need& need = services_.needs[n];
      const double enough = need.of == Need::Of::hosts     ? static_cast<double>(need.enough)
                            : need.of == Need::Of::service ? need.share - rounding
                                                           : 1;
      const double left = left_by(need);
      if (left < enough) least = std::min(least, left / enough);
    }
    return least;
  }

  void update(std::uint32_t unit) {
    const double needs = left_by_needs(services_.units[unit]);
    State& state = state_[unit];
    if (needs == state.needs) return;
    state.needs = needs;
    const Service& service = services_.services[services_.units[unit].service];
    if (needs >= service.paper) {
      state.paper = never;
    } else if (state.paper == never) {
      state.paper = later(now_, service.paper_after);
      if (service.paper_after > Duration{} && state.paper < horizon_) {
        papers_.push_back({state.paper, unit});
        std::push_heap(papers_.begin(), papers_.end(), later_ready);
      }
    }
    settle(unit);
  }

  /// Has paper set up wherever that is done by then.
  void run_papers(Instant until) {
    while (!papers_.empty() && papers_.front().time <= until) {
      std::pop_heap(papers_.begin(), papers_.end(), later_ready);
      const PaperReady ready = papers_.back();
      papers_.pop_back();
      now_ = ready.time;
      if (state_[ready.unit].paper == ready.time) settle(ready.unit);
    }
  }

  void settle(std::uint32_t unit) {
    State& state = state_[unit];
    const Service& service = services_.services[services_.units[unit].service];
    const double capacity = state.paper <= now_ ? service.paper : state.needs;
    if (capacity == state.capacity) return;
    account(unit);
    const OrganisationId organisation = services_.units[unit].organisation;
    turn(Turn::What::degraded, degraded_of_, organisation, state.capacity < 1, capacity < 1);
    turn(Turn::What::diverting, diverting_of_, organisation, state.capacity < service.diverts_below,
         capacity < service.diverts_below);
    if ((capacity < service.down_below) != (state.down != never)) {
      if (state.down == never)
        state.down = now_;
      else
        end_outage(unit);
    }
    state.capacity = capacity;
    if (!std::exchange(state.touched, true)) courses_.touched.push_back(unit);
    for (const std::uint32_t needing : services_.units_on_unit.of(unit)) update(needing);
  }

  void turn(Turn::What what, std::vector<std::uint32_t>& of, OrganisationId organisation, bool before, bool after) {
    if (before == after) return;
    std::uint32_t& units = of[index(organisation)];
    units += after ? 1u : -1u;
    if (units != (after ? 1u : 0u)) return;
    std::vector<Turn>& turns = courses_.turns;
    const auto at_once = std::find_if(turns.rbegin(), turns.rend(), [&](const Turn& last) {
      return last.time < now_ || (last.organisation == organisation && last.what == what);
    });
    if (!after && at_once != turns.rend() && at_once->time == now_) {
      turns.erase(std::next(at_once).base());
    } else {
      turns.push_back({now_, organisation, what, after});
    }
  }

  void end_outage(std::uint32_t unit) {
    const Instant since = std::exchange(state_[unit].down, never);
    if (since == now_) return;
    courses_.outages.push_back({unit, since, now_});
    Duration& longest = courses_.units[unit].longest_down;
    longest = std::max(longest, now_ - since);
  }

  /// Puts down what the time since the unit's last change came to.
  void account(std::uint32_t unit) {
    State& state = state_[unit];
    const Instant since = std::exchange(state.since, now_);
    if (state.capacity >= 1 || since == now_) return;
    const Service& service = services_.services[services_.units[unit].service];
    UnitCourse& course = courses_.units[unit];
    const bool diverts = state.capacity < service.diverts_below;
    const bool down = state.capacity < service.down_below;
    (down ? course.down : course.degraded) += now_ - since;
    assert(course.down + course.degraded <= now_.time_since_epoch());
    if (diverts) course.diverting += now_ - since;
    for (const Activity& activity : service.activities) {
      const double missing = activity.kind == ActivityKind::ambulance_arrivals ? diverts : 1 - state.capacity;
      const double of = activity.by_hosts ? services_.hundreds[unit] : services_.units[unit].weight;
      const double lost = of * activity.per_hour * missing * to_hours(activity.hours.within(since, now_));
      course.lost[static_cast<std::size_t>(activity.kind)] += lost;
      course.pounds += lost * activity.tariff;
    }
  }

  static constexpr std::uint32_t fallen = 1;
  static constexpr std::uint32_t one_cut = 2;
  static constexpr double rounding = 1e-9;  // weights of providers need not sum to 1 exactly

  const Played& play_;
  const Estate& estate_;
  const Services& services_;
  Instant horizon_;
  Instant now_{};
  std::vector<Change> changes_;
  std::vector<Cut> cuts_;
  std::vector<PaperReady> papers_;   // heap: the next first
  std::vector<std::uint32_t> host_;  // by host, as change_host() says; 0 where it is usable
  std::vector<std::uint32_t> cut_;   // by segment: how often it is cut off from everything
  std::vector<std::uint32_t> down_;  // by Services::hosts: those that are unusable by themselves
  std::vector<std::array<std::uint32_t, device_classes>> cut_of_link_;  // by Services::links and class: how often
  std::vector<std::uint32_t> lost_;                                     // by resource: members that cannot be used
  std::vector<std::uint32_t> spare_;         // by resource: how many may be, and nobody misses them
  std::vector<State> state_;                 // by unit
  std::vector<std::uint32_t> degraded_of_;   // by organisation: units
  std::vector<std::uint32_t> diverting_of_;  // likewise
  ServiceCourses courses_;
};

}  // namespace

ServiceCourses reckon_services(const Played& play) { return Reckoning(play).reckon(); }

}  // namespace trustfall
