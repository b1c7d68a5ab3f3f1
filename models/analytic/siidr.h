#pragma once

namespace trustfall::analytic {

/// SIIDR: infected hosts go dormant and come back (fitted to traces of WannaCry: Chernikova and others, Applied
/// Network Science 8:52, 2023). Rates are per step of the trace:
///   dI = infection S I / hosts - (removal + to_dormant) I + to_infected D,  dD = to_dormant I - to_infected D
struct Siidr {
  double infection;
  double removal;
  double to_dormant;
  double to_infected;
};

/// Growth of the infected while nearly all are vulnerable, per step: the larger eigenvalue of the infected and
/// dormant. It has the sign of infection - removal.
double growth(const Siidr& model);

}  // namespace trustfall::analytic
