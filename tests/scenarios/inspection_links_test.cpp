#include <catch2/catch.hpp>
#include <random>

#include "models/analytic/random_graph.h"
#include "models/infection_tree.h"
#include "scenarios/inspection/closing_rules.h"
#include "scenarios/inspection/reach.h"
#include "scenarios/inspection/spread.h"
#include "scenarios/inspection/trust.h"
#include "tests/support/community.h"
#include "tests/support/statistics.h"

// What `inspect` says of links, by hand and against plays.

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr std::uint64_t seed = 31;

EdgeList directed(std::size_t vertices, std::vector<Edge> edges) { return {vertices, true, std::move(edges), {}}; }

Spread spread_of(const Model& model, std::uint64_t luck = seed) {
  return spread(model, Openings(model, Draws(luck, 0)), model.patching, ActiveTimes(model), luck, 0);
}

/// What the outbreak of a segment begins.
double begun_by(const Model& model, std::size_t segment, std::uint64_t luck = seed) {
  const std::size_t segments = model.estate->segments();
  const std::vector<double> ones(segments, 1);
  std::vector<double> begun(segments);
  spread_of(model, luck).segments.apply(ones.data(), begun.data());
  return begun[segment];
}

/// Hosts of a network as the models select them.
Selector in(const Estate& estate, const std::string& network) {
  Where where;
  where.networks = {network};
  return Selector(estate, where);
}

/// One host with a link to one of two others, in a segment of their own, for two hours. Half of the attempts count.
struct OneLink {
  OneLink() {
    EstateBuilder builder;
    add_organisation(builder, "A", {{{{1}}, "here"}, {{{2}}, "there"}});
    builder.add_links("contacts", directed(3, {{0, 2}}));
    estate = builder.build();
    model = model_of(estate, {}, 1000h);
    model.worm.infects.fill(0.5);
    model.worm.activity = fixed(7200);
    model.worm.transmissions = {exponential_of(3600)};
  }
  Estate estate;
  Model model;
};

}  // namespace

TEST_CASE("What one link does can be written down") {
  OneLink one;
  SECTION("attempts at random come again and again") { CHECK(begun_by(one.model, 0) == Approx(1 - std::exp(-1))); }
  SECTION("any other comes once") {
    one.model.worm.transmissions = {fixed(3600)};
    CHECK(begun_by(one.model, 0) == Approx(0.5));
    one.model.worm.transmissions = {fixed(7200)};  // when the host has just fallen silent
    CHECK(begun_by(one.model, 0) == 0);
    one.model.worm.transmissions = {Distribution{Distribution::Shape::lognormal, 7200, 1, {}, {}}};
    CHECK(begun_by(one.model, 0) == Approx(0.25));
    one.model.worm.infects.fill(1);
    one.model.worm.transmissions = {fixed(3600)};
    CHECK(begun_by(one.model, 0) == 1);
  }
  SECTION("a patch stops the exploit and no credential") {
    one.model.patching.groups = {{in(one.estate, "there"), 1.0, 1}};
    CHECK(begun_by(one.model, 0) == 0);
    one.model.worm.by_credential = {1};
    CHECK(begun_by(one.model, 0) == Approx(1 - std::exp(-2)));
    one.model.firewalls = numbered({rule_of(one.estate, 0, Direction::inbound, 1, {})});
    CHECK(begun_by(one.model, 0) == 0);
  }
  SECTION("a rule stops it on either side") {
    Where where;
    for (const auto& [network, direction] : {std::pair{"there", Direction::inbound}, {"here", Direction::outbound}}) {
      where.networks = {network};
      one.model.firewalls = numbered({rule_of(one.estate, 0, direction, 1, where)});
      CHECK(begun_by(one.model, 0) == 0);
    }
  }
  CHECK(begun_by(one.model, 1) == 0);  // it leads one way
}

TEST_CASE("A host reaches those that it has links to beside those in its zones") {
  // Segments of three, of which each is a zone; host 0 is in contact with its neighbour, 3 and 4, host 1 with 4.
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{3}}, "here"}, {{{3}}, "there"}});
  builder.add_zones("segment", Pool::each_segment, 10, all_of(builder));
  builder.add_links("contacts", directed(6, {{0, 1}, {0, 3}, {0, 4}, {1, 4}}));
  const Estate estate = builder.build();
  Model model = model_of(estate, {1, 0}, 1h);
  const auto reach = [&](std::size_t s) {
    const Openings openings(model, Draws(1, 0));
    return Reach(model, openings).from(segment(s));
  };
  CHECK(reach(0) == 2);  // the worm does not use them
  model.worm.transmissions = {std::nullopt, fixed(1)};
  CHECK(reach(0) == Approx(2 + 3.0 / 3));
  CHECK(reach(1) == 2);
  const Openings openings(model, Draws(1, 0));
  CHECK(Reach(model, openings).from(org(0)) == 6);
  model.worm.rates[0] = 0;
  CHECK(reach(0) == Approx(4.0 / 3));
  Where where;
  where.networks = {"there"};
  model.firewalls = numbered({rule_of(estate, 1, Direction::inbound, 1, where)});
  CHECK(reach(0) == Approx(1.0 / 3));
}

