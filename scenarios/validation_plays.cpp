#include "scenarios/validation_plays.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/analytic/branching.h"
#include "models/analytic/contact_chain.h"
#include "models/analytic/final_size.h"
#include "models/analytic/logistic.h"
#include "scenarios/mean_field.h"
#include "scenarios/validation_played.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

/// One network of equal hosts in one zone, all vulnerable. `rate` as in a scenario; `more` goes into the worm.
struct Flat {
  std::uint32_t hosts;
  double addresses;
  std::string rate;
  std::uint32_t first;
  std::string horizon;
  std::string sample_every;
  std::string more;
};

std::string text(const Flat& flat) {
  return fmt::format(R"(name: validation
start: 2001-07-19T10:00:00Z
horizon: {horizon}
study: {{sample_every: {sample_every}, seed: 1}}
estate:
  zones: {{net: {{pool: everyone, addresses: {addresses:.0f}}}}}
{equal}worm: {{attempts: {{net: {rate}}}, chances: {{windows_7: 100%}}{more}}}
entries: {{first: {{hosts: {{count: {first}, at: +0s}}}}}}
)",
                     fmt::arg("horizon", flat.horizon), fmt::arg("sample_every", flat.sample_every),
                     fmt::arg("addresses", flat.addresses), fmt::arg("equal", equal_hosts(flat.hosts)),
                     fmt::arg("rate", flat.rate), fmt::arg("more", flat.more), fmt::arg("first", flat.first));
}

/// Hours until so many hosts are infected in a play, straight between samples.
double hours_to(const PlayedStudy& played, const Outcome& outcome, double hosts) {
  const double step = to_hours(played.experiment->model.sample_every);
  std::size_t i = 1;
  while (outcome.series[i] < hosts) ++i;
  const double before = outcome.series[i - 1];
  return step * (static_cast<double>(i) - (outcome.series[i] - hosts) / (outcome.series[i] - before));
}

template <class Number>
std::vector<double> each(const PlayedStudy& played, const Number& number) {
  std::vector<double> result;
  for (const Outcome& outcome : played.outcomes) result.push_back(number(outcome));
  return result;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

}  // namespace

std::vector<ValidationRow> constant_spread_plays(int threads) {
  constexpr double hosts = 359104;
  constexpr double addresses = 4294967296.0;
  constexpr std::uint32_t plays = 25;
  const std::string rate = fmt::format("{:.3f}/h", 1.8 * addresses / hosts);
  const PlayedStudy code_red = play_text(text({359104, addresses, rate, 100, "12h", "1min", ""}), plays, threads);
  const auto time_to = [&](const Outcome& o, double share) { return hours_to(code_red, o, share * hosts); };
  const auto found = [&](const auto& number) { return median(each(code_red, number)); };
  const auto half = [&](const Outcome& o) { return time_to(o, 0.5); };
  const auto most = [&](const Outcome& o) { return time_to(o, 0.99); };
  const auto middle = [&](const Outcome& o) { return time_to(o, 0.9) - time_to(o, 0.1); };
  // Ten minutes together: a single one has chance enough to be the highest.
  const auto steepest = [](const Outcome& o) {
    double highest = 0;
    for (std::size_t i = 10; i <= 720; ++i) highest = std::max(highest, (o.series[i] - o.series[i - 10]) / 10.0);
    return highest;
  };
  const analytic::Logistic curve{hosts, 100, 1.8};
  const std::string source = "Staniford, Paxson, Weaver 2002";
  const auto row = [&](const char* what, const char* unit, double expected, double got) {
    return ValidationRow{"V1",  fmt::format("Code Red from 100 hosts, median of {} plays: {}", plays, what),
                         unit,  expected,
                         got,   0.05 * expected,
                         source};
  };
  return {row("time to 50 %", "h", curve.time_to(0.5), found(half)),
          row("time to 99 %", "h", curve.time_to(0.99), found(most)),
          row("from 10 % to 90 %", "h", 2.44, found(middle)), row("peak", "hosts/min", 2693, found(steepest))};
}

