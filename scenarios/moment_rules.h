#pragma once

#include <string>

#include "scenarios/document.h"

namespace trustfall {

/// Warns when the moment of `what` lies at or beyond the horizon.
void check_within_horizon(Document& document, const std::string& path, const std::string& what, double moment);
/// The same, and reports when it lies before the scenario's start.
void check_moment(Document& document, const std::string& path, const std::string& what, double moment);

}  // namespace trustfall