TEST_CASE("A segment begins as many others over links and zones as in plays") {
  // Twelve hosts, in contact with each other in a ring and with three hosts each elsewhere, of whom some are patched.
  EstateBuilder builder;
  std::vector<Lan> lans = {{{{12}}, "source"}};
  for (std::size_t l = 0; l < 20; ++l) lans.push_back({{{4}}, l % 2 == 0 ? "patched" : "others"});
  add_organisation(builder, "A", lans);
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 2000, all_of(builder));
  std::vector<Edge> edges;
  std::mt19937 engine(3);
  for (std::uint32_t h = 0; h < 12; ++h) {
    edges.push_back({h, (h + 1) % 12});
    for (int k = 0; k < 3; ++k) edges.push_back({h, 12 + static_cast<std::uint32_t>(engine() % 80)});
  }
  EdgeList graph = directed(92, edges);
  merge_parallel(graph);
  builder.add_links("contacts", std::move(graph));
  const Estate estate = builder.build();
  Model model = model_of(estate, {0.002, 0.002, 0}, 1000h);
  model.worm.infects.fill(0.5);
  model.worm.latency = exponential_of(60);
  model.worm.activity = exponential_of(7200);
  model.patching.groups = {{in(estate, "patched"), 1.0, 1}};
  Where where;
  where.networks = {"others", "patched"};
  model.firewalls = numbered({rule_of(estate, 1, Direction::outbound, 1, where)});
  std::vector<HostId> hosts;
  for (std::size_t h = 0; h < 12; ++h) hosts.push_back(host(h));
  model.entries = {HostEntry{1, Instant{}, hosts, 1}};
  std::vector<std::optional<Distribution>>& times = model.worm.transmissions;
  times = {std::nullopt, std::nullopt, exponential_of(9000)};
  SECTION("at random") { model.worm.activity = fixed(7200); }
  SECTION("for times that vary") {}
  SECTION("once, after a time that varies") {
    model.worm.activity = fixed(7200);
    times[2] = Distribution{Distribution::Shape::lognormal, 5000, 0.8, {}, {}};
  }
  SECTION("once, after a fixed time") { times[2] = fixed(4000); }
  SECTION("by credentials") { model.worm.by_credential = {0, 0, 1}; }
  SECTION("until the segment is isolated") {
    model.worm.latency.reset();
    times[2] = exponential_of(3000);
    model.worm.rates = {100, 0, 0};  // all of it falls at once
    model.detection =
        Detection{exponential_of(40000), 1, fixed(0), Isolation{Isolation::Scope::segment, exponential_of(2000), {}}};
    model.worm.activity.reset();
    model.worm.by_credential = {0, 0, 1};
  }

  std::vector<double> found;
  Play play(model, Draws(seed, 0));
  for (std::uint32_t replicate = 0; replicate < 4000; ++replicate) {
    play.reset(Draws(seed, replicate));
    play.run();
    const InfectionTree tree = infection_tree(play.trace(), estate);
    found.push_back(tree.segments.size() > 1 ? static_cast<double>(tree.segments[1]) : 0);
  }
  // The expected number is itself the mean of so many courses, of the same law; with other luck they are others, but
  // for the times of activity.
  const std::uint64_t times_over = model.worm.activity && model.worm.activity->constant() ? 16 : 1;
  double expected = 0;
  for (std::uint64_t luck = 0; luck < times_over; ++luck)
    expected += begun_by(model, 0, luck) / static_cast<double>(times_over);
  const auto courses = static_cast<double>(courses_of(estate) * times_over);
  const double error =
      std::hypot(stats::standard_error(found), stats::standard_deviation(found) / std::sqrt(courses));
  INFO("expected " << expected << ", found " << stats::mean(found) << " +- " << error);
  CHECK(std::fabs(expected - stats::mean(found)) < 5 * error);
  CHECK(stats::mean(found) > 10 * error);
}

TEST_CASE("The first host of a segment is one that something leads to") {
  // To the first of two there leads a link, and from it two, as to a domain controller and from it.
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}}, "servers"}, {{{1}}, "office"}, {{{1}}, "office"}});
  builder.add_links("domain", directed(4, {{2, 0}, {0, 2}, {0, 3}}));
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 10h);
  model.worm.transmissions = {fixed(60)};
  model.worm.by_credential = {1};
  model.patching.coverage = 1;
  CHECK(begun_by(model, 0) == 2);
  CHECK(begun_by(model, 1) == 1);
  CHECK(begun_by(model, 2) == 0);
  CHECK(spread_of(model).reproduction() == Approx(1));  // there and back
}

