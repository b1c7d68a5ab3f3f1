#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <utility>
#include <vector>

namespace trustfall {

/// The ids of a graph's vertices and their numbers, 0, 1, ... in the order in which they came.
///
/// A table of its own, because a graph of ten million vertices looks a hundred million ids up, and nodes of a
/// standard map, a cache line each, take most of the time that reading takes.
class VertexIds {
 public:
  /// The id's number, and whether it is new.
  std::pair<std::uint32_t, bool> number(std::string_view id);
  std::size_t size() const { return count_; }
  /// The id that has a number, looked for one by one: for messages.
  std::string_view id_of(std::uint32_t number) const;

 private:
  struct Slot {
    const char* text = nullptr;  // its length in four bytes, then the id; null where there is none
    std::uint32_t hash;
    std::uint32_t number;
  };

  static std::string_view id_in(const Slot& slot);
  const char* keep(std::string_view id);
  void grow();

  std::pmr::monotonic_buffer_resource texts_;
  std::vector<Slot> slots_;  // a power of two, at most three quarters taken; found by hash, then one after the other
  std::uint32_t count_ = 0;
};

}  // namespace trustfall
