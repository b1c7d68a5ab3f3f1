#pragma once

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

}  // namespace trustfall::analytic
