#pragma once

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/engine/blocks.h"
#include "sim/engine/event_queue.h"
#include "sim/engine/pacing.h"
#include "sim/engine/sums.h"
#include "sim/engine/targets.h"
#include "sim/engine/trace.h"
#include "sim/engine/zone_clock.h"
#include "sim/estate/estate.h"

namespace trustfall {

/// An attempt that reached a host it can have an effect on.
struct Hit {
  HostId host;
  HostId source;  // no_host when it came from outside the estate
  ZoneId zone;
};

/// One replicate: what has become of every host, the clock, and what is still to come.
///
/// A plain value: a copy is a fork. A host changes only through a transition with a verb; zones move by pressure
/// clocks (see docs/engine.md): one pending attempt a zone, whatever the number of its hosts.
class Incident {
 public:
  /// `rates` are the attempts per second of one infectious host, by kind of zone; `plans` the number of power plans;
  /// `transmissions` the seconds to an attempt over a link, by kind of zone where the worm uses its links; `pacing`
  /// how single hosts differ from these rates; with `again` hosts can be cleared, and fall once more.
  Incident(const Estate& estate, const std::vector<double>& rates, std::size_t plans, Draws draws, Instant horizon,
           const std::vector<std::optional<Distribution>>& transmissions = {}, Pacing pacing = {},
           bool again = false);

  /// Forgets everything and starts again with other luck, keeping its memory.
  void reset(Draws draws);

  /// These devices can never be reached through this membership, whatever happens: they get no thresholds. To be said
  /// before the start.
  void close_for_good(std::uint32_t membership, DeviceSet inbound) { reach_[membership].never = inbound; }

  // --- the clock ---

  /// The next event earlier than `until`, now being the present; nullopt when there is none.
  std::optional<Event> next(const Targets& targets, Instant until);
  /// The details of the attempt that next() has just returned.
  const Hit& hit() const { return hit_; }
  void schedule(Instant time, EventKind kind, std::uint32_t subject, std::uint32_t detail = 0) {
    if (time < horizon_) queue_.push({time < now_ ? now_ : time, kind, subject, detail});
  }

  Instant now() const { return now_; }
  Instant horizon() const { return horizon_; }
  const Estate& estate() const { return *estate_; }
  const Draws& draws() const { return draws_; }

  // --- transitions of a host ---

  void infect(HostId host, HostId source, ZoneId zone);
  /// The worm started and stopped at once; the host is out of its reach from now on.
  void stop(HostId host, HostId source, ZoneId zone);
  /// The same, but another may yet come.
  void turn_away(HostId host, HostId source, ZoneId zone) { record(host, Transition::stopped, source, zone); }
  /// The attempt that next() has just returned came to nothing: others follow it from now on, or, where none before
  /// that moment can come to anything, from the next meet_again() on; none at all where it is `never`. Where hosts
  /// can be cleared others follow anyway.
  void miss(Instant until, const Targets& targets);
  void meet_again(const Targets& targets);
  void crash(HostId host, HostId source, ZoneId zone);
  void recover(HostId host);
  /// It scans from now on and tries its links, at most `until` then; unless it is switched off or isolated: then once
  /// that ends.
  void become_infectious(HostId host, const Targets& targets, Instant until = never);
  void become_inactive(HostId host);
  /// It goes on where it became inactive, with other luck on its links.
  void become_infectious_again(HostId host, const Targets& targets, Instant until);
  /// The worm is gone from it, and can come back.
  void clear(HostId host);
  /// These two may lie ahead: nothing waits for them, so they are not queued.
  void encrypt(HostId host, Instant when);
  void detect(HostId host, Instant when);
  /// It can neither infect nor be infected, until it is restored or reconnected.
  void isolate(HostId host);
  void reconnect(HostId host, const Targets& targets);
  /// Back in service and immune.
  void restore(HostId host);
  /// Back in service, and open to the worm again.
  void restore_open(HostId host, const Targets& targets);
  /// The same as restore(), but it is isolated first and stays so until `when`: then nothing waits for it.
  void restore_isolated(HostId host, Instant when);

  // --- changes of the network ---

  /// From now on these devices of the segment cannot be reached (inbound) or reach out (outbound) through the zone.
  void set_rules(std::uint32_t membership, DeviceSet inbound, DeviceSet outbound, const Targets& targets);
  /// Its hosts can neither infect nor be infected until as many reconnects as isolations have come.
  void isolate(SegmentId segment, const Targets& targets);
  void reconnect(SegmentId segment, const Targets& targets);
  void switch_off(int plan, const Targets& targets);
  /// Ends the block and returns the infectious hosts that are on again: whether they scan is the worm's affair.
  std::vector<HostId> switch_on(int plan, const Targets& targets);
  /// When the plan was last switched on; the earliest moment there is where it never was.
  Instant switched_on_at(int plan) const { return power_[index_of(plan)].on_since; }
  bool switched_off(int plan) const { return plan != always_on && !power_[index_of(plan)].on; }
  /// From now on infected hosts outside the estate make so many attempts on the zone.
  void set_outside(ZoneId zone, double attempts_per_second, const Targets& targets);

