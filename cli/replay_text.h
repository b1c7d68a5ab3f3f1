#pragma once

#include <vector>

#include "models/happenings.h"
#include "sim/engine/trace.h"
#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// A replicate that has been played again, and under which names it is told.
struct ToldReplicate {
  const Results& results;
  const Estate& estate;
  Names names;
  Trace trace;                        // in order
  std::vector<Happening> happenings;  // likewise
};

/// One line for each minute in which something happened: how often, and which places were reached for the first time.
void print_minutes(const ToldReplicate& told);

/// Every step and everything beside them as CSV.
void print_events(const ToldReplicate& told);

}  // namespace trustfall
