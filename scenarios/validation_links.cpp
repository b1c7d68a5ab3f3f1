#include "scenarios/validation_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/analytic/contact_chain.h"
#include "models/analytic/final_size.h"
#include "models/analytic/random_graph.h"
#include "scenarios/validation_played.h"

namespace trustfall {
namespace {

/// Equal hosts, all vulnerable, that infect one another at 1/h over each link of a graph; the first ones are drawn.
struct Linked {
  std::uint32_t hosts;
  std::string graph;  // recipe
  std::uint32_t first;
  std::string horizon;
  std::string active_for;  // to the end when empty
};

/// `seed` is that of graph and luck: plays on several graphs would otherwise share theirs.
std::string text(const Linked& linked, std::uint32_t seed) {
  const std::string more = linked.active_for.empty() ? "" : ", active_for: {" + linked.active_for + "}";
  return fmt::format(R"(name: validation
start: 2017-06-27T10:00:00Z
horizon: {horizon}
study: {{sample_every: {horizon}, seed: {seed}}}
estate:
  seed: {seed}
{equal}  links: {{contacts: {{graph: {graph}}}}}
worm: {{links: {{contacts: {{time: {{exponential: 1h}}}}}}, chances: {{windows_7: 100%}}{more}}}
entries: {{first: {{hosts: {{count: {first}, at: +0s}}}}}}
)",
                     fmt::arg("horizon", linked.horizon), fmt::arg("seed", seed),
                     fmt::arg("equal", equal_hosts(linked.hosts)), fmt::arg("graph", linked.graph),
                     fmt::arg("more", more), fmt::arg("first", linked.first));
}

/// Large outbreaks on one graph.
struct Large {
  double chance;
  double share;  // of the hosts, on average
};

Large large_outbreaks(const Linked& linked, std::uint32_t graph, std::uint32_t plays, int threads) {
  double outbreaks = 0;
  double hosts = 0;
  for (const double size : totals(play_text(text(linked, graph), plays, threads))) {
    if (size < 0.1 * linked.hosts) continue;
    ++outbreaks;
    hosts += size;
  }
  return {outbreaks / plays, hosts / outbreaks / linked.hosts};
}

constexpr std::uint32_t graphs = 16;  // as they differ, the standard errors are those of the means of each

const char* const generating_functions = "generating functions: Newman 2002; Kenah, Robins 2007";

/// `expected` is the limit of many hosts, off by about one in as many.
std::vector<ValidationRow> large_outbreak_rows(const std::string& activity, const std::string& active_for,
                                               const Large& expected, int threads) {
  constexpr std::uint32_t hosts = 4000;
  constexpr std::uint32_t plays = 1000;
  std::vector<double> chance;
  std::vector<double> share;
  for (std::uint32_t graph = 1; graph <= graphs; ++graph) {
    const Large found = large_outbreaks({hosts, "{erdos_renyi: 4}", 1, "1000h", active_for}, graph, plays, threads);
    chance.push_back(found.chance);
    share.push_back(found.share);
  }
  const auto row = [&](const char* what, const char* unit, double limit, const std::vector<double>& found) {
    return ValidationRow{"A4",
                         fmt::format("{} graphs, 1,000 plays each, {} activity: {}, 4 s.e.", graphs, activity, what),
                         unit,
                         limit,
                         mean(found),
                         4 * standard_error(found) + 1.0 / hosts,
                         generating_functions};
  };
  return {row("large outbreak", "chance", expected.chance, chance),
          row("hosts in it", "share", expected.share, share)};
}

/// By 45 min from 10 hosts. Each has 8 links on average, and each link from an infectious host to an open one brings
/// 8 more at 1/h, when it is used up, unless the host falls silent first at 2/h: their mean grows as exp(5 t).
ValidationRow beginning_row(int threads) {
  constexpr double first = 10;
  constexpr double degree = 8;
  constexpr double growth = degree - 1 - 2;
  constexpr std::uint32_t hosts = 100000;
  constexpr std::uint32_t plays = 100;
  const double expected = first + first * degree * std::expm1(growth * 0.75) / growth;
  std::vector<double> found;
  for (std::uint32_t graph = 1; graph <= graphs; ++graph)
    found.push_back(mean(totals(
        play_text(text({hosts, "{erdos_renyi: 8}", 10, "45min", "exponential: 30min"}, graph), plays, threads))));
  // A link that leads to one of the I infected brings nothing: growth is lower by degree I / hosts, and ln I by the
  // integral of that.
  const double depleted = expected * degree * expected / growth / hosts;
  return {"A4",
          fmt::format("{} graphs, {} plays each: mean infected by 45 min, 4 s.e.", graphs, plays),
          "hosts",
          expected,
          mean(found),
          4 * standard_error(found) + depleted,
          "branching along links"};
}

}  // namespace

