#pragma once

#include <vector>

#include "scenarios/validation.h"

/// Equations of worms at published settings, by themselves.
namespace trustfall {

/// V1: random constant spread of Code Red.
std::vector<ValidationRow> constant_spread_rows();
/// V4: the two-factor model.
std::vector<ValidationRow> two_factor_rows();
/// V5: analytical active worm propagation, with death and patching.
std::vector<ValidationRow> active_worm_rows();
/// V6: the same without.
std::vector<ValidationRow> lasting_active_worm_rows();
/// V7: Slammer without a cap on bandwidth.
std::vector<ValidationRow> slammer_rows();
/// V8: a limited number of attempts a host.
std::vector<ValidationRow> branching_rows();
/// V10: SIIDR at the settings fitted to seven traces of WannaCry.
std::vector<ValidationRow> siidr_rows();
/// V11: how a patch is taken up, by the equation and by the engine's own draws.
std::vector<ValidationRow> adoption_rows();

}  // namespace trustfall
