#pragma once

#include <string>
#include <vector>

#include "sim/base/table.h"
#include "sim/study/results.h"

namespace trustfall {

/// How organisations are named in an export.
enum class Names { pseudonyms, real };

/// What an organisation is called: its own name, or its kind and a number, for simulated outcomes.
std::string label(const OrganisationInfo& organisation, std::size_t number, Names names);

/// Every metric of every replicate: scenario, strategy, sweep_point, replicate, metric, unit, value (empty where it
/// did not occur).
Table outcomes_table(const Results& results, std::uint32_t sweep_point = 0);

/// Every curve: scenario, strategy, sweep_point, t_hours, metric, q05, q25, q50, q75, q95 over the replicates.
Table timeseries_table(const Results& results, std::uint32_t sweep_point = 0);

/// For every organisation, the share of replicates in which it is infected and locked out. Pseudonyms go with
/// coordinates rounded to a tenth of a degree.
Table organisations_table(const Results& results, Names names);

}  // namespace trustfall
