#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.h"
#include "sim/estate/links.h"

namespace trustfall {

/// Reads a graph piece by piece: GraphML or, where the name ends in .csv, a list of edges (columns source, target and
/// perhaps weight; without a header the columns come in this order). Vertices are numbered in the order in which they
/// are named. Mistakes are appended with the line of the file.
///
/// Parallel edges become one, with the sum of their weights; loops are dropped: nobody infects himself.
class GraphReader {
 public:
  GraphReader(const std::string& name, std::vector<Mistake>& mistakes);
  ~GraphReader();
  void take(std::string_view piece);
  /// After the last piece. The graph is empty when there are mistakes.
  EdgeList finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace trustfall
