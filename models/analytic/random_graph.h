#pragma once

#include <vector>

/// SIR along the links of a large random graph that has given numbers of links and is random otherwise
/// (configuration model), by generating functions (Newman, Phys. Rev. E 66, 016128, 2002).
namespace trustfall::analytic {

/// Share of the hosts that have so many links, by number of links; sums to 1.
using Links = std::vector<double>;

/// Chance that a host infects along a link before it is removed, both at exponential times of these rates.
inline double transmissibility(double infection, double removal) { return infection / (infection + removal); }

/// Transmissibility from which outbreaks can be large: <k> / (<k^2> - <k>). Above 1 where none can.
double critical_transmissibility(const Links& links);

/// Large outbreaks from one host, both 0 below the critical transmissibility.
struct LargeOutbreak {
  double chance;  // that there is one
  double share;   // of the hosts that it reaches
};

/// With infection along each link and removal at exponential times of these rates. Chance and share differ, because
/// a host's links share its infectious time (Kenah and Robins, Phys. Rev. E 76, 036113, 2007). Near the critical
/// transmissibility the computation takes long, as its inverse distance from it.
LargeOutbreak large_outbreak(const Links& links, double infection, double removal);

}  // namespace trustfall::analytic
