#pragma once

#include <optional>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/estate/kinds.h"

namespace trustfall {

/// Work counted as lost on an encrypted host that no policy covers (assumed, as the policies' own fallback).
inline constexpr Duration loss_without_policy = 720h;

/// Copies of the data of some device classes.
struct BackupPolicy {
  /// On line, copies are lost with the organisation's backup server; immutable ones cannot be altered there, but wait
  /// for it to be back; off-line ones are out of the worm's reach.
  enum class Kept : std::uint8_t { online, offline, immutable };

  DeviceSet devices;
  double coverage;    // share of these hosts that are backed up
  Duration interval;  // between two copies
  Kept kept = Kept::online;
  std::optional<Distribution> restore_time;  // seconds from detected to back in service, where nobody has to queue
  Duration loss_without_copy;                // work counted as lost where there is no good copy
  std::optional<Duration> retention;         // how long a copy is kept; to the end when empty
  double verified = 1;                       // share of the copies that can be restored
  std::optional<Distribution> fetch;         // seconds until a copy is at hand; none when empty
  std::optional<Duration> rpo;               // most work that may be lost
  std::optional<Duration> rto;               // longest time out of service

  bool covers(DeviceClass device) const { return (devices & only(device)) != 0; }
  /// Whether the host has a copy that the worm has not reached, and that is good.
  bool has_copy(HostId host, bool backup_server_lost, const Draws& draws) const;
  /// Whether that copy has been deleted for its age by `when`.
  bool outdated(HostId host, Instant encrypted, Instant when, const Draws& draws) const;
  /// Work done on the host between its last copy and `encrypted`.
  Duration since_last_copy(HostId host, Instant encrypted, const Draws& draws) const;
};

/// The first policy that covers the device class, or nullptr.
const BackupPolicy* policy_for(const std::vector<BackupPolicy>& policies, DeviceClass device);

}  // namespace trustfall
