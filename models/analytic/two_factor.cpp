#include "models/analytic/two_factor.h"

#include <Eigen/Dense>
#include <cmath>

#include "models/analytic/runge_kutta.h"

namespace trustfall::analytic {
namespace {

using State = Eigen::Array3d;  // infected, removed, immunised

double new_infections(const TwoFactor& m, const State& s) {
  const double vulnerable = m.hosts - s.sum();
  return m.infection / m.hosts * std::pow(1 - s[0] / m.hosts, m.eta) * vulnerable * s[0];
}

State slope(const TwoFactor& m, const State& s) {
  const double removed = m.removal * s[0];
  const double vulnerable = m.hosts - s.sum();
  return {new_infections(m, s) - removed, removed, m.immunisation / m.hosts * vulnerable * (s[0] + s[1])};
}

}  // namespace

TwoFactorCourse solve(const TwoFactor& model, double until) {
  constexpr double step = 0.001;
  State s{model.first, 0, 0};
  TwoFactorCourse course;
  const auto steps = std::llround(until / step);
  for (long long i = 0;; ++i) {
    const double now = static_cast<double>(i) * step;
    if (s[0] > course.peak_infected) course.peak_infected = s[0], course.peak_infected_at = now;
    if (const double rate = new_infections(model, s); rate > course.peak_new)
      course.peak_new = rate, course.peak_new_at = now;
    if (i == steps) break;
    runge_kutta_step(s, step, [&](const State& at) { return slope(model, at); });
  }
  course.ever_infected = s[0] + s[1];
  course.immunised = s[2];
  return course;
}

}  // namespace trustfall::analytic
