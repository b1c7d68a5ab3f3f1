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
  if (encrypted_at(host) >= now || policy == nullptr || without_copy(host, now))
    return recovery_->verify(number, now, incident_);
  const Draws& draws = incident_.draws();
  const double bytes = model_->worm.encryption->data[static_cast<std::size_t>(device)]->at(
      draws.uniform(Purpose::data_size, static_cast<std::uint32_t>(host)));
  const Duration delay = policy->fetch ? span_of(*policy->fetch, Purpose::fetch, host, draws) : Duration{};
  recovery_->fetch(number, bytes, delay, policy->kept != BackupPolicy::Kept::offline, incident_);
}

void Play::on_restore(HostId host, std::uint32_t number) {
  recovery_->back(number, incident_);
  courses_[index(host)].restored = incident_.now();
  const double patched = model_->recovery->patched;
  const std::uint32_t episode = episode_of(host);
  if (patched >= 1 ||
      incident_.draws().uniform(Purpose::repatched, static_cast<std::uint32_t>(host), episode) < patched)
    incident_.restore(host);
  else
    incident_.restore_open(host, *this);
}

Instant Play::data_asked_for(HostId host, Instant when) const {
  const Repair* repair = recovery_ ? recovery_->repair_of(host) : nullptr;
  return repair == nullptr ? when : std::min(repair->rebuilt, when);
}

}  // namespace trustfall
