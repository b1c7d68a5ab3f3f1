#include <algorithm>

#include "models/play.h"

// What a play does about lost hosts, where people and data have to be waited for.

namespace trustfall {

void Play::on_rebuilt(std::uint32_t number) {
  recovery_->rebuilt(number, incident_);
  const HostId host = recovery_->repairs()[number].host;
  const DeviceClass device = model_->estate->device(host);
  const BackupPolicy* policy = policy_for(model_->backups, device);
  const Instant now = incident_.now();
  if (encrypted_at(host) >= now || policy == nullptr || without_copy(last_fall(host), now))
    return recovery_->verify(number, now, incident_);
  const Draws& draws = incident_.draws();
  const double bytes = model_->worm.encryption->data[static_cast<std::size_t>(device)]->at(
      draws.uniform(Purpose::data_size, static_cast<std::uint32_t>(host)));
  const Duration delay = policy->fetch ? span_of(*policy->fetch, Purpose::fetch, host, draws) : Duration{};
  if (recovery_->fetch(number, bytes, delay, policy->kept != BackupPolicy::Kept::offline, incident_))
    on_at_hand(number);
}

/// Copies on a backup server that is encrypted cannot be read, whether anybody has found that out or not.
void Play::on_at_hand(std::uint32_t number) {
  const OrganisationId organisation = model_->estate->organisation_of(recovery_->repairs()[number].host);
  const auto servers = recovery_->backup_servers(organisation);
  const bool encrypted = std::any_of(servers.begin(), servers.end(), [&](HostId server) {
    const Kept& kept = courses_[index(server)];
    return incident_.infected(server) && kept.encrypted < incident_.now() && kept.restored > incident_.now();
  });
  recovery_->at_hand(number, encrypted, incident_);
}

void Play::on_restore(HostId host, std::uint32_t number) {
  recovery_->back(number, incident_);
  Kept& kept = courses_[index(host)];
  kept.restored = incident_.now();
  if (!incident_.encrypted(host)) kept.encrypted = never;  // it would have been
  const double patched = model_->recovery->patched;
  const std::uint32_t episode = episode_of(host);
  if (patched >= 1 ||
      incident_.draws().uniform(Purpose::repatched, static_cast<std::uint32_t>(host), episode) < patched)
    incident_.restore(host);
  else
    incident_.restore_open(host, *this);
  if (model_->estate->device(host) != DeviceClass::backup_server) return;
  for (const std::uint32_t waiting : recovery_->take_waiting(model_->estate->organisation_of(host)))
    on_at_hand(waiting);
}

Fall Play::fall_at(HostId host, Instant time) const {
  if (const auto past = past_.find(host); past != past_.end())
    for (const Fall& fall : past->second)
      if (time <= fall.restored) return fall;
  const Kept& kept = courses_[index(host)];
  return {host, episode_of(host), kept.encrypted, kept.restored};
}

Instant Play::data_asked_for(const Fall& fall, Instant when) const {
  const Repair* repair = recovery_ ? recovery_->repair_of(fall.host, fall.episode) : nullptr;
  return repair == nullptr ? when : std::min(repair->rebuilt, when);
}

}  // namespace trustfall