std::vector<ValidationRow> scan_rate_plays(int threads) {
  constexpr double hosts = 360000;
  constexpr std::uint32_t plays = 25;
  const PlayedStudy code_red =
      play_text(text({360000, 4294967296.0, "358/min", 100, "6h", "1min", ""}), plays, threads);
  // The logistic curve's ln(I / (hosts - I)) is straight, its ln I is not: between 1 % and 5 % it bends by 2.5 %.
  const double rise = std::log((0.05 / 0.95) / (0.01 / 0.99));
  const std::vector<double> growth = each(code_red, [&](const Outcome& o) {
    return rise / (hours_to(code_red, o, 0.05 * hosts) - hours_to(code_red, o, 0.01 * hosts));
  });
  const std::string source = "358 scans/min: Zou, Gong, Towsley 2002";
  const std::string what = fmt::format("Code Red by its scan rate, mean of {} plays: ", plays);
  return {{"V2", what + "growth, 1 % to 5 %", "1/h", 1.800, mean(growth), 0.036, source},
          {"V2", what + "doubling", "min", 23.1, 60 * std::log(2.0) / mean(growth), 0.462, source}};
}

std::vector<ValidationRow> branching_plays(int threads) {
  // Hosts in addresses as 360,000 in 2^32; one attempt a second. Among 20,000 hosts some are met twice, which takes
  // less than E[total^2] / (hosts (1 - R0)) = 0.07 off the mean: a quarter of the tolerance.
  constexpr double density = 360000 / 4294967296.0;
  constexpr std::uint32_t many = 40000;
  constexpr std::uint32_t fewer = 12000;
  const PlayedStudy contained = play_text(
      text({20000, 20000 / density, "1/s", 1, "2000h", "2000h", ", active_for: {fixed: 10000s}"}), many, threads);
  const PlayedStudy growing = play_text(
      text({5000, 5000 / density, "1/s", 1, "2000h", "2000h", ", active_for: {fixed: 20000s}"}), fewer, threads);
  const std::vector<double> total = totals(contained);
  const auto above_a_thousand = [](const std::vector<double>& sizes) {
    return static_cast<double>(std::count_if(sizes.begin(), sizes.end(), [](double size) { return size > 1000; }));
  };
  const double large = above_a_thousand(totals(growing));
  const double expected = analytic::mean_total(density * 10000);
  const double extinct = analytic::extinction_chance(density * 20000);
  const std::string source = "Sellke, Shroff, Bagchi 2008";
  return {{"V8", "10,000 attempts, 40,000 plays of 20,000 hosts: mean total, 4 s.e.", "hosts", expected, mean(total),
           4 * standard_error(total), source},
          {"V8", "10,000 attempts, 40,000 plays of 20,000 hosts: above 1,000 hosts", "plays", 0,
           above_a_thousand(total), 0, source},
          {"V8", "20,000 attempts, 12,000 plays of 5,000 hosts: dies out, 4 s.e.", "chance", extinct,
           1 - large / fewer, 4 * standard_error(extinct, fewer), source}};
}

std::vector<ValidationRow> final_size_plays(int threads) {
  // R0 = 0.1/s * 20 s * 10,000 / 13,333 = 1.5, from 100 hosts, so that none dies out.
  constexpr double hosts = 10000;
  const PlayedStudy silent = play_text(
      text({10000, hosts / 0.75, "0.1/s", 100, "24h", "24h", ", active_for: {exponential: 20s}"}), 300, threads);
  const double r0 = 0.1 * 20 * hosts / std::round(hosts / 0.75);
  const double expected = hosts * analytic::final_share(r0, 1 - 100 / hosts);
  const std::vector<double> found = totals(silent);
  return {{"A1", "SIR, R0 = 1.5, 300 plays of 10,000 hosts: attack size, 4 s.e.", "hosts", expected, mean(found),
           4 * standard_error(found), "Kermack, McKendrick 1927"}};
}

