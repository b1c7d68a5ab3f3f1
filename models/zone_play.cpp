#include "models/zone_play.h"

#include <algorithm>
#include <tuple>

namespace trustfall {
namespace {

/// The only zone that the worm scans, or no_zone when there is not exactly one.
ZoneId scanned_zone(const Model& model) {
  ZoneId found = no_zone;
  for (std::uint32_t z = 0; z < model.estate->zones(); ++z) {
    if (model.worm.rates[(*model.estate)[ZoneId{z}].kind] <= 0) continue;
    if (found != no_zone) return no_zone;
    found = ZoneId{z};
  }
  return found;
}

bool uses_links(const Model& model) {
  const auto& transmissions = model.worm.transmissions;
  return std::any_of(transmissions.begin(), transmissions.end(), [](const auto& time) { return time.has_value(); });
}

constexpr std::uint8_t unreachable = systems;  // the kind of hosts that a rule closes; all others are their system's

std::vector<HostKind> kinds_of(const Model& model) {
  std::vector<HostKind> kinds(systems + 1);
  for (int s = 0; s < systems; ++s)
    kinds[static_cast<std::size_t>(s)].chance = model.worm.effect(static_cast<System>(s));
  for (std::uint32_t h = 0; h < model.estate->hosts(); ++h)
    ++kinds[static_cast<std::size_t>(model.estate->system(HostId{h}))].hosts;
  for (HostKind& kind : kinds)
    if (kind.hosts == 0) kind.chance = 0;
  return kinds;
}

}  // namespace

bool spreads_in_one_zone(const Model& model) {
  const ZoneId zone = scanned_zone(model);
  if (zone == no_zone || uses_links(model) || !courses_are_known(model) || !model.worm.pacing.all_alike() ||
      model.worm.pacing.swept)
    return false;
  const Zone& pool = (*model.estate)[zone];
  const auto stands_throughout = [&](const FirewallRule& rule) {
    return rule.zone_kind != pool.kind || (!rule.pairs() && rule.from <= Instant{} && rule.until == never);
  };
  return pool.hosts == model.estate->hosts() &&
         std::all_of(model.firewalls.begin(), model.firewalls.end(), stands_throughout) &&
         std::none_of(model.entries.begin(), model.entries.end(),
                      [](const Entry& entry) { return std::holds_alternative<StickEntry>(entry); });
}

ZonePlay::ZonePlay(const Model& model)
    : CoursePlay(model),
      zone_(scanned_zone(model)),
      wave_(zone_, (*model.estate)[zone_].addresses, model.worm.rates[(*model.estate)[zone_].kind],
            model.estate->hosts(), kinds_of(model)),
      firewalls_(*model.estate, model.firewalls),
      always_open_(!firewalls_.any_on((*model.estate)[zone_].kind)),
      scan_to_the_end_(always_open_ && !model.detection && !model.worm.latency && !model.worm.activity &&
                       !model.worm.pacing.limit) {}

void ZonePlay::play(Draws draws) {
  begin(draws);
  firewalls_.reset(draws);
  const Estate& estate = *model().estate;
  if (!always_open_) {
    closed_.resize(estate.segments());
    for (std::uint32_t m = estate[zone_].first; m < estate[zone_].last; ++m)
      closed_[index(estate.memberships()[m].segment)] = firewalls_.closed(m, Instant{});
  }
  wave_.reset(draws, model().horizon);
  for (const Entry& entry : model().entries)
    each_entry(entry, draws, [&](HostId host, Instant at) { wave_.enter(host, at); });
  schedule_outside();
  wave_.run(*this);
  find_lost_servers();
}

/// Where several entries bring infected hosts outside, those of all are added up at every change.
void ZonePlay::schedule_outside() {
  const auto& entries = model().entries;
  std::vector<std::tuple<Instant, std::size_t, double>> changes;
  for (std::size_t e = 0; e < entries.size(); ++e)
    if (const auto* outside = std::get_if<OutsideEntry>(&entries[e]); outside != nullptr && outside->zone == zone_)
      for (const OutsideEntry::Step& step : outside->infected) changes.emplace_back(step.from, e, step.hosts);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) < std::get<0>(b); });
  std::vector<double> hosts(entries.size());
  for (const auto& [from, entry, number] : changes) {
    hosts[entry] = number;
    double all = 0;
    for (const double some : hosts) all += some;
    wave_.set_outside(from, all * model().worm.rates[(*model().estate)[zone_].kind]);
  }
}

void ZonePlay::kinds(HostId first, std::span<std::uint8_t> out) const {
  const Estate& estate = *model().estate;
  const auto start = static_cast<std::uint32_t>(first);
  for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(estate.system(HostId{start + i}));
  if (always_open_) return;
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    const HostId host{start + i};
    if ((closed_[index(estate.segment_of(host))].inbound & only(estate.device(host))) != 0) out[i] = unreachable;
  }
}

bool ZonePlay::closed_outbound(HostId host) const {
  if (always_open_) return false;
  const Estate& estate = *model().estate;
  return (closed_[index(estate.segment_of(host))].outbound & only(estate.device(host))) != 0;
}

Infectious ZonePlay::infectious(HostId host, Instant infected) const {
  if (closed_outbound(host)) return {never, never};
  const Course course = course_of(host, infected);
  return {course.infectious, course.infectious == never ? never : course.until};
}

void ZonePlay::each_step(const std::function<void(const Step&)>& take) const {
  auto entered = wave_.entered().begin();
  const auto hosts = static_cast<std::uint32_t>(model().estate->hosts());
  for (std::uint32_t h = 0; h < hosts; ++h) {
    const HostId host{h};
    const bool from_outside = entered != wave_.entered().end() && *entered == host;
    entered += from_outside;
    if (wave_.infected(host)) tell(host, from_outside ? no_zone : zone_, take);
  }
}

}  // namespace trustfall
