#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "sim/base/table.h"

namespace trustfall {

/// An attribute that nodes, edges or the graph have.
struct GraphmlKey {
  std::string name;
  const char* type;  // string, int, long or double
};

/// Writes one graph in GraphML (Brandes and others, GraphML Progress Report, 2002), node by node, so that its size is
/// no matter. Values stand in the order of the keys; those that are nothing, or an empty text, are left out.
class GraphmlWriter {
 public:
  struct Keys {
    std::vector<GraphmlKey> graph, node, edge;
  };
  using Values = std::vector<Cell>;

  GraphmlWriter(std::ostream& out, bool directed, const Keys& keys, const Values& of_graph);
  void node(const std::string& id, const Values& values);
  void edge(const std::string& source, const std::string& target, const Values& values);
  /// Closes the graph; nothing can follow.
  void finish();

 private:
  std::ostream& out_;
};

}  // namespace trustfall
