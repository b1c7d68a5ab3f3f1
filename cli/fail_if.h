#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// A condition on the summary of one metric, such as `q95(hosts_encrypted) > 500`.
class Condition {
 public:
  /// Throws CLI::ValidationError when the text is not a condition or names no metric.
  Condition(const std::string& text, const std::vector<MetricInfo>& metrics);

  /// Whether it holds for any strategy. A metric that never occurs fulfils no condition on its size.
  bool holds(const Results& results) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string statistic_;
  std::size_t metric_;
  std::string comparison_;
  double limit_;
};

}  // namespace trustfall
