#pragma once

#include <vector>

namespace trustfall {

/// How coverage grows with a patch's age. Ages are in seconds.
struct Adoption {
  enum class Shape { weibull, logistic, table };
  struct Point {
    double age;
    double coverage;
  };

  Shape shape = Shape::weibull;
  double scale = 0;           // Weibull: scale; logistic: age at which half is covered
  double spread = 0;          // Weibull: shape; logistic: time from a half to 73 %
  std::vector<Point> points;  // table: ages ascending, coverage never falling; straight lines between them, from 0

  double coverage_at(double age) const;
  /// When that coverage is passed; infinite where it never is.
  double age_at(double coverage) const;
};

}  // namespace trustfall
