#pragma once

#include <cstdint>
#include <string>

namespace trustfall {

/// SHA-256 in hexadecimal, as sha256sum prints it.
std::string sha256(const std::string& content);

/// The first 64 bits of the SHA-256.
std::uint64_t short_digest(const std::string& content);

}  // namespace trustfall
