#pragma once

#include <string>
#include <vector>

#include "sim/base/error.h"
#include "sim/estate/links.h"

namespace trustfall {

/// Reads a graph, GraphML or, where the name ends in .csv, a list of edges (columns source, target and perhaps
/// weight; without a header the columns come in this order). Vertices are numbered in the order in which they are
/// named. Mistakes are appended with the line of the file.
///
/// Parallel edges become one, with the sum of their weights; loops are dropped: nobody infects himself.
EdgeList read_graph(const std::string& name, const std::string& content, std::vector<Mistake>& mistakes);

}  // namespace trustfall
