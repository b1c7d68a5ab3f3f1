#pragma once

namespace trustfall::analytic {

/// Share of well-mixed hosts that a large outbreak infects in the end, those infected at its start included: the
/// largest z with 1 - z = s exp(-r0 z) (Kermack and McKendrick 1927), where `susceptible` is the share s that was
/// open at the start. Whatever the distribution of the infectious time.
double final_share(double r0, double susceptible = 1);

}  // namespace trustfall::analytic
