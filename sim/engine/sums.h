#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace trustfall {

/// Sums over counts (or rates), 64 to a sum and 64 sums to the next: to find the count in which the n-th of all lies.
///
/// The counts themselves are kept elsewhere; of 64 or fewer there are no sums.
class Sums {
 public:
  static constexpr std::uint32_t fan = 64;

  explicit Sums(std::uint32_t counts) {
    for (std::uint32_t size = counts; size > fan; ++levels_) {
      size = (size + fan - 1) / fan;
      first_[levels_ + 1] = first_[levels_] + size;
    }
    sums_.resize(first_[levels_]);
  }

  void clear() { sums_.assign(sums_.size(), 0); }

  /// The count at `at` has grown by `n`; modulo 2^64, so that it may shrink too.
  void add(std::uint32_t at, std::uint64_t n) {
    for (std::uint32_t level = 0; level < levels_; ++level) sums_[first_[level] + (at /= fan)] += n;
  }

  /// The first position whose count and those before it exceed `rest`, which is left as the number within that count.
  template <class CountAt>
  std::uint32_t find(std::uint64_t& rest, CountAt count_at) const {
    std::uint32_t at = 0;
    for (std::uint32_t level = levels_; level-- > 0; at *= fan)
      for (; sums_[first_[level] + at] <= rest; ++at) rest -= sums_[first_[level] + at];
    for (; count_at(at) <= rest; ++at) rest -= count_at(at);
    return at;
  }

  /// Sum of the counts ahead of the position `at`.
  template <class CountAt>
  std::uint64_t before(std::uint32_t at, CountAt count_at) const {
    std::uint64_t sum = 0;
    for (std::uint32_t level = 0; level <= levels_; ++level, at /= fan)
      for (std::uint32_t i = at / fan * fan; i < at; ++i)
        sum += level == 0 ? std::uint64_t{count_at(i)} : sums_[first_[level - 1] + i];
    return sum;
  }

  std::size_t bytes() const { return sums_.capacity() * sizeof(sums_[0]); }

 private:
  std::uint32_t levels_ = 0;
  std::array<std::uint32_t, 7> first_{};  // of each level's sums; one more than there are
  std::vector<std::uint64_t> sums_;
};

}  // namespace trustfall
