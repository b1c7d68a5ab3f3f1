#include "models/link_play.h"

#include <algorithm>

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

bool known_ahead(const Entry& entry) {
  return std::holds_alternative<MailEntry>(entry) || std::holds_alternative<HostEntry>(entry);
}

}  // namespace

bool spreads_over_links_alone(const Model& model) {
  const Worm& worm = model.worm;
  const bool scans = std::any_of(worm.rates.begin(), worm.rates.end(), [](double rate) { return rate > 0; });
  return !worm.transmissions.empty() && linked_zone(model) != no_zone && !scans && courses_are_known(model) &&
         std::all_of(model.entries.begin(), model.entries.end(), known_ahead);
}

LinkPlay::LinkPlay(const Model& model)
    : CoursePlay(model),
      zone_(linked_zone(model)),
      kind_((*model.estate)[zone_].kind),
      wave_(*model.estate->links_of(zone_), *model.worm.transmissions[kind_]),
      firewalls_(*model.estate, model.firewalls),
      all_fall_(trustfall::all_fall(model, kind_)),
      none_immune_(none_patched() || !model.worm.needs_exploit(kind_)),
      always_open_(!firewalls_.any_on(kind_)),
      only_active_(!model.detection && !model.worm.latency &&
                   (!model.worm.activity || model.worm.activity->shape == Distribution::Shape::exponential)) {}

void LinkPlay::play(Draws draws) {
  begin(draws);
  firewalls_.reset(draws);
  wave_.reset(draws, model().horizon);
  for (const Entry& entry : model().entries)
    each_entry(entry, draws, [&](HostId host, Instant at) { wave_.enter(host, at); });
  wave_.run(*this);
  find_lost_servers();
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
  if (!model().worm.activity) {
    for (std::size_t i = 0; i < hosts.size(); ++i) out[i] = {infected[i], never};
    return;
  }
  subjects_.resize(hosts.size());
  uniforms_.resize(hosts.size());
  for (std::size_t i = 0; i < hosts.size(); ++i) subjects_[i] = static_cast<std::uint32_t>(hosts[i]);
  draws().uniforms(Purpose::activity, subjects_, uniforms_);
  model().worm.activity->at(uniforms_);
  for (std::size_t i = 0; i < hosts.size(); ++i) out[i] = {infected[i], infected[i] + from_seconds(uniforms_[i])};
}

void LinkPlay::each_step(const std::function<void(const Step&)>& take) const {
  for (std::uint32_t h = 0; h < model().estate->hosts(); ++h) {
    const HostId host{h};
    if (wave_.infected(host)) tell(host, wave_.from_outside(host) ? no_zone : zone_, take);
  }
}

void LinkPlay::name_sources(Trace& trace) const {
  const std::vector<HostId> sources = wave_.sources(*this);
  for (Step& step : trace)
    if (step.what == Transition::infected) step.source = sources[index(step.host)];
}

}  // namespace trustfall