std::vector<ValidationRow> exact_chain_plays(int threads) {
  // Six hosts in twelve addresses: every pair has a link of 1/12 per second.
  constexpr std::uint32_t plays = 40000;
  const PlayedStudy six =
      play_text(text({6, 12, "1/s", 1, "30s", "30s", ", active_for: {exponential: 10s}"}), plays, threads);
  std::vector<analytic::Contact> links;
  for (std::size_t from = 0; from < 6; ++from)
    for (std::size_t to = 0; to < 6; ++to)
      if (from != to) links.push_back({from, to, 1.0 / 12});
  analytic::ContactChain chain(6, links, {0}, 0.1, analytic::Afterwards::immune);
  chain.advance(30);
  const std::vector<double> expected = chain.sizes();
  const std::vector<double> found = totals(six);
  std::vector<ValidationRow> rows;
  for (const int size : {1, 3, 6}) {
    const auto count = static_cast<double>(std::count(found.begin(), found.end(), size));
    const double chance = expected[static_cast<std::size_t>(size)];
    rows.push_back({"A2", fmt::format("6 hosts, 40,000 plays: {} fallen within 30 s, 4 s.e.", size), "chance", chance,
                    count / plays, 4 * standard_error(chance, plays), "Markov chain, uniformisation"});
  }
  return rows;
}

std::vector<ValidationRow> mean_field_plays(int threads) {
  constexpr std::uint32_t plays = 60;
  const PlayedStudy played = play_text(R"(name: validation
start: 2017-05-12T08:00:00Z
horizon: 24h
study: {sample_every: 5min, seed: 1}
estate:
  zones:
    lan: {pool: each_segment, addresses: 4096}
    site: {pool: each_organisation, addresses: 65536}
    net: {pool: everyone, addresses: 1000000, organisations: [trust]}
  organisations:
    trusts:
      kind: trust
      count: 2
      networks:
        wards: {hosts: 9000, segment_size: 3000, devices: {workstation: 100%}}
        servers: {hosts: 3000, segment_size: 3000, devices: {server: 100%}}
    supplier:
      kind: trust
      count: 1
      networks:
        office: {hosts: 8000, segment_size: 4000, devices: {workstation: 70%, server: 30%}}
  systems:
    workstation: {windows_7: 80%, windows_xp: 20%}
    server: {server_2008: 100%}
patching: {coverage: 40%, groups: {servers: {where: {devices: [server]}, coverage: 70%}}}
worm:
  attempts: {lan: 4/h, site: 6/h, net: 8/h}
  chances: {windows_7: 60%, windows_xp: {infect: 10%, crash: 50%}, server_2008: 50%}
  latency: {exponential: 10min}
  active_for: {exponential: 2h}
entries: {first: {hosts: {count: 600, at: +0s, where: {organisations: [trusts], networks: [wards]}}}}
)",
                                       plays, threads);
  const std::vector<double> curve =
      mean_field(played.experiment->model, analytic::Grouping::organisation_and_network);
  // The equations are a limit: from so many first hosts the mean is off by about one in as many.
  constexpr double first = 600;
  std::vector<ValidationRow> rows;
  for (const std::size_t hour : {2, 4, 8, 24}) {
    const std::size_t sample = hour * 12;
    const std::vector<double> found = each(played, [&](const Outcome& o) { return o.series[sample]; });
    rows.push_back({"A3", fmt::format("3 organisations, {} plays: mean infected by {} h, 4 s.e.", plays, hour),
                    "hosts", curve[sample], mean(found), 4 * standard_error(found) + curve[sample] / first,
                    "mean-field equations"});
  }
  return rows;
}

}  // namespace trustfall
