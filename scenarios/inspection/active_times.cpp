#include "scenarios/inspection/active_times.h"

#include <algorithm>
#include <limits>

namespace trustfall {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double seconds_until(Instant moment) { return moment == never ? infinite : to_seconds(moment.time_since_epoch()); }

/// As `Play` lets it come to pass.
ActiveTimes::Sample draw_sample(const Model& model, HostId host, DeviceClass device, const Draws& draws) {
  const Worm& worm = model.worm;
  const double infectious = worm.latency ? to_seconds(span_of(*worm.latency, Purpose::latency, host, draws)) : 0;
  double end = seconds_until(model.horizon);
  if (worm.activity)
    end = std::min(end, infectious + to_seconds(span_of(*worm.activity, Purpose::activity, host, draws)));
  double cut = infinite;
  if (model.detection) {
    const Detection& detection = *model.detection;
    const auto work = worm.encryption_time(host, device, draws);
    Instant noticed = detection.noticed_at(host, Instant{}, work ? Instant{} + *work : never, draws);
    // The hosts of the sample stand for those of all organisations: each has one of its own.
    if (const auto& monitoring = detection.monitoring;
        monitoring && monitoring->watches(OrganisationId{static_cast<std::uint32_t>(host)}, draws))
      noticed = std::min(noticed, Instant{} + from_seconds(infectious) +
                                      span_of(monitoring->dwell, Purpose::monitoring, host, draws));
    const BackupPolicy* policy = policy_for(model.backups, device);
    if (policy != nullptr && policy->restore_time && !model.recovery)
      end =
          std::min(end, seconds_until(later(noticed, span_of(*policy->restore_time, Purpose::restore, host, draws))));
    if (const auto& isolation = detection.isolation) {
      const Instant isolated = later(noticed, span_of(isolation->delay, Purpose::isolation, host, draws));
      double& by = isolation->scope == Isolation::Scope::host ? end : cut;
      by = std::min(by, seconds_until(isolated));
    }
  }
  return {std::max(0.0, end - infectious), std::max(0.0, cut - infectious)};
}

}  // namespace

ActiveTimes::ActiveTimes(const Model& model) {
  const Draws draws(0, 0);  // of its own seed: the same for every study
  for (std::size_t d = 0; d < device_classes; ++d)
    for (std::size_t i = 0; i < size; ++i)
      samples_[d].push_back(
          draw_sample(model, HostId{static_cast<std::uint32_t>(d * size + i)}, static_cast<DeviceClass>(d), draws));
}

}  // namespace trustfall
