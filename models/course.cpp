#include "models/course.h"

#include <algorithm>

namespace trustfall {

Course follow(const Model& model, HostId host, Instant infected, Instant encrypted, const Draws& draws) {
  Course course;
  Instant handled = never;  // by people: the worm does nothing more on it
  if (model.detection) {
    const Detection& detection = *model.detection;
    course.detected = detection.noticed_at(host, infected, encrypted, draws);
    if (course.detected != never) {
      if (const BackupPolicy* policy = policy_for(model.backups, model.estate->device(host)))
        course.restored = course.detected + span_of(policy->restore_time, Purpose::restore, host, draws);
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
      worm.latency ? infected + span_of(*worm.latency, Purpose::latency, host, draws) : infected;
  if (infectious >= handled) return course;
  course.infectious = infectious;
  course.until = handled;
  if (worm.activity)
    course.until = std::min(handled, infectious + span_of(*worm.activity, Purpose::activity, host, draws));
  if (worm.pacing.limit) {
    // Infinite where it makes none.
    const double seconds = *worm.pacing.limit / attempts_of(host, *model.estate, worm.rates, worm.pacing, draws);
    course.until = std::min(course.until, later(infectious, from_seconds(seconds)));
  }
  return course;
}

}  // namespace trustfall