TEST_CASE("Rules close links too, and what no rule stops is said") {
  // Office to server over a zone and over links; the ward, in no zone, only by way of links.
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "office"}, {{{4}}, "ward"}, {{{4}}, "vault"}});
  builder.add_zones("segment", Pool::each_segment, 10, all_of(builder));
  builder.add_links("passwords", directed(12, {{0, 4}, {4, 8}, {1, 9}}));
  builder.add_links("drives", directed(12, {{2, 5}, {8, 0}}));
  const Estate estate = builder.build();
  Model model = model_of(estate, {0.1, 0, 0}, 10h);
  model.entries = {entry_of({host(0)})};
  model.worm.transmissions = {std::nullopt, exponential_of(60), exponential_of(60)};
  Where vault;
  vault.networks = {"vault"};
  const ClosingRules found = closing_rules(model, vault);
  CHECK(found.past.empty());
  REQUIRE(found.rules.size() == 1);  // the drives lead out of the vault only
  CHECK(found.rules[0].zone == "passwords");
  CHECK(found.rules[0].network == "vault");
  const auto falls = [&] {
    Play play(model, Draws(seed, 0));
    play.run();
    return play.incident().infected(host(8)) || play.incident().infected(host(9));
  };
  CHECK(falls());
  model.firewalls = numbered({rule_of(estate, 1, Direction::inbound, 1, vault)});
  CHECK_FALSE(falls());
  CHECK(closing_rules(model, vault).rules.empty());
  model.firewalls.clear();
  model.worm.infects.fill(0);
  CHECK(closing_rules(model, vault).rules.empty());  // none of them falls to the exploit
  model.worm.by_credential = {0, 1, 0};
  CHECK(closing_rules(model, vault).rules.size() == 1);
}

TEST_CASE("Links are ways around the connections of organisations") {
  // A hub with three others; two of these are in contact.
  EstateBuilder builder;
  for (const char* name : {"hub", "A", "B", "C"}) add_organisation(builder, name, {{{{1}}}});
  for (std::size_t o = 1; o < 4; ++o) builder.connect("line", org(o), org(0));
  builder.add_links("contacts", directed(4, {{2, 1}}));
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 1h);
  const analytic::ChokePoints star = choke_points_of_trust(model);  // the worm does not use them
  CHECK(star.bridges == std::vector<std::size_t>{0, 1, 2});
  CHECK(star.points.at(0).parts == 3);
  model.worm.transmissions = {fixed(1)};
  const analytic::ChokePoints linked = choke_points_of_trust(model);
  CHECK(linked.bridges == std::vector<std::size_t>{2});
  REQUIRE(linked.points.size() == 1);
  CHECK(linked.points[0].vertex == 0);
  CHECK(linked.points[0].parts == 2);
}

TEST_CASE("On a graph R is what a host infects that the worm came to over a link") {
  // Stubs of one, three and eight links paired at random: T (<k^2> - <k>) / <k>, with T = 0.4.
  constexpr std::uint32_t n = 20000;
  std::vector<std::uint32_t> stubs;
  for (std::uint32_t v = 0; v < n; ++v) stubs.insert(stubs.end(), v % 2 == 0 ? 1 : v % 4 == 1 ? 3 : 8, v);
  std::mt19937_64 engine(1);
  for (std::size_t i = stubs.size() - 1; i > 0; --i) std::swap(stubs[i], stubs[engine() % (i + 1)]);
  EdgeList graph{n, false, {}, {}};
  for (std::size_t i = 0; i + 1 < stubs.size(); i += 2) graph.edges.push_back({stubs[i], stubs[i + 1]});
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{n}}}});
  builder.add_links("contacts", std::move(graph));
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 1000h);
  model.worm.transmissions = {exponential_of(3600)};
  model.worm.activity = exponential_of(2400);
  const double r = spread_of(model).reproduction();
  const double in_theory = 0.4 / analytic::critical_transmissibility({0, 0.5, 0, 0.25, 0, 0, 0, 0, 0.25});
  CHECK(r == Approx(in_theory).epsilon(0.02));  // 4,096 times of activity

  // In plays, whom those infect that the first host did. It came over no link itself.
  model.worm.latency = fixed(360000);  // so that generations do not mix, and the third one never begins
  model.horizon = Instant{} + 250h;
  std::vector<HostId> hosts;
  for (std::size_t h = 0; h < n; ++h) hosts.push_back(host(h));
  model.entries = {HostEntry{1, Instant{}, hosts, 1}};
  std::vector<double> excess;  // over r for each of the second generation
  Play play(model, Draws(seed, 0));
  for (std::uint32_t replicate = 0; replicate < 4000; ++replicate) {
    play.reset(Draws(seed, replicate));
    play.run();
    InfectionTree tree = infection_tree(play.trace(), estate);
    tree.hosts.resize(3);
    excess.push_back(static_cast<double>(tree.hosts[2]) - r * static_cast<double>(tree.hosts[1]));
  }
  CHECK(std::fabs(stats::mean(excess)) < 5 * stats::standard_error(excess));
  CHECK(stats::standard_error(excess) < 0.05);
}
