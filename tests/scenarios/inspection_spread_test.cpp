#include <catch2/catch.hpp>

#include "models/infection_tree.h"
#include "scenarios/inspection/reach.h"
#include "scenarios/inspection/spread.h"
#include "tests/support/community.h"
#include "tests/support/statistics.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr std::uint64_t seed = 31;

Where networks(const std::string& name) {
  Where where;
  where.networks = {name};
  return where;
}

/// The worm of a model, but one that only those infected from the start have time to pass on: they are infectious
/// after an hour, and the play ends when the next ones would be.
Model one_generation(Model model) {
  model.worm.latency = fixed(3600);
  model.worm.activity.reset();
  model.worm.kill_switch.reset();
  model.detection.reset();
  model.horizon = Instant{} + 2h;
  return model;
}

/// A segment `source`, and others that pass nothing on to each other. Zone kinds: 0 segment, 1 everyone.
Estate source_and_others(const std::vector<std::size_t>& others) {
  EstateBuilder builder;
  std::vector<Lan> lans = {{{{12}}, "source"}};
  for (const std::size_t hosts : others) lans.push_back({{{hosts}}, "others"});
  add_organisation(builder, "A", lans);
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 2000, all_of(builder));
  return builder.build();
}

/// What the outbreak of segment 0 begins, and how many segments that is in plays.
void compare(const Model& model) {
  const Estate& estate = *model.estate;
  const Spread expected = spread(model, Openings(model, Draws(seed, 0)), model.patching, ActiveTimes(model), seed, 0);
  const std::vector<double> ones(estate.segments(), 1);
  std::vector<double> begun(estate.segments());
  expected.segments.apply(ones.data(), begun.data());
  std::vector<double> found;
  Play play(model, Draws(seed, 0));
  for (std::uint32_t replicate = 0; replicate < 4000; ++replicate) {
    play.reset(Draws(seed, replicate));
    play.run();
    found.push_back(static_cast<double>(infection_tree(play.trace(), estate).segments.size() > 1
                                            ? infection_tree(play.trace(), estate).segments[1]
                                            : 0));
  }
  // The expected number is itself the mean of so many courses, of the same law.
  const double courses = stats::standard_deviation(found) / std::sqrt(static_cast<double>(courses_of(estate)));
  const double error = std::hypot(stats::standard_error(found), courses);
  INFO("expected " << begun[0] << ", found " << stats::mean(found) << " +- " << error);
  CHECK(std::fabs(begun[0] - stats::mean(found)) < 5 * error);
  CHECK(stats::mean(found) > 10 * error);
}

Model source_model(const Estate& estate, double within, double beyond) {
  Model model = model_of(estate, {within, beyond}, 1000h);
  model.worm.infects.fill(0.5);
  FirewallRule confined = rule_of(estate, 1, Direction::outbound, 1, networks("others"));
  model.firewalls = numbered({confined});
  std::vector<HostId> hosts;
  for (std::size_t h = 0; h < 12; ++h) hosts.push_back(host(h));
  model.entries = {HostEntry{1, Instant{}, hosts}};
  return model;
}

}  // namespace

TEST_CASE("What can be reached is what a host takes that has all the time in the world") {
  const Estate estate = community();
  Model model = one_generation(busy(estate));
  model.worm.rates.assign(3, 1000);  // two thousand attempts on each address
  model.worm.infects.fill(1);
  model.worm.crashes.fill(0);
  model.patching = {};
  model.power.clear();
  for (FirewallRule& rule : model.firewalls) rule.from = Instant{}, rule.until = never;  // as at the start, so later
  std::size_t differing = 0;
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate)
    for (std::uint32_t s = 0; s < estate.segments(); s += 2) {
      // Its last host is a workstation: no rule keeps these, and not the others, from going out.
      model.entries = {entry_of({host(index(estate.last_host(segment(s))) - 1)})};
      Play play(model, Draws(seed, replicate));
      play.run();
      const Openings openings(model, Draws(seed, replicate));
      Reach reach(model, openings);
      INFO("replicate " << replicate << ", segment " << s);
      CHECK(reach.from(segment(s)) == attack_size(play.incident()) - 1);
      differing += reach.from(segment(s)) != reach.from(segment(0));
    }
  CHECK(differing > 50);
}

TEST_CASE("An organisation reaches what any of its segments reaches") {
  // A: two segments, of which only the second gets out; B: three hosts.
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "inner"}, {{{2}}, "outer"}});
  add_organisation(builder, "B", {{{{3}}, "office"}});
  builder.add_zones("organisation", Pool::each_organisation, 10, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 10, all_of(builder));
  const Estate estate = builder.build();
  Model model = model_of(estate, {1, 1}, 1h);
  model.firewalls = numbered({rule_of(estate, 1, Direction::outbound, 1, networks("inner"))});
  const Openings openings(model, Draws(1, 0));
  Reach reach(model, openings);
  CHECK(reach.from(segment(0)) == 5);
  CHECK(reach.from(segment(1)) == 8);
  CHECK(reach.from(org(0)) == 9);
  CHECK(reach.from(org(1)) == 9);
  model.worm.rates[1] = 0;  // nobody scans there
  CHECK(Reach(model, openings).from(org(1)) == 3);
}

