#include "models/patching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "sim/base/numeric.h"

namespace trustfall {

double coverage_of_organisation(double mean, std::optional<double> concentration, double z) {
  if (!concentration || mean <= 0 || mean >= 1) return mean;
  const double rho = 1 / (1 + *concentration);
  const double lean = inverse_normal(mean) + std::sqrt(rho) * z;
  if (rho >= 1) return lean > 0 ? 1 : 0;
  return normal_cdf(lean / std::sqrt(1 - rho));
}

double mean_for_coverage(double coverage, std::optional<double> concentration, double z) {
  if (!concentration || coverage <= 0 || coverage >= 1) return coverage;
  const double rho = 1 / (1 + *concentration);
  return normal_cdf(std::sqrt(1 - rho) * inverse_normal(coverage) - std::sqrt(rho) * z);
}

bool patches_any(const PatchPlan& plan) {
  return plan.coverage > 0 || plan.campaign || plan.adoption || !plan.rings.empty() ||
         std::any_of(plan.groups.begin(), plan.groups.end(), [](const PatchGroup& g) { return g.coverage > 0.0; });
}

namespace {

/// How many different models of each device class each organisation runs.
std::vector<std::uint8_t> count_models(const Estate& estate) {
  std::vector<std::uint8_t> counts(estate.organisations() * device_classes);
  std::set<std::uint16_t> seen;
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    seen.clear();
    const auto first = static_cast<std::uint32_t>(estate.first_host(estate.first_segment(OrganisationId{o})));
    for (std::uint32_t h = first; h < first + estate.hosts_of(OrganisationId{o}); ++h) {
      const std::uint16_t model = estate.model(HostId{h});
      std::uint8_t& count = counts[o * device_classes + static_cast<std::size_t>(estate.device(HostId{h}))];
      if (model != 0 && count < 255 && seen.insert(model).second) ++count;
    }
  }
  return counts;
}

}  // namespace

Patched::Patched(const Estate& estate, const PatchPlan& plan) : estate_(&estate), plan_(&plan) {
  levels_.push_back(plan.coverage);
  for (const PatchGroup& group : plan.groups) levels_.push_back(group.coverage.value_or(plan.coverage));
  levels_.push_back(plan.campaign ? plan.campaign->coverage : 0);
  if (plan.vendors) models_run_ = count_models(estate);
  by_staff_ =
      std::any_of(plan.rings.begin(), plan.rings.end(), [](const PatchRing& r) { return r.staff.has_value(); });
  if (by_staff_) turn_.resize(estate.hosts());
}

void Patched::reset(const Draws& draws) {
  draws_ = draws;
  coverage_.assign(levels_.size() * estate_->organisations(), -1);
  if (plan_->vendors) approval_.assign(estate_->models().size(), -1);
  if (by_staff_) numbered_.assign(estate_->organisations(), 0);
  more_from_ = plan_->adoption ? Instant{} : never;
  if (plan_->campaign) more_from_ = std::min(more_from_, plan_->campaign->from);
  begun_.assign(plan_->rings.size(), never);
  for (std::size_t r = 0; r < begun_.size(); ++r) begin_ring(r, plan_->rings[r].from);
}

void Patched::begin_ring(std::size_t ring, Instant at) {
  begun_[ring] = std::min(begun_[ring], at);
  more_from_ = std::min(more_from_, at);
}

// --- what is asked of the organisation, the model and the group ---

double Patched::normal(OrganisationId organisation) const {
  return inverse_normal(draws_.uniform(Purpose::coverage, static_cast<std::uint32_t>(organisation)));
}

double Patched::coverage(std::size_t level, OrganisationId organisation) const {
  double& known = coverage_[level * estate_->organisations() + index(organisation)];
  if (known < 0) known = coverage_of_organisation(levels_[level], plan_->concentration, normal(organisation));
  return known;
}

/// When the vendor lets the patch be installed: the start, if it has by then.
Instant Patched::approved_from(HostId host, OrganisationId organisation) const {
  const std::uint16_t model = estate_->model(host);
  if (!plan_->vendors || model == 0) return Instant{};
  double& delay = approval_[model];
  if (delay < 0) delay = plan_->vendors->delay.at(draws_.uniform(Purpose::approval, model));
  const std::size_t row = index(organisation) * device_classes + static_cast<std::size_t>(estate_->device(host));
  const double slower = 1 + plan_->vendors->slower_per_model * (models_run_[row] - 1);
  const double approved = delay * slower;
  const double age = to_seconds(plan_->age);
  return approved <= age ? Instant{} : Instant{} + from_seconds(approved - age);
}

Patched::Group Patched::group_of(SegmentId segment, DeviceClass device, System system) const {
  for (std::size_t g = 0; g < plan_->groups.size(); ++g)
    if (plan_->groups[g].where.covers(segment, device, system))
      return {g + 1, plan_->groups[g].patchable, plan_->adoption && !plan_->groups[g].coverage};
  return {0, 1, plan_->adoption.has_value()};
}

