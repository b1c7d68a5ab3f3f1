#include "models/analytic/contact_chain.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/support/statistics.h"

// The exact chain along links against closed forms, and against outbreaks simulated jump by jump.

using namespace trustfall;
using namespace trustfall::analytic;

namespace {

constexpr double long_after = 400;

std::vector<Contact> complete(std::size_t hosts, double rate) {
  std::vector<Contact> links;
  for (std::size_t a = 0; a < hosts; ++a)
    for (std::size_t b = 0; b < hosts; ++b)
      if (a != b) links.push_back({a, b, rate});
  return links;
}

/// Five hosts whose links are all different, some in one direction only.
const std::vector<Contact> crooked = {{0, 1, 0.9}, {1, 0, 0.2}, {1, 2, 0.5}, {0, 3, 0.3},
                                      {3, 2, 1.4}, {2, 4, 0.7}, {4, 0, 0.6}, {4, 3, 0.1}};

/// What the hosts are after `time`, from host 0, by Gillespie's direct method.
std::vector<int> simulated(const std::vector<Contact>& links, std::size_t hosts, double removal, bool immune,
                           double time, std::mt19937_64& luck) {
  std::vector<int> what(hosts);
  what[0] = ContactChain::infected;
  std::uniform_real_distribution<double> uniform(0, 1);
  for (double now = 0;;) {
    std::vector<std::pair<double, std::pair<std::size_t, int>>> jumps;
    double total = 0;
    for (const Contact& link : links)
      if (what[link.from] == ContactChain::infected && what[link.to] == ContactChain::open)
        jumps.push_back({total += link.rate, {link.to, ContactChain::infected}});
    for (std::size_t h = 0; h < hosts; ++h)
      if (what[h] == ContactChain::infected)
        jumps.push_back({total += removal, {h, immune ? ContactChain::removed : ContactChain::open}});
    if (total == 0) return what;
    now -= std::log(1 - uniform(luck)) / total;
    if (now > time) return what;
    const double chosen = uniform(luck) * total;
    std::size_t j = 0;
    while (jumps[j].first < chosen) ++j;
    what[jumps[j].second.first] = jumps[j].second.second;
  }
}

}  // namespace

TEST_CASE("One link: infection at an exponential time, and the chance that removal comes first") {
  ContactChain si(2, {{0, 1, 0.3}}, {0}, 0, Afterwards::immune);
  CHECK(si.states() == 2);
  si.advance(2);
  CHECK(si.chance(1, ContactChain::infected) == Approx(1 - std::exp(-0.6)).epsilon(1e-12));
  CHECK(si.chance(0, ContactChain::infected) == Approx(1));
  ContactChain sir(2, {{0, 1, 0.3}}, {0}, 0.1, Afterwards::immune);
  sir.advance(long_after);
  CHECK(sir.sizes()[2] == Approx(0.3 / 0.4).epsilon(1e-12));
  CHECK(sir.chance(1, ContactChain::removed) == Approx(0.75).epsilon(1e-12));
}

TEST_CASE("A star: its links share the infectious time of its centre") {
  // Of two leaves both fall with E[(1 - e^(-b tau))^2] = 1 - 2 g / (b + g) + g / (2 b + g).
  const double b = 0.4;
  const double g = 0.25;
  ContactChain star(3, {{0, 1, b}, {0, 2, b}}, {0}, g, Afterwards::immune);
  star.advance(long_after);
  CHECK(star.sizes()[3] == Approx(1 - 2 * g / (b + g) + g / (2 * b + g)).epsilon(1e-12));
  CHECK(star.sizes()[1] == Approx(g / (2 * b + g)).epsilon(1e-12));
}

