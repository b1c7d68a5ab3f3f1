#include "models/backup.h"

namespace trustfall {

bool BackupPolicy::has_copy(HostId host, bool backup_server_lost, const Draws& draws) const {
  if (!offline && backup_server_lost) return false;
  return draws.uniform(Purpose::backed_up, static_cast<std::uint32_t>(host)) < coverage;
}

Duration BackupPolicy::since_last_copy(HostId host, Instant encrypted, const Draws& draws) const {
  // Copies are taken every interval, each host at a moment of its own in it.
  const double u = draws.uniform(Purpose::copy_phase, static_cast<std::uint32_t>(host));
  const Duration phase = from_seconds(u * to_seconds(interval));
  return (encrypted.time_since_epoch() + phase) % interval;
}

const BackupPolicy* policy_for(const std::vector<BackupPolicy>& policies, DeviceClass device) {
  for (const BackupPolicy& policy : policies)
    if (policy.covers(device)) return &policy;
  return nullptr;
}

}  // namespace trustfall
