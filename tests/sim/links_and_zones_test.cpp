#include <catch2/catch.hpp>

#include "sim/estate/topology.h"
#include "tests/support/brute_force.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

// A zone and links in one incident against the attempt-by-attempt simulation: Kolmogorov and Smirnov at 1 %, as in
// brute_force_test.cpp, whose remarks on seeds hold here too.

using namespace trustfall;
using namespace trustfall::small;
using Shape = Distribution::Shape;

namespace {

constexpr std::size_t plays = 8000;
constexpr std::size_t goal = 8;

Distribution exponential_of(double mean) { return {Shape::exponential, mean, 0, {}, {}}; }

/// Two organisations of two segments of twelve; kind 0: a zone of each organisation; kind 1: links among all,
/// weighted.
Estate both_kinds() {
  EstateBuilder builder;
  for (const char* code : {"A", "B"})
    add_organisation(builder, code,
                     {{{{9}, {3, DeviceClass::imaging, System::windows_xp}}, "office"},
                      {{{12, DeviceClass::server, System::server_2008}}, "core"}});
  builder.add_zones("lan", EstateBuilder::Pool::each_organisation, 100, all_of(builder));
  EdgeList graph = topology::erdos_renyi(48, 3, 4);
  for (std::size_t e = 0; e < graph.edges.size(); ++e) graph.weights.push_back(e % 3 == 0 ? 2.0f : 0.75f);
  builder.add_links("contacts", std::move(graph));
  return builder.build();
}

/// The pace of days: some plays die out, some take most hosts.
Model days(const Estate& estate) {
  Model model = model_of(estate, {1.0 / 6000, 0}, 120h);
  model.worm.transmissions = {std::nullopt, exponential_of(50000)};
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.5;
  model.worm.latency = exponential_of(1800);
  model.worm.activity = Distribution{Shape::weibull, 40000, 1.5, {}, {}};
  std::vector<HostId> first;
  for (std::size_t h = 0; h < 24; ++h) first.push_back(host(h));
  model.entries = {HostEntry{3, Instant{} + 1h, first, 1}};
  return model;
}

void switch_off_at_night(Model& model) {
  PowerPlan plan;
  plan.where = Selector(*model.estate, Where{});
  plan.share = 0.7;
  plan.hours.on = 8h;
  plan.hours.off = 18h;
  plan.hours.weekends = true;
  plan.hours.start = {0, 8h};
  model.power = {plan};
}
void isolate_segments(Model& model) {
  model.detection = Detection{exponential_of(14400), 0.4, fixed(0), {}};
  model.detection->isolation = Isolation{Isolation::Scope::segment, exponential_of(3600), exponential_of(14400)};
  model.backups = {copies(all_devices, 1, 24h, false, exponential_of(20000), 720h)};
}
FirewallRule rule(const Model& model, std::uint16_t kind, const std::string& network, double from, double until) {
  Where where;
  where.networks = {network};
  FirewallRule r;
  r.zone_kind = kind;
  r.where = Selector(*model.estate, where);
  r.from = Instant{} + from_seconds(from);
  r.until = Instant{} + from_seconds(until);
  return r;
}
void close_pairs(Model& model) {
  model.firewalls = {rule(model, 1, "core", 0, 100000), rule(model, 0, "core", 0, 150000)};
  for (FirewallRule& r : model.firewalls) r.from_networks = {1, 0};
  model.firewalls[0].share = 0.7;
  model.firewalls.push_back(rule(model, 1, "office", 20000, 90000));
  model.firewalls.back().direction = FirewallRule::Direction::outbound;
  model.firewalls = numbered(model.firewalls);
}

struct Sample {
  std::vector<double> size;
  std::vector<double> time;  // seconds to the goal; the horizon where it is not reached
};

/// `infections` in seconds, ascending, infinite where there is none.
void add(Sample& sample, const std::vector<double>& infections, double horizon) {
  const auto fell = std::count_if(infections.begin(), infections.end(), [&](double t) { return t < horizon; });
  sample.size.push_back(static_cast<double>(fell));
  sample.time.push_back(std::min(infections[goal - 1], horizon));
}

Sample play_engine(const Model& model) {
  Sample sample;
  Play play(model, Draws(300, 0));
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.reset(Draws(300, i));
    play.run();
    REQUIRE(play.incident().consistent());
    std::vector<double> infections;
    for (const Instant at : infection_times(play.incident())) infections.push_back(oracle::seconds(at));
    std::sort(infections.begin(), infections.end());
    add(sample, infections, oracle::seconds(model.horizon));
  }
  return sample;
}

Sample play_brute_force(const Model& model) {
  Sample sample;
  oracle::BruteForce world(model, 400);
  for (std::size_t i = 0; i < plays; ++i) add(sample, world.play(), oracle::seconds(model.horizon));
  return sample;
}

void check_agreement(const Model& model) {
  const Sample engine = play_engine(model);
  const Sample brute = play_brute_force(model);
  INFO("mean size " << stats::mean(engine.size) << " and " << stats::mean(brute.size) << ", mean time "
                    << stats::mean(engine.time) << " and " << stats::mean(brute.time));
  CHECK(stats::ks_distance(engine.size, brute.size) < stats::ks_critical(plays, plays));
  CHECK(stats::ks_distance(engine.time, brute.time) < stats::ks_critical(plays, plays));
  // A comparison says something only where chance matters.
  CHECK(stats::standard_deviation(brute.size) > 2);
  CHECK(std::count_if(brute.time.begin(), brute.time.end(),
                      [&](double t) { return t < oracle::seconds(model.horizon); }) > std::ptrdiff_t{plays / 10});
}

}  // namespace

TEST_CASE("Brute force agrees: a zone and links", "[oracle]") {
  const Estate estate = both_kinds();
  check_agreement(days(estate));
}

TEST_CASE("Brute force agrees: a zone and links, hosts switched off over night", "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  switch_off_at_night(model);
  check_agreement(model);
}

TEST_CASE("Brute force agrees: a zone and links, segments isolated and reconnected", "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  isolate_segments(model);
  check_agreement(model);
}

TEST_CASE("Brute force agrees: a zone and links, rules on pairs and an end that opens", "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  close_pairs(model);
  check_agreement(model);
}

TEST_CASE("Brute force agrees: a zone and links, all blocks at once", "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  switch_off_at_night(model);
  isolate_segments(model);
  close_pairs(model);
  check_agreement(model);
}

TEST_CASE("Brute force agrees: links that are tried once, blocked or not", "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  model.worm.transmissions[1] = Distribution{Shape::lognormal, 15000, 1, {}, {}};
  switch_off_at_night(model);
  close_pairs(model);
  check_agreement(model);
}

TEST_CASE("Links that are slower by half, or a night that is forgotten, is found by the same comparison",
          "[oracle]") {
  const Estate estate = both_kinds();
  Model model = days(estate);
  switch_off_at_night(model);
  const Sample brute = play_brute_force(model);
  Model slower = model;
  slower.worm.transmissions[1]->scale *= 1.5;
  CHECK(stats::ks_distance(play_engine(slower).time, brute.time) > stats::ks_critical(plays, plays));
  Model awake = model;
  awake.power.clear();
  CHECK(stats::ks_distance(play_engine(awake).time, brute.time) > stats::ks_critical(plays, plays));
}
