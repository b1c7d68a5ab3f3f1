#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/engine/buckets.h"
#include "sim/engine/infectious.h"
#include "sim/estate/links.h"

namespace trustfall {

/// What the models make of the hosts, where nothing that happens to one depends on the others but through infection.
class LinkHosts {
 public:
  virtual ~LinkHosts() = default;
  /// Of hosts that are infected at these moments.
  virtual void infectious(std::span<const HostId> hosts, std::span<const Instant> infected,
                          std::span<Infectious> out) const = 0;
  /// Chance that an attempt on it has an effect.
  virtual double chance(HostId host) const = 0;
  /// Whether attempts on it have no effect any more; once true, true for good.
  virtual bool immune(HostId host, Instant now) const = 0;
  /// Where a rule stops an attempt over the link at that moment: from when on the link's next attempt is drawn, or
  /// `never`. Empty where none does.
  virtual std::optional<Instant> refused(HostId source, HostId target, Instant at) const = 0;

  // What can be left unasked, because it is the same for all.
  virtual bool all_fall() const = 0;  // every chance is 1
  virtual bool none_immune() const = 0;
  virtual bool always_open() const = 0;
};

/// Spread over links alone, where a host's course is known as soon as it is infected: the earliest arrival counts, as
/// for shortest paths, and no event is needed but one for each host reached.
///
/// Gives every host the very moment that an Incident with the same luck gives it, in a fraction of the time: draws
/// are made for many links at once, links that come too late never touch their target, and memory is fetched ahead.
class LinkWave {
 public:
  LinkWave(const Links& links, Distribution transmission);

  /// Forgets everything and starts again with other luck, keeping its memory.
  void reset(Draws draws, Instant horizon);
  /// The host is infected from outside, whether immune or not, unless it has been before.
  void enter(HostId host, Instant at);
  /// Plays to the horizon.
  void run(const LinkHosts& hosts);

  std::size_t infected() const { return infected_; }
  bool infected(HostId host) const {
    return settled(static_cast<std::uint32_t>(host)) && until_[index(host)] != immune;
  }
  /// `never` where it was not infected.
  Instant infected_at(HostId host) const { return infected(host) ? Instant{} + Duration(at_[index(host)]) : never; }
  /// When an infected host ceased to be infectious; `never` if it did not.
  Instant until(HostId host) const { return Instant{} + Duration(until_[index(host)]); }
  /// Whether an infected host was so from outside: at the same moment that goes first.
  bool from_outside(HostId host) const;
  /// By host, who infected it: found by drawing again; no_host where it came from outside, or was not infected.
  std::vector<HostId> sources(const LinkHosts& hosts) const;

  std::size_t bytes() const;

 private:
  void follow_at_once(std::span<const std::pair<HostId, HostId>> links, std::vector<HostId>& found) const;

  static constexpr std::int64_t immune = -1;  // in `until_`

  /// A host and when it would be infected, in nanoseconds since the start.
  struct Arrival {
    std::int64_t at;
    std::uint32_t host;
  };
  struct Entered {
    HostId host;
    Instant at;
  };
  /// When the host is infected from outside unless it has been before; `never` if it is not.
  Instant entry_of(HostId host) const;
  /// Hosts that fall soon, and those of their links that come in time.
  struct Batch {
    std::vector<HostId> hosts;
    std::vector<Instant> at;
    std::vector<Infectious> infectious;
    std::vector<std::span<const std::uint32_t>> rows;
    std::vector<std::size_t> last;          // by host: behind its last pair of links, then behind its last of `links`
    std::vector<std::uint32_t> from, pair;  // all pairs of links in the rows
    std::vector<double> least;              // by host: a link with a smaller draw comes too late
    struct Link {
      std::uint32_t to;
      std::uint32_t place;  // in the row
    };
    std::vector<Link> links;    // those that may come in time
    std::vector<double> draws;  // of all links in the rows; then the logarithms of those in `links`
  };

  static bool precedes(const Arrival& a, const Arrival& b) { return a.at != b.at ? a.at < b.at : a.host < b.host; }
  bool settled(std::uint32_t host) const { return (settled_[host / 64] >> host % 64 & 1) != 0; }
  void settle(std::uint32_t host, std::int64_t until) {
    settled_[host / 64] |= std::uint64_t{1} << host % 64;
    until_[host] = until;
  }
  void push(const Arrival& arrival);
  bool open_next();
  bool next_lap();
  std::size_t next_filled(std::size_t slot) const;
  void open_bucket(std::size_t slot);
  void sort_open(std::size_t first);
  void prepare(std::span<const Arrival> arrivals, const LinkHosts& hosts, Batch& batch) const;
  void gather(Batch& batch) const;
  void find_least(Batch& batch) const;
  void keep_timely(Batch& batch) const;
  void spread(const Batch& batch, std::size_t source, const LinkHosts& hosts);
  void spread_over(const Batch& batch, std::size_t source, const LinkHosts& hosts);
  void spread_late(const LinkHosts& hosts);
  void fetch_ahead(std::size_t at) const;
  std::span<const Arrival> batch_at(std::size_t at) const;
  void arrive(const Arrival& arrival);
  bool falls(const Arrival& arrival, const LinkHosts& hosts);
  std::optional<Instant> attempt(HostId source, std::uint32_t place, double wait, const Infectious& infectious,
                                 const LinkHosts& hosts) const;

  const Links* links_;
  Distribution transmission_;
  Draws draws_{0, 0};
  std::int64_t horizon_ = 0;
  bool plain_ = false;     // nothing about the hosts has to be asked
  bool fetches_;           // the work does not fit in a cache
  int width_ = 0;          // a bucket is 2^width nanoseconds long
  std::size_t most_open_;  // buckets at a time
  std::size_t infected_ = 0;

  std::vector<std::int64_t> at_;        // by host: nanoseconds to its earliest arrival known so far
  std::vector<std::int64_t> until_;     // by settled host: likewise to the end of being infectious, or `immune`
  std::vector<std::uint64_t> settled_;  // a bit for each host: infected, or immune
  std::vector<Entered> entered_;        // in order of host

  std::int64_t bucket_ = -1;           // the last of those that are open
  Buckets<Arrival, 31> later_;         // of this lap
  std::vector<std::uint64_t> filled_;  // a bit for each of these
  std::vector<Arrival> far_;           // in later laps
  std::vector<Arrival> open_;          // of the open buckets, in order
  std::vector<Arrival> late_;          // heap of what came for them since
  std::vector<Arrival> sorted_;        // scratch
  std::vector<std::uint32_t> starts_;  // scratch
  Batch batch_;
  Batch next_;
  Batch one_;
};

}  // namespace trustfall