const PatchRing* Patched::ring_of(SegmentId segment, DeviceClass device, System system) const {
  for (const PatchRing& ring : plan_->rings)
    if (ring.where.covers(segment, device, system)) return &ring;
  return nullptr;
}

Patched::Kind Patched::kind_of(SegmentId segment, DeviceClass device, System system) const {
  const Group group = group_of(segment, device, system);
  const OrganisationId organisation = (*estate_)[segment].organisation;
  const double reached = plan_->campaign ? coverage(levels_.size() - 1, organisation) : 0;
  return {organisation, group.patchable,
          group.adopts, coverage(group.level, organisation),
          reached,      ring_of(segment, device, system)};
}

// --- the order in which staff goes from host to host ---

double Patched::turns_before(HostId host, OrganisationId organisation) const {
  if (!numbered_[index(organisation)]) number_turns(organisation);
  return turn_[index(host)];
}

/// Numbers the hosts to which staff has to go, ring by ring, by their own luck: those with Windows that can be
/// patched and were not from the start.
void Patched::number_turns(OrganisationId organisation) const {
  numbered_[index(organisation)] = 1;
  std::vector<std::tuple<const PatchRing*, double, std::uint32_t>> waiting;
  for (SegmentId s = estate_->first_segment(organisation); s < estate_->last_segment(organisation);
       s = SegmentId{static_cast<std::uint32_t>(s) + 1}) {
    const auto last = static_cast<std::uint32_t>(estate_->last_host(s));
    for (auto h = static_cast<std::uint32_t>(estate_->first_host(s)); h < last; ++h) {
      turn_[h] = 0xffffffffu;
      const DeviceClass device = estate_->device(HostId{h});
      const System system = estate_->system(HostId{h});
      const PatchRing* ring = ring_of(s, device, system);
      if (ring == nullptr || !ring->staff || system == System::no_windows) continue;
      const double u = draws_.uniform(Purpose::patched, h);
      const Group group = group_of(s, device, system);
      const bool can = group.patchable >= 1 || draws_.uniform(Purpose::patchable, h) < group.patchable;
      if (can && u < ring->ceiling && !at_start(HostId{h}, s)) waiting.emplace_back(ring, u, h);
    }
  }
  std::sort(waiting.begin(), waiting.end());
  std::uint32_t turn = 0;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const bool next_ring = i > 0 && std::get<0>(waiting[i]) != std::get<0>(waiting[i - 1]);
    turn = i == 0 || next_ring ? 0 : turn + 1;
    turn_[std::get<2>(waiting[i])] = turn;
  }
}

// --- the ways to a patch ---

bool Patched::at_start(HostId host, SegmentId segment) const {
  const Group group = group_of(segment, estate_->device(host), estate_->system(host));
  const OrganisationId organisation = (*estate_)[segment].organisation;
  const double now = coverage(group.level, organisation);
  return now > 0 && draws_.uniform(Purpose::patched, static_cast<std::uint32_t>(host)) < now &&
         approved_at_start(host, group, organisation);
}

void Patched::at_start(SegmentId segment, std::span<std::uint8_t> out) const {
  const auto first = static_cast<std::uint32_t>(estate_->first_host(segment));
  const OrganisationId organisation = (*estate_)[segment].organisation;
  std::vector<double> luck(out.size());
  draws_.uniforms(Purpose::patched, first, 0, 0, luck);
  std::array<std::uint8_t, std::size_t{device_classes} * systems>
      place{};                                  // by class and system: 1 + that in `asked`
  std::vector<std::pair<Group, double>> asked;  // groups, and their coverage here
  for (std::size_t i = 0; i < out.size(); ++i) {
    const HostId host{first + static_cast<std::uint32_t>(i)};
    const DeviceClass device = estate_->device(host);
    const System system = estate_->system(host);
    std::uint8_t& known = place[static_cast<std::size_t>(device) * systems + static_cast<std::size_t>(system)];
    if (known == 0) {
      const Group group = group_of(segment, device, system);
      asked.emplace_back(group, coverage(group.level, organisation));
      known = static_cast<std::uint8_t>(asked.size());
    }
    const auto& [group, now] = asked[known - 1u];
    out[i] = luck[i] < now;
    // What is drawn can hardly be foreseen: asked last, so that most hosts need no branch on it.
    const bool all_may = group.patchable >= 1 && (!plan_->vendors || estate_->model(host) == 0);
    if (!all_may && out[i] != 0) out[i] = approved_at_start(host, group, organisation);
  }
}

/// Whether a host that is covered may have the patch by the start.
bool Patched::approved_at_start(HostId host, const Group& group, OrganisationId organisation) const {
  return (group.patchable >= 1 ||
          draws_.uniform(Purpose::patchable, static_cast<std::uint32_t>(host)) < group.patchable) &&
         approved_from(host, organisation) == Instant{};
}

