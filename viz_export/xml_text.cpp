#include "viz_export/xml_text.h"

#include <cstdint>

namespace trustfall {
namespace {

/// The character at `text[i]`: its length in bytes, 0 when there is none, and its number.
struct Character {
  std::size_t length;
  std::uint32_t number;
};

Character character_at(const std::string& text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(k < text.size() ? text[k] : 0); };
  const unsigned char first = byte(i);
  if (first < 0x80) return {1, first};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  std::uint32_t number = first & (0xffu >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return {0, 0};
    number = number << 6 | (byte(i + k) & 0x3fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};  // what needs that many bytes
  return {first >= 0xc2 && first <= 0xf4 && number >= smallest[length] ? length : 0, number};
}

/// Production 2 of XML 1.0.
bool allowed(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
         (c >= 0x10000 && c <= 0x10ffff);
}

}  // namespace

std::string xml_text(const std::string& text) {
  std::string valid;
  for (std::size_t i = 0; i < text.size();) {
    const auto [length, number] = character_at(text, i);
    if (length > 0 && allowed(number)) valid.append(text, i, length);
    i += length > 0 ? length : 1;
  }
  return valid;
}

}  // namespace trustfall
