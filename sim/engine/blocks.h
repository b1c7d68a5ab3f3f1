#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/engine/zone_clock.h"
#include "sim/estate/kinds.h"

namespace trustfall {

/// A stretch of a zone's pressure that does not count for some hosts.
struct Block {
  Instant began;
  Pressure from;
  Pressure to;  // no_limit while it lasts
  DeviceSet devices;
};

/// Blocks by key (a membership, or a host in a zone), in order of time; those of one key do not overlap.
///
/// Looked up by key only: the order of the map's elements never matters.
class BlockLedger {
 public:
  void clear() { blocks_.clear(); }
  /// From now on `devices` are blocked under `key`, and no others.
  void change(std::uint64_t key, DeviceSet devices, Instant now, Pressure pressure);
  /// Appends the blocks of `device` under `key` that began at `since` or later.
  void collect(std::uint64_t key, DeviceClass device, Instant since, std::vector<Block>& found) const;

 private:
  std::unordered_map<std::uint64_t, std::vector<Block>> blocks_;
};

/// The pressure that passed during any of the blocks, up to `now`; blocks may overlap. Reorders them.
Pressure blocked_pressure(std::vector<Block>& blocks, Pressure now);

}  // namespace trustfall
