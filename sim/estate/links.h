#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/memory.h"

namespace trustfall {

/// Two hosts in contact, before the contacts are put in order.
struct Edge {
  std::uint32_t from;
  std::uint32_t to;
};

/// A graph as a generator or a file gives it: vertices 0 to `vertices`, edges in any order.
struct EdgeList {
  std::size_t vertices = 0;
  bool directed = false;
  std::vector<Edge> edges;
  std::vector<float> weights;  // by edge; empty when all are 1
};

/// Drops loops and makes one edge of parallel ones, with the sum of their weights: over two links between two hosts
/// twice as much is attempted. Leaves the edges in ascending order.
void merge_parallel(EdgeList& graph);

/// Explicit contacts of hosts (shared credentials, mapped drives, an imported contact graph), row by row: a host's
/// row holds the hosts that it may infect.
class Links {
 public:
  Links() = default;
  /// Frees the edges as soon as they are not needed. An edge of an undirected graph stands in both rows.
  explicit Links(EdgeList&& graph);

  std::size_t hosts() const { return first_.empty() ? 0 : first_.size() - 1; }
  /// Entries of all rows: twice the edges of an undirected graph.
  std::size_t size() const { return to_.size(); }
  bool weighted() const { return !weight_.empty(); }
  float heaviest() const { return heaviest_; }

  std::span<const std::uint32_t> row(HostId host) const {
    const std::uint64_t first = first_[index(host)];
    return {to_.data() + first, static_cast<std::size_t>(first_[index(host) + 1] - first)};
  }
  /// Weight of the k-th contact in a host's row.
  float weight(HostId host, std::size_t k) const { return weighted() ? weight_[first_[index(host)] + k] : 1.0f; }

  /// Number of the k-th contact in a host's row, among all.
  std::uint64_t number(HostId host, std::size_t k) const { return first_[index(host)] + k; }

  /// Have a host's place in the rows brought near, and then its row.
  void touch_place(HostId host) const { touch(first_[index(host)]); }
  void touch_row(HostId host) const {
    const auto contacts = row(host);
    if (contacts.empty()) return;
    touch(contacts.front());
    touch(contacts.back());
  }

  std::size_t bytes() const {
    return first_.capacity() * sizeof(first_[0]) + to_.capacity() * sizeof(to_[0]) +
           weight_.capacity() * sizeof(float);
  }

  /// Hands all its columns to `take`, as Estate::columns does.
  template <class Self, class Take>
  static void columns(Self& self, Take take) {
    take(self.first_, self.to_, self.weight_, self.heaviest_);
  }

 private:
  std::vector<std::uint64_t> first_;  // by host, one more than there are
  std::vector<std::uint32_t> to_;     // row by row
  std::vector<float> weight_;         // likewise; empty when all are 1
  float heaviest_ = 1;
};

}  // namespace trustfall