TEST_CASE("A segment that falls at once begins as many others as in plays") {
  const Estate estate = source_and_others({4, 1, 9, 2, 6, 6, 3, 3, 5, 1, 8, 2, 7, 4, 4, 4, 9, 1, 1, 6});
  Model model = source_model(estate, 100, 0.004);
  model.worm.latency = exponential_of(60);
  SECTION("of its own accord") { model.worm.activity = exponential_of(3600); }
  SECTION("host by host") {
    model.detection = Detection{exponential_of(2000), 0.6, fixed(0), Isolation{{}, exponential_of(1000), {}}};
    model.worm.activity = exponential_of(9000);
  }
  SECTION("after the ransom note") {
    model.worm.encryption = Encryption{1, {}};
    model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = exponential_of(1500);
    model.detection = Detection{fixed(1e9), 0, exponential_of(1500), std::nullopt};
    model.backups = {copies(all_devices, 1, 24h, true, exponential_of(1200), 24h)};
  }
  SECTION("as a whole segment, with the first that is noticed") {
    model.worm.latency.reset();
    model.detection =
        Detection{exponential_of(40000), 1, fixed(0), Isolation{Isolation::Scope::segment, exponential_of(3000), {}}};
  }
  compare(model);
}

TEST_CASE("A segment in which the worm may die out begins as many others as in plays") {
  const Estate estate = source_and_others({4, 1, 9, 2, 6, 6, 3, 3, 5, 1, 8, 2, 7, 4, 4, 4, 9, 1, 1, 6});
  Model model = source_model(estate, 0.004, 0.004);  // 12 hosts in 40 addresses, half of the attempts: 0.6 an hour
  SECTION("with times that vary") { model.worm.activity = exponential_of(7200); }
  SECTION("with times that do not") { model.worm.activity = fixed(9000); }
  SECTION("with some that are patched") {
    model.worm.activity = fixed(14000);
    model.patching.groups = {{Selector(estate, networks("others")), 0.0, 1}};
  }
  compare(model);
}

TEST_CASE("R is the number of segments that a segment passes the worm on to in plays") {
  EstateBuilder builder;
  add_organisation(builder, "A", std::vector<Lan>(400, Lan{{{6}}}));
  builder.add_zones("segment", Pool::each_segment, 20, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 4000, all_of(builder));
  const Estate estate = builder.build();
  Model model = model_of(estate, {10, 1.0 / 3600}, 2000h);  // six hosts, half an hour each, 2,394 of 4,000 addresses
  model.worm.infects.fill(0.5);
  model.worm.activity = exponential_of(1800);
  std::vector<HostId> hosts;
  for (std::size_t h = 0; h < estate.hosts(); ++h) hosts.push_back(host(h));
  model.entries = {HostEntry{1, Instant{}, hosts}};
  const Spread expected = spread(model, Openings(model, Draws(seed, 0)), model.patching, ActiveTimes(model), seed, 0);
  const double by_hand = 6 * 0.5 * 0.5 * 2394 / 4000;
  CHECK(expected.reproduction() == Approx(by_hand).epsilon(0.03));  // 4,096 times, and now and then two of a segment

  Play play(model, Draws(seed, 0));
  std::vector<double> first;
  for (std::uint32_t replicate = 0; replicate < 3000; ++replicate) {
    play.reset(Draws(seed, replicate));
    play.run();
    const InfectionTree tree = infection_tree(play.trace(), estate);
    REQUIRE(tree.segments[0] == 1);
    first.push_back(tree.segments.size() > 1 ? static_cast<double>(tree.segments[1]) : 0);
  }
  CHECK(std::fabs(stats::mean(first) - expected.reproduction()) < 5 * stats::standard_error(first));
}

TEST_CASE("In one segment R counts hosts, and critical coverage is where it falls below 1") {
  const Estate estate = one_segment(1000, 2000);
  Model model = one_generation(model_of(estate, {8.0 / 3600}, 1h));
  model.worm.infects.fill(0.5);
  model.worm.latency.reset();
  model.worm.activity = fixed(12 * 3600);
  model.horizon = Instant{} + 100h;
  const Openings openings(model, Draws(seed, 0));
  const ActiveTimes times(model);
  const double one = 1 - std::exp(-0.5 * 8 * 12 / 2000);  // chance of each other host
  CHECK(spread(model, openings, model.patching, times, seed, 0).reproduction() == Approx(999 * one));

  // Hosts are patched by chance, so the coverage is that share only about.
  const double share = 1 - 1 / (999 * one);
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    const auto enough = critical_coverage(model, openings, times, seed, replicate);
    REQUIRE(enough);
    CHECK(std::fabs(*enough - share) < 5 * std::sqrt(share * (1 - share) / 1000) + 0.005);
    const auto at = [&](double coverage) {
      return spread(model, openings, at_coverage(model.patching, coverage), times, seed, replicate).reproduction();
    };
    CHECK(at(*enough) < 1);
    CHECK(at(*enough - 0.01) >= 1);
  }

  model.patching.groups = {{Selector(estate, {}), std::nullopt, 0.5}};  // half cannot be patched
  CHECK_FALSE(critical_coverage(model, openings, times, seed, 0));
  model.worm.rates[0] /= 1000;
  CHECK(critical_coverage(model, openings, ActiveTimes(model), seed, 0) == 0.0);
}

TEST_CASE("Coverage of a group counts with that of the estate") {
  const Estate estate = one_segment(10, 10);
  PatchPlan plan;
  plan.coverage = 0.3;
  plan.groups = {{Selector(estate, {}), 0.2, 0.9}, {Selector(estate, {}), std::nullopt, 0.5}};
  const PatchPlan changed = at_coverage(plan, 0.8);
  CHECK(changed.coverage == 0.8);
  CHECK(changed.groups[0].coverage == 0.8);
  CHECK_FALSE(changed.groups[1].coverage);
}
