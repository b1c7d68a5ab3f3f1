#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace trustfall {

inline constexpr std::uint32_t philox_left = 0xD2511F53;
inline constexpr std::uint32_t philox_right = 0xCD9E8D57;
inline constexpr std::uint32_t philox_key0 = 0x9E3779B9;
inline constexpr std::uint32_t philox_key1 = 0xBB67AE85;

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): four 32-bit words for each counter and key.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{philox_left} * counter[0];
    const std::uint64_t right = std::uint64_t{philox_right} * counter[2];
    counter = {static_cast<std::uint32_t>(right >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(right),
               static_cast<std::uint32_t>(left >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(left)};
    key[0] += philox_key0;
    key[1] += philox_key1;
  }
  return counter;
}

// The authors' published answers.
static_assert(philox({0, 0, 0, 0}, {0, 0}) ==
              std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

/// The address of what a scenario gives a name (FNV-1a, 32 bits): its luck goes with its name, not with its place in
/// the file, so that one rule more leaves all others as they were.
constexpr std::uint32_t luck_of(std::string_view name) {
  std::uint32_t hash = 0x811c9dc5u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return hash;
}

/// What a number is drawn for. The value is part of its address: append, never renumber.
enum class Purpose : std::uint8_t {
  threshold = 0,             // host, zone, attempt
  source = 1,                // host hit, zone, attempt
  fate = 2,                  // host: infected or crashed
  latency = 3,               // host, episode
  activity = 4,              // host, episode
  crash = 5,                 // host
  data_size = 6,             // host
  patched = 7,               // host
  patchable = 8,             // host
  coverage = 9,              // organisation
  approval = 10,             // model
  firewall = 11,             // unit, name of the rule
  misconfigured = 12,        // unit, name of the rule
  proxied = 13,              // organisation
  noticed = 14,              // host
  dwell = 15,                // host
  note = 16,                 // host
  isolation = 17,            // host
  isolation_end = 18,        // host
  backed_up = 19,            // host
  copy_phase = 20,           // host
  restore = 21,              // host
  power = 22,                // host
  entry = 23,                // item, name of the entry, question
  estate = 24,               // item, question
  bootstrap = 25,            // resample, item
  graph = 26,                // number of the draw, its high half
  link = 27,                 // source, place in its row, attempt
  link_effect = 28,          // likewise
  pace = 29,                 // host
  host_uplink = 30,          // host
  site_uplink = 31,          // site
  organisation_uplink = 32,  // organisation
  dormancy = 33,             // host, phase
  address = 34,              // host, zone
  sweep = 35,                // source, zone, walk
  sweep_effect = 36,         // source, target, round
  technicians = 37,          // unit, name of the team
  repair = 38,               // host, episode
  travel = 39,               // host, episode
  bandwidth = 40,            // site
  verification = 41,         // host, episode
  repatched = 42,            // host, episode
  good_copy = 43,            // host
  fetch = 44,                // host
  monitored = 45,            // organisation
  monitoring = 46,           // host
  antivirus = 47,            // host
  signatures = 48,           // host
  reporting = 49,            // organisation
  warning = 50,              // none
  order = 51,                // unit, name of the order
  order_delay = 52,          // unit, name of the order
  order_lasts = 53,          // unit, name of the order
  variant = 54,              // host, name of the variant, how often the worm has stopped there
  ring_staff = 55,           // organisation, name of the ring
  install_fails = 56,        // host
  reboot = 57,               // host
  shut_down = 58,            // host
  pays = 63,                 // organisation
  payment = 64,              // organisation
  data_returned = 65,        // host
  decryption = 66,           // host
};

/// The luck of one replicate: every number has an address and no draw can shift another.
///
/// Neither strategy nor sweep setting is part of the address, so all of them share their luck.
class Draws {
 public:
  constexpr Draws(std::uint64_t seed, std::uint32_t replicate) : seed_(seed), replicate_(replicate) {}

  std::uint32_t replicate() const { return replicate_; }

  /// Uniform on (0, 1), never 0 or 1; `k` below 2^24 numbers the draws of one address.
  double uniform(Purpose purpose, std::uint32_t subject, std::uint32_t other = 0, std::uint32_t k = 0) const {
    const auto w = philox({subject, other, word(purpose, k), replicate_}, {low(), high()});
    return from_bits(w[0], w[1]);
  }
  /// uniform() of `first` and the subjects behind it, as many as `out` has room for: the same numbers in less time.
  void uniforms(Purpose purpose, std::uint32_t first, std::uint32_t other, std::uint32_t k,
                std::span<double> out) const;
  /// uniform() of each subject, likewise.
  void uniforms(Purpose purpose, std::span<const std::uint32_t> subjects, std::span<double> out) const;

  /// Two numbers at one address cost as much as one: the draw of item 2 `pair` and that of the next.
  std::array<double, 2> both(Purpose purpose, std::uint32_t subject, std::uint32_t pair, std::uint32_t k = 0) const {
    const auto w = philox({subject, pair, word(purpose, k), replicate_}, {low(), high()});
    return {from_bits(w[0], w[1]), from_bits(w[2], w[3])};
  }
  /// both() of each subject with the pair beside it; `out` has room for twice as many.
  void both(Purpose purpose, std::span<const std::uint32_t> subjects, std::span<const std::uint32_t> pairs,
            std::span<double> out) const;

 private:
  std::uint32_t low() const { return static_cast<std::uint32_t>(seed_); }
  std::uint32_t high() const { return static_cast<std::uint32_t>(seed_ >> 32); }
  static constexpr std::uint32_t word(Purpose purpose, std::uint32_t k) {
    return (static_cast<std::uint32_t>(purpose) << 24) | (k & 0xffffffu);
  }
  static double from_bits(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits = ((std::uint64_t{high} << 32) | low) >> 12;
    return (static_cast<double>(bits) + 0.5) * 0x1p-52;
  }

  std::uint64_t seed_;
  std::uint32_t replicate_;
};

}  // namespace trustfall
