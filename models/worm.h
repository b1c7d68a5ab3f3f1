#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/engine/pacing.h"
#include "sim/estate/kinds.h"

namespace trustfall {

/// A later variant of the worm, which asks for another domain or for none.
struct Variant {
  Instant from{};            // about since then
  double share = 1;          // of what comes from outside since
  Instant answered = never;  // from when its domain answers
  std::uint32_t luck = 0;    // luck_of its name; each variant its own
};

/// A domain that a starting worm asks for: once it answers, whoever can reach it directly is spared.
struct KillSwitch {
  Instant at = never;
  double proxied = 0;  // share of organisations that reach the web only by a proxy: not protected
  std::vector<Variant> variants = {};
};

/// Who pays a ransom, and what comes of it.
struct Paying {
  double organisations;        // share that pay
  bool only_without_copy;      // and only for hosts that have no good copy then
  Distribution decides_after;  // seconds from encrypted to paid, by organisation
  double returns;              // chance that the data of a host come back
  Distribution decrypts;       // seconds from paid to back in service
  double pounds_per_dollar = 1;
};
/// Which variant a host has: 0 is the worm itself, then those of the list.
using VariantId = std::uint8_t;
inline constexpr std::size_t most_variants = 100;

/// What the note asks for.
struct Ransom {
  double amount;  // US dollars a host
  Duration doubles_after;
  Duration expires_after;
  std::optional<Paying> paying = std::nullopt;  // nobody where empty
};

/// Data that the worm encrypts, while it goes on spreading.
struct Encryption {
  double throughput;                                             // bytes per second
  std::array<std::optional<Distribution>, device_classes> data;  // bytes, by device class; nothing where empty
};

/// A worm that falls silent now and then on a host, and goes on later.
struct Dormancy {
  Distribution after;  // seconds that it is active before
  Distribution lasts;  // seconds
};

/// What spreads: rates and chances, nothing else.
struct Worm {
  std::vector<double> rates;  // attempts per second of one infectious host, by kind of zone
  std::vector<std::optional<Distribution>> transmissions;  // seconds to an attempt over a link, by kind of zone
  Pacing pacing;                                           // how single hosts differ from these rates
  std::vector<std::uint8_t> by_credential;  // by kind of zone: 1 where attempts over its links need no exploit
  std::array<double, systems> infects{};    // chance that an attempt infects an unpatched host
  std::array<double, systems> crashes{};    // chance that it crashes it instead
  std::optional<Distribution> latency;      // seconds from infected to infectious; none when empty
  std::optional<Distribution> activity;     // seconds of being active; to the end when empty
  std::optional<Dormancy> dormancy;
  bool again = false;                      // a host whose activity is over is rid of the worm, and can fall again
  Distribution crash_downtime = fixed(0);  // seconds
  std::optional<Encryption> encryption;
  std::optional<KillSwitch> kill_switch;
  std::optional<Ransom> ransom;

  /// Chance that an attempt on an unpatched host of this system has any effect.
  double effect(System system) const { return infects[static_cast<int>(system)] + crashes[static_cast<int>(system)]; }
  /// Whether attempts through zones of this kind need the exploit: else no patch protects, and nothing crashes.
  bool needs_exploit(std::uint16_t zone_kind) const {
    return zone_kind >= by_credential.size() || by_credential[zone_kind] == 0;
  }
  /// Chance that an attempt over such links has any effect on an unpatched host of this system.
  double effect_over(std::uint16_t zone_kind, System system) const {
    if (needs_exploit(zone_kind)) return effect(system);
    return system == System::no_windows ? 0 : 1;
  }
  /// Whether a hit crashes the host instead of infecting it: drawn once, however often it is hit.
  bool crashes_host(HostId host, System system, const Draws& draws) const;
  /// Time to encrypt everything on the host; nullopt when it has nothing to encrypt.
  std::optional<Duration> encryption_time(HostId host, DeviceClass device, const Draws& draws) const;
  bool varies() const { return kill_switch && !kill_switch->variants.empty(); }
  /// When the domain of a variant answers.
  Instant answered(VariantId variant) const {
    return variant == 0 ? kill_switch->at : kill_switch->variants[variant - 1u].answered;
  }
  /// Whether the kill switch stops a worm that starts at `now`.
  bool stopped(OrganisationId organisation, Instant now, const Draws& draws, VariantId variant = 0) const;
  /// The variant that comes from outside to the host at `now`, where the worm has stopped so often before.
  VariantId variant_from_outside(HostId host, Instant now, std::uint32_t stops, const Draws& draws) const;
  /// The first moment from `now` on at which some variant may run in an organisation that the switch protects.
  Instant runs_again(Instant now) const;
};

/// A duration drawn for a host: the first when it falls for the first time, and so on.
Duration span_of(const Distribution& seconds, Purpose purpose, HostId host, const Draws& draws,
                 std::uint32_t which = 0);

/// The number of a host's first phase after it has fallen so often before.
inline std::uint32_t first_phase(std::uint32_t episode) { return episode << 16; }

/// How long a host is active before it falls silent in that phase, and then is silent.
std::array<Duration, 2> phase_of(const Dormancy& dormancy, HostId host, const Draws& draws, std::uint32_t phase);

}  // namespace trustfall
