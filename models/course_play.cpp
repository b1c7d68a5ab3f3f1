#include "models/course_play.h"

#include <algorithm>

namespace trustfall {
bool courses_are_known(const Model& model) {
  const auto& crashes = model.worm.crashes;
  const bool wide =
      model.detection && model.detection->isolation && model.detection->isolation->scope != Isolation::Scope::host;
  return std::none_of(crashes.begin(), crashes.end(), [](double chance) { return chance > 0; }) && !wide &&
         !model.worm.kill_switch && !model.recovery && !model.worm.dormancy && !model.worm.again &&
         model.power.empty() && model.orders.empty() && !model.warning &&
         !(model.detection && model.detection->antivirus);
}

CoursePlay::CoursePlay(const Model& model)
    : model_(&model),
      patched_(*model.estate, model.patching),
      none_patched_(!patches_any(model.patching)),
      nothing_follows_(!model.detection && !model.worm.encryption) {}

void CoursePlay::begin(Draws draws) {
  draws_ = draws;
  patched_.reset(draws);
}

void CoursePlay::find_lost_servers() {
  backup_server_lost_.clear();
  if (!model_->worm.encryption) return;
  const Estate& estate = *model_->estate;
  backup_server_lost_.assign(estate.organisations(), never);
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    if (estate.device(HostId{h}) == DeviceClass::backup_server && infected_at(HostId{h}) != never) {
      Instant& lost = backup_server_lost_[index(estate.organisation_of(HostId{h}))];
      lost = std::min(lost, encrypted_at(HostId{h}));
    }
}

bool CoursePlay::unpatched(HostId host, Instant time) const {
  return none_patched_ || patched_.from(host, model_->estate->segment_of(host)) > time;
}

Course CoursePlay::course_of(HostId host, Instant infected) const {
  Instant encrypted = never;
  if (model_->worm.encryption)  // what a host is is far away in memory: not asked for otherwise
    if (const auto work = model_->worm.encryption_time(host, model_->estate->device(host), draws_))
      encrypted = infected + *work;
  return follow(*model_, host, infected, encrypted, draws_);
}

void CoursePlay::tell(HostId host, ZoneId zone, const std::function<void(const Step&)>& take) const {
  const Instant infected = infected_at(host);
  take({infected, 0, host, no_host, zone, Transition::infected});
  if (nothing_follows_) return;
  const Course course = course_of(host, infected);
  const auto follows = [&](Instant when, Transition what) {
    if (when < model_->horizon) take({when, 0, host, no_host, no_zone, what});
  };
  follows(course.detected, Transition::detected);
  follows(course.encrypted, Transition::encrypted);
  follows(course.isolated, Transition::isolated);
  follows(course.restored, Transition::restored);
}

}  // namespace trustfall
