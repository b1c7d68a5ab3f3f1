#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trustfall {

/// One figure that is known from elsewhere, and what this build makes of it.
struct ValidationRow {
  std::string id;    // of its part: V1
  std::string what;  // with the number of plays where the engine played
  std::string unit;
  double expected;
  double got;
  double tolerance;  // in the unit; 4 standard errors of the plays where `what` says so
  std::string source;

  bool holds() const { return std::fabs(got - expected) <= tolerance; }
};

/// Rows that are found together.
struct ValidationPart {
  std::string_view id;
  /// Takes from no time (equations) to some seconds (plays); 0 threads are as many as there are cores.
  std::vector<ValidationRow> (*rows)(int threads);
};

/// All parts, in order: published equations by themselves (V), the engine against them (V, with plays), and the
/// engine against equations that were solved here (A). Fixed seeds: the same build gives the same rows.
std::span<const ValidationPart> validation_parts();

}  // namespace trustfall