  // --- state ---

  bool infected(HostId host) const { return fate(host) == Fate::infected; }
  bool crashed(HostId host) const { return fate(host) == Fate::crashed; }
  /// Nothing can infect it any more: it fell, crashed, or the worm stopped on it.
  bool settled(HostId host) const { return fate(host) != Fate::open; }
  bool infectious(HostId host) const { return has(host, infectious_); }
  bool isolated(HostId host) const { return has(host, isolated_); }
  /// These three: now, or bound to be before the horizon.
  bool encrypted(HostId host) const { return has(host, encrypted_); }
  bool detected(HostId host) const { return has(host, detected_); }
  bool restored(HostId host) const { return has(host, restored_); }
  bool isolated(SegmentId segment) const { return isolations_[index(segment)] != 0; }

  /// Most attempts that infected hosts have made together in one second, after their uplinks; kept where there is a
  /// pace or an uplink.
  double peak_attempts_per_second() const { return static_cast<double>(peak_) * rate_unit; }

  /// All steps so far, and those that are bound to come, as they became certain.
  const Trace& steps() const { return steps_; }
  /// The same in order.
  Trace trace() const { return in_order(steps_); }

  /// Whether what must always hold does: emitters add up, only the infected scan, encrypt or come back.
  bool consistent() const;
  /// Bytes that this replicate holds.
  std::size_t bytes() const;

 private:
  enum class Fate : std::uint8_t { open, infected, stopped, crashed };
  // A host's byte: its fate in the two lowest bits, then what else holds.
  static constexpr std::uint8_t infectious_ = 4;  // scans whenever it is on and connected
  static constexpr std::uint8_t emitting_ = 8;    // scans now
  static constexpr std::uint8_t encrypted_ = 16;
  static constexpr std::uint8_t detected_ = 32;
  static constexpr std::uint8_t isolated_ = 64;
  static constexpr std::uint8_t restored_ = 128;

  /// Off and on times of a power plan, with the pressure of every zone at each.
  struct PowerSwitch {
    Instant off;
    std::vector<Pressure> pressure_off;  // by ZoneClock::touched; others have no pressure
    std::vector<Pressure> pressure_on;   // likewise, once it is over
    bool over = false;
  };
  struct Power {
    bool on = true;
    Instant on_since = Instant::min();
    std::vector<PowerSwitch> switches;
    std::vector<HostId> suspended;  // infectious hosts that are off
  };

  static std::size_t index_of(int plan) { return static_cast<std::size_t>(plan); }
  Fate fate(HostId host) const { return static_cast<Fate>(state_[index(host)] & 3); }
  bool has(HostId host, std::uint8_t flag) const { return (state_[index(host)] & flag) != 0; }
  void set(HostId host, std::uint8_t flag) { state_[index(host)] |= flag; }
  void unset(HostId host, std::uint8_t flag) { state_[index(host)] &= static_cast<std::uint8_t>(~flag); }
  void settle_fate(HostId host, Fate fate, Transition what, HostId source, ZoneId zone);
  void record(HostId host, Transition what, HostId source = no_host, ZoneId zone = no_zone) {
    steps_.push_back({now_, 0, host, source, zone, what});
  }
  void foresee(HostId host, std::uint8_t flag, Transition what, Instant when);

  void fetch_ahead() const;

  // Zone clocks and their order.
  bool attempt(ZoneId zone, const Targets& targets);
  void push_next(const Threshold& met, ZoneId zone, const Targets& targets);
  void draw_thresholds(ZoneId zone, Pressure to, const Targets& targets);
  Pressure next_window(ZoneId zone) const;
  void rekey(ZoneId zone, const Targets& targets);
  void place(ZoneId zone, Instant due);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);
  /// Of two zones, which comes first.
  bool earlier(std::uint32_t a, std::uint32_t b) const {
    return clocks_[a].due != clocks_[b].due ? clocks_[a].due < clocks_[b].due : a < b;
  }
  Pressure pressure_at_members(double attempts, ZoneId zone) const {
    return pressure_for(attempts, (*estate_)[zone].addresses);
  }

  static constexpr Instant start_over = never;  // Threshold::since of one that counts from when its block ends
  void start_anew(const Threshold& missed, ZoneId zone, const Targets& targets);

