#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/base/ids.h"
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

// Keys of what blocks a threshold. A host is in at most sixteen zones.
inline std::uint64_t plan_key(int plan, ZoneId zone) {
  return (std::uint64_t{1} << 62) | (static_cast<std::uint64_t>(plan) << 32) | static_cast<std::uint64_t>(zone);
}
inline std::uint64_t membership_key(std::uint32_t membership) { return (std::uint64_t{2} << 62) | membership; }
inline std::uint64_t host_key(HostId host, std::size_t slot) {
  return (std::uint64_t{3} << 62) | (static_cast<std::uint64_t>(host) << 4) | slot;
}

// Keys of what blocks a link beside these: its source, or what its source may reach.
inline std::uint64_t source_key(HostId source) { return static_cast<std::uint64_t>(source); }
inline std::uint64_t outbound_key(std::uint32_t membership) { return membership_key(membership) | (1ull << 32); }

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
