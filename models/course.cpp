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

/// By people, by who watches the network, or by signatures.
Instant detected_at(const Model& model, HostId host, Instant infected, Instant infectious, Instant encrypted,
                    Instant published, const Draws& draws) {
  const Detection& detection = *model.detection;
  const Estate& estate = *model.estate;
  Instant detected = detection.noticed_at(host, infected, encrypted, draws, detection.attended_at(estate, host));
  if (const auto& monitoring = detection.monitoring;
      monitoring && monitoring->watches(estate.organisation_of(host), draws))
    detected = std::min(detected, later(infectious, span_of(monitoring->dwell, Purpose::monitoring, host, draws)));
  if (const auto& antivirus = detection.antivirus)
    detected = std::min(detected, antivirus->installed(host, std::min(antivirus->at, published), draws));
  return detected;
}

}  // namespace

Course follow(const Model& model, HostId host, Instant infected, Instant encrypted, const Draws& draws,
              std::uint32_t episode, Instant published) {
  Course course;
  const Worm& worm = model.worm;
  const Instant infectious =
      worm.latency ? infected + span_of(*worm.latency, Purpose::latency, host, draws, episode) : infected;
  Instant handled = never;  // by people: the worm does nothing more on it
  if (model.detection) {
    const Detection& detection = *model.detection;
    course.detected = detected_at(model, host, infected, infectious, encrypted, published, draws);
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
  // Who is found by the note, at whatever moment, has been encrypted.
  if (encrypted < handled || (encrypted != never && encrypted <= course.detected)) course.encrypted = encrypted;
  course.ready = infectious;
  Duration active = forever;
  if (worm.activity) active = span_of(*worm.activity, Purpose::activity, host, draws, episode);
  if (worm.pacing.limit) {
    // Infinite where it makes none.
    const double seconds = *worm.pacing.limit / attempts_of(host, *model.estate, worm.rates, worm.pacing, draws);
    active = std::min(active, from_seconds(seconds));
  }
  course.spent = active_until(model, host, infectious, active, draws, episode);
  if (infectious >= handled) return course;
  course.infectious = infectious;
  course.until = std::min(handled, course.spent);
  return course;
}

}  // namespace trustfall
