#include "models/play.h"

#include <algorithm>

namespace trustfall {
namespace {

std::uint32_t raw(HostId host) { return static_cast<std::uint32_t>(host); }

/// Whether something waits for what becomes of hosts, or can still change it after they have fallen: so do
/// technicians, if they come to hosts that nobody has unplugged.
bool revises(const Model& model) {
  const bool unplugged =
      model.detection && model.detection->isolation && model.detection->isolation->scope == Isolation::Scope::host;
  if (model.recovery && !unplugged) return true;
  const bool signatures = model.detection && model.detection->antivirus && model.detection->antivirus->after_warning;
  return !model.orders.empty() || model.warning || signatures;
}

}  // namespace

Play::Play(const Model& model, Draws draws)
    : model_(&model),
      incident_(*model.estate, model.worm.rates, model.power.size(), draws, model.horizon, model.worm.transmissions,
                model.worm.pacing, model.falls_again()),
      patched_(*model.estate, model.patching),
      firewalls_(*model.estate, model.firewalls),
      orders_(*model.estate, model.orders),
      revises_(trustfall::revises(model)) {
  if (model.recovery) recovery_.emplace(*model.estate, *model.recovery);
  courses_.resize(model.estate->hosts());
  if (revises_) pending_.resize(model.estate->hosts());
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
  orders_.reset();
  warned_at_ = published_ = never;
  reports_ = 0;
  if (model_->warning) reported_.assign(model_->estate->organisations(), never);
  if (model_->worm.varies()) strains_.assign(model_->estate->hosts(), {});
  if (recovery_) recovery_->reset(draws);
  if (model_->falls_again()) falls_.assign(model_->estate->hosts(), 0);
  past_.clear();
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
  orders_.begin(incident_);
  if (model_->warning && model_->warning->at) incident_.schedule(*model_->warning->at, EventKind::warning, 0);
  if (!model_->worm.varies()) return;
  for (const Variant& variant : model_->worm.kill_switch->variants)
    incident_.schedule(variant.from, EventKind::variant, 0);
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
      for (std::uint32_t m = 0; m < model_->estate->memberships().size(); ++m)
        if (firewalls_.timed(m)) settle_rules(m);
      return;
    case EventKind::order:
      return on_order(event);
    case EventKind::variant:
      return incident_.meet_again(*this);
    case EventKind::power_off:
      return on_power_off(static_cast<int>(event.subject));
    case EventKind::power_on:
      return on_power_on(static_cast<int>(event.subject));
    case EventKind::outside:
      return on_outside(event.subject, event.detail);
    case EventKind::detected:
      return on_detected(host);
    case EventKind::report:
      return on_report(OrganisationId{event.subject});
    case EventKind::warning:
      return on_warning();
    case EventKind::isolate:
      return on_isolate(host);
    case EventKind::reconnect:
      for (std::uint32_t s = event.subject; s < event.detail; ++s) reconnect(SegmentId{s});
      return;
    case EventKind::lost:
      return recovery_->report(host, episode_of(host), incident_);
    case EventKind::rebuilt:
      return on_rebuilt(event.subject);
    case EventKind::at_hand:
      return on_at_hand(event.subject);
    case EventKind::restore:
      return event.detail == 0 ? incident_.restore(host) : on_restore(host, event.detail - 1);
    case EventKind::dispatch:
      return recovery_->dispatch(event.subject, incident_);
    case EventKind::encrypted:
      return on_encrypted(host);
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
  if (worm.varies())
    strains_[index(host)].variant = source != no_host
                                        ? strains_[index(source)].variant
                                        : worm.variant_from_outside(host, now, strains_[index(host)].stops, draws);
  if (has_signatures(host)) return on_signatures(host, source, zone);
  if (stopped(host, now)) return on_stopped(host, source, zone);
  incident_.infect(host, source, zone);

  Instant encrypted = never;
  const auto work = worm.encryption_time(host, model_->estate->device(host), draws);
  if (work) encrypted = done_at(host, *work);
  if (!falls_.empty() && falls_[index(host)]++ > 0 && courses_[index(host)].restored <= now)
    past_[host].push_back(
        {host, episode_of(host) - 1, courses_[index(host)].encrypted, courses_[index(host)].restored});
  const Course course = follow(*model_, host, now, encrypted, draws, episode_of(host), published_);
  courses_[index(host)] = {course.encrypted, course.restored, revises_ ? course.spent : course.until};
  if (revises_) {
    pending_[index(host)] = {
        now, course.ready, never, never, never, now, work.value_or(Duration{}), work.has_value()};
    wait_for(host, course, encrypted);
  } else {
    if (course.detected != never) respond(host, course);
    if (course.encrypted != never) encrypt(host, course.encrypted);
  }
  const Instant infectious = revises_ ? course.ready : course.infectious;
  if (infectious == never) return;
  if (infectious == now)
    on_infectious(host);
  else
    incident_.schedule(infectious, EventKind::infectious, raw(host));
  const Instant until = courses_[index(host)].until;
  if ((worm.activity || worm.pacing.limit) && (revises_ || (until != course.isolated && until != course.restored)))
    incident_.schedule(until, EventKind::inactive, raw(host));
}

/// A worm that the kill switch stops is gone from the host, but a variant may come that it does not stop.
void Play::on_stopped(HostId host, HostId source, ZoneId zone) {
  if (strains_.empty()) return incident_.stop(host, source, zone);
  std::uint16_t& stops = strains_[index(host)].stops;
  if (stops == 0) incident_.turn_away(host, source, zone);
  if (stops < 0xffff) ++stops;
  if (zone != no_zone) incident_.miss(model_->worm.runs_again(incident_.now()), *this);
}

void Play::on_signatures(HostId host, HostId source, ZoneId zone) {
  if (strains_.empty() || strains_[index(host)].stops == 0) incident_.stop(host, source, zone);
}

bool Play::has_signatures(HostId host) const {
  if (!model_->detection || !model_->detection->antivirus) return false;
  const Antivirus& antivirus = *model_->detection->antivirus;
  const Instant published = std::min(antivirus.at, published_);
  return published <= incident_.now() && antivirus.installed(host, published, incident_.draws()) <= incident_.now();
}

/// Whether the kill switch stops what is on the host, if it starts then.
bool Play::stopped(HostId host, Instant when) const {
  return model_->worm.stopped(model_->estate->organisation_of(host), when, incident_.draws(), variant_of(host));
}

/// Whether a host that was switched off and on again since then has asked for the kill switch once more, and in vain
/// for the worm.
bool Play::stopped_since(HostId host, Instant since) const {
  const int plan = power_plan(host);
  if (plan == always_on) return false;
  const Instant restarted = incident_.switched_on_at(plan);
  return restarted > since && stopped(host, restarted);
}

void Play::on_infectious(HostId host) {
  if (revises_ && (pending_[index(host)].ready != incident_.now() || courses_[index(host)].until <= incident_.now()))
    return;
  if ((revises_ || recovery_) && handled(host)) return;
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
  if (!of_this_fall(host, phase)) return;                      // it was restored, and has fallen again
  if (courses_[index(host)].until <= incident_.now()) return;  // the worm was stopped meanwhile
  incident_.become_inactive(host);
  const Duration silent = phase_of(*model_->worm.dormancy, host, incident_.draws(), phase)[1];
  incident_.schedule(incident_.now() + silent, EventKind::infectious, raw(host), phase + 1);
}

void Play::on_awake(HostId host, std::uint32_t phase) {
  Instant& until = courses_[index(host)].until;
  if (!of_this_fall(host, phase - 1) || until <= incident_.now() || (revises_ && handled(host))) return;
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
  return !incident_.isolated(host) && !incident_.switched_off(power_plan(host)) && !orders_.off(host);
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
    if (stopped(host, incident_.now())) {
      incident_.become_inactive(host);
      courses_[index(host)].until = incident_.now();
    } else {
      incident_.become_infectious(host, *this);
    }
  }
  const Hours& hours = model_->power[static_cast<std::size_t>(plan)].hours;
  incident_.schedule(hours.next_change(incident_.now()), EventKind::power_off, static_cast<std::uint32_t>(plan));
}

bool Play::unpatched(HostId host, Instant time) const {
  return patched_.from(host, model_->estate->segment_of(host)) > time;
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
