#pragma once

#include "models/metrics.h"

namespace trustfall {

// Every measure, a file each.
extern const Measure spread_measure;
extern const Measure exposure_measure;
extern const Measure pace_measure;
extern const Measure presence_measure;
extern const Measure recovery_measure;
extern const Measure services_measure;
extern const Measure ransom_measure;
extern const Measure patching_measure;
extern const Measure response_measure;
extern const Measure orders_measure;

/// Counts as they stand at each sample, appended to an outcome's series.
class Curves {
 public:
  Curves(const Model& model, std::size_t curves)
      : step_(model.sample_every), samples_(samples(model)), counts_(curves * samples_) {}

  /// Counts one more from that moment on; one less is -1: sums wrap.
  void mark(std::size_t curve, Instant time, std::uint32_t by = 1) {
    // The sample at a moment counts what happened up to and at it.
    const auto sample = static_cast<std::size_t>((time.time_since_epoch() + step_ - Duration(1)) / step_);
    if (sample < samples_) counts_[curve * samples_ + sample] += by;
  }

  void append_to(Outcome& outcome) {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (i % samples_ != 0) counts_[i] += counts_[i - 1];
    outcome.series.insert(outcome.series.end(), counts_.begin(), counts_.end());
  }

 private:
  Duration step_;
  std::size_t samples_;
  std::vector<std::uint32_t> counts_;  // curve by curve
};

}  // namespace trustfall
