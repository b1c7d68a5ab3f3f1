#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what is wrong between values of a scenario that are each right by themselves: mixes that do not add up,
/// alternatives given together, moments out of order. Needs no estate and no file. `read_scenario` has called it;
/// calling it again adds nothing.
void check_rules(Document& document);

}  // namespace trustfall