/// When the campaign comes to a host that was not covered at the start.
Instant Patched::by_campaign(const Kind& kind, double u) const {
  if (u >= kind.reached) return never;
  const Campaign& campaign = *plan_->campaign;
  const double part = to_seconds(campaign.over) * (u - kind.before);  // of the rise
  return later(campaign.from, from_seconds(part / (kind.reached - kind.before)));
}

/// When coverage in the organisation, which grows with the patch's age, passes the host's own luck.
Instant Patched::by_adoption(OrganisationId organisation, double u) const {
  const double mean = plan_->concentration ? mean_for_coverage(u, plan_->concentration, normal(organisation)) : u;
  const double since_start = plan_->adoption->age_at(mean) - to_seconds(plan_->age);
  const Duration span = from_seconds(std::max(since_start, 0.0));
  return span >= forever ? never : Instant{} + span;
}

/// What the ring of a host, if it is in one, makes of its course.
template <class Luck>
void Patched::take_ring(PatchCourse& course, HostId host, const Kind& kind, Instant approved,
                        const Luck& luck) const {
  const PatchRing* ring = kind.ring;
  if (ring == nullptr || course.from == Instant{} || luck(covered) >= ring->ceiling) return;
  const Instant begun = begun_[static_cast<std::size_t>(ring - plan_->rings.data())];
  if (begun == never) return;
  double work = std::max(luck(covered) - kind.before, 0.0);
  double technicians = 0;
  if (ring->staff) {
    const auto o = static_cast<std::uint32_t>(kind.organisation);
    work = turns_before(host, kind.organisation) + 1;
    technicians = ring->staff->technicians.at(draws_.uniform(Purpose::ring_staff, o, ring->luck));
  }
  const Instant turn = std::max(turn_after(*ring, begun, work, technicians), approved);
  const Instant install = installed_at(*ring, turn);
  if (install >= course.from) return;
  course.install = install;
  course.downtime = ring->downtime;
  if (ring->fails > 0 && luck(failing) < ring->fails) return;
  const auto& reboot = ring->reboot;
  const bool waits = reboot && (reboot->needed >= 1 || luck(rebooting) < reboot->needed);
  const auto daily = [&] { return reboot->daily > 0 && luck(shut_down) < reboot->daily; };
  course.from = std::min(course.from, waits ? holds_from(*reboot, install, daily()) : install);
}

template <class Luck>
PatchCourse Patched::course(HostId host, const Kind& kind, const Luck& luck) const {
  PatchCourse course;
  course.can = kind.patchable >= 1 || luck(patchable) < kind.patchable;
  if (!course.can) return course;
  const double u = luck(covered);
  const bool early = u < kind.before;
  const Instant adopted = !kind.adopts ? never : early ? Instant{} : by_adoption(kind.organisation, u);
  const Instant approved = approved_from(host, kind.organisation);
  if (approved == Instant{})
    course.from = early ? Instant{} : std::min(by_campaign(kind, u), adopted);
  else  // a campaign and the coverage at the start are over with what is approved at the start
    course.from = std::max(adopted, approved);
  take_ring(course, host, kind, approved, luck);
  return course;
}

Instant Patched::from(HostId host, SegmentId segment) const {
  const auto h = static_cast<std::uint32_t>(host);
  const Kind kind = kind_of(segment, estate_->device(host), estate_->system(host));
  return course(host, kind, [&](Question about) { return draws_.uniform(purposes[about], h); }).from;
}

bool Patched::may_ask(Question about) const {
  const auto any_ring = [&](const auto& holds) {
    return std::any_of(plan_->rings.begin(), plan_->rings.end(), holds);
  };
  switch (about) {
    case covered:
      return true;
    case patchable:
      return std::any_of(plan_->groups.begin(), plan_->groups.end(), [](const auto& g) { return g.patchable < 1; });
    case failing:
      return any_ring([](const PatchRing& r) { return r.fails > 0; });
    case rebooting:
      return any_ring([](const PatchRing& r) { return r.reboot && r.reboot->needed < 1; });
    case shut_down:
      return any_ring([](const PatchRing& r) { return r.reboot && r.reboot->daily > 0; });
    case questions:
      break;
  }
  return false;
}

void Patched::courses(SegmentId segment, std::span<PatchCourse> out) const {
  const auto first = static_cast<std::uint32_t>(estate_->first_host(segment));
  std::vector<double> answers(questions * out.size());
  for (std::size_t q = 0; q < questions; ++q)
    if (may_ask(static_cast<Question>(q)))
      draws_.uniforms(purposes[q], first, 0, 0, std::span(answers).subspan(q * out.size(), out.size()));
  Kind kind{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const HostId host{first + static_cast<std::uint32_t>(i)};
    const DeviceClass device = estate_->device(host);
    const System system = estate_->system(host);
    const HostId before{first + static_cast<std::uint32_t>(i - 1)};
    const bool alike = i > 0 && device == estate_->device(before) && system == estate_->system(before);
    if (!alike) kind = kind_of(segment, device, system);
    out[i] = course(host, kind, [&](Question about) { return answers[about * out.size() + i]; });
  }
}

}  // namespace trustfall
