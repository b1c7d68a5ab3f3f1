#include "scenarios/validation_equations.h"

#include <algorithm>

#include "models/analytic/active_worm.h"
#include "models/analytic/adoption.h"
#include "models/analytic/branching.h"
#include "models/analytic/logistic.h"
#include "models/analytic/siidr.h"
#include "models/analytic/two_factor.h"
#include "sim/base/distribution.h"
#include "sim/base/draws.h"

namespace trustfall {
namespace {

using analytic::ActiveWorm;

/// Hours until an active worm whose steps are seconds has so many hosts.
double hours_to(const std::vector<double>& infected, double hosts) {
  const auto found = std::find_if(infected.begin(), infected.end(), [&](double n) { return n >= hosts; });
  return static_cast<double>(found - infected.begin()) / 3600;
}

struct Trace {
  const char* name;
  analytic::Siidr rates;
};

/// Table of fitted rates; a trace is named after threads and pause.
constexpr Trace traces[] = {
    {"wc_1_500ms", {0.10, 0.06, 0.76, 0.04}}, {"wc_1_1s", {0.11, 0.07, 0.71, 0.07}},
    {"wc_1_5s", {0.37, 0.52, 0.27, 0.44}},    {"wc_1_10s", {0.12, 0.06, 0.75, 0.05}},
    {"wc_4_1s", {0.14, 0.07, 0.75, 0.08}},    {"wc_4_5s", {0.12, 0.07, 0.76, 0.07}},
    {"wc_8_20s", {0.13, 0.09, 0.74, 0.08}},
};

/// The larger root of the characteristic polynomial of the infected and dormant.
double larger_root(const analytic::Siidr& m) {
  const double trace = m.infection - m.removal - m.to_dormant - m.to_infected;
  const double determinant = -m.to_infected * (m.infection - m.removal);
  return (trace + std::sqrt(trace * trace - 4 * determinant)) / 2;
}

}  // namespace

std::vector<ValidationRow> constant_spread_rows() {
  const analytic::Logistic code_red{359104, 1, 1.8};
  const std::string source = "Staniford, Paxson, Weaver 2002";
  return {{"V1", "Code Red, equation: time to 50 %", "h", 7.11, code_red.time_to(0.5), 0.0711, source},
          {"V1", "Code Red, equation: time to 99 %", "h", 9.66, code_red.time_to(0.99), 0.0966, source},
          {"V1", "Code Red, equation: from 10 % to 90 %", "h", 2.44, code_red.time_to(0.9) - code_red.time_to(0.1),
           0.0244, source},
          {"V1", "Code Red, equation: peak", "hosts/min", 2693, code_red.peak() / 60, 26.93, source}};
}

std::vector<ValidationRow> two_factor_rows() {
  const auto c = solve(analytic::TwoFactor{1e6, 1, 3, 0.05, 0.06, 0.8}, 80);
  const std::string source = "Zou, Gong, Towsley 2002";
  return {{"V4", "two factors: most infected at once", "hosts", 394655, c.peak_infected, 3947, source},
          {"V4", "two factors: time of that", "h", 27.55, c.peak_infected_at, 0.2755, source},
          {"V4", "two factors: most new", "hosts/h", 61837, c.peak_new, 618, source},
          {"V4", "two factors: time of that", "h", 17.69, c.peak_new_at, 0.1769, source},
          {"V4", "two factors: ever infected at 80 h", "hosts", 763088, c.ever_infected, 7631, source},
          {"V4", "two factors: immunised at 80 h", "hosts", 236128, c.immunised, 2361, source}};
}

std::vector<ValidationRow> active_worm_rows() {
  const double hosts = 5e5;
  const auto infected = solve(ActiveWorm{hosts, 1, 2, 2e-5, 2e-6}, 30 * 3600);
  const auto peak = std::max_element(infected.begin(), infected.end());
  const double when = static_cast<double>(peak - infected.begin()) / 3600;
  const std::string source = "Chen, Gao, Kwiat 2003";
  return {{"V5", "active worm: time to 10 %", "h", 15.33, hours_to(infected, 0.1 * hosts), 0.1533, source},
          {"V5", "active worm: time to 50 %", "h", 19.09, hours_to(infected, 0.5 * hosts), 0.1909, source},
          {"V5", "active worm: most infected at once", "hosts", 370432, *peak, 3704, source},
          {"V5", "active worm: time of that", "h", 24.99, when, 0.2499, source}};
}

std::vector<ValidationRow> lasting_active_worm_rows() {
  const double hosts = 5e5;
  const auto infected = solve(ActiveWorm{hosts, 1, 2, 0, 0}, 30 * 3600);
  const std::string source = "Chen, Gao, Kwiat 2003";
  return {
      {"V6", "active worm to the end: time to 10 %", "h", 13.04, hours_to(infected, 0.1 * hosts), 0.1304, source},
      {"V6", "active worm to the end: time to 50 %", "h", 15.66, hours_to(infected, 0.5 * hosts), 0.1566, source},
      {"V6", "active worm to the end: time to 90 %", "h", 18.28, hours_to(infected, 0.9 * hosts), 0.1828, source}};
}

std::vector<ValidationRow> slammer_rows() {
  const analytic::Logistic slammer{75000, 1, std::log(2.0) / 8.5};
  const std::string source = "doubling and hosts: Moore et al. 2003";
  return {{"V7", "Slammer, no cap: time to 50 %", "s", 137.7, slammer.time_to(0.5), 1.377, source},
          {"V7", "Slammer, no cap: time to 90 %", "s", 164.6, slammer.time_to(0.9), 1.646, source}};
}

std::vector<ValidationRow> branching_rows() {
  const auto offspring = [](double attempts) { return 360000 * attempts / 4294967296.0; };
  const std::string source = "Sellke, Shroff, Bagchi 2008";
  // Rounding in the figures is the tolerance.
  return {{"V8", "10,000 attempts a host: infected by one", "hosts", 0.838, offspring(10000), 0.0005, source},
          {"V8", "10,000 attempts, equation: mean total", "hosts", 6.2, analytic::mean_total(offspring(10000)), 0.05,
           source},
          {"V8", "10,000 attempts, equation: dies out", "chance", 1, analytic::extinction_chance(offspring(10000)),
           1e-9, source},
          {"V8", "20,000 attempts a host: infected by one", "hosts", 1.676, offspring(20000), 0.0005, source},
          {"V8", "20,000 attempts, equation: dies out", "chance", 0.320,
           analytic::extinction_chance(offspring(20000)), 0.0005, source}};
}

std::vector<ValidationRow> siidr_rows() {
  const std::string source = "rates: Chernikova et al. 2023";
  std::vector<ValidationRow> rows;
  double growing = 0;
  for (const Trace& trace : traces) {
    const double expected = larger_root(trace.rates);
    const double found = growth(trace.rates);
    rows.push_back({"V10", std::string("SIIDR, ") + trace.name + ": growth", "1/step", expected, found,
                    0.01 * std::fabs(expected), source});
    growing += found > 0;
  }
  rows.push_back({"V10", "SIIDR: traces that grow (all but wc_1_5s)", "traces", 6, growing, 0, source});
  rows.push_back({"V10", "SIIDR: growth where infection equals removal", "1/step", 0,
                  growth(analytic::Siidr{0.1, 0.1, 0.7, 0.05}), 1e-12, "threshold, derived"});
  return rows;
}

std::vector<ValidationRow> adoption_rows() {
  const analytic::Adoption& patch = analytic::enterprises;
  const Distribution taken{Distribution::Shape::weibull, patch.scale, patch.shape, {}, {}};
  constexpr std::uint32_t hosts = 100000;
  const auto left = [&](double days) {
    double count = 0;
    for (std::uint32_t h = 0; h < hosts; ++h) count += taken.at(Draws(1, 0).uniform(Purpose::approval, h)) > days;
    return count / hosts;
  };
  const std::string source = "Weibull through Kenna, Cyentia 2019";
  std::vector<ValidationRow> rows;
  for (const auto& [days, share] : {std::pair{30, 0.69}, {90, 0.50}, {365, 0.21}}) {
    const std::string after = std::to_string(days) + " days";
    rows.push_back(
        {"V11", "unpatched, equation: after " + after, "share", share, patch.unpatched(days), 0.005, source});
    rows.push_back({"V11", "unpatched, 100,000 draws: after " + after, "share", patch.unpatched(days), left(days),
                    0.01, source});
  }
  return rows;
}

}  // namespace trustfall
