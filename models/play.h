#pragma once

#include <vector>

#include "models/model.h"
#include "sim/engine/incident.h"

namespace trustfall {

/// A change applied from outside, at the start of its moment.
struct Change {
  enum class Kind { isolate_organisation, reconnect_organisation };

  Kind kind;
  OrganisationId organisation;
};

/// One replicate under way: an incident, and what the models make of its luck.
///
/// A plain value: a copy is a fork, and goes on by itself.
class Play final : public Targets {
 public:
  Play(const Model& model, Draws draws);

  /// Starts again with other luck, keeping the memory.
  void reset(Draws draws);
  /// Plays every event earlier than `until`.
  void run(Instant until);
  void run() { run(model_->horizon); }
  /// Applies `change` after every event earlier than `at` and before any at it.
  void schedule(Instant at, Change change);

  const Incident& incident() const { return incident_; }
  const Model& model() const { return *model_; }
  /// All that happened, in order.
  Trace trace() const;
  /// When an infected host is encrypted and when restored; `never` if it is not.
  Instant encrypted_at(HostId host) const { return courses_[index(host)].encrypted; }
  Instant restored_at(HostId host) const { return courses_[index(host)].restored; }
  /// Work lost on a host that is encrypted, as its copies are at `when`.
  Duration work_lost(HostId host, Instant when) const;
  /// Whether an encrypted host has no good copy at `when`.
  bool without_copy(HostId host, Instant when) const;
  /// Whether the host had no patch at `time`.
  bool unpatched(HostId host, Instant time) const;

  // What the engine asks.
  void chances(SegmentId segment, std::span<double> chance) const override;
  double chance(HostId host) const override;
  bool protected_from_start(HostId host, SegmentId segment) const override;
  bool protected_at(HostId host, Instant now) const override;
  int power_plan(HostId host) const override;
  bool refuses(HostId source, HostId target, ZoneId zone, Instant now) const override;

 private:
  /// What an infection comes to. Nothing changes it any more, so it is known as soon as the host falls.
  struct Course {
    Instant encrypted = never;
    Instant restored = never;
  };

  void begin();
  void on(const Event& event);
  void on_hit(const Hit& hit);
  void on_outside(std::size_t entry, std::size_t step);
  void on_power_off(int plan);
  void on_power_on(int plan);
  void on_infectious(HostId host);
  void on_isolate(HostId host);
  void on_change(const Change& change);
  void start_worm(HostId host, HostId source, ZoneId zone);
  void encrypt(HostId host, Instant when);
  /// Schedules what people do about an infected host that would be encrypted at `encrypted`; returns when it is
  /// isolated by itself or restored, after which the worm does nothing more on it.
  Instant respond(HostId host, Instant encrypted);
  /// Someone can read mail or plug a stick there: it is on, and not isolated.
  bool in_use(HostId host) const;
  Instant done_at(HostId host, Duration work) const;
  int find_power_plan(HostId host) const;

  const Model* model_;
  Incident incident_;
  Patched patched_;
  Firewalls firewalls_;
  mutable std::vector<std::uint16_t> power_plan_;  // by host: 0 until asked for, then plan + 2; empty without plans
  std::vector<Instant> backup_server_lost_;        // by organisation: when the first is encrypted, or `never`
  std::vector<Course> courses_;                    // by host, where infected
  std::vector<double> outside_hosts_;              // by entry
  std::vector<Change> changes_;
};

}  // namespace trustfall
