#pragma once

#include <catch2/catch.hpp>

#include "tests/support/world.h"

/// Small worlds in which lost hosts are rebuilt.
namespace trustfall::small {

inline constexpr Instant t0{};
inline constexpr DeviceSet anything = all_devices;

inline std::uint32_t organisations(const Estate& estate) {
  return static_cast<std::uint32_t>(estate.organisations());
}

/// So many technicians for each organisation, around the clock.
inline Team team_of(const Estate& estate, double technicians) {
  Team team{Selector(estate, {}), {}, {}, fixed(technicians), 0, std::nullopt, std::nullopt, 1};
  for (std::uint32_t o = 0; o < organisations(estate); ++o) {
    team.unit_of.push_back(o);
    team.hosts.push_back(static_cast<std::uint32_t>(estate.hosts_of(OrganisationId{o})));
  }
  return team;
}

inline Procedure procedure(DeviceSet devices, Duration work, DeviceSet needs = 0) {
  return {devices, fixed(to_seconds(work)), needs, std::nullopt};
}

/// Hosts fall when they are told to, are found and unplugged after an hour, and spread nothing.
inline Model falling(const Estate& estate, const std::vector<HostId>& hosts, double technicians, Duration work) {
  Model model = model_of(estate, {}, 24h * 30);
  model.entries = {entry_of(hosts)};
  model.detection = Detection{fixed(3600), 1, fixed(1e9), Isolation{}};
  model.recovery = RecoveryPlan{{procedure(anything, work)}, {team_of(estate, technicians)}, {}, std::nullopt, 1};
  return model;
}

/// The same, with so many bytes on every host, encrypted at a byte a second.
inline void encrypt(Model& model, double bytes) {
  model.worm.encryption = Encryption{1, {}};
  for (auto& data : model.worm.encryption->data) data = fixed(bytes);
}

inline Play played(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(300, replicate));
  play.run();
  CHECK(play.consistent());
  return play;
}

inline Instant back(const Play& play, std::size_t h) {
  return time_of(play.incident(), host(h), Transition::restored);
}

inline constexpr DeviceSet workstation = only(DeviceClass::workstation);
inline constexpr DeviceSet server = only(DeviceClass::server);
inline constexpr DeviceSet controller = only(DeviceClass::domain_controller);
inline constexpr DeviceSet backup = only(DeviceClass::backup_server);

inline BackupPolicy kept(DeviceSet devices, BackupPolicy::Kept how) {
  BackupPolicy policy = copies(devices, 1, 24h, false, fixed(0), 500h);
  policy.kept = how;
  policy.restore_time.reset();
  return policy;
}

/// Monday to Friday from 9 to 17, for a scenario that starts on a Monday at 8.
inline const Hours office = {9h, 17h, false, {0, 8h}};

}  // namespace trustfall::small
