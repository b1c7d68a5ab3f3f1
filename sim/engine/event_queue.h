#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/time.h"
#include "sim/engine/buckets.h"

namespace trustfall {

/// What happens. At the same instant the earlier kind goes first: changes of rules and power before what they would
/// stop.
enum class EventKind : std::uint8_t {
  change,      // applied from outside: a fork's change, or the same one scheduled
  rule,        // firewall rules begin or end
  order,       // an emergency order begins or ends; subject: its unit, detail: number of the order, whether it ends
  variant,     // another variant of the worm is about
  power_off,   // subject: plan
  power_on,    // subject: plan
  outside,     // infected hosts outside the estate: subject: step
  detected,    // subject: host; where something waits for it
  report,      // subject: organisation
  warning,     // to everybody
  isolate,     // subject: host that was detected
  reconnect,   // a containment ends: subject: first segment, detail: last segment
  lost,        // subject: host that is found and out of reach
  rebuilt,     // subject: repair
  at_hand,     // data of a lost host: subject: repair
  restore,     // subject: host, detail: its repair plus one, or 0 where there are no repairs
  dispatch,    // technicians look for work: subject: their unit
  encrypted,   // subject: host; where it may still be put off
  infectious,  // subject: host
  inactive,    // subject: host stops scanning
  recovered,   // subject: host that had crashed
  entry,       // subject: host, detail: entry
  stick_plugged,  // subject: host carried to, detail: segment it comes from
  stick_carried,  // subject: host carried to, detail: host it comes from
  attempt,        // subject: host hit, detail: host it came from; found by next(), never queued
  sweep,          // subject: source, detail: host at whose address it comes by
  link,  // subject: source, detail: place in its row; this one and those behind it: a kind for each list of links
};

/// How many zones of an estate may have links.
inline constexpr int most_link_zones = 8;

struct Event {
  Instant time;
  EventKind kind;
  std::uint32_t subject;
  std::uint32_t detail;
};

/// What is still to come: earliest first; then by rank of kind, then by subject, then by detail, never by order of
/// scheduling, so that a fork repeats.
///
/// Events wait in buckets of time: only the open bucket is kept in order.
///
/// Wide buckets cover the whole horizon. When the turn of a full one comes, its events are first dealt out to narrow
/// ones: less to sort, and fewer latecomers. A wide bucket with few events is opened as it is.
class EventQueue {
 public:
  /// Empty, for events before `horizon`, at most nine years; later ones are not kept.
  void reset(Instant horizon);

  void push(const Event& event);
  /// When the earliest event comes; `never` if there is none.
  Instant next();
  /// Takes out the earliest event, whose time next() has just said.
  Event pop();
  /// Subject of an event that comes soon, `ahead` behind the earliest as far as is known: a hint, to have its data
  /// fetched in time.
  std::optional<std::uint32_t> soon(std::size_t ahead) const {
    if (ahead >= open_.size()) return std::nullopt;
    return open_[open_.size() - 1 - ahead].subject;
  }

  std::size_t bytes() const;

 private:
  /// An event in sixteen bytes, so that a queue of millions is only memory.
  struct Entry {
    std::uint64_t key;  // nanoseconds since the start, then the kind
    std::uint32_t subject;
    std::uint32_t detail;
  };
  static constexpr int kind_bits = 6;
  static_assert(static_cast<int>(EventKind::link) + most_link_zones <= 1 << kind_bits);

  struct ComesLater {
    bool operator()(const Entry& a, const Entry& b) const;
  };

  bool late_first() const;
  bool open_next();

  static constexpr int wide_bits = 12;
  static constexpr int narrow_bits = 8;
  static constexpr std::size_t last_narrow = (1 << narrow_bits) - 1;
  static constexpr std::size_t first_wide = last_narrow + 1;
  static constexpr std::size_t last_wide = (1 << wide_bits) - 1;
  static constexpr std::size_t few = 128;

  /// Number of an event's narrow bucket, counted from the start; without its last bits, that of its wide one.
  std::size_t bucket_of(const Entry& entry) const { return entry.key >> (kind_bits + shift_); }

  Instant horizon_{};
  int shift_ = 0;             // a narrow bucket is 2^shift nanoseconds long
  std::size_t open_at_ = 0;   // the open narrow bucket, or the last of an open wide one
  std::vector<Entry> open_;   // what it held when it was opened: sorted, earliest last
  std::vector<Entry> late_;   // heap of what came for it, or for earlier ones, since then
  Buckets<Entry, 15> later_;  // unordered: the narrow ones of the same wide bucket, then all wide ones
};

}  // namespace trustfall
