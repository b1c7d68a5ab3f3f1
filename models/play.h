#pragma once

#include <unordered_map>
#include <vector>

#include "models/course.h"
#include "models/orders.h"
#include "models/played.h"
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
class Play final : public Played, public Targets {
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
  /// Whether what must always hold does.
  bool consistent() const { return incident_.consistent() && (!recovery_ || recovery_->consistent()); }
  const Model& model() const override { return *model_; }
  void each_step(const std::function<void(const Step&)>& take) const override {
    for (const Step& step : incident_.steps()) take(step);
  }
  void each_cut(const std::function<void(const Cut&)>& take) const override;
  void each_report(const std::function<void(OrganisationId, Instant)>& take) const override;
  Instant warned_at() const override { return warned_at_; }
  Instant encrypted_at(HostId host) const override { return courses_[index(host)].encrypted; }
  Instant restored_at(HostId host) const override { return courses_[index(host)].restored; }
  Fall fall_at(HostId host, Instant time) const override;
  bool unpatched(HostId host, Instant time) const override;
  const Patched& patched() const override { return patched_; }
  const Firewalls& firewalls() const override { return firewalls_; }
  std::span<const Repair> repairs() const override {
    return recovery_ ? std::span<const Repair>(recovery_->repairs()) : std::span<const Repair>();
  }
  double peak_attempts_per_second() const override { return incident_.peak_attempts_per_second(); }

  // What the engine asks.
  void chances(SegmentId segment, std::span<double> chance) const override;
  double chance(HostId host) const override;
  bool protected_from_start(HostId host, SegmentId segment) const override;
  bool protected_at(HostId host, Instant now) const override;
  double chance_over(ZoneId links, HostId host) const override;
  bool protected_over(ZoneId links, HostId host, SegmentId segment, Instant now) const override;
  int power_plan(HostId host) const override;
  bool refuses(HostId source, HostId target, ZoneId zone, Instant now) const override;

 private:
  const Draws& draws() const override { return incident_.draws(); }
  Instant backup_server_lost(OrganisationId organisation) const override {
    return backup_server_lost_[index(organisation)];
  }

  Instant data_asked_for(const Fall& fall, Instant when) const override;

  void begin();
  void on(const Event& event);
  void on_hit(const Hit& hit);
  void on_outside(std::size_t entry, std::size_t step);
  void on_power_off(int plan);
  void on_power_on(int plan);
  void on_infectious(HostId host);
  void on_inactive(HostId host);
  void on_dormant(HostId host, std::uint32_t phase);
  void on_awake(HostId host, std::uint32_t phase);
  bool stopped_since(HostId host, Instant since) const;
  Instant begin_phase(HostId host, std::uint32_t phase);
  /// Whether that phase of activity and silence belongs to the host's present fall.
  bool of_this_fall(HostId host, std::uint32_t phase) const {
    return falls_.empty() || phase >> 16 == episode_of(host);
  }
  std::uint32_t episode_of(HostId host) const { return falls_.empty() ? 0 : falls_[index(host)] - 1; }
  void on_rebuilt(std::uint32_t repair);
  void on_at_hand(std::uint32_t repair);
  void on_restore(HostId host, std::uint32_t repair);
  void on_isolate(HostId host);
  void isolate(SegmentId segment);
  void reconnect(SegmentId segment);
  void on_change(const Change& change);
  void start_worm(HostId host, HostId source, ZoneId zone);
  void on_stopped(HostId host, HostId source, ZoneId zone);
  void on_signatures(HostId host, HostId source, ZoneId zone);
  bool has_signatures(HostId host) const;
  /// By people: the worm does nothing more on it.
  bool handled(HostId host) const {
    return incident_.isolated(host) || courses_[index(host)].restored <= incident_.now();
  }
  bool stopped(HostId host, Instant when) const;
  VariantId variant_of(HostId host) const { return strains_.empty() ? VariantId{0} : strains_[index(host)].variant; }
  void encrypt(HostId host, Instant when);
  void respond(HostId host, const Course& course);
  void wait_for(HostId host, const Course& course, Instant encrypted);
  void revise(HostId host);
  void on_detected(HostId host);
  void on_encrypted(HostId host);
  void on_report(OrganisationId organisation);
  void on_warning();
  void on_order(const Event& event);
  void put_in_force(SegmentId segment, const Orders::Turn& turn, Instant until);
  void switch_devices(SegmentId segment, DeviceSet before, DeviceSet after);
  void switch_off(HostId host);
  void switch_on(HostId host);
  void settle_rules(std::uint32_t membership);
  /// Someone can read mail or plug a stick there: it is on, and not isolated.
  bool in_use(HostId host) const;
  Instant done_at(HostId host, Duration work) const;
  int find_power_plan(HostId host) const;

  const Model* model_;
  Incident incident_;
  Patched patched_;
  Firewalls firewalls_;
  Orders orders_;
  std::optional<Recovery> recovery_;
  mutable std::vector<std::uint16_t> power_plan_;  // by host: 0 until asked for, then plan + 2; empty without plans
  std::vector<Instant> backup_server_lost_;        // by organisation: when the first is encrypted, or `never`
  /// What of an infected host's course is asked for later.
  struct Kept {
    Instant encrypted, restored, until;
  };
  std::vector<Kept> courses_;  // by host, where infected
  /// Where courses may yet change: what they are made of.
  struct Pending {
    Instant infected;
    Instant ready;          // to scan
    Instant detected;       // as things stand
    Instant isolated;       // likewise
    Instant encrypted;      // likewise, if nobody interferes; `never` while the work rests
    Instant since;          // from when on the work is done
    Duration left;          // of it then, or when it came to rest
    bool encrypts = false;  // whether there is any
  };
  bool revises_;                  // whether courses may change
  std::vector<Pending> pending_;  // by host, where infected; empty where none changes
  Instant warned_at_ = never;
  Instant published_ = never;  // signatures that follow the warning
  std::uint32_t reports_ = 0;
  std::vector<Instant> reported_;  // by organisation, without a warning empty; Instant::min() until it is due
  /// Which variant a host has, and how often the worm has stopped on it.
  struct Strain {
    VariantId variant = 0;
    std::uint16_t stops = 0;
  };
  std::vector<Strain> strains_;       // by host; empty where there are no variants
  std::vector<std::uint32_t> falls_;  // by host: how often it has fallen; empty where it does but once
  std::unordered_map<HostId, std::vector<Fall>> past_;  // falls from which hosts were restored to fall again
  std::vector<double> outside_hosts_;                   // by entry
  std::vector<Change> changes_;
  std::vector<Cut> cuts_;  // by isolation or order, as they began
};

}  // namespace trustfall
