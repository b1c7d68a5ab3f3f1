#include "sim/base/draws.h"

#include <cstddef>
#include <cstring>

// Compiled for wide registers too, and the widest that the machine has is picked when the program starts: before a
// sanitizer is ready, hence not with one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TRUSTFALL_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TRUSTFALL_WIDE
#endif

namespace trustfall {
namespace {

/// philox() and the scaling of uniform(), so written that a compiler can do several subjects at once.
TRUSTFALL_WIDE
void draw(std::uint32_t first, std::uint32_t other, std::uint32_t what, std::uint32_t replicate, std::uint64_t seed,
          double* out, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    std::uint32_t c0 = first + static_cast<std::uint32_t>(i);
    std::uint32_t c1 = other;
    std::uint32_t c2 = what;
    std::uint32_t c3 = replicate;
    auto key0 = static_cast<std::uint32_t>(seed);
    auto key1 = static_cast<std::uint32_t>(seed >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t left = std::uint64_t{philox_left} * c0;
      const std::uint64_t right = std::uint64_t{philox_right} * c2;
      c0 = static_cast<std::uint32_t>(right >> 32) ^ c1 ^ key0;
      c1 = static_cast<std::uint32_t>(right);
      c2 = static_cast<std::uint32_t>(left >> 32) ^ c3 ^ key1;
      c3 = static_cast<std::uint32_t>(left);
      key0 += philox_key0;
      key1 += philox_key1;
    }
    // 52 bits behind the point of a number from 1 to 2: exact, and cheaper than a conversion.
    const std::uint64_t bits = (((std::uint64_t{c0} << 32) | c1) >> 12) | 0x3ff0000000000000u;
    double one_to_two;
    std::memcpy(&one_to_two, &bits, sizeof bits);
    out[i] = one_to_two - (1 - 0x1p-53);
  }
}

}  // namespace

void Draws::uniforms(Purpose purpose, std::uint32_t first, std::uint32_t other, std::uint32_t k,
                     std::span<double> out) const {
  const std::uint32_t what = (static_cast<std::uint32_t>(purpose) << 24) | (k & 0xffffffu);
  draw(first, other, what, replicate_, seed_, out.data(), out.size());
}

}  // namespace trustfall
