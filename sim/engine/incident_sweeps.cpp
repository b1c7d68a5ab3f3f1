// Hosts that walk the addresses of a zone one after the other, round and round, each from a place of its own.
#include <algorithm>
#include <cmath>

#include "sim/engine/incident.h"

namespace trustfall {

ZoneId Incident::swept_zone(HostId host) const {
  for (const ZoneOfSegment of : estate_->zones_of(estate_->segment_of(host)))
    if ((*estate_)[of.zone].kind == *pacing_.swept) return of.zone;
  return no_zone;
}

double Incident::walk_start(HostId source, ZoneId zone) const {
  return draws_.uniform(Purpose::sweep, static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(zone),
                        walks_[index(source)].number);
}

/// From where its walk started to an address, as a share of a round.
double Incident::distance(HostId source, double address, ZoneId zone) const {
  const double start = walk_start(source, zone);
  return address > start ? address - start : address - start + 1;
}

Instant Incident::time_after(HostId source, double rounds, ZoneId zone) const {
  const double seconds = rounds * (*estate_)[zone].addresses / rates_[*pacing_.swept];
  return walks_[index(source)].since + from_seconds(seconds);
}

void Incident::start_walk(HostId source, const Targets& targets) {
  if (walks_.empty()) return;
  const ZoneId zone = swept_zone(source);
  if (zone == no_zone) return;
  Walk& walk = walks_[index(source)];
  walk = {now_, now_, walk.since == never ? 0 : walk.number + 1};
  walk_on(source, walk_start(source, zone), 0, 0, zone, targets);
}

/// From where it was when its host became inactive.
void Incident::resume_walk(HostId source, const Targets& targets) {
  if (walks_.empty()) return;
  const ZoneId zone = swept_zone(source);
  if (zone == no_zone) return;
  Walk& walk = walks_[index(source)];
  const double rounds = rounds_at(source, walk.paused, zone);
  walk.since += now_ - walk.paused;
  const double whole = std::floor(rounds);
  const double from = walk_start(source, zone) + (rounds - whole);
  walk_on(source, from < 1 ? from : from - 1, rounds - whole, static_cast<std::uint32_t>(whole), zone, targets);
}

/// How many rounds of its walk a source has made then.
double Incident::rounds_at(HostId source, Instant now, ZoneId zone) const {
  return to_seconds(now - walks_[index(source)].since) * rates_[*pacing_.swept] / (*estate_)[zone].addresses;
}

/// On from an address so `far` into that round to the next. Hosts out of reach for good are left out from then on, so
/// that walks end where nobody is left.
void Incident::walk_on(HostId source, double from, double far, std::uint32_t round, ZoneId zone,
                       const Targets& targets) {
  std::vector<Address>& addresses = addresses_of(zone, targets);
  auto next = std::upper_bound(addresses.begin(), addresses.end(), from,
                               [](double at, const Address& address) { return at < address.at; });
  while (!addresses.empty()) {
    if (next == addresses.end()) next = addresses.begin();
    if ((settled(next->host) && !again_) || targets.protected_at(next->host, now_)) {
      next = addresses.erase(next);
      continue;
    }
    const double further = distance(source, next->at, zone);
    if (further <= far) ++round;
    return schedule(time_after(source, further + round, zone), EventKind::sweep, static_cast<std::uint32_t>(source),
                    static_cast<std::uint32_t>(next->host));
  }
}

/// The hosts of a zone that can fall at all.
std::vector<Incident::Address>& Incident::addresses_of(ZoneId zone, const Targets& targets) {
  const auto [found, fresh] = addresses_.try_emplace(static_cast<std::uint32_t>(zone));
  std::vector<Address>& addresses = found->second;
  if (!fresh) return addresses;
  const Zone& pool = (*estate_)[zone];
  for (std::uint32_t m = pool.first; m < pool.last; ++m) {
    const SegmentId segment = estate_->memberships()[m].segment;
    const auto last = static_cast<std::uint32_t>(estate_->last_host(segment));
    for (auto h = static_cast<std::uint32_t>(estate_->first_host(segment)); h < last; ++h) {
      const HostId host{h};
      if ((reach_[m].never & only(estate_->device(host))) != 0 || targets.chance(host) <= 0 ||
          targets.protected_from_start(host, segment))
        continue;
      const double at = draws_.uniform(Purpose::address, h, static_cast<std::uint32_t>(zone));
      addresses.push_back({at, host});
    }
  }
  std::sort(addresses.begin(), addresses.end(),
            [](const Address& a, const Address& b) { return a.at != b.at ? a.at < b.at : a.host < b.host; });
  return addresses;
}

/// A source comes by an address; whether it has an effect there.
bool Incident::come_by(HostId source, HostId target, const Targets& targets) {
  if (!infectious(source)) return false;
  const ZoneId zone = swept_zone(source);
  const double at =
      draws_.uniform(Purpose::address, static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(zone));
  const double far = distance(source, at, zone);
  const double rounds = rounds_at(source, now_, zone);
  const double round = std::floor(rounds - far + 0.5);
  if (round < 0 || time_after(source, far + round, zone) != now_) return false;  // left over from an earlier walk
  const auto number = static_cast<std::uint32_t>(round);
  const bool effect = finds_open(source, target, number, zone, targets);
  if (effect) hit_ = {target, source, zone};
  walk_on(source, at, far, number, zone, targets);
  return effect;
}

bool Incident::finds_open(HostId source, HostId target, std::uint32_t round, ZoneId zone,
                          const Targets& targets) const {
  if (settled(target) || !has(source, emitting_) || targets.protected_at(target, now_)) return false;
  const SegmentId segment = estate_->segment_of(source);
  const std::uint32_t membership = estate_->zones_of(segment)[slot_of(segment, zone)].membership;
  if ((blocked_outbound(segment, membership) & only(estate_->device(source))) != 0) return false;
  const double chance = targets.chance(target);
  const double u = draws_.uniform(Purpose::sweep_effect, static_cast<std::uint32_t>(source),
                                  static_cast<std::uint32_t>(target), round);
  return u < chance && !blocker(target, zone, targets) && !targets.refuses(source, target, zone, now_);
}

}  // namespace trustfall
