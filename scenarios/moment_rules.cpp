#include "scenarios/moment_rules.h"

#include <cmath>

namespace trustfall {

void check_within_horizon(Document& document, const std::string& path, const std::string& what, double moment) {
  if (moment >= document.scenario.horizon() && !std::isinf(moment))
    report(document, path, what + " lies at or beyond the horizon: it does not happen in a replicate", {},
           Severity::warning);
}

void check_moment(Document& document, const std::string& path, const std::string& what, double moment) {
  if (moment < 0) report(document, path, what + " lies before the scenario's start");
  check_within_horizon(document, path, what, moment);
}

}  // namespace trustfall
