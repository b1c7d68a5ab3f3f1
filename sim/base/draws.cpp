#include "sim/base/draws.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

// Philox in lanes: plain arithmetic that gives the same numbers in every width, with the widest registers that the
// machine has. GCC makes three times slower code of the plain loop: it has no pattern for 32 by 32 bits in lanes
// of 64.
#if defined(__x86_64__) && defined(__GNUC__)
#define TRUSTFALL_LANES 1
#endif

namespace trustfall {
namespace {

/// What all numbers of a call have in common.
struct Address {
  std::uint32_t what, replicate, key0, key1;
};

enum class Subjects { row, list };  // `first` and those behind it, or given one by one
enum class Numbers { one, both };   // of each subject; both words of a block, or the first

struct Request {
  const std::uint32_t* subjects;  // of a row: the first
  const std::uint32_t* others;    // null: zero; of a row: the one of all
  Address address;
  double* out;
};

template <Subjects subjects, Numbers numbers>
void draw_scalar(const Request& r, std::size_t first, std::size_t size) {
  for (std::size_t i = first; i < size; ++i) {
    const std::uint32_t subject =
        subjects == Subjects::row ? *r.subjects + static_cast<std::uint32_t>(i) : r.subjects[i];
    const std::uint32_t other = r.others == nullptr ? 0 : subjects == Subjects::row ? *r.others : r.others[i];
    const auto w = philox({subject, other, r.address.what, r.address.replicate}, {r.address.key0, r.address.key1});
    const auto scaled = [](std::uint32_t high, std::uint32_t low) {
      return (static_cast<double>(((std::uint64_t{high} << 32) | low) >> 12) + 0.5) * 0x1p-52;
    };
    if constexpr (numbers == Numbers::both) {
      r.out[2 * i] = scaled(w[0], w[1]);
      r.out[2 * i + 1] = scaled(w[2], w[3]);
    } else {
      r.out[i] = scaled(w[0], w[1]);
    }
  }
}

#ifdef TRUSTFALL_LANES

/// Registers of 64-bit lanes, each of which holds a 32-bit word and perhaps rubbish above it.
struct Avx512 {
  static constexpr std::size_t lanes = 8;
  typedef std::uint64_t Words __attribute__((vector_size(64)));
  typedef double Doubles __attribute__((vector_size(64)));
  typedef std::uint32_t Halves __attribute__((vector_size(32)));
};
struct Avx2 {
  static constexpr std::size_t lanes = 4;
  typedef std::uint64_t Words __attribute__((vector_size(32)));
  typedef double Doubles __attribute__((vector_size(32)));
  typedef std::uint32_t Halves __attribute__((vector_size(16)));
};

#define TRUSTFALL_INLINE inline __attribute__((always_inline))

/// The products of the lower halves of the lanes.
template <class Words>
TRUSTFALL_INLINE void multiply(const Words& a, const Words& b, Words& product) {
#ifdef __clang__
  product = (a & 0xffffffffu) * (b & 0xffffffffu);
#else
  __asm__("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
#endif
}

template <class Doubles, class Words>
TRUSTFALL_INLINE void scale(const Words& high, const Words& low, Doubles& out) {
  // 52 bits behind the point of a number from 1 to 2: exact, and cheaper than a conversion.
  const Words bits = (((high << 32) | (low & 0xffffffffu)) >> 12) | 0x3ff0000000000000u;
  std::memcpy(&out, &bits, sizeof bits);
  out -= 1 - 0x1p-53;
}

template <class Width>
TRUSTFALL_INLINE void load(const std::uint32_t* from, typename Width::Words& lanes) {
  typename Width::Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  lanes = __builtin_convertvector(halves, typename Width::Words);
}

/// One of the first, one of the second, and so on.
template <class Width>
TRUSTFALL_INLINE void store(const typename Width::Doubles& first, const typename Width::Doubles& second, double* to) {
  typename Width::Doubles low;
  typename Width::Doubles high;
  if constexpr (Width::lanes == 8) {
    low = __builtin_shufflevector(first, second, 0, 8, 1, 9, 2, 10, 3, 11);
    high = __builtin_shufflevector(first, second, 4, 12, 5, 13, 6, 14, 7, 15);
  } else {
    low = __builtin_shufflevector(first, second, 0, 4, 1, 5);
    high = __builtin_shufflevector(first, second, 2, 6, 3, 7);
  }
  std::memcpy(to, &low, sizeof low);
  std::memcpy(to + Width::lanes, &high, sizeof high);
}

/// The body of both widths.
template <class Width, Subjects subjects, Numbers numbers>
TRUSTFALL_INLINE void draw_wide(const Request& r, std::size_t size) {
  using Words = typename Width::Words;
  using Doubles = typename Width::Doubles;
  constexpr std::size_t lanes = Width::lanes;
  const Words left = Words{} + philox_left;
  const Words right = Words{} + philox_right;
  for (std::size_t i = 0; i < size; i += lanes) {
    Words c0;
    Words c1 = Words{};
    if constexpr (subjects == Subjects::row) {
      for (std::size_t l = 0; l < lanes; ++l) c0[l] = *r.subjects + static_cast<std::uint32_t>(i + l);
      if (r.others != nullptr) c1 += *r.others;
    } else {
      load<Width>(r.subjects + i, c0);
      if (r.others != nullptr) load<Width>(r.others + i, c1);
    }
    Words c2 = Words{} + r.address.what;
    Words c3 = Words{} + r.address.replicate;
    std::uint32_t key0 = r.address.key0;
    std::uint32_t key1 = r.address.key1;
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      Words low;
      Words high;
      multiply(c0, left, low);
      multiply(c2, right, high);
      c0 = (high >> 32) ^ c1 ^ key0;
      c1 = high;
      c2 = (low >> 32) ^ c3 ^ key1;
      c3 = low;
      key0 += philox_key0;
      key1 += philox_key1;
    }
    Doubles first;
    scale(c0, c1, first);
    if constexpr (numbers == Numbers::both) {
      Doubles second;
      scale(c2, c3, second);
      store<Width>(first, second, r.out + 2 * i);
    } else {
      std::memcpy(r.out + i, &first, sizeof first);
    }
  }
}

template <Subjects subjects, Numbers numbers>
__attribute__((target("avx512f"))) void draw_512(const Request& request, std::size_t size) {
  draw_wide<Avx512, subjects, numbers>(request, size);
}

template <Subjects subjects, Numbers numbers>
__attribute__((target("avx2"))) void draw_256(const Request& request, std::size_t size) {
  draw_wide<Avx2, subjects, numbers>(request, size);
}

#endif

template <Subjects subjects, Numbers numbers>
void draw(const Request& request, std::size_t size) {
  std::size_t whole = 0;
#ifdef TRUSTFALL_LANES
  static const bool has_512 = __builtin_cpu_supports("avx512f");
  static const bool has_256 = __builtin_cpu_supports("avx2");
  whole = has_512 ? size / 8 * 8 : has_256 ? size / 4 * 4 : 0;
  if (has_512)
    draw_512<subjects, numbers>(request, whole);
  else if (has_256)
    draw_256<subjects, numbers>(request, whole);
#endif
  draw_scalar<subjects, numbers>(request, whole, size);
}

}  // namespace

void Draws::uniforms(Purpose purpose, std::uint32_t first, std::uint32_t other, std::uint32_t k,
                     std::span<double> out) const {
  const Address address{word(purpose, k), replicate_, low(), high()};
  draw<Subjects::row, Numbers::one>({&first, &other, address, out.data()}, out.size());
}

void Draws::uniforms(Purpose purpose, std::span<const std::uint32_t> subjects, std::span<double> out) const {
  const Address address{word(purpose, 0), replicate_, low(), high()};
  draw<Subjects::list, Numbers::one>({subjects.data(), nullptr, address, out.data()}, subjects.size());
}

void Draws::both(Purpose purpose, std::span<const std::uint32_t> subjects, std::span<const std::uint32_t> pairs,
                 std::span<double> out) const {
  const Address address{word(purpose, 0), replicate_, low(), high()};
  draw<Subjects::list, Numbers::both>({subjects.data(), pairs.data(), address, out.data()}, subjects.size());
}

}  // namespace trustfall
