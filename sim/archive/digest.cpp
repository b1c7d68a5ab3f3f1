#include "sim/archive/digest.h"

#include <sha2.h>
#include <sys/types.h>

#include <array>

namespace trustfall {

struct Sha256::Context {
  SHA2_CTX state;

  Context() { SHA256Init(&state); }
  void take(std::string_view piece) {
    SHA256Update(&state, reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
  }
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> end() {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> bytes;
    SHA256Final(bytes.data(), &state);
    return bytes;
  }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
void Sha256::take(std::string_view piece) { context_->take(piece); }

std::string Sha256::hexadecimal() {
  std::string text;
  for (const std::uint8_t byte : context_->end()) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string sha256(const std::string& content) {
  Sha256 digest;
  digest.take(content);
  return digest.hexadecimal();
}

std::string sha256(const InputFile& input) { return input.whole() ? sha256(input.content) : input.digest; }

std::uint64_t short_digest(const std::string& content) {
  return std::stoull(sha256(content).substr(0, 16), nullptr, 16);
}

}  // namespace trustfall
