#include "models/backup.h"

namespace trustfall {

bool BackupPolicy::has_copy(HostId host, bool backup_server_lost, const Draws& draws) const {
  const auto raw = static_cast<std::uint32_t>(host);
  if (kept == Kept::online && backup_server_lost) return false;
  return draws.uniform(Purpose::backed_up, raw) < coverage &&
         (verified >= 1 || draws.uniform(Purpose::good_copy, raw) < verified);
}

bool BackupPolicy::outdated(HostId host, Instant encrypted, Instant when, const Draws& draws) const {
  return retention && encrypted < when && when - encrypted + since_last_copy(host, encrypted, draws) > *retention;
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
