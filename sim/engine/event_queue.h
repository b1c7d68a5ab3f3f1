#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "sim/base/time.h"

namespace trustfall {

/// What happens. At the same instant the earlier kind goes first: changes of rules and power before what they would
/// stop.
enum class EventKind : std::uint8_t {
  change,         // applied from outside: a fork's change, or the same one scheduled
  rule,           // firewall rules begin or end
  power_off,      // subject: plan
  power_on,       // subject: plan
  outside,        // infected hosts outside the estate: subject: step
  isolate,        // subject: host that was detected
  reconnect,      // a containment ends: subject: first segment, detail: last segment
  restore,        // subject: host
  infectious,     // subject: host
  inactive,       // subject: host stops scanning
  encrypted,      // subject: host
  detected,       // subject: host
  recovered,      // subject: host that had crashed
  entry,          // subject: host, detail: entry
  stick_plugged,  // subject: host carried to, detail: segment it comes from
  stick_carried,  // subject: host carried to, detail: host it comes from
  attempt,        // subject: host hit, detail: host it came from; from a zone clock, never queued
};

/// A small plain value, so that a queue of millions is only memory.
struct Event {
  Instant time;
  EventKind kind;
  std::uint32_t subject;
  std::uint32_t detail;
};
static_assert(sizeof(Event) <= 32);

/// Earliest first; then by rank of kind, then by subject: never by order of scheduling, so that a fork repeats.
inline bool comes_later(const Event& a, const Event& b) {
  if (a.time != b.time) return a.time > b.time;
  return std::tie(a.kind, a.subject, a.detail) > std::tie(b.kind, b.subject, b.detail);
}

/// What is still to come, in buckets of time: only the open bucket is kept in order.
class EventQueue {
 public:
  /// Empty, for events before `horizon`; later ones are not kept.
  void reset(Instant horizon);

  void push(const Event& event);
  /// The earliest event, or nullptr.
  const Event* top();
  void pop();

 private:
  bool late_first() const;

  static constexpr std::size_t bucket_count = 1 << 12;

  Instant horizon_{};
  std::int64_t width_ = 1;                   // of a bucket, in nanoseconds
  std::size_t current_ = 0;                  // the open bucket
  std::vector<Event> open_;                  // what it held when it was opened: sorted, earliest last
  std::vector<Event> late_;                  // heap of what came for it, or for earlier ones, since then
  std::vector<std::vector<Event>> buckets_;  // later ones, unordered
};

}  // namespace trustfall
