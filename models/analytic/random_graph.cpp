#include "models/analytic/random_graph.h"

#include <cmath>

namespace trustfall::analytic {
namespace {

/// The other links of a host that one arrives at along a link, by their number.
Links other_links(const Links& links) {
  Links other(links.empty() ? 0 : links.size() - 1);
  double sum = 0;
  for (std::size_t k = 1; k < links.size(); ++k) sum += other[k - 1] = static_cast<double>(k) * links[k];
  for (double& share : other) share /= sum;
  return other;
}

/// The generating function of a distribution.
double generating(const Links& links, double x) {
  double sum = 0;
  for (std::size_t k = links.size(); k-- > 0;) sum = sum * x + links[k];
  return sum;
}

/// Chance that nothing large comes of a host, when nothing large comes of a host that it infects with chance `small`.
///
/// Of k links and its removal, one comes first: with chance k infection / (k infection + removal) a link transmits,
/// and the host is left with k - 1.
double nothing_large(const Links& links, double infection, double removal, double small) {
  double of_k = 1;
  double sum = links[0];
  for (std::size_t k = 1; k < links.size(); ++k) {
    const double transmits = static_cast<double>(k) * infection;
    of_k = (removal + transmits * small * of_k) / (removal + transmits);
    sum += links[k] * of_k;
  }
  return sum;
}

/// The least fixed point of an increasing function on [0, 1], from below.
template <class Function>
double least_fixed_point(const Function& f) {
  double x = 0;
  for (double before = 1; std::fabs(x - before) > 1e-14;) {
    before = x;
    x = f(x);
  }
  return x;
}

}  // namespace

double critical_transmissibility(const Links& links) {
  double first = 0;
  double second = 0;  // of k (k - 1)
  for (std::size_t k = 1; k < links.size(); ++k) {
    first += static_cast<double>(k) * links[k];
    second += static_cast<double>(k) * static_cast<double>(k - 1) * links[k];
  }
  return first / second;
}

LargeOutbreak large_outbreak(const Links& links, double infection, double removal) {
  const double t = transmissibility(infection, removal);
  if (!(t > critical_transmissibility(links))) return {0, 0};
  const Links other = other_links(links);
  // Chance that a host is not reached along a link, and that nothing large comes of one just infected along a link.
  const double spared = least_fixed_point([&](double u) { return 1 - t + t * generating(other, u); });
  const double small = least_fixed_point([&](double v) { return nothing_large(other, infection, removal, v); });
  return {1 - nothing_large(links, infection, removal, small), 1 - generating(links, spared)};
}

}  // namespace trustfall::analytic
