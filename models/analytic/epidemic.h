#pragma once

#include <cstddef>
#include <vector>

/// Equations of worms that have been published, to hold the engine against and to reckon with beforehand.
namespace trustfall::analytic {

/// Random constant spread, the logistic curve (Staniford, Paxson and Weaver, USENIX Security 2002). Times are in the
/// unit whose inverse `growth` has.
struct Logistic {
  double hosts;   // all of them vulnerable
  double first;   // infected at 0
  double growth;  // attempts in unit time that meet a host of the estate, while all are vulnerable

  double infected(double time) const;
  /// When this share of the hosts is infected.
  double time_to(double share) const;
  /// Most new infections in unit time.
  double peak() const { return hosts * growth / 4; }
};

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

/// Integrates it to `until` hours (classic Runge-Kutta, a thousandth of an hour a step).
TwoFactorCourse solve(const TwoFactor& model, double until);

/// Analytical active worm propagation, step by step (Chen, Gao and Kwiat, INFOCOM 2003):
///   n' = (1 - death - patch) n + ((1 - patch)^i hosts - n) (1 - (1 - 1 / addresses)^(scans n))
struct ActiveWorm {
  double hosts;
  double first;
  double scans;  // of a host in one step
  double death;
  double patch;
  double addresses = 4294967296.0;
};

/// Infected hosts at the steps 0 to `steps`.
std::vector<double> solve(const ActiveWorm& model, std::size_t steps);

/// Chance that a branching process of Poisson offspring with this mean dies out: the least q = exp(mean (q - 1)).
double extinction_chance(double mean_offspring);

/// SIIDR: infected hosts go dormant and come back (fitted to traces of WannaCry:
/// Chernikova et al., Applied Network Science 8:52, 2023). Rates are
/// per step of the trace.
struct Siidr {
  double infection;
  double removal;
  double to_dormant;
  double to_infected;
};

/// Growth of the infected while nearly all are vulnerable: the larger eigenvalue of the infected and dormant.
double growth(const Siidr& model);

}  // namespace trustfall::analytic
