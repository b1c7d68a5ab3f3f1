#pragma once

#include <cstddef>
#include <cstdint>

namespace trustfall {

/// Positions in the estate's columns; distinct types, so that a segment cannot be passed where a host is wanted.
enum class HostId : std::uint32_t {};
enum class SegmentId : std::uint32_t {};
enum class SiteId : std::uint32_t {};
enum class OrganisationId : std::uint32_t {};
enum class ZoneId : std::uint32_t {};

inline constexpr HostId no_host{0xffffffffu};
inline constexpr ZoneId no_zone{0xffffffffu};

constexpr std::size_t index(HostId id) { return static_cast<std::size_t>(id); }
constexpr std::size_t index(SegmentId id) { return static_cast<std::size_t>(id); }
constexpr std::size_t index(SiteId id) { return static_cast<std::size_t>(id); }
constexpr std::size_t index(OrganisationId id) { return static_cast<std::size_t>(id); }
constexpr std::size_t index(ZoneId id) { return static_cast<std::size_t>(id); }

}  // namespace trustfall
