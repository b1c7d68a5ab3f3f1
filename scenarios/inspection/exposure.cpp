#include "scenarios/inspection/exposure.h"

namespace trustfall {

Openings::Openings(const Model& model, const Draws& draws)
    : estate_(model.estate), rules_(*model.estate, model.firewalls) {
  rules_.reset(draws);
  for (std::uint32_t m = 0; m < estate_->memberships().size(); ++m) {
    const Firewalls::Closed closed = rules_.closed(m, Instant{});
    inbound_.push_back(static_cast<DeviceSet>(all_devices & ~closed.inbound));
    outbound_.push_back(static_cast<DeviceSet>(all_devices & ~closed.outbound));
  }
}

DeviceSet Openings::inbound(std::uint32_t membership, std::uint16_t from_network) const {
  const Membership& m = estate_->memberships()[membership];
  const std::uint16_t kind = (*estate_)[m.zone].kind;
  if (inbound_[membership] == 0 || !rules_.paired(kind)) return inbound_[membership];
  return static_cast<DeviceSet>(inbound_[membership] & ~rules_.refused(kind, from_network, m.segment, Instant{}));
}

const Links* links_used(const Model& model, ZoneId zone) {
  const auto& transmissions = model.worm.transmissions;
  const std::uint16_t kind = (*model.estate)[zone].kind;
  return kind < transmissions.size() && transmissions[kind] ? model.estate->links_of(zone) : nullptr;
}

std::optional<std::uint32_t> membership_in(const Estate& estate, SegmentId segment, ZoneId zone) {
  for (const ZoneOfSegment of : estate.zones_of(segment))
    if (of.zone == zone) return of.membership;
  return std::nullopt;
}

namespace {

bool logs_on(const Model& model) {
  for (std::uint32_t z = 0; z < model.estate->zones(); ++z)
    if (links_used(model, ZoneId{z}) != nullptr && !model.worm.needs_exploit((*model.estate)[ZoneId{z}].kind))
      return true;
  return false;
}

}  // namespace

Vulnerable vulnerable(const Model& model, const PatchPlan& patching, const Draws& draws) {
  const Estate& estate = *model.estate;
  const bool by_credential = logs_on(model);
  Patched patched(estate, patching);
  patched.reset(draws);
  Vulnerable found;
  found.first.push_back(0);
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    for (HostId h = estate.first_host(SegmentId{s}); h < estate.last_host(SegmentId{s});
         h = HostId{static_cast<std::uint32_t>(h) + 1}) {
      const System system = estate.system(h);
      double chance = model.worm.effect(system);
      if (chance > 0 && (model.worm.crashes_host(h, system, draws) || patched.at_start(h, SegmentId{s}))) chance = 0;
      if (chance > 0 || (by_credential && system != System::no_windows))
        found.hosts.push_back({h, SegmentId{s}, estate.device(h), chance});
    }
    found.first.push_back(found.hosts.size());
  }
  return found;
}

}  // namespace trustfall