std::vector<ValidationRow> random_graph_plays(int threads) {
  analytic::Links degrees(40);
  double poisson = std::exp(-4.0);
  for (std::size_t k = 0; k < degrees.size(); ++k, poisson *= 4.0 / static_cast<double>(k)) degrees[k] = poisson;
  const analytic::LargeOutbreak varying = analytic::large_outbreak(degrees, 1, 1.5);
  // With a fixed activity the links of a host are used independently of one another, and who would be reached is who
  // would start a large outbreak: of Poisson degrees, as in a well-mixed crowd.
  const double fixed = analytic::final_share(4 * -std::expm1(-0.5));
  std::vector<ValidationRow> rows =
      large_outbreak_rows("exponential", "exponential: 40min", {varying.chance, varying.share}, threads);
  for (ValidationRow& row : large_outbreak_rows("fixed", "fixed: 30min", {fixed, fixed}, threads))
    rows.push_back(std::move(row));
  rows.push_back(beginning_row(threads));
  return rows;
}

std::vector<ValidationRow> linked_chain_plays(int threads) {
  constexpr std::uint32_t plays = 40000;
  constexpr std::size_t hosts = 7;
  const std::vector<double> found =
      totals(play_text(text({hosts, "{star: {}}", 1, "2h", "exponential: 2h"}, 1), plays, threads));
  std::vector<analytic::Contact> contacts;
  for (std::size_t leaf = 1; leaf < hosts; ++leaf) {
    contacts.push_back({0, leaf, 1});
    contacts.push_back({leaf, 0, 1});
  }
  std::vector<double> expected(hosts + 1);
  for (std::size_t first = 0; first < hosts; ++first) {
    analytic::ContactChain chain(hosts, contacts, {first}, 0.5, analytic::Afterwards::immune);
    chain.advance(2);
    for (std::size_t size = 0; size <= hosts; ++size) expected[size] += chain.sizes()[size] / hosts;
  }
  std::vector<ValidationRow> rows;
  for (const std::size_t size : {1, 4, 7}) {
    const auto count = static_cast<double>(std::count(found.begin(), found.end(), static_cast<double>(size)));
    rows.push_back({"A5", fmt::format("star of 7 linked hosts, 40,000 plays: {} fallen within 2 h, 4 s.e.", size),
                    "chance", expected[size], count / plays, 4 * standard_error(expected[size], plays),
                    "Markov chain, uniformisation"});
  }
  return rows;
}

std::vector<ValidationRow> ring_plays(int threads) {
  constexpr std::uint32_t plays = 10000;
  const std::string ring = "{watts_strogatz: {neighbours: 2, rewired: 0%}}";
  const std::vector<double> lasting = totals(play_text(text({2000, ring, 1, "20h", ""}, 1), plays, threads));
  const std::vector<double> silent =
      totals(play_text(text({2000, ring, 1, "1000h", "exponential: 4h"}, 2), plays, threads));
  const auto alone = static_cast<double>(std::count(silent.begin(), silent.end(), 1));
  // Both ends of the infected part move on at 1/h, and stop for good when the host there falls silent first, at 1/4
  // h: after a geometric number of hosts with the mean 4. The first host is both ends.
  constexpr double stays_alone = 0.25 / (0.25 + 2);
  const std::string what = "ring of 2,000 linked hosts, 10,000 plays: ";
  const std::string source = "Poisson and geometric steps";
  return {{"A6", what + "mean infected by 20 h, 4 s.e.", "hosts", 1 + 2 * 20, mean(lasting),
           4 * standard_error(lasting), source},
          {"A6", what + "with activity, mean, 4 s.e.", "hosts", 1 + 2 * 4, mean(silent), 4 * standard_error(silent),
           source},
          {"A6", what + "with activity, one alone, 4 s.e.", "chance", stays_alone, alone / plays,
           4 * standard_error(stays_alone, plays), source}};
}

}  // namespace trustfall