  // Blocks.
  std::size_t slot_of(SegmentId segment, ZoneId zone) const;
  DeviceSet blocked_inbound(SegmentId segment, std::uint32_t membership) const {
    const DeviceSet closed = isolated(segment) ? all_devices : reach_[membership].inbound;
    return closed & static_cast<DeviceSet>(~reach_[membership].never);
  }
  DeviceSet blocked_outbound(SegmentId segment, std::uint32_t membership) const {
    return isolated(segment) ? all_devices : reach_[membership].outbound;
  }
  /// The key under which the host's thresholds in this zone wait, or nullopt when nothing blocks it now.
  std::optional<std::uint64_t> blocker(HostId host, ZoneId zone, const Targets& targets) const;
  Pressure blocked_since(const Threshold& threshold, ZoneId zone, const Targets& targets);
  void release(std::uint64_t key, ZoneId zone, const Targets& targets);
  /// Settles what follows from a change of what closes the membership: emission, blocks, who was waiting.
  void settle_membership(SegmentId segment, ZoneOfSegment of, DeviceSet before, const Targets& targets);
  void change_isolation(SegmentId segment, int by, const Targets& targets);
  void block_host(HostId host, DeviceSet devices);
  void unblock_host(HostId host, const Targets& targets);
  std::vector<Pressure> pressures() const;
  Pressure pressure_then(const std::vector<Pressure>& pressures, ZoneId zone) const {
    const std::uint32_t at = clocks_[index(zone)].touched;
    return at < pressures.size() ? pressures[at] : 0;
  }
  void touch(ZoneId zone);

  // Links.
  struct LinkZone {
    ZoneId zone;
    const Links* links;
    Distribution transmission;
  };
  struct LinkAttempt {
    HostId source;
    std::uint32_t place;  // in its row
    std::uint32_t which;  // of link_zones_
    Instant until{};      // while it is held up: how long its source was to try
    Instant held{};       // likewise: since when
  };
  void find_links(const std::vector<std::optional<Distribution>>& transmissions);
  void start_links(HostId source, Instant until, bool again, const Targets& targets);
  bool follow(const LinkAttempt& attempt, const Targets& targets);
  void schedule_link(const LinkAttempt& attempt, std::uint32_t k, const Targets& targets);
  void try_again(const LinkAttempt& attempt, const Targets& targets);
  std::uint64_t key_of(const LinkAttempt& attempt) const;
  std::uint32_t next_draw(const LinkAttempt& attempt);
  bool may_be_stale(HostId source, Instant at) const;
  std::optional<std::uint64_t> link_blocker(HostId source, HostId target, ZoneId zone, const Targets& targets) const;
  void release_links(const Targets& targets);
  void release_links(std::uint64_t key, const Targets& targets);
  /// What blocked links under this key has ended.
  void unblock_links(std::uint64_t key) {
    if (!held_up_.empty()) ended_.push_back(key);
  }

  // Sweeps.
  struct Address {
    double at;  // as a share of the zone's addresses
    HostId host;
  };
  struct Walk {
    Instant since = never;     // had it never paused
    Instant paused{};          // when its host last became inactive
    std::uint32_t number = 0;  // how many its host began before
  };
  ZoneId swept_zone(HostId host) const;
  void start_walk(HostId source, const Targets& targets);
  void resume_walk(HostId source, const Targets& targets);
  bool come_by(HostId source, HostId target, const Targets& targets);
  bool finds_open(HostId source, HostId target, std::uint32_t round, ZoneId zone, const Targets& targets) const;
  void walk_on(HostId source, double from, double far, std::uint32_t round, ZoneId zone, const Targets& targets);
  std::vector<Address>& addresses_of(ZoneId zone, const Targets& targets);
  double walk_start(HostId source, ZoneId zone) const;
  double rounds_at(HostId source, Instant now, ZoneId zone) const;
  double distance(HostId source, double address, ZoneId zone) const;
  Instant time_after(HostId source, double rounds, ZoneId zone) const;

  // Emission.
  void scan(HostId host, const Targets& targets);
  void start_emitting(HostId host, const Targets& targets);
  void stop_emitting(HostId host);
  void add_emission(ZoneOfSegment of, std::int64_t hosts);
  std::uint32_t reaching(SegmentId segment, std::uint32_t membership) const;
  HostId source_of(HostId target, ZoneId zone, std::uint32_t attempt) const;
  double source_draw(HostId target, ZoneId zone, std::uint32_t attempt, std::uint32_t k) const {
    return draws_.uniform(Purpose::source, static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(zone),
                          attempt * 64 + k);
  }

