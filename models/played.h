#pragma once

#include <functional>
#include <span>

#include "models/cut.h"
#include "models/model.h"
#include "sim/engine/trace.h"

namespace trustfall {

/// What came of the ransom for a host.
struct Payment {
  Instant paid = never;  // `never` where nobody paid
  double dollars = 0;
  Instant returned = never;  // when its data were back and it in service again
};

/// What became of a host from one infection on.
struct Fall {
  HostId host;
  std::uint32_t episode;  // how often it had fallen before
  Instant encrypted;      // `never` if it was not
  Instant restored;       // likewise
};

/// A replicate that has been played, as whoever counts or tells it sees it.
class Played {
 public:
  virtual ~Played() = default;

  virtual const Model& model() const = 0;
  /// Hands over all that happened, in whatever order; who infected a host over a link may be left out.
  virtual void each_step(const std::function<void(const Step&)>& take) const = 0;
  /// Hands over all cuts, in the order in which they began.
  virtual void each_cut(const std::function<void(const Cut&)>&) const {}
  /// Hands over which organisations reported that they were hit, and when.
  virtual void each_report(const std::function<void(OrganisationId, Instant)>&) const {}
  /// When everybody was warned; `never` if nobody was.
  virtual Instant warned_at() const { return never; }
  /// When an infected host is encrypted and when restored, the last time that it fell; `never` if it is not.
  virtual Instant encrypted_at(HostId host) const = 0;
  virtual Instant restored_at(HostId host) const = 0;
  /// Whether the host had no patch at `time`.
  virtual bool unpatched(HostId host, Instant time) const = 0;
  /// The repairs of lost hosts, where they queue for them.
  virtual std::span<const Repair> repairs() const { return {}; }
  /// Its luck.
  virtual const Draws& draws() const = 0;
  /// Who is patched in it.
  virtual const Patched& patched() const = 0;
  /// The firewall rules as they are in it.
  virtual const Firewalls& firewalls() const = 0;
  /// Most attempts of its hosts together in one second, where the worm's hosts share uplinks or have paces.
  virtual double peak_attempts_per_second() const { return 0; }

  /// The fall of a host to which a step at `time` belongs.
  virtual Fall fall_at(HostId host, Instant) const { return {host, 0, encrypted_at(host), restored_at(host)}; }
  Fall last_fall(HostId host) const { return fall_at(host, never); }

  // Of a host that was encrypted in this fall:
  /// What its owner paid for it before the horizon, and what came of that.
  Payment payment(const Fall& fall) const;
  /// Work that would be lost, as its copies are at `when`, if nobody paid for it.
  Duration work_lost_unpaid(const Fall& fall, Instant when) const;
  /// Work lost, as its copies are at `when`; none where paying brings its data back.
  Duration work_lost(const Fall& fall, Instant when) const;
  /// Work that its good copy saves then: what would be lost without one, less what is lost with it. Below zero where
  /// the copy is older than that.
  Duration work_saved(const Fall& fall, Instant when) const;
  /// Whether it has no good copy at `when`.
  bool without_copy(const Fall& fall, Instant when) const;
  /// All that happened, in order.
  Trace trace() const;

 protected:
  /// Fills in who infected whom, where each_step() leaves it out.
  virtual void name_sources(Trace&) const {}
  /// When an encrypted host's data were asked for, if that was before `when`; else that.
  virtual Instant data_asked_for(const Fall&, Instant when) const { return when; }
  /// When the organisation's first backup server is encrypted, or `never`.
  virtual Instant backup_server_lost(OrganisationId organisation) const = 0;
};

}  // namespace trustfall
