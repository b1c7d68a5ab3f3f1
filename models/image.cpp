#include "models/image.h"

#include <cstring>

#include "sim/base/fields.h"
#include "sim/base/version.h"

namespace trustfall {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// FNV-1a, 64 bits.
std::uint64_t checksum(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x100000001b3u;
  return sum;
}

template <class T>
constexpr bool is_scalar = std::is_scalar_v<T> || std::is_same_v<T, Duration> || std::is_same_v<T, Instant>;

template <std::size_t size>
using Bits = std::conditional_t<
    size == 1, std::uint8_t,
    std::conditional_t<size == 2, std::uint16_t, std::conditional_t<size == 4, std::uint32_t, std::uint64_t>>>;

/// Goes through a value, part by part in a fixed order. What is done with each part is the affair of `way`: to write
/// it, to read it, or to take down its place in the layout.
template <class Way, class T>
void carry(Way& way, T& value) {
  using Plain = std::remove_const_t<T>;
  const auto each = [&way](auto&... parts) { (carry(way, parts), ...); };
  if constexpr (std::is_same_v<Plain, const Estate*>) {
    // The estate is carried ahead of the model that points to it.
  } else if constexpr (is_scalar<Plain>) {
    static_assert(!std::is_pointer_v<Plain>);
    static_assert(sizeof(std::size_t) == 8 || !std::is_same_v<Plain, std::size_t>, "not of one size everywhere");
    way.scalar(value);
  } else if constexpr (requires(Plain & list) { list.push_back(list[0]); }) {
    way.size(value);
    for (auto& item : value) carry(way, item);
  } else if constexpr (requires { value.begin(); }) {
    for (auto& item : value) carry(way, item);
  } else if constexpr (requires { value.has_value(); }) {
    way.presence(value);
    if (value) carry(way, *value);
  } else if constexpr (requires { value.index(); }) {
    way.choice(value);
    std::visit(each, value);
  } else if constexpr (std::is_aggregate_v<Plain>) {
    std::apply(each, fields(value));
  } else {
    Plain::columns(value, [&each](auto&... columns) {
      static_assert(sizeof(Plain) - (sizeof(columns) + ...) < alignof(Plain), "a column is missing");
      each(columns...);
    });
  }
}

struct Writer {
  Bytes bytes;

  template <class T>
  void scalar(const T& value) {
    Bits<sizeof(T)> bits;
    std::memcpy(&bits, &value, sizeof bits);
    for (std::size_t i = 0; i < sizeof bits; ++i) bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
  }
  void size(const auto& list) { scalar(static_cast<std::uint64_t>(list.size())); }
  void presence(const auto& maybe) { scalar(maybe.has_value()); }
  void choice(const auto& one_of) { scalar(static_cast<std::uint8_t>(one_of.index())); }
};

/// Reads what a Writer wrote. Once something does not fit, `sound` is false and the values mean nothing.
struct Reader {
  std::span<const std::uint8_t> rest;
  bool sound = true;

  template <class T>
  void scalar(T& value) {
    Bits<sizeof(T)> bits = 0;
    if (rest.size() < sizeof bits) {
      sound = false;
      return;
    }
    for (std::size_t i = 0; i < sizeof bits; ++i)
      bits = static_cast<Bits<sizeof(T)>>(bits | static_cast<Bits<sizeof(T)>>(rest[i]) << (8 * i));
    rest = rest.subspan(sizeof bits);
    if constexpr (std::is_same_v<T, bool>) {
      value = bits != 0;
    } else {
      std::memcpy(static_cast<void*>(&value), &bits, sizeof bits);  // a count, if it is a class
    }
  }
  void size(auto& list) {
    std::uint64_t size = 0;
    scalar(size);
    sound = sound && size <= rest.size();  // nothing takes less than a byte
    list.resize(sound ? static_cast<std::size_t>(size) : 0);
  }
  template <class T>
  void presence(std::optional<T>& maybe) {
    bool present = false;
    scalar(present);
    if (present) maybe.emplace();
  }
  template <class... T>
  void choice(std::variant<T...>& one_of) {
    std::uint8_t at = 0;
    scalar(at);
    const std::variant<T...> choices[] = {T{}...};
    sound = sound && at < sizeof...(T);
    if (sound) one_of = choices[at];
  }
};

/// Takes down what lies where, with one of everything that may be there.
struct Layout {
  Bytes parts;

  template <class T>
  void scalar(T&) {
    parts.push_back(static_cast<std::uint8_t>(sizeof(T)));
  }
  void size(auto& list) {
    parts.push_back('[');
    list.resize(1);
  }
  template <class T>
  void presence(std::optional<T>& maybe) {
    parts.push_back('?');
    maybe.emplace();
  }
  template <class... T>
  void choice(std::variant<T...>&) {
    parts.push_back('|');
    std::variant<T...> choices[] = {T{}...};
    for (auto& choice : choices) std::visit([this](auto& value) { carry(*this, value); }, choice);
  }
};

/// Changes whenever a field is added, or the same bytes would play another incident.
std::uint64_t layout() {
  Layout layout;
  Estate estate;
  Model model;
  carry(layout, estate);
  carry(layout, model);
  layout.parts.insert(layout.parts.end(), engine_version.begin(), engine_version.end());
  return checksum(layout.parts);
}

/// What an image begins with.
struct Header {
  std::uint64_t mark = 0x4c41465453555254u;  // "TRUSTFAL"
  std::uint64_t layout = trustfall::layout();
  std::uint64_t checksum = 0;  // of all that follows
};

}  // namespace

std::vector<std::uint8_t> pack(const Model& model) {
  Writer body;
  carry(body, *model.estate);
  carry(body, model);
  Writer image;
  const Header header{.checksum = checksum(body.bytes)};
  carry(image, header);
  image.bytes.insert(image.bytes.end(), body.bytes.begin(), body.bytes.end());
  return std::move(image.bytes);
}

Unpacked unpack(std::span<const std::uint8_t> image) {
  const Header expected;
  Header header;
  Reader reader{image};
  carry(reader, header);
  if (!reader.sound || header.mark != expected.mark) return {{}, {}, "this is not the image of a model"};
  if (header.layout != expected.layout) return {{}, {}, "the image was packed by another version"};
  if (header.checksum != checksum(reader.rest)) return {{}, {}, "the image is damaged"};

  auto estate = std::make_unique<Estate>();
  Unpacked result;
  carry(reader, *estate);
  carry(reader, result.model);
  if (!reader.sound || !reader.rest.empty()) return {{}, {}, "the image is damaged"};
  result.model.estate = estate.get();
  result.estate = std::move(estate);
  return result;
}

}  // namespace trustfall
