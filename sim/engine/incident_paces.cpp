// Hosts that do not all scan alike: paces of their own, and uplinks that they share.
//
// A segment's emission into a zone is a function of integers: the sum of the paces of its emitting hosts, and the
// loads and caps of the uplinks on the way. It is reckoned again from these whenever one of them changes, so that
// nothing can drift.
#include "sim/engine/incident.h"

#include <algorithm>
#include <cassert>

namespace trustfall {

std::uint32_t Incident::pace_into(HostId host, std::uint16_t zone_kind) const {
  const HostPace& pace = pace_[index(host)];
  return limits_hosts(pacing_, zone_kind) ? pace.limited : pace.open;
}

std::uint32_t Incident::pace_at(std::size_t at, std::uint16_t zone_kind) const {
  const HostId host{emitters_[at]};
  return has(host, emitting_) && place_[index(host)] == at ? pace_into(host, zone_kind) : 0;
}

/// To be said while the host emits, at the place `at` of the emitters.
void Incident::start_pace(HostId host, std::size_t at) {
  pace_[index(host)] = pace_of(host, *estate_, rates_, pacing_, draws_);
  const auto place = static_cast<std::uint32_t>(at);
  paces_[0].add(place, pace_[index(host)].open);
  paces_[1].add(place, pace_[index(host)].limited);
  change_pace(host, true);
}

/// To be said when the emitter at `last` has moved to the place `at` of this one, which emits no more.
void Incident::stop_pace(HostId host, std::size_t at, std::size_t last) {
  const HostPace& gone = pace_[index(host)];
  const HostPace& moved = pace_[emitters_[at]];
  const auto from = static_cast<std::uint32_t>(last);
  const auto to = static_cast<std::uint32_t>(at);
  // Unsigned arithmetic wraps, so that adding a negative number subtracts it.
  if (at != last) {
    paces_[0].add(to, std::uint64_t{moved.open} - gone.open);
    paces_[1].add(to, std::uint64_t{moved.limited} - gone.limited);
  }
  paces_[0].add(from, 0 - std::uint64_t{(at != last ? moved : gone).open});
  paces_[1].add(from, 0 - std::uint64_t{(at != last ? moved : gone).limited});
  change_pace(host, false);
}

void Incident::change_pace(HostId host, bool starts) {
  const SegmentId segment = estate_->segment_of(host);
  const DeviceSet device = only(estate_->device(host));
  for (const ZoneOfSegment& of : estate_->zones_of(segment)) {
    if ((blocked_outbound(segment, of.membership) & device) != 0) continue;
    const std::uint64_t pace = pace_into(host, (*estate_)[of.zone].kind);
    flow_[of.membership].paces += starts ? pace : 0 - pace;
  }
  share_out(segment);
}

/// Sum of the paces with which the segment's emitting hosts reach the zone.
std::uint64_t Incident::paces_reaching(SegmentId segment, std::uint32_t membership) const {
  const DeviceSet blocked = blocked_outbound(segment, membership);
  const std::size_t first = index(estate_->first_host(segment));
  const std::uint16_t kind = (*estate_)[estate_->memberships()[membership].zone].kind;
  std::uint64_t sum = 0;
  for (std::size_t at = first; at < first + emitting_in_[index(segment)]; ++at)
    if ((blocked & only(estate_->device(HostId{emitters_[at]}))) == 0) sum += pace_into(HostId{emitters_[at]}, kind);
  return sum;
}

/// What the segment emits has changed: reckons its share of the uplinks anew, and that of all who share them with it.
void Incident::share_out(SegmentId changed) {
  const OrganisationId organisation = (*estate_)[changed].organisation;
  const bool shared = !pacing_.uplinks.empty() && pacing_.uplinks.back().of != Uplink::Of::host;
  const auto first = static_cast<std::uint32_t>(shared ? estate_->first_segment(organisation) : changed);
  const auto last = shared ? static_cast<std::uint32_t>(estate_->last_segment(organisation)) : first + 1;
  // By segment and zone, in order: what would be emitted through all uplinks so far.
  wanted_.clear();
  for (std::uint32_t s = first; s < last; ++s)
    for (const ZoneOfSegment& of : estate_->zones_of(SegmentId{s})) {
      const Pressure wide{flow_[of.membership].paces};
      const auto rate = static_cast<Rate>((wide * rate_[(*estate_)[of.zone].kind]) >> 20);
      wanted_.push_back({of, (*estate_)[SegmentId{s}].site, rate});
    }
  for (const Uplink& uplink : pacing_.uplinks) {
    if (uplink.of == Uplink::Of::organisation)
      limit(uplink, static_cast<std::uint32_t>(organisation), 0, wanted_.size());
    if (uplink.of != Uplink::Of::site) continue;
    for (std::size_t from = 0, to = 0; from < wanted_.size(); from = to) {
      while (to < wanted_.size() && wanted_[to].site == wanted_[from].site) ++to;
      limit(uplink, static_cast<std::uint32_t>(wanted_[from].site), from, to);
    }
  }
  for (const Wanted& wanted : wanted_) emit(wanted.of, wanted.rate);
  peak_ = std::max(peak_, emitted_);
}

/// Scales what is wanted beyond the uplink down to its cap: each to the whole unit below its share.
void Incident::limit(const Uplink& uplink, std::uint32_t unit, std::size_t from, std::size_t to) {
  const auto beyond = [&](const Wanted& wanted) { return uplink.beyond[(*estate_)[wanted.of.zone].kind] != 0; };
  Pressure load = 0;
  for (std::size_t i = from; i < to; ++i)
    if (beyond(wanted_[i])) load += wanted_[i].rate;
  if (load == 0) return;
  const Purpose purpose = uplink.of == Uplink::Of::site ? Purpose::site_uplink : Purpose::organisation_uplink;
  const double u = uplink.cap.constant() ? 0.5 : draws_.uniform(purpose, unit);
  const Rate cap = rate_from(std::min(uplink.cap.at(u), most_attempts_per_second));
  if (load <= cap) return;
  for (std::size_t i = from; i < to; ++i)
    if (beyond(wanted_[i])) wanted_[i].rate = static_cast<Rate>(Pressure{wanted_[i].rate} * cap / load);
}

void Incident::emit(const ZoneOfSegment& of, Rate rate) {
  Rate& now = flow_[of.membership].emitted;
  if (rate == now) return;
  const Rate more = rate - now;
  const bool rises = rate > now;
  ZoneClock& clock = clocks_[index(of.zone)];
  touch(of.zone);
  clock.settle(now_);
  clock.rate += more;
  emitted_ = emitted_ + rate - now;
  sums_[sums_of_[index(of.zone)]].add(of.membership - (*estate_)[of.zone].first, more);
  now = rate;
  // Its next attempt may come sooner than noted: looked at again at once.
  if (rises) place(of.zone, now_);
}

/// Among the hosts of a segment that scan the zone, in proportion to their paces.
HostId Incident::source_by_pace(std::uint32_t membership, HostId target, std::uint32_t attempt) const {
  const Membership& m = estate_->memberships()[membership];
  const std::uint16_t kind = (*estate_)[m.zone].kind;
  const Sums& sums = paces_[limits_hosts(pacing_, kind) ? 1 : 0];
  const auto pace = [&](std::uint32_t at) { return std::uint64_t{pace_at(at, kind)}; };
  const auto first = static_cast<std::uint32_t>(estate_->first_host(m.segment));
  const std::uint64_t before = sums.before(first, pace);
  const std::uint64_t all = sums.before(first + emitting_in_[index(m.segment)], pace) - before;
  const DeviceSet blocked = blocked_outbound(m.segment, membership);
  for (std::uint32_t k = 1;; ++k) {
    const double u = source_draw(target, m.zone, attempt, k);
    std::uint64_t rest = before + std::min(static_cast<std::uint64_t>(u * static_cast<double>(all)), all - 1);
    const HostId source{emitters_[sums.find(rest, pace)]};
    if ((blocked & only(estate_->device(source))) == 0) return source;
  }
}

bool Incident::consistent_paces() const {
  Pressure all = 0;
  for (std::uint32_t z = 0; z < clocks_.size(); ++z) {
    Rate sum = clocks_[z].outside;
    const Zone& pool = (*estate_)[ZoneId{z}];
    for (std::uint32_t m = pool.first; m < pool.last; ++m) {
      if (flow_[m].paces != paces_reaching(estate_->memberships()[m].segment, m)) return false;
      sum += flow_[m].emitted;
    }
    if (clocks_[z].rate != sum) return false;
    all += sum - clocks_[z].outside;
  }
  return all == emitted_;
}

}  // namespace trustfall
