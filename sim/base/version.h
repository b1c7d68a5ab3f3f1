#pragma once

#include <string>
#include <string_view>

namespace trustfall {

inline constexpr std::string_view version = TRUSTFALL_VERSION;

/// Changes whenever the same scenario and seed would play another incident.
inline constexpr std::string_view engine_version = "1";

/// Name and version of the compiler, as results name it; the numbers do not depend on it.
inline std::string compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

}  // namespace trustfall