  // Emission of hosts that do not scan alike.
  std::uint32_t pace_into(HostId host, std::uint16_t zone_kind) const;
  std::uint32_t pace_at(std::size_t at, std::uint16_t zone_kind) const;
  void start_pace(HostId host, std::size_t at);
  void stop_pace(HostId host, std::size_t at, std::size_t last);
  void change_pace(HostId host, bool starts);
  std::uint64_t paces_reaching(SegmentId segment, std::uint32_t membership) const;
  void share_out(SegmentId changed);
  void limit(const Uplink& uplink, std::uint32_t unit, std::size_t from, std::size_t to);
  void emit(const ZoneOfSegment& of, Rate rate);
  HostId source_by_pace(std::uint32_t membership, HostId target, std::uint32_t attempt) const;
  bool consistent_paces() const;
  struct Flow {
    std::uint64_t paces = 0;  // of the emitting hosts that reach the zone, in units of pace_unit
    Rate emitted = 0;         // after all uplinks
  };
  struct Wanted {
    ZoneOfSegment of;
    SiteId site;
    Rate rate;
  };

  /// What a segment and one of its zones have to do with each other.
  struct Reach {
    DeviceSet never = 0;             // can never be reached through it
    DeviceSet inbound = 0;           // cannot be reached now
    DeviceSet outbound = 0;          // cannot reach out now
    std::uint32_t contributing = 0;  // emitting hosts that reach the zone
  };

  const Estate* estate_;
  std::vector<Rate> rate_;     // of one infectious host, by kind of zone
  std::vector<double> rates_;  // the same in attempts per second
  bool again_;                 // whether hosts may be cleared: then attempts on infected ones matter too
  Draws draws_;
  Instant now_{};
  Instant horizon_;
  EventQueue queue_;
  Trace steps_;
  Hit hit_{};
  enum class Way : std::uint8_t { scanned, link, sweep } way_ = Way::scanned;  // of that hit
  Threshold met_{};                                                            // by it
  LinkAttempt tried_{};                                                        // likewise
  std::vector<std::pair<Threshold, ZoneId>> missed_;                           // until meet_again()
  std::vector<LinkAttempt> missed_links_;                                      // likewise

  std::vector<std::uint8_t> state_;         // by host
  std::vector<std::uint32_t> emitters_;     // by host: the slice of a segment begins with its emitting hosts
  std::vector<std::uint32_t> place_;        // by host: where in its segment's slice it stands while emitting
  std::vector<std::uint32_t> emitting_in_;  // by segment
  std::vector<std::uint32_t> isolations_;   // by segment

  std::vector<ZoneClock> clocks_;       // by zone
  std::vector<std::uint32_t> order_;    // heap of zones with a pending attempt
  std::vector<ZoneId> touched_;         // zones into which anyone has ever emitted
  std::vector<Reach> reach_;            // by membership
  std::vector<Sums> sums_;              // of Reach::contributing: none, then those of each wide zone
  std::vector<std::uint32_t> sums_of_;  // by zone: which of these

  // Where hosts do not scan alike; empty otherwise.
  Pacing pacing_;
  bool paced_ = false;
  std::vector<HostPace> pace_;  // by host, once it has emitted
  std::vector<Sums> paces_;     // of HostPace::open and ::limited, by place in emitters_
  std::vector<Flow> flow_;      // by membership
  Pressure emitted_ = 0;        // rate into all zones together, from inside the estate: wide enough for their sum
  Pressure peak_ = 0;           // most that this has been
  std::vector<Wanted> wanted_;  // scratch

  std::vector<Power> power_;                                          // by plan
  BlockLedger segment_blocks_;                                        // by membership
  BlockLedger host_blocks_;                                           // by host and zone
  bool blocks_ = false;                                               // any block so far
  std::unordered_map<std::uint64_t, std::vector<Threshold>> parked_;  // by blocker
  std::vector<LinkZone> link_zones_;                                  // that the worm uses
  std::vector<Instant> until_;                                        // by host: no link is tried then; empty without
  std::unordered_map<std::uint64_t, std::vector<LinkAttempt>> held_up_;  // by blocker
  std::vector<std::uint64_t> ended_;  // keys of blockers of links that the present event ended
  std::unordered_map<std::uint64_t, std::uint32_t> retries_;  // of a link: how often it tried again
  /// Attempts of a host that was restored are still queued, or held up, when it has fallen again.
  struct Stale {
    Instant before;   // of the last time: what was held up by then
    Instant until{};  // when the last of those in the queue is due
  };
  std::unordered_map<HostId, Stale> stale_;
  std::unordered_map<std::uint64_t, Instant> genuine_;  // by link: when the attempt is due that is none of them
  std::vector<Walk> walks_;                             // by host; empty where none walks
  std::unordered_map<std::uint32_t, std::vector<Address>> addresses_;  // by zone: those worth coming by, in order
  std::vector<Block> found_;                                           // scratch
  std::vector<double> chances_;                                        // scratch
  std::vector<double> uniforms_;                                       // scratch
};

}  // namespace trustfall
