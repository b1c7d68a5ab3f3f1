#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/engine/event_queue.h"
#include "sim/engine/infectious.h"
#include "sim/engine/zone_clock.h"

namespace trustfall {

/// Hosts of a zone that fall alike.
struct HostKind {
  double chance;      // that an attempt has an effect
  std::size_t hosts;  // about as many as there are
};

/// What the models make of the hosts, where nothing that happens to one depends on the others but through infection.
class ZoneHosts {
 public:
  virtual ~ZoneHosts() = default;
  /// The kinds of `first` and the hosts behind it, as many as `out` has room for: positions in the wave's list.
  virtual void kinds(HostId first, std::span<std::uint8_t> out) const = 0;
  /// When a host scans that is infected at that moment.
  virtual Infectious infectious(HostId host, Instant infected) const = 0;
  /// Whether attempts on it have no effect any more; once true, true for good.
  virtual bool immune(HostId host, Instant now) const = 0;

  // What can be left unasked, because it is the same for all.
  virtual bool none_immune() const = 0;
  virtual bool scan_to_the_end() const = 0;  // from the moment at which they are infected
};

/// Spread by random scanning in one zone to which all hosts belong, where a host's course is known as soon as it is
/// infected: thresholds come in their order, and each infection only makes the clock run faster.
///
/// Gives every host the very moment that an Incident with the same luck gives it, in a fraction of the time: hosts
/// are dealt to buckets of pressure by their draws alone, and a bucket's thresholds are reckoned, in lanes, when its
/// turn comes.
class ZoneWave {
 public:
  /// `rate` are the attempts per second of one infectious host, on any of so many `addresses`.
  ZoneWave(ZoneId zone, double addresses, double rate, std::size_t hosts, std::vector<HostKind> kinds);

  /// Forgets everything and starts again with other luck, keeping its memory.
  void reset(Draws draws, Instant horizon);
  /// The host is infected from outside, whether immune or not, unless it has been before.
  void enter(HostId host, Instant at) { schedule(at, EventKind::entry, static_cast<std::uint32_t>(host)); }
  /// From then on infected hosts outside make so many attempts. Moments ascend.
  void set_outside(Instant at, double attempts_per_second);
  /// Plays to the horizon.
  void run(const ZoneHosts& hosts);

  std::size_t infected() const { return infected_; }
  bool infected(HostId host) const { return at_[index(host)] != raw(never); }
  /// `never` where it was not infected.
  Instant infected_at(HostId host) const { return Instant{} + Duration(at_[index(host)]); }
  /// Hosts that were infected by what entered, ascending.
  const std::vector<HostId>& entered() const { return entered_; }

  std::size_t bytes() const;

 private:
  /// A host and how many attempts it has met when it falls.
  struct Due {
    double attempts;
    std::uint32_t host;
  };
  /// How the draws of a kind of hosts fall into the buckets.
  struct Deal {
    double chance;
    std::vector<std::uint16_t> first;  // by draw, in equal cells: the first bucket that can be its
    std::vector<double> behind;        // by bucket: draws up to this belong to a later one, but for rounding
  };

  static std::int64_t raw(Instant time) { return time.time_since_epoch().count(); }
  Deal deal_for(double chance) const;
  void schedule(Instant time, EventKind kind, std::uint32_t subject);
  void find_buckets(const ZoneHosts& hosts);
  void deal(const ZoneHosts& hosts);
  Instant next_attempt(const ZoneHosts& hosts);
  bool open_next(const ZoneHosts& hosts);
  void reckon(const ZoneHosts& hosts);
  void sort_due();
  void on(const Event& event, const ZoneHosts& hosts);
  void infect(std::uint32_t host, Instant now, const ZoneHosts& hosts);
  void change_rate(Instant now, Rate by);

  ZoneId zone_;
  double addresses_;
  Rate rate_;
  bool none_immune_ = false;      // as the hosts say
  bool scan_to_the_end_ = false;  // as the hosts say
  std::vector<double> limits_;    // by bucket: its hosts have met fewer attempts when they fall
  std::vector<Deal> deals_;       // by kind
  double only_chance_ = 0;        // of all that can fall; 0 when they differ

  Draws draws_{0, 0};
  Instant horizon_{};
  ZoneClock clock_;
  std::size_t infected_ = 0;
  std::vector<std::int64_t> at_;  // by host: nanoseconds to its infection
  std::vector<HostId> entered_;
  std::vector<Rate> outside_;  // by change
  EventQueue queue_;           // of what is not an attempt
  std::size_t pending_ = 0;

  std::vector<std::uint16_t> bucket_of_;  // by host; no_bucket where it never falls
  std::vector<std::uint32_t> order_;      // hosts, one bucket behind the other
  std::vector<std::size_t> last_;         // by bucket: where it ends in this order
  std::size_t bucket_ = 0;                // the next to be opened
  std::vector<Due> due_;                  // of the open bucket, in order
  std::size_t next_ = 0;                  // of these
  std::vector<std::uint32_t> hosts_;      // those of the bucket that is being opened
  std::vector<std::uint32_t> zones_;      // scratch
  std::vector<double> uniforms_;          // scratch
  std::vector<std::uint8_t> kinds_;       // scratch
  std::vector<Due> sorted_;               // scratch
  std::vector<std::uint32_t> starts_;     // scratch
};

}  // namespace trustfall
