#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/document.h"
#include "sim/base/table.h"

namespace trustfall {

/// A path as for --set, and the values that are tried there.
struct SweepAxis {
  std::string path;
  std::vector<std::string> values;
};

/// A grid of settings: each value of each axis with each of the others; the last axis varies fastest.
struct Sweep {
  std::vector<SweepAxis> axes;

  std::size_t points() const;
  /// The settings (`path=value`) of a point, axis by axis.
  std::vector<std::string> settings(std::size_t point) const;
};

/// The sweep that a scenario file asks for. Throws InputError when it has none, or too many points.
Sweep sweep_of(const Document& document);

/// The sweep that the command line asks for, each axis as `path=a,b,c`; commas in brackets and quotes are part of a
/// value. Throws InputError.
Sweep sweep_from(const std::vector<std::string>& over);

/// sweep_point, path, value: what the point sets.
Table points_table(const Sweep& sweep, std::size_t point);

}  // namespace trustfall
