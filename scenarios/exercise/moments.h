#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/played.h"
#include "models/services.h"
#include "scenarios/experiment.h"
#include "sim/study/study.h"

namespace trustfall {

/// What an exercise looks for in a replicate. Backups give two: one of them is hit, or all are spared.
enum class Detector : std::uint8_t {
  exercise_starts,
  clinical_workstation_encrypted,
  medical_device_hit,
  data_centre_server_lost,
  backup_server_hit,
  backup_servers_spared,
  tenth_place_locked_out,
  kill_switch,
  national_warning,
  place_cut_off,
  service_down,
  ambulances_diverted,
  ransom_doubles,
  first_detection,
  first_restore,
  outbreak_over,
  exercise_ends,
};
inline constexpr int detectors = 17;

/// A detector as rules name it, and what its moment is.
struct DetectorInfo {
  std::string_view name;
  std::string_view meaning;
};
const DetectorInfo& info(Detector detector);

/// When something happened, and to whom.
struct Moment {
  Instant time = never;                             // `never` when it did not happen before the horizon
  HostId host = no_host;                            // no_host where it happened to none in particular
  std::optional<OrganisationId> organisation = {};  // where it did not happen to a host
  std::optional<ServiceKind> service = {};          // of the organisation
};

/// All that the detectors find in one replicate, by detector.
using Moments = std::array<Moment, detectors>;

/// Places of which the tenth counts: organisations, or segments where the estate has fewer than ten organisations.
inline constexpr std::size_t tenth = 10;
bool counts_organisations(const Estate& estate);

/// Time without a new infection after which an outbreak counts as over: a tenth of the scenario (assumed).
Duration quiet_time(const Model& model);
/// Time for which a service is down before players hear of it (assumed).
inline constexpr Duration missed = 2h;

/// What the detectors find in a replicate that has been played to its horizon.
Moments find_moments(const Played& play);

/// Players of an experiment that also write down what they find in replicate r, in slots[r], which outlives them.
MakePlayer noting_player_maker(std::shared_ptr<const Experiment> experiment, std::vector<Moments>& slots);

}  // namespace trustfall
