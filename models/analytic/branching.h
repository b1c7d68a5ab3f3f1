#pragma once

namespace trustfall::analytic {

/// An outbreak that has hardly begun: every host infects a Poisson number of others, none twice. With N vulnerable
/// hosts among A addresses and M attempts by a host in all, their mean is N M / A, and the worm is contained while
/// M is at most A / N (Sellke, Shroff and Bagchi, IEEE TDSC 5(2), 2008).

/// Chance that it dies out from one host: the least q = exp(mean (q - 1)).
double extinction_chance(double mean_offspring);

/// Mean of all that are ever infected from one host, itself included; infinite from a mean of 1 on.
double mean_total(double mean_offspring);

}  // namespace trustfall::analytic
