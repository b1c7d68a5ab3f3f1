#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace trustfall {

/// Many unordered heaps of small entries. They share their memory: what one has been emptied of, another grows by.
///
/// A chunk is a whole number of cache lines: `most` entries and a link to the next.
template <class Entry, std::uint32_t most>
class Buckets {
 public:
  /// So many buckets, all empty; keeps the memory.
  void reset(std::size_t buckets) {
    buckets_.assign(buckets, {});
    chunks_.clear();
    free_ = none;
  }

  void put(std::size_t bucket, const Entry& entry) {
    Bucket& into = buckets_[bucket];
    if (into.size == most) {
      std::uint32_t fresh = free_;
      if (fresh == none) {
        fresh = static_cast<std::uint32_t>(chunks_.size());
        chunks_.emplace_back();
      } else {
        free_ = chunks_[fresh].next;
      }
      chunks_[fresh].next = into.chunk;
      into = {fresh, 0};
    }
    chunks_[into.chunk].entries[into.size++] = entry;
  }

  /// Appends a bucket's entries to `to` and empties it.
  void take(std::size_t bucket, std::vector<Entry>& to) {
    Bucket& from = buckets_[bucket];
    std::uint32_t size = from.size;
    for (std::uint32_t at = from.chunk; at != none; size = most) {
      Chunk& chunk = chunks_[at];
      to.insert(to.end(), chunk.entries, chunk.entries + size);
      at = std::exchange(chunk.next, std::exchange(free_, at));
    }
    from = {};
  }

  std::size_t size() const { return buckets_.size(); }
  std::size_t bytes() const { return chunks_.capacity() * sizeof(Chunk) + buckets_.capacity() * sizeof(Bucket); }

 private:
  static constexpr std::uint32_t none = 0xffffffffu;
  struct alignas(64) Chunk {
    Entry entries[most];
    std::uint32_t next;  // of the same bucket, or of those that are free
  };
  /// Its last chunk, and how full that is: here, so that adding an entry reads nothing far away.
  struct Bucket {
    std::uint32_t chunk = none;
    std::uint32_t size = most;
  };

  std::vector<Bucket> buckets_;
  std::vector<Chunk> chunks_;
  std::uint32_t free_ = none;
};

}  // namespace trustfall
