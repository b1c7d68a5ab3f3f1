#pragma once

#include <cstdint>
#include <string_view>

namespace trustfall {

/// A device as an incident team sees it.
enum class DeviceClass : std::uint8_t {
  workstation,
  clinical_workstation,
  server,
  data_centre_server,
  domain_controller,
  backup_server,
  imaging,
  infusion,
  checkin_kiosk,
  camera,
  scanner,
  mobile,  // phones and tablets: no Windows, cannot be infected
};
inline constexpr int device_classes = 12;

/// What runs on a device.
enum class System : std::uint8_t {
  windows_xp,
  windows_vista,
  windows_7,
  windows_8,
  windows_10,
  server_2003,
  server_2008,
  server_2008_r2,
  server_2012,
  server_2016,
  no_windows,
  windows_2000,
  windows_11,
  server_2019,
  server_2022,
};
inline constexpr int systems = 15;

enum class OrganisationKind : std::uint8_t { trust, practice, commissioner, supplier, council, company };
inline constexpr int organisation_kinds = 6;

/// The planners' question "only terminals, or data centres too?" in four answers.
enum class Tier : std::uint8_t { terminals, servers, data_centre, medical_devices };
inline constexpr int tiers = 4;

/// A set of device classes, one bit each.
using DeviceSet = std::uint16_t;
inline constexpr DeviceSet all_devices = (1u << device_classes) - 1;
constexpr DeviceSet only(DeviceClass device) { return static_cast<DeviceSet>(1u << static_cast<unsigned>(device)); }

/// A set of systems, one bit each.
using SystemSet = std::uint16_t;
static_assert(systems < 16);  // all_systems is computed in an int
inline constexpr SystemSet all_systems = (1u << systems) - 1;
constexpr SystemSet only(System system) { return static_cast<SystemSet>(1u << static_cast<unsigned>(system)); }

Tier tier_of(DeviceClass device);
bool is_medical(DeviceClass device);

std::string_view name_of(DeviceClass device);
std::string_view name_of(System system);
std::string_view name_of(OrganisationKind kind);
std::string_view name_of(Tier tier);

}  // namespace trustfall
