#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cli/study_request.h"
#include "models/analytic/choke_points.h"
#include "scenarios/inspection/closing_rules.h"

namespace trustfall {

/// A part of the estate and what was found of it.
struct Part {
  std::string name;
  std::size_t hosts;
  double reach;    // hosts that can be attempted directly from it; of networks: from a segment, on average
  double carries;  // share of R that goes through it
};

/// What planners get of a scenario, all of it means over the replicates where luck has a part in it.
struct Inspection {
  double reach = 0;  // hosts that can be attempted from one host, on average over the hosts
  std::vector<Part> networks, organisations, segments;

  std::vector<double> reproduction;  // R by replicate, ascending
  std::vector<double> critical;      // coverage below which it is at least 1, likewise; infinite where none is enough
  double within = 0;                 // hosts of its own segment that one infectious host would infect by itself
  /// Outbreaks that the outbreak of a segment of one network begins in another, by position in `networks`.
  std::vector<std::vector<double>> between_networks;

  std::vector<double> hosts, segments_by_generation;  // as played, in all replicates together
  std::array<std::array<double, tiers>, tiers + 1> by_tier{};

  analytic::ChokePoints choke_points;
  std::optional<ClosingRules> closing;
  std::size_t guarded = 0;  // hosts that these protect
};

/// Plays the replicates and looks at the estate as each finds it. `protect` may say nothing. Fewer replicates when it
/// is interrupted; none: nullopt.
std::optional<Inspection> inspect(const StudyRequest& request, const Prepared& prepared,
                                  const std::optional<Where>& protect);

std::string inspection_text(const Inspection& inspection, const Prepared& prepared, Names names);
std::string inspection_json(const Inspection& inspection, const Prepared& prepared, Names names);

}  // namespace trustfall
