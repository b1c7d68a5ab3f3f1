#pragma once

namespace trustfall::analytic {

/// Two factors slow Code Red: hosts are removed and immunised, and scanning clogs the network (Zou, Gong and Towsley,
/// CCS 2002). With S vulnerable, I infected, R removed, Q immunised and J = I + R:
///   dI = b S I - dR,  dR = removal I,  dQ = immunisation S J / hosts,  b = infection (1 - I / hosts)^eta / hosts
struct TwoFactor {
  double hosts;
  double first;
  double eta;
  double removal;  // these three in inverse hours
  double immunisation;
  double infection;
};

struct TwoFactorCourse {
  double peak_infected = 0, peak_infected_at = 0;  // hosts, hours
  double peak_new = 0, peak_new_at = 0;            // hosts per hour, hours
  double ever_infected = 0, immunised = 0;         // at the end
};

/// Integrates it to `until` hours, a thousandth of an hour a step.
TwoFactorCourse solve(const TwoFactor& model, double until);

}  // namespace trustfall::analytic
