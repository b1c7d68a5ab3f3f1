#pragma once

#include <vector>

#include "models/analytic/mean_field.h"
#include "models/model.h"

namespace trustfall {

/// Hosts infected so far by the mean-field equations of a model, at each sample of its time series: what the engine's
/// curve tends to when every class of hosts is large.
///
/// Throws InputError, with everything in the model that the equations do not know: rules, isolation, power plans, a
/// kill switch, patches that differ by chance, entries other than hosts at the start, and times that are not
/// exponential.
std::vector<double> mean_field(const Model& model, analytic::Grouping grouping);

}  // namespace trustfall
