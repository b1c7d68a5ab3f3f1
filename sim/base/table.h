#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace trustfall {

/// Nothing (a metric that did not occur), a count, a measure, or a text.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Named columns and rows of cells: the one set of numbers that every export shows.
struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

}  // namespace trustfall
