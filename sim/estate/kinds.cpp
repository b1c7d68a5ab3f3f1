#include "sim/estate/kinds.h"

namespace trustfall {

Tier tier_of(DeviceClass device) {
  switch (device) {
    case DeviceClass::workstation:
    case DeviceClass::clinical_workstation:
    case DeviceClass::mobile:
      return Tier::terminals;
    case DeviceClass::server:
    case DeviceClass::domain_controller:
    case DeviceClass::backup_server:
      return Tier::servers;
    case DeviceClass::data_centre_server:
      return Tier::data_centre;
    default:
      return Tier::medical_devices;
  }
}

bool is_medical(DeviceClass device) { return tier_of(device) == Tier::medical_devices; }

std::string_view name_of(DeviceClass device) {
  constexpr std::string_view names[device_classes] = {"workstation",
                                                      "clinical_workstation",
                                                      "server",
                                                      "data_centre_server",
                                                      "domain_controller",
                                                      "backup_server",
                                                      "imaging",
                                                      "infusion",
                                                      "checkin_kiosk",
                                                      "camera",
                                                      "scanner",
                                                      "mobile"};
  return names[static_cast<int>(device)];
}

std::string_view name_of(System system) {
  constexpr std::string_view names[systems] = {"windows_xp",  "windows_vista", "windows_7",   "windows_8",
                                               "windows_10",  "server_2003",   "server_2008", "server_2008_r2",
                                               "server_2012", "server_2016",   "no_windows",  "windows_2000",
                                               "windows_11",  "server_2019",   "server_2022"};
  return names[static_cast<int>(system)];
}

std::string_view name_of(OrganisationKind kind) {
  constexpr std::string_view names[organisation_kinds] = {"trust",    "practice", "commissioner",
                                                          "supplier", "council",  "company"};
  return names[static_cast<int>(kind)];
}

std::string_view name_of(Tier tier) {
  constexpr std::string_view names[tiers] = {"terminals", "servers", "data_centre", "medical_devices"};
  return names[static_cast<int>(tier)];
}

}  // namespace trustfall
