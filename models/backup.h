#pragma once

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
  DeviceSet devices;
  double coverage;             // share of these hosts that are backed up
  Duration interval;           // between two copies
  bool offline = false;        // out of the worm's reach
  Distribution restore_time;   // seconds from detected to back in service
  Duration loss_without_copy;  // work counted as lost where there is no good copy

  bool covers(DeviceClass device) const { return (devices & only(device)) != 0; }
  /// Whether the host has a copy that the worm has not reached.
  bool has_copy(HostId host, bool backup_server_lost, const Draws& draws) const;
  /// Work done on the host between its last copy and `encrypted`.
  Duration since_last_copy(HostId host, Instant encrypted, const Draws& draws) const;
};

/// The first policy that covers the device class, or nullptr.
const BackupPolicy* policy_for(const std::vector<BackupPolicy>& policies, DeviceClass device);

}  // namespace trustfall
