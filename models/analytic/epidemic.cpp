#include "models/analytic/epidemic.h"

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <cmath>

namespace trustfall::analytic {

double Logistic::infected(double time) const { return hosts / (1 + (hosts / first - 1) * std::exp(-growth * time)); }

double Logistic::time_to(double share) const {
  return (std::log(hosts / first - 1) + std::log(share / (1 - share))) / growth;
}

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
  const auto steps = static_cast<std::size_t>(std::llround(until / step));
  for (std::size_t i = 0; i <= steps; ++i) {
    const double now = static_cast<double>(i) * step;
    if (s[0] > course.peak_infected) course.peak_infected = s[0], course.peak_infected_at = now;
    if (const double rate = new_infections(model, s); rate > course.peak_new)
      course.peak_new = rate, course.peak_new_at = now;
    course.ever_infected = s[0] + s[1];
    course.immunised = s[2];
    const State a = slope(model, s);
    const State b = slope(model, s + step / 2 * a);
    const State c = slope(model, s + step / 2 * b);
    const State d = slope(model, s + step * c);
    s += step / 6 * (a + 2 * b + 2 * c + d);
  }
  return course;
}

std::vector<double> solve(const ActiveWorm& model, std::size_t steps) {
  std::vector<double> infected{model.first};
  double vulnerable = model.hosts;  // and infected
  for (std::size_t i = 0; i < steps; ++i) {
    const double n = infected.back();
    const double hit = -std::expm1(model.scans * n * std::log1p(-1 / model.addresses));
    infected.push_back((1 - model.death - model.patch) * n + (vulnerable - n) * hit);
    vulnerable *= 1 - model.patch;
  }
  return infected;
}

double extinction_chance(double mean_offspring) {
  if (mean_offspring <= 1) return 1;
  double q = 0;
  for (double before = 1; std::fabs(q - before) > 1e-14;) {
    before = q;
    q = std::exp(mean_offspring * (q - 1));
  }
  return q;
}

double growth(const Siidr& model) {
  Eigen::Matrix2d flows;
  flows << model.infection - model.removal - model.to_dormant, model.to_infected, model.to_dormant,
      -model.to_infected;
  return flows.eigenvalues().real().maxCoeff();
}

}  // namespace trustfall::analytic
