#include "sim/archive/digest.h"

#include <sha2.h>
#include <sys/types.h>

#include <array>

namespace trustfall {
namespace {

std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest(const std::string& content) {
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> bytes;
  SHA256Final(bytes.data(), &context);
  return bytes;
}

}  // namespace

std::string sha256(const std::string& content) {
  std::string text;
  for (const std::uint8_t byte : digest(content)) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::uint64_t short_digest(const std::string& content) {
  const auto bytes = digest(content);
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[static_cast<std::size_t>(i)];
  return value;
}

}  // namespace trustfall
