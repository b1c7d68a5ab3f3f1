#include "models/course.h"

#include <algorithm>

namespace trustfall {
namespace {

/// When a host that becomes infectious at `from` has been active for so long: what it is silent counts for nothing.
Instant active_until(const Model& model, HostId host, Instant from, Duration active, const Draws& draws,
                     std::uint32_t episode) {
  if (!model.worm.dormancy) return later(from, active);
  for (std::uint32_t phase = first_phase(episode); from < model.horizon; ++phase) {
    const auto [awake, silent] = phase_of(*model.worm.dormancy, host, draws, phase);
    if (active <= awake) return from + active;
    active -= awake;
    from = later(later(from, awake), silent);
  }
  return never;
}

}  // namespace

Course follow(const Model& model, HostId host, Instant infected, Instant encrypted, const Draws& draws,
              std::uint32_t episode) {
  Course course;
  Instant handled = never;  // by people: the worm does nothing more on it
  if (model.detection) {
    const Detection& detection = *model.detection;
    course.detected = detection.noticed_at(host, infected, encrypted, draws);
    if (course.detected != never) {
      const BackupPolicy* policy =
          model.backups.empty() ? nullptr : policy_for(model.backups, model.estate->device(host));
      if (policy != nullptr && policy->restore_time && !model.recovery)
        course.restored = course.detected + span_of(*policy->restore_time, Purpose::restore, host, draws);
      handled = course.restored;
      if (detection.isolation && detection.isolation->scope == Isolation::Scope::host) {
        const Instant isolated =
            course.detected + span_of(detection.isolation->delay, Purpose::isolation, host, draws);
        if (isolated <= course.restored) handled = course.isolated = isolated;
      }
    }
  }
  if (encrypted < handled) course.encrypted = encrypted;
  const Worm& worm = model.worm;
  const Instant infectious =
      worm.latency ? infected + span_of(*worm.latency, Purpose::latency, host, draws, episode) : infected;
  if (infectious >= handled) return course;
  course.infectious = infectious;
  Duration active = forever;
  if (worm.activity) active = span_of(*worm.activity, Purpose::activity, host, draws, episode);
  if (worm.pacing.limit) {
    // Infinite where it makes none.
    const double seconds = *worm.pacing.limit / attempts_of(host, *model.estate, worm.rates, worm.pacing, draws);
    active = std::min(active, from_seconds(seconds));
  }
  course.until = std::min(handled, active_until(model, host, infectious, active, draws, episode));
  return course;
}

}  // namespace trustfall
