#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/estate/estate.h"

namespace trustfall {

/// The line out of every host, site or organisation: what it carries, and where to.
///
/// Attempts into zones beyond it that would exceed the cap are thinned, each with the same chance.
struct Uplink {
  enum class Of : std::uint8_t { host, site, organisation };

  Of of = Of::organisation;
  Distribution cap = fixed(0);       // attempts per second, drawn for each of them
  std::vector<std::uint8_t> beyond;  // by kind of zone: whether it lies beyond
};

/// How fast single hosts scan beside the worm's rates; nothing said means all alike and without end.
struct Pacing {
  std::optional<Distribution> pace;  // of a host: a factor on all its rates, of mean 1
  std::vector<Uplink> uplinks;       // from the inside out: of hosts, of sites, of organisations
  std::optional<double> limit;       // attempts after which a host stops
  /// The kind of zone whose addresses a host walks one after the other; in all others it picks at random.
  std::optional<std::uint16_t> swept;

  bool all_alike() const { return !pace && uplinks.empty(); }
};

/// Pace of one host in units of 2^-20, an integer so that sums of it are exact.
struct HostPace {
  std::uint32_t open;     // into zones on its side of its own uplink
  std::uint32_t limited;  // into those beyond
};
inline constexpr double pace_unit = 0x1p-20;

/// `rates` are the attempts per second of a host of pace 1, by kind of zone. No pace exceeds 4,000, nor what would
/// let all hosts of a zone make 2e9 attempts a second together if they were alike.
HostPace pace_of(HostId host, const Estate& estate, const std::vector<double>& rates, const Pacing& pacing,
                 const Draws& draws);

/// Attempts that a host makes per second in all, before it shares an uplink.
double attempts_of(HostId host, const Estate& estate, const std::vector<double>& rates, const Pacing& pacing,
                   const Draws& draws);

/// Whether its own uplink limits a host's attempts into this kind of zone.
bool limits_hosts(const Pacing& pacing, std::uint16_t zone_kind);

}  // namespace trustfall
