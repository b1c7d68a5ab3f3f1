#include "models/play.h"

#include <algorithm>

namespace trustfall {
namespace {

std::uint32_t raw(HostId host) { return static_cast<std::uint32_t>(host); }

/// Whether every host that is detected is isolated by itself, before technicians come to it.
bool isolates_hosts(const Model& model) {
  return model.detection && model.detection->isolation && model.detection->isolation->scope == Isolation::Scope::host;
}

}  // namespace

Play::Play(const Model& model, Draws draws)
    : model_(&model),
      incident_(*model.estate, model.worm.rates, model.power.size(), draws, model.horizon, model.worm.transmissions,
                model.worm.pacing, model.falls_again()),
      patched_(*model.estate, model.patching),
      firewalls_(*model.estate, model.firewalls),
      encryption_is_certain_(!model.recovery || isolates_hosts(model)) {
  if (model.recovery) recovery_.emplace(*model.estate, *model.recovery);
  courses_.resize(model.estate->hosts());
  reset(draws);
}

void Play::reset(Draws draws) {
  incident_.reset(draws);
  patched_.reset(draws);
  if (!model_->power.empty()) power_plan_.assign(model_->estate->hosts(), 0);
  firewalls_.reset(draws);
  backup_server_lost_.assign(model_->estate->organisations(), never);
  outside_hosts_.assign(model_->entries.size(), 0);
  changes_.clear();
  cuts_.clear();
  if (recovery_) recovery_->reset(draws);
  if (model_->falls_again()) falls_.assign(model_->estate->hosts(), 0);
  begin();
}

void Play::begin() {
  firewalls_.begin(incident_, *this);
  for (std::size_t p = 0; p < model_->power.size(); ++p) {
    const auto plan = static_cast<int>(p);
    if (!model_->power[p].hours.on_at(Instant{})) incident_.switch_off(plan, *this);
    const EventKind next = incident_.switched_off(plan) ? EventKind::power_on : EventKind::power_off;
    incident_.schedule(model_->power[p].hours.next_change(Instant{}), next, static_cast<std::uint32_t>(p));
  }
  for (std::uint32_t e = 0; e < model_->entries.size(); ++e) schedule_entry(model_->entries[e], e, incident_);
}

void Play::run(Instant until) {
  while (const auto event = incident_.next(*this, until)) on(*event);
}

void Play::schedule(Instant at, Change change) {
  incident_.schedule(at, EventKind::change, static_cast<std::uint32_t>(changes_.size()));
  changes_.push_back(change);
}

void Play::on(const Event& event) {
  const HostId host{event.subject};
  switch (event.kind) {
    case EventKind::change:
      return on_change(changes_[event.subject]);
    case EventKind::rule:
      return firewalls_.apply(incident_, *this);
    case EventKind::power_off:
      return on_power_off(static_cast<int>(event.subject));
    case EventKind::power_on:
      return on_power_on(static_cast<int>(event.subject));
    case EventKind::outside:
      return on_outside(event.subject, event.detail);
    case EventKind::isolate:
      return on_isolate(host);
    case EventKind::reconnect:
      for (std::uint32_t s = event.subject; s < event.detail; ++s) reconnect(SegmentId{s});
      return;
    case EventKind::encrypt:
      return on_encrypt(host);
    case EventKind::lost:
      return recovery_->report(host, episode_of(host), incident_);
    case EventKind::dispatch:
      return recovery_->dispatch(event.subject, incident_);
    case EventKind::rebuilt:
      return on_rebuilt(event.subject);
    case EventKind::at_hand:
      return recovery_->at_hand(event.subject, incident_);
    case EventKind::restore:
      return event.detail == 0 ? incident_.restore(host) : on_restore(host, event.detail - 1);
    case EventKind::infectious:
      return event.detail == 0 ? on_infectious(host) : on_awake(host, event.detail);
    case EventKind::inactive:
      return event.detail == 0 ? on_inactive(host) : on_dormant(host, event.detail - 1);
    case EventKind::recovered:
      return incident_.recover(host);
    case EventKind::entry:
      if (!incident_.settled(host) && in_use(host)) start_worm(host, no_host, no_zone);
      return;
    case EventKind::stick_plugged:
      if (incident_.infected(host) && courses_[index(host)].restored > incident_.now() && in_use(host))
        carry_stick(model_->entries, host, event.detail, incident_);
      return;
    case EventKind::stick_carried:
      if (!incident_.settled(host) && in_use(host)) start_worm(host, HostId{event.detail}, no_zone);
      return;
    case EventKind::attempt:
      return on_hit(incident_.hit());
    case EventKind::sweep:
    case EventKind::link:
      return;  // the incident follows these itself
  }
}

// --- the worm ---

void Play::on_hit(const Hit& hit) {
  const System system = model_->estate->system(hit.host);
  if (!model_->worm.needs_exploit((*model_->estate)[hit.zone].kind) ||
      !model_->worm.crashes_host(hit.host, system, incident_.draws()))
    return start_worm(hit.host, hit.source, hit.zone);
  incident_.crash(hit.host, hit.source, hit.zone);
  const Duration down = span_of(model_->worm.crash_downtime, Purpose::crash, hit.host, incident_.draws());
  incident_.schedule(incident_.now() + down, EventKind::recovered, raw(hit.host));
}

void Play::start_worm(HostId host, HostId source, ZoneId zone) {
  const Worm& worm = model_->worm;
  const Draws& draws = incident_.draws();
  const Instant now = incident_.now();
  if (worm.stopped(model_->estate->organisation_of(host), now, draws)) return incident_.stop(host, source, zone);
  incident_.infect(host, source, zone);

  Instant encrypted = never;
  if (const auto work = worm.encryption_time(host, model_->estate->device(host), draws))
    encrypted = done_at(host, *work);
  if (!falls_.empty()) ++falls_[index(host)];
  const Course course = follow(*model_, host, now, encrypted, draws, episode_of(host));
  courses_[index(host)] = {course.encrypted, course.restored, course.until};
  if (course.detected != never) respond(host, course);
  if (course.encrypted != never && encryption_is_certain_) encrypt(host, course.encrypted);
  if (!encryption_is_certain_) incident_.schedule(course.encrypted, EventKind::encrypt, raw(host));
  if (course.infectious == never) return;
  if (course.infectious == now)
    on_infectious(host);
  else
    incident_.schedule(course.infectious, EventKind::infectious, raw(host));
  if ((worm.activity || worm.pacing.limit) && course.until != course.isolated && course.until != course.restored)
    incident_.schedule(course.until, EventKind::inactive, raw(host));
}

void Play::encrypt(HostId host, Instant when) {
  incident_.encrypt(host, when);
  if (model_->estate->device(host) != DeviceClass::backup_server) return;
  Instant& lost = backup_server_lost_[index(model_->estate->organisation_of(host))];
  lost = std::min(lost, when);
}

/// What people do about a host that is detected.
void Play::respond(HostId host, const Course& course) {
  incident_.detect(host, course.detected);
  if (recovery_)
    incident_.schedule(course.isolated != never ? course.isolated : course.detected, EventKind::lost, raw(host));
  if (course.isolated != never) {
    incident_.schedule(course.isolated, EventKind::isolate, raw(host));
    incident_.restore_isolated(host, course.restored);
    return;
  }
  const auto& isolation = model_->detection->isolation;
  if (isolation && isolation->scope != Isolation::Scope::host) {
    const Duration delay = span_of(isolation->delay, Purpose::isolation, host, incident_.draws());
    incident_.schedule(course.detected + delay, EventKind::isolate, raw(host));
  }
  incident_.schedule(course.restored, EventKind::restore, raw(host));
}

/// Whether a host that was switched off and on again since then has asked for the kill switch once more, and in vain
/// for the worm.
bool Play::stopped_since(HostId host, Instant since) const {
  const int plan = power_plan(host);
  if (plan == always_on) return false;
  const Instant restarted = incident_.switched_on_at(plan);
  return restarted > since &&
         model_->worm.stopped(model_->estate->organisation_of(host), restarted, incident_.draws());
}

void Play::on_infectious(HostId host) {
  if (recovery_ && incident_.isolated(host)) return;  // a technician has it
  if (model_->worm.latency) {
    const Duration latency =
        span_of(*model_->worm.latency, Purpose::latency, host, incident_.draws(), episode_of(host));
    if (stopped_since(host, incident_.now() - latency)) {
      courses_[index(host)].until = incident_.now();
      return;
    }
  }
  const Instant until = begin_phase(host, first_phase(episode_of(host)));
  incident_.become_infectious(host, *this, until);
}

/// When the host is next silent; sees to it that it falls silent then.
Instant Play::begin_phase(HostId host, std::uint32_t phase) {
  const Instant until = courses_[index(host)].until;
  const auto& dormancy = model_->worm.dormancy;
  if (!dormancy) return until;
  const Instant end = incident_.now() + phase_of(*dormancy, host, incident_.draws(), phase)[0];
  if (end < until) incident_.schedule(end, EventKind::inactive, raw(host), phase + 1);
  return std::min(end, until);
}

void Play::on_dormant(HostId host, std::uint32_t phase) {
  if (courses_[index(host)].until <= incident_.now()) return;  // the worm was stopped meanwhile
  incident_.become_inactive(host);
  const Duration silent = phase_of(*model_->worm.dormancy, host, incident_.draws(), phase)[1];
  incident_.schedule(incident_.now() + silent, EventKind::infectious, raw(host), phase + 1);
}

void Play::on_awake(HostId host, std::uint32_t phase) {
  Instant& until = courses_[index(host)].until;
  if (until <= incident_.now()) return;
  const Duration silent = phase_of(*model_->worm.dormancy, host, incident_.draws(), phase - 1)[1];
  if (stopped_since(host, incident_.now() - silent)) {
    until = incident_.now();
    return;
  }
  const Instant end = begin_phase(host, phase);
  incident_.become_infectious_again(host, *this, end);
}

void Play::on_inactive(HostId host) {
  if (recovery_ && courses_[index(host)].until != incident_.now()) return;  // that was before it was restored
  incident_.become_inactive(host);
  if (model_->worm.again) incident_.clear(host);
}

bool Play::in_use(HostId host) const {
  return !incident_.isolated(host) && !incident_.switched_off(power_plan(host));
}

Instant Play::done_at(HostId host, Duration work) const {
  const int plan = power_plan(host);
  if (plan == always_on) return incident_.now() + work;
  return model_->power[static_cast<std::size_t>(plan)].hours.finish(incident_.now(), work);
}

void Play::on_outside(std::size_t entry, std::size_t step) {
  const auto& outside = std::get<OutsideEntry>(model_->entries[entry]);
  outside_hosts_[entry] = outside.infected[step].hosts;
  double hosts = 0;
  for (std::size_t e = 0; e < outside_hosts_.size(); ++e)
    if (outside_hosts_[e] > 0 && std::get<OutsideEntry>(model_->entries[e]).zone == outside.zone)
      hosts += outside_hosts_[e];
  incident_.set_outside(outside.zone, hosts * model_->worm.rates[(*model_->estate)[outside.zone].kind], *this);
}

// --- the controls ---

void Play::on_power_off(int plan) {
  incident_.switch_off(plan, *this);
  const Hours& hours = model_->power[static_cast<std::size_t>(plan)].hours;
  incident_.schedule(hours.next_change(incident_.now()), EventKind::power_on, static_cast<std::uint32_t>(plan));
}

void Play::on_power_on(int plan) {
  // The worm starts with the host, and asks for the kill switch again.
  for (const HostId host : incident_.switch_on(plan, *this)) {
    if (model_->worm.stopped(model_->estate->organisation_of(host), incident_.now(), incident_.draws())) {
      incident_.become_inactive(host);
      courses_[index(host)].until = incident_.now();
    } else {
      incident_.become_infectious(host, *this);
    }
  }
  const Hours& hours = model_->power[static_cast<std::size_t>(plan)].hours;
  incident_.schedule(hours.next_change(incident_.now()), EventKind::power_off, static_cast<std::uint32_t>(plan));
}

void Play::on_isolate(HostId host) {
  const Isolation& isolation = *model_->detection->isolation;
  if (isolation.scope == Isolation::Scope::host) return incident_.isolate(host);
  const Estate& estate = *model_->estate;
  auto first = static_cast<std::uint32_t>(estate.segment_of(host));
  std::uint32_t last = first + 1;
  const Segment& home = estate[SegmentId{first}];
  if (isolation.scope != Isolation::Scope::segment) {
    first = static_cast<std::uint32_t>(estate.first_segment(home.organisation));
    last = static_cast<std::uint32_t>(estate.last_segment(home.organisation));
    if (isolation.scope == Isolation::Scope::site) {
      while (estate[SegmentId{first}].site != home.site) ++first;
      while (estate[SegmentId{last - 1}].site != home.site) --last;
    }
  }
  for (std::uint32_t s = first; s < last; ++s) isolate(SegmentId{s});
  if (isolation.lasts) {
    const Duration lasts = span_of(*isolation.lasts, Purpose::isolation_end, host, incident_.draws());
    incident_.schedule(incident_.now() + lasts, EventKind::reconnect, first, last);
  }
}

void Play::isolate(SegmentId segment) {
  if (!incident_.isolated(segment)) cuts_.push_back({segment, no_zone, all_devices, incident_.now(), never});
  incident_.isolate(segment, *this);
}

void Play::reconnect(SegmentId segment) {
  const bool isolated = incident_.isolated(segment);
  incident_.reconnect(segment, *this);
  if (!isolated || incident_.isolated(segment)) return;
  const auto cut = std::find_if(cuts_.rbegin(), cuts_.rend(), [&](const Cut& c) { return c.segment == segment; });
  cut->until = incident_.now();
}

void Play::each_cut(const std::function<void(const Cut&)>& take) const {
  std::vector<Cut> all = cuts_;
  const std::vector<Cut> by_rule = firewalls_.cuts(model_->horizon);
  all.insert(all.end(), by_rule.begin(), by_rule.end());
  std::stable_sort(all.begin(), all.end(), [](const Cut& a, const Cut& b) { return a.from < b.from; });
  for (const Cut& cut : all) take(cut);
}

bool Play::unpatched(HostId host, Instant time) const {
  return patched_.from(host, model_->estate->segment_of(host)) > time;
}

void Play::on_change(const Change& change) {
  const Estate& estate = *model_->estate;
  const auto first = static_cast<std::uint32_t>(estate.first_segment(change.organisation));
  const auto last = static_cast<std::uint32_t>(estate.last_segment(change.organisation));
  for (std::uint32_t s = first; s < last; ++s) {
    if (change.kind == Change::Kind::isolate_organisation) {
      isolate(SegmentId{s});
    } else {
      reconnect(SegmentId{s});
    }
  }
}

// --- what the engine asks ---

void Play::chances(SegmentId segment, std::span<double> chance) const {
  const auto first = static_cast<std::uint32_t>(model_->estate->first_host(segment));
  for (std::uint32_t i = 0; i < chance.size(); ++i) chance[i] = this->chance(HostId{first + i});
}

double Play::chance(HostId host) const { return model_->worm.effect(model_->estate->system(host)); }

bool Play::protected_from_start(HostId host, SegmentId segment) const { return patched_.at_start(host, segment); }

bool Play::protected_at(HostId host, Instant now) const {
  // Those patched at the start have no thresholds: only what is patched later protects more.
  return patched_.more_by(now) && !unpatched(host, now);
}

double Play::chance_over(ZoneId links, HostId host) const {
  return model_->worm.effect_over((*model_->estate)[links].kind, model_->estate->system(host));
}

bool Play::protected_over(ZoneId links, HostId host, SegmentId segment, Instant now) const {
  return model_->worm.needs_exploit((*model_->estate)[links].kind) &&
         Targets::protected_over(links, host, segment, now);
}

int Play::power_plan(HostId host) const {
  if (model_->power.empty()) return always_on;
  constexpr std::uint16_t unknown = 0;
  std::uint16_t& known = power_plan_[index(host)];
  if (known == unknown) known = static_cast<std::uint16_t>(find_power_plan(host) - always_on + 1);
  return known - 1 + always_on;
}

int Play::find_power_plan(HostId host) const {
  const SegmentId segment = model_->estate->segment_of(host);
  for (std::size_t p = 0; p < model_->power.size(); ++p) {
    if (!model_->power[p].where.covers(segment, model_->estate->device(host), model_->estate->system(host))) continue;
    const bool follows = incident_.draws().uniform(Purpose::power, raw(host)) < model_->power[p].share;
    return follows ? static_cast<int>(p) : always_on;
  }
  return always_on;
}

bool Play::refuses(HostId source, HostId target, ZoneId zone, Instant now) const {
  return firewalls_.refuses(source, target, zone, now);
}

}  // namespace trustfall
