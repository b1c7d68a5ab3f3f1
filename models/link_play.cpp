#include "models/link_play.h"

#include <algorithm>
#include <cassert>

namespace trustfall {
namespace {

/// The only zone with links that the worm uses, or no_zone when there is not exactly one.
ZoneId linked_zone(const Model& model) {
  ZoneId found = no_zone;
  for (std::uint32_t z = 0; z < model.estate->zones(); ++z) {
    const std::uint16_t kind = (*model.estate)[ZoneId{z}].kind;
    if (model.estate->links_of(ZoneId{z}) == nullptr || !model.worm.transmissions[kind]) continue;
    if (found != no_zone) return no_zone;
    found = ZoneId{z};
  }
  return found;
}

/// Systems that some host of the estate runs.
SystemSet systems_in(const Estate& estate) {
  SystemSet found = 0;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h) found |= only(estate.system(HostId{h}));
  return found;
}

bool all_fall(const Model& model, std::uint16_t links) {
  const SystemSet found = systems_in(*model.estate);
  for (int s = 0; s < systems; ++s)
    if ((found & only(static_cast<System>(s))) != 0 && model.worm.effect_over(links, static_cast<System>(s)) < 1)
      return false;
  return true;
}

bool patches_any(const PatchPlan& plan) {
  return plan.coverage > 0 || plan.campaign ||
         std::any_of(plan.groups.begin(), plan.groups.end(), [](const PatchGroup& g) { return g.coverage > 0.0; });
}

bool known_ahead(const Entry& entry) {
  return std::holds_alternative<MailEntry>(entry) || std::holds_alternative<HostEntry>(entry);
}

}  // namespace

bool spreads_over_links_alone(const Model& model) {
  const Worm& worm = model.worm;
  const auto is_set = [](double rate) { return rate > 0; };
  const bool scans = std::any_of(worm.rates.begin(), worm.rates.end(), is_set);
  const bool crashes = std::any_of(worm.crashes.begin(), worm.crashes.end(), is_set);
  const bool wide =
      model.detection && model.detection->isolation && model.detection->isolation->scope != Isolation::Scope::host;
  return !worm.transmissions.empty() && linked_zone(model) != no_zone && !scans && !crashes && !wide &&
         !worm.kill_switch && model.power.empty() &&
         std::all_of(model.entries.begin(), model.entries.end(), known_ahead);
}

LinkPlay::LinkPlay(const Model& model)
    : model_(&model),
      zone_(linked_zone(model)),
      kind_((*model.estate)[zone_].kind),
      wave_(*model.estate->links_of(zone_), *model.worm.transmissions[kind_]),
      patched_(*model.estate, model.patching),
      firewalls_(*model.estate, model.firewalls),
      all_fall_(trustfall::all_fall(model, kind_)),
      none_patched_(!patches_any(model.patching)),
      none_immune_(none_patched_ || !model.worm.needs_exploit(kind_)),
      always_open_(!firewalls_.any_on(kind_)),
      only_active_(!model.detection && !model.worm.latency &&
                   (!model.worm.activity || model.worm.activity->shape == Distribution::Shape::exponential)) {}

void LinkPlay::play(Draws draws) {
  draws_ = draws;
  patched_.reset(draws);
  firewalls_.reset(draws);
  wave_.reset(draws, model_->horizon);
  for (const Entry& entry : model_->entries)
    each_entry(entry, draws, [&](HostId host, Instant at) { wave_.enter(host, at); });
  wave_.run(*this);
  backup_server_lost_.clear();
  if (!model_->worm.encryption) return;
  const Estate& estate = *model_->estate;
  backup_server_lost_.assign(estate.organisations(), never);
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    if (estate.device(HostId{h}) == DeviceClass::backup_server && wave_.infected(HostId{h})) {
      Instant& lost = backup_server_lost_[index(estate.organisation_of(HostId{h}))];
      lost = std::min(lost, encrypted_at(HostId{h}));
    }
}

Instant LinkPlay::backup_server_lost(OrganisationId organisation) const {
  return backup_server_lost_.empty() ? never : backup_server_lost_[index(organisation)];
}

bool LinkPlay::unpatched(HostId host, Instant time) const {
  return none_patched_ || patched_.from(host, model_->estate->segment_of(host)) > time;
}

Course LinkPlay::course_of(HostId host, Instant infected) const {
  const auto work = model_->worm.encryption_time(host, model_->estate->device(host), draws_);
  return follow(*model_, host, infected, work ? infected + *work : never, draws_);
}

void LinkPlay::infectious(std::span<const HostId> hosts, std::span<const Instant> infected,
                          std::span<Infectious> out) const {
  if (!only_active_) {
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const Course course = course_of(hosts[i], infected[i]);
      out[i] = {course.infectious, course.infectious == never ? never : course.until};
    }
    return;
  }
  // As course_of() does it, in lanes.
  if (!model_->worm.activity) {
    for (std::size_t i = 0; i < hosts.size(); ++i) out[i] = {infected[i], never};
    return;
  }
  subjects_.resize(hosts.size());
  uniforms_.resize(hosts.size());
  for (std::size_t i = 0; i < hosts.size(); ++i) subjects_[i] = static_cast<std::uint32_t>(hosts[i]);
  draws_.uniforms(Purpose::activity, subjects_, uniforms_);
  model_->worm.activity->at(uniforms_);
  for (std::size_t i = 0; i < hosts.size(); ++i) out[i] = {infected[i], infected[i] + from_seconds(uniforms_[i])};
}

void LinkPlay::each_step(const std::function<void(const Step&)>& take) const {
  const bool only_infections = !model_->detection && !model_->worm.encryption;
  const auto tell = [&](HostId host, Instant when, Transition what, ZoneId zone = no_zone) {
    if (when < model_->horizon) take({when, 0, host, no_host, zone, what});
  };
  for (std::uint32_t h = 0; h < model_->estate->hosts(); ++h) {
    const HostId host{h};
    if (!wave_.infected(host)) continue;
    tell(host, wave_.infected_at(host), Transition::infected, wave_.from_outside(host) ? no_zone : zone_);
    if (only_infections) continue;
    const Course course = course_of(host);
    tell(host, course.detected, Transition::detected);
    tell(host, course.encrypted, Transition::encrypted);
    tell(host, course.isolated, Transition::isolated);
    tell(host, course.restored, Transition::restored);
  }
}

void LinkPlay::name_sources(Trace& trace) const {
  const std::vector<HostId> sources = wave_.sources(*this);
  for (Step& step : trace)
    if (step.what == Transition::infected) step.source = sources[index(step.host)];
}

}  // namespace trustfall