TEST_CASE("SIS of two hosts that infect each other is the chain of one or two infected") {
  // 1 -> 2 at b, 1 -> 0 at g, 2 -> 1 at 2 g: the two rates of decay are the roots of x^2 - (b + 3 g) x + 2 g^2.
  const double b = 0.8;
  const double g = 0.3;
  ContactChain sis(2, complete(2, b), {0}, g, Afterwards::susceptible);
  CHECK(sis.states() == 4);
  sis.advance(1.5);
  sis.advance(2.5);  // in two parts as in one
  const double middle = (b + 3 * g) / 2;
  const double half = std::sqrt(middle * middle - 2 * g * g);
  // p1' = -(b + g) p1 + 2 g p2, p2' = b p1 - 2 g p2, from p1 = 1.
  const double slow = std::exp(-(middle - half) * 4);
  const double fast = std::exp(-(middle + half) * 4);
  const double p2 = b * (slow - fast) / (2 * half);
  CHECK(sis.sizes()[2] == Approx(p2).epsilon(1e-11));
  const double p1 = ((2 * g - middle + half) * slow - (2 * g - middle - half) * fast) / (2 * half);
  CHECK(sis.sizes()[1] == Approx(p1).epsilon(1e-11));
}

TEST_CASE("Ten hosts all linked: SI is the pure birth process, whose times add up") {
  // From k infected the next comes at rate k (10 - k) b: the chance that all have fallen by t is that of a sum of
  // exponential times, found by folding their densities step by step.
  const double b = 0.05;
  ContactChain chain(10, complete(10, b), {0}, 0, Afterwards::immune);
  CHECK(chain.states() == 512);
  chain.advance(8);
  std::vector<double> p(11);
  p[1] = 1;
  constexpr int steps = 80000;
  for (int i = 0; i < steps; ++i)
    for (std::size_t k = 10; k >= 1; --k) {
      const auto rate = [&](std::size_t n) { return b * static_cast<double>(n * (10 - n)) * 8 / steps; };
      p[k] += (k > 1 ? rate(k - 1) * p[k - 1] : 0) - rate(k) * p[k];
    }
  const std::vector<double> sizes = chain.sizes();
  for (std::size_t k = 1; k <= 10; ++k) CHECK(sizes[k] == Approx(p[k]).margin(2e-4));  // Euler: step * rate^2 / 2
}

TEST_CASE("Chances add up to one however long the time and stiff the rates") {
  ContactChain chain(6, complete(6, 30), {0, 1}, 0.5, Afterwards::susceptible);
  chain.advance(100);  // 3,000 of the fastest jumps and more
  double sum = 0;
  for (const double chance : chain.sizes()) sum += chance;
  CHECK(sum == Approx(1).epsilon(1e-11));
  // It hardly ever dies out, and each host is away for 0.5 of 0.5 + 30 * 5 of the time or so.
  CHECK(chain.chance(3, ContactChain::infected) == Approx(1 - 0.5 / 150.5).epsilon(0.001));
}

TEST_CASE("Hosts along crooked links, SIR and SIS, against outbreaks simulated jump by jump") {
  constexpr int plays = 40000;
  for (const bool immune : {true, false})
    for (const double time : {1.0, 4.0}) {
      ContactChain chain(5, crooked, {0}, 0.4, immune ? Afterwards::immune : Afterwards::susceptible);
      chain.advance(time);
      std::mt19937_64 luck(7);
      std::vector<double> infected(5), gone(5), sizes(6);
      for (int i = 0; i < plays; ++i) {
        const std::vector<int> what = simulated(crooked, 5, 0.4, immune, time, luck);
        std::size_t size = 0;
        for (std::size_t h = 0; h < 5; ++h) {
          infected[h] += what[h] == ContactChain::infected;
          gone[h] += what[h] == ContactChain::removed;
          size += what[h] != ContactChain::open;
        }
        sizes[size] += 1;
      }
      for (std::size_t h = 0; h < 5; ++h) {
        INFO("host " << h << " after " << time);
        CHECK(stats::within_five_errors(infected[h], plays, chain.chance(h, ContactChain::infected)));
        CHECK(stats::within_five_errors(gone[h], plays, chain.chance(h, ContactChain::removed)));
      }
      for (std::size_t size = 0; size <= 5; ++size)
        CHECK(stats::within_five_errors(sizes[size], plays, chain.sizes()[size]));
    }
}
