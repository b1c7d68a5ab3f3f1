#pragma once

#include <cstddef>
#include <vector>

namespace trustfall::analytic {

/// Analytical active worm propagation, step by step (Chen, Gao and Kwiat, INFOCOM 2003):
///   n' = (1 - death - patch) n + ((1 - patch)^i hosts - n) (1 - (1 - 1 / addresses)^(scans n))
struct ActiveWorm {
  double hosts;
  double first;
  double scans;  // of a host in one step
  double death;  // these two are shares in one step
  double patch;
  double addresses = 4294967296.0;
};

/// Infected hosts at the steps 0 to `steps`.
std::vector<double> solve(const ActiveWorm& model, std::size_t steps);

}  // namespace trustfall::analytic
