#pragma once

#include "models/course.h"
#include "models/played.h"
#include "sim/engine/link_wave.h"

namespace trustfall {

/// Whether the worm of this model spreads over one list of links and nothing else, so that a host's course is known
/// as soon as it is infected: no zone is scanned, nobody is switched off, no kill switch, no wide isolation.
bool spreads_over_links_alone(const Model& model);

/// One replicate of such a model, in a fraction of the time and memory that a Play takes; to the last bit the same.
class LinkPlay final : public Played, public LinkHosts {
 public:
  explicit LinkPlay(const Model& model);

  /// Plays a replicate from the start to the horizon.
  void play(Draws draws);

  const LinkWave& wave() const { return wave_; }
  const Model& model() const override { return *model_; }
  void each_step(const std::function<void(const Step&)>& take) const override;
  Instant encrypted_at(HostId host) const override { return course_of(host).encrypted; }
  Instant restored_at(HostId host) const override { return course_of(host).restored; }
  bool unpatched(HostId host, Instant time) const override;

  // What the wave asks.
  void infectious(std::span<const HostId> hosts, std::span<const Instant> infected,
                  std::span<Infectious> out) const override;
  double chance(HostId host) const override { return model_->worm.effect_over(kind_, model_->estate->system(host)); }
  bool immune(HostId host, Instant now) const override { return !none_immune_ && !unpatched(host, now); }
  std::optional<Instant> refused(HostId source, HostId target, Instant at) const override {
    return firewalls_.stops_link(source, target, zone_, at);
  }
  bool all_fall() const override { return all_fall_; }
  bool none_immune() const override { return none_immune_; }
  bool always_open() const override { return always_open_; }

 private:
  const Draws& draws() const override { return draws_; }
  void name_sources(Trace& trace) const override;
  Instant backup_server_lost(OrganisationId organisation) const override;
  Course course_of(HostId host) const { return course_of(host, wave_.infected_at(host)); }
  Course course_of(HostId host, Instant infected) const;

  const Model* model_;
  Draws draws_{0, 0};
  ZoneId zone_;
  std::uint16_t kind_;  // of that zone
  LinkWave wave_;
  Patched patched_;
  Firewalls firewalls_;
  bool all_fall_;
  bool none_patched_;
  bool none_immune_;
  bool always_open_;
  bool only_active_;                             // a course is nothing but the time of being infectious
  std::vector<Instant> backup_server_lost_;      // by organisation; empty where nothing is encrypted
  mutable std::vector<std::uint32_t> subjects_;  // scratch
  mutable std::vector<double> uniforms_;         // scratch
};

}  // namespace trustfall
