#pragma once

#include <array>
#include <vector>

#include "models/model.h"

namespace trustfall {

/// What an infectious host would do if nobody else were: drawn once for all replicates, from the models' own
/// distributions, as for a host infected at the start and never switched off.
class ActiveTimes {
 public:
  explicit ActiveTimes(const Model& model);

  struct Sample {
    double active;  // seconds of scanning: until it stops by itself, is isolated or restored, or the horizon
    double cut;     // seconds of scanning until its segment is isolated with it; infinite where none ever is
  };
  /// One of many, alike for the same `number`.
  const Sample& of(DeviceClass device, std::size_t number) const {
    return samples_[static_cast<std::size_t>(device)][number % size];
  }

 private:
  static constexpr std::size_t size = 4096;
  std::array<std::vector<Sample>, device_classes> samples_;
};

}  // namespace trustfall
