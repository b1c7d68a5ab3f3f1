#pragma once

#include <optional>
#include <vector>

#include "models/backup.h"
#include "models/detection.h"
#include "models/entry.h"
#include "models/firewall.h"
#include "models/orders.h"
#include "models/patching.h"
#include "models/power.h"
#include "models/recovery.h"
#include "models/services.h"
#include "models/warning.h"
#include "models/worm.h"

namespace trustfall {

/// A worm, the controls that oppose it and the ways in, resolved against an estate; constant during a study.
struct Model {
  const Estate* estate = nullptr;
  Worm worm;
  std::vector<Entry> entries;
  PatchPlan patching;
  std::vector<FirewallRule> firewalls;
  std::optional<Detection> detection;
  std::vector<BackupPolicy> backups;
  std::vector<PowerPlan> power;
  std::optional<RecoveryPlan> recovery;
  Services services;
  std::vector<Order> orders;
  std::optional<Warning> warning;
  Instant horizon{};
  double large_from = 0.01;    // share of the hosts from which an outbreak is large
  Duration sample_every = 1h;  // step of the time series

  /// Whether a host that was infected can be so again.
  bool falls_again() const { return worm.again || (recovery && recovery->patched < 1); }
};

}  // namespace trustfall
