#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sim/study/results.h"

namespace trustfall {

/// SHA-256 in hexadecimal, as sha256sum prints it.
std::string sha256(const std::string& content);

/// That of a file, whether it is kept whole or not.
std::string sha256(const InputFile& input);

/// The SHA-256 of a content that comes piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void take(std::string_view piece);
  /// Of all that was taken; to be asked once.
  std::string hexadecimal();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The first 64 bits of the SHA-256.
std::uint64_t short_digest(const std::string& content);

}  // namespace trustfall
