#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "models/model.h"
#include "sim/engine/trace.h"
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
  ransom_doubles,
  first_detection,
  first_restore,
  outbreak_over,
  exercise_ends,
};
inline constexpr int detectors = 13;

/// A detector as rules name it, and what its moment is.
struct DetectorInfo {
  std::string_view name;
  std::string_view meaning;
};
const DetectorInfo& info(Detector detector);

/// When something happened, and to which host.
struct Moment {
  Instant time = never;   // `never` when it did not happen before the horizon
  HostId host = no_host;  // no_host where it happened to none in particular
};

/// All that the detectors find in one replicate, by detector.
using Moments = std::array<Moment, detectors>;

/// Places of which the tenth counts: organisations, or segments where the estate has fewer than ten organisations.
inline constexpr std::size_t tenth = 10;
bool counts_organisations(const Estate& estate);

/// Finds the moments in traces of one model.
class MomentFinder {
 public:
  explicit MomentFinder(const Model& model);
  Moments find(const Trace& trace) const;

 private:
  const Model* model_;
  bool backup_servers_;  // whether the estate has any
};

/// Time without a new infection after which an outbreak counts as over: a tenth of the scenario (assumed).
Duration quiet_time(const Model& model);

/// Players that also write down what they find in replicate r, in slots[r]; both outlive the players.
MakePlayer noting(MakePlayer make_player, const Model& model, std::vector<Moments>& slots);

}  // namespace trustfall
