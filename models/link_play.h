#pragma once

#include "models/course_play.h"
#include "sim/engine/link_wave.h"

namespace trustfall {

/// Whether the worm of this model spreads over one list of links and nothing else, so that a host's course is known
/// as soon as it is infected: no zone is scanned, nobody is switched off, no kill switch, no wide isolation.
bool spreads_over_links_alone(const Model& model);

/// One replicate of such a model, in a fraction of the time and memory that a Play takes; to the last bit the same.
class LinkPlay final : public CoursePlay, public LinkHosts {
 public:
  explicit LinkPlay(const Model& model);

  /// Plays a replicate from the start to the horizon.
  void play(Draws draws);

  const LinkWave& wave() const { return wave_; }
  void each_step(const std::function<void(const Step&)>& take) const override;
  const Firewalls& firewalls() const override { return firewalls_; }
  void each_cut(const std::function<void(const Cut&)>& take) const override {
    for (const Cut& cut : firewalls_.cuts(model().horizon)) take(cut);
  }

  // What the wave asks.
  void infectious(std::span<const HostId> hosts, std::span<const Instant> infected,
                  std::span<Infectious> out) const override;
  double chance(HostId host) const override { return model().worm.effect_over(kind_, model().estate->system(host)); }
  bool immune(HostId host, Instant now) const override { return !none_immune_ && !unpatched(host, now); }
  std::optional<Instant> refused(HostId source, HostId target, Instant at) const override {
    return firewalls_.stops_link(source, target, zone_, at);
  }
  bool all_fall() const override { return all_fall_; }
  bool none_immune() const override { return none_patched(); }
  bool always_open() const override { return always_open_; }

 private:
  Instant infected_at(HostId host) const override { return wave_.infected_at(host); }
  void name_sources(Trace& trace) const override;

  ZoneId zone_;
  std::uint16_t kind_;  // of that zone
  LinkWave wave_;
  Firewalls firewalls_;
  bool all_fall_;
  bool none_immune_;
  bool always_open_;
  bool only_active_;                             // a course is nothing but the time of being infectious
  mutable std::vector<std::uint32_t> subjects_;  // scratch
  mutable std::vector<double> uniforms_;         // scratch
};

}  // namespace trustfall
