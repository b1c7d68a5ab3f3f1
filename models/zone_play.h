#pragma once

#include "models/course_play.h"
#include "sim/engine/zone_wave.h"

namespace trustfall {

/// Whether the worm of this model scans one zone, of which every host is a member, and nothing else; all hosts alike;
/// and no rule there begins, ends, or is on a pair of networks.
bool spreads_in_one_zone(const Model& model);

/// One replicate of such a model, in a fraction of the time and memory that a Play takes; every moment is the same to
/// the nanosecond.
///
/// Who infected whom is not known: no step has a source. A Play with the same luck tells it.
class ZonePlay final : public CoursePlay, public ZoneHosts {
 public:
  explicit ZonePlay(const Model& model);

  /// Plays a replicate from the start to the horizon.
  void play(Draws draws);

  const ZoneWave& wave() const { return wave_; }
  void each_step(const std::function<void(const Step&)>& take) const override;
  const Firewalls& firewalls() const override { return firewalls_; }
  void each_cut(const std::function<void(const Cut&)>& take) const override {
    for (const Cut& cut : firewalls_.cuts(model().horizon)) take(cut);
  }

  // What the wave asks.
  void kinds(HostId first, std::span<std::uint8_t> out) const override;
  Infectious infectious(HostId host, Instant infected) const override;
  bool immune(HostId host, Instant now) const override { return !unpatched(host, now); }
  bool none_immune() const override { return none_patched(); }
  bool scan_to_the_end() const override { return scan_to_the_end_; }

 private:
  Instant infected_at(HostId host) const override { return wave_.infected_at(host); }
  bool closed_outbound(HostId host) const;
  void schedule_outside();

  ZoneId zone_;
  ZoneWave wave_;
  Firewalls firewalls_;
  bool always_open_;
  bool scan_to_the_end_;
  std::vector<Firewalls::Closed> closed_;  // by segment; empty where no rule concerns the zone
};

}  // namespace trustfall
