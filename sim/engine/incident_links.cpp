// Explicit contacts: one event for each link that a source would try while it is infectious.
#include "sim/engine/incident.h"

#include <cassert>

#include "sim/base/numeric.h"
#include "sim/engine/link_time.h"

namespace trustfall {

void Incident::find_links(const std::vector<std::optional<Distribution>>& transmissions) {
  for (std::uint32_t z = 0; z < estate_->zones(); ++z) {
    const Links* links = estate_->links_of(ZoneId{z});
    const std::uint16_t kind = (*estate_)[ZoneId{z}].kind;
    if (links == nullptr || kind >= transmissions.size() || !transmissions[kind]) continue;
    link_zones_.push_back({ZoneId{z}, links, *transmissions[kind]});
  }
  assert(link_zones_.size() <= most_link_zones);
}

void Incident::start_links(HostId source, Instant until, bool again, const Targets& targets) {
  if (link_zones_.empty()) return;
  until_[index(source)] = until;
  for (std::uint32_t which = 0; which < link_zones_.size(); ++which) {
    const auto row = link_zones_[which].links->row(source);
    for (std::uint32_t place = 0; place < row.size(); ++place)
      if (again_ || !settled(HostId{row[place]})) {
        const LinkAttempt attempt{source, place, which};
        schedule_link(attempt, again ? next_draw(attempt) : 0, targets);
      }
  }
}

/// The k-th draw of a link, counted from now.
void Incident::schedule_link(const LinkAttempt& attempt, std::uint32_t k, const Targets& targets) {
  const auto& [zone, links, transmission] = link_zones_[attempt.which];
  if (!genuine_.empty()) genuine_.erase(key_of(attempt));
  const auto source = static_cast<std::uint32_t>(attempt.source);
  const double chance = targets.chance_over(zone, HostId{links->row(attempt.source)[attempt.place]});
  if (chance <= 0) return;
  if (chance < 1 && !repeats(transmission) &&
      draws_.uniform(Purpose::link_effect, source, attempt.place, k * most_link_zones + attempt.which) >= chance)
    return;
  const std::uint32_t address = attempt.which << 20 | (k & 0xfffffu);
  const double u = draws_.both(Purpose::link, source, attempt.place / 2, address)[attempt.place % 2];
  const double weight = links->weight(attempt.source, attempt.place);
  const Instant at = now_ + link_delay(transmission, -natural_log(u), weight, chance);
  const auto kind = static_cast<EventKind>(static_cast<std::uint32_t>(EventKind::link) + attempt.which);
  if (at >= until_[source]) return;
  if (may_be_stale(attempt.source, at)) genuine_[key_of(attempt)] = at;
  schedule(at, kind, source, attempt.place);
}

bool Incident::may_be_stale(HostId source, Instant at) const {
  if (stale_.empty()) return false;
  const auto found = stale_.find(source);
  return found != stale_.end() && at < found->second.until;
}

void Incident::try_again(const LinkAttempt& attempt, const Targets& targets) {
  if (repeats(link_zones_[attempt.which].transmission)) schedule_link(attempt, next_draw(attempt), targets);
}

std::uint64_t Incident::key_of(const LinkAttempt& attempt) const {
  const Links& links = *link_zones_[attempt.which].links;
  return links.number(attempt.source, attempt.place) * most_link_zones + attempt.which;
}

std::uint32_t Incident::next_draw(const LinkAttempt& attempt) { return ++retries_[key_of(attempt)]; }

/// Whether an attempt over a link that is due has an effect.
bool Incident::follow(const LinkAttempt& attempt, const Targets& targets) {
  const ZoneId zone = link_zones_[attempt.which].zone;
  const HostId source = attempt.source;
  const HostId target{link_zones_[attempt.which].links->row(source)[attempt.place]};
  if (!infectious(source) || now_ >= until_[index(source)]) return false;
  if (may_be_stale(source, now_)) {
    const auto genuine = genuine_.find(key_of(attempt));
    if (genuine == genuine_.end() || genuine->second != now_) return false;
  }
  if (settled(target)) {
    if (!again_) return false;
    // Who does not scan now does not try either, as with targets that are open.
    if (!has(source, emitting_) && repeats(link_zones_[attempt.which].transmission))
      held_up_[source_key(source)].push_back({source, attempt.place, attempt.which, until_[index(source)], now_});
    else
      try_again(attempt, targets);
    return false;
  }
  const SegmentId segment = estate_->segment_of(target);
  if (targets.protected_over(zone, target, segment, now_)) return false;
  const std::uint32_t membership = estate_->zones_of(segment)[slot_of(segment, zone)].membership;
  if ((reach_[membership].never & only(estate_->device(target))) != 0) return false;
  if (const auto blocker = link_blocker(source, target, zone, targets)) {
    if (repeats(link_zones_[attempt.which].transmission))
      held_up_[*blocker].push_back({source, attempt.place, attempt.which, until_[index(source)], now_});
    return false;
  }
  if (targets.refuses(source, target, zone, now_)) {
    try_again(attempt, targets);
    return false;
  }
  hit_ = {target, source, zone};
  way_ = Way::link;
  tried_ = attempt;
  if (again_) try_again(attempt, targets);
  return true;
}

/// What keeps the link from being tried now, or nullopt.
std::optional<std::uint64_t> Incident::link_blocker(HostId source, HostId target, ZoneId zone,
                                                    const Targets& targets) const {
  if (!has(source, emitting_)) return source_key(source);
  const SegmentId segment = estate_->segment_of(source);
  const std::uint32_t membership = estate_->zones_of(segment)[slot_of(segment, zone)].membership;
  if ((blocked_outbound(segment, membership) & only(estate_->device(source))) != 0) return outbound_key(membership);
  return blocker(target, zone, targets);
}

/// Links that waited for what has ended wait for the next blocker, or try again: as attempts come at random, what was
/// missed makes none come sooner. Only once the event is over that ended it, because the same event may close another
/// side.
void Incident::release_links(const Targets& targets) {
  const std::vector<std::uint64_t> keys = std::move(ended_);
  ended_.clear();
  for (const std::uint64_t key : keys) release_links(key, targets);
}

void Incident::release_links(std::uint64_t key, const Targets& targets) {
  const auto waiting = held_up_.find(key);
  if (waiting == held_up_.end()) return;
  const std::vector<LinkAttempt> attempts = std::move(waiting->second);
  held_up_.erase(waiting);
  for (const LinkAttempt& attempt : attempts) {
    const LinkZone& of = link_zones_[attempt.which];
    const HostId target{of.links->row(attempt.source)[attempt.place]};
    if ((settled(target) && !again_) || !infectious(attempt.source)) continue;
    if (attempt.until != until_[index(attempt.source)]) continue;  // of an earlier time: it has started anew
    if (const auto stale = stale_.find(attempt.source); stale != stale_.end() && attempt.held <= stale->second.before)
      continue;
    if (const auto other = link_blocker(attempt.source, target, of.zone, targets))
      held_up_[*other].push_back(attempt);
    else
      try_again(attempt, targets);
  }
}

}  // namespace trustfall
