#include <catch2/catch.hpp>
#include <cmath>

#include "sim/estate/topology.h"
#include "tests/support/community.h"
#include "tests/support/statistics.h"

// Later variants of the worm: with a kill switch of their own, or none.

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};

Play played(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(143, replicate));
  play.run();
  REQUIRE(play.incident().consistent());
  return play;
}

std::size_t stops(const Play& play, std::size_t h) {
  std::size_t count = 0;
  for (const Step& step : play.incident().steps()) count += step.host == host(h) && step.what == Transition::stopped;
  return count;
}

}  // namespace

TEST_CASE("A variant comes from outside from its moment on, and asks for its own domain") {
  const Estate estate = one_segment(6, 6);
  Model model = model_of(estate, {0}, 24h);
  model.worm.kill_switch = KillSwitch{t0 + 1h, 0, {{t0 + 3h, 1, t0 + 8h, 1}, {t0 + 10h, 1, never, 2}}};
  model.entries = {entry_of({host(0)}),           entry_of({host(1)}, t0 + 2h),
                   entry_of({host(1)}, t0 + 3h),  entry_of({host(2)}, t0 + 8h),
                   entry_of({host(3)}, t0 + 9h),  entry_of({host(3)}, t0 + 9h + 1min),
                   entry_of({host(3)}, t0 + 10h), entry_of({host(4)}, t0 + 8h - 1ns)};
  const Play play = played(model);
  const auto fell = [&](std::size_t h) { return time_of(play.incident(), host(h), Transition::infected); };
  CHECK(fell(0) == t0);
  CHECK(stops(play, 1) == 1);  // the worm itself
  CHECK(fell(1) == t0 + 3h);   // the first variant
  CHECK(fell(2) == never);     // its domain answers
  CHECK(fell(4) == t0 + 8h - 1ns);
  CHECK(stops(play, 3) == 1);  // counted once, however often
  CHECK(fell(3) == t0 + 10h);  // the second variant knows no domain
}

TEST_CASE("A host passes on the variant that it has") {
  // Host 0 has the worm itself, host 1 the variant; both reach host 2 over a link after two hours, host 2 reaches 3.
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "n"}});
  builder.add_zones("lan", Pool::everyone, 65536, all_of(builder));
  builder.close();
  builder.add_links("keys", topology::line(4));
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 24h);
  model.worm.transmissions = {std::nullopt, fixed(2 * 3600)};
  model.worm.kill_switch = KillSwitch{t0 + 1h, 0, {{t0 + 3h, 1, never, 1}}};
  model.entries = {entry_of({host(0)})};
  const Play old = played(model);
  CHECK(stops(old, 1) == 1);  // at 2 h by host 0
  CHECK(attack_size(old.incident()) == 1);
  model.entries = {entry_of({host(0)}), entry_of({host(2)}, t0 + 4h)};
  const Play both = played(model);
  CHECK(time_of(both.incident(), host(1), Transition::infected) == t0 + 6h);
  CHECK(time_of(both.incident(), host(3), Transition::infected) == t0 + 6h);
  model.worm.kill_switch->variants[0].answered = t0 + 5h;
  CHECK(attack_size(played(model).incident()) == 2);
}

TEST_CASE("A variant's host that is switched on again asks for the variant's domain") {
  const Estate estate = one_segment(2, 2);
  Model model = model_of(estate, {0}, 48h);
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = true, .start = {0, 12h}}}};
  model.entries = {entry_of({host(0)}, t0 + 4h)};
  const auto infectious = [&](Instant answered) {
    model.worm.kill_switch = KillSwitch{t0 + 1h, 0, {{t0 + 3h, 1, answered, 1}}};
    Play play(model, Draws(143, 0));
    play.run(t0 + 5h);
    CHECK(play.incident().infectious(host(0)));
    play.run(t0 + 22h);
    return play.incident().infectious(host(0));
  };
  CHECK(infectious(never));
  CHECK(infectious(t0 + 21h));
  CHECK_FALSE(infectious(t0 + 10h));
}

// Attempts come at random: a host on which the worm has stopped waits for the variant as long as any other.

namespace {

/// One infected host outside scans; hosts that fall do not. 400 hosts, an attempt on each every hour.
Model scanned(const Estate& estate) {
  Model model = model_of(estate, {400}, 24h * 4);
  for (double& rate : model.worm.rates) rate /= 3600;
  model.worm.activity = fixed(0);
  model.entries = {OutsideEntry{zone(0), {{Instant{}, 1}}}};
  return model;
}

std::vector<double> hours_to_fall(const Model& model, Instant from) {
  std::vector<double> hours;
  for (std::uint32_t r = 0; r < 5; ++r)
    for (const Instant fell : infection_times(played(model, r).incident())) {
      REQUIRE(fell >= from);
      hours.push_back(fell == never ? 1e9 : to_hours(fell - from));
    }
  return hours;
}

}  // namespace

TEST_CASE("A host on which the worm has stopped falls to a variant as any other, once there is one") {
  const Estate estate = one_segment(400, 400);
  Model model = scanned(estate);
  model.worm.kill_switch = KillSwitch{t0, 0, {{t0 + 5h, 1, never, 1}}};
  std::vector<double> hours = hours_to_fall(model, t0 + 5h);
  CHECK(stats::ks_distance_to(hours, [](double x) { return 1 - std::exp(-x); }) < stats::ks_critical(hours.size()));
  const Play play = played(model);
  const auto stopped = static_cast<double>(count_of(play.incident(), Transition::stopped));
  CHECK(stats::within_five_errors(stopped, 400, 1 - std::exp(-5.0)));
  // Where the worm itself has no kill switch, but half of what comes is a variant that stops: half as fast.
  model.worm.kill_switch = KillSwitch{never, 0, {{t0, 0.5, t0, 1}}};
  const std::vector<double> slower = hours_to_fall(model, t0);
  CHECK(stats::ks_distance_to(slower, [](double x) { return 1 - std::exp(-x / 2); }) <
        stats::ks_critical(slower.size()));
  model.worm.kill_switch = KillSwitch{t0, 0, {{t0 + 5h, 1, never, 1}}};
  // Where it is a third of what comes, it takes three times as long.
  model.worm.kill_switch->variants[0].share = 1.0 / 3;
  hours = hours_to_fall(model, t0 + 5h);
  CHECK(stats::ks_distance_to(hours, [](double x) { return 1 - std::exp(-x / 3); }) <
        stats::ks_critical(hours.size()));
}

TEST_CASE("A host that is off when the variant comes waits until it is on again, and then as any other") {
  const Estate estate = one_segment(400, 400);
  Model model = scanned(estate);
  // On at noon and all afternoon; the variant comes at night, hosts are on again at 8:00 for three days of ten hours.
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = true, .start = {0, 12h}}}};
  model.worm.kill_switch = KillSwitch{t0, 0, {{t0 + 10h, 1, never, 1}}};
  const std::vector<double> hours = hours_to_fall(model, t0 + 20h);
  CHECK(stats::ks_distance_to(hours, [](double x) { return 1 - std::exp(-std::min(x, 10.0)); }) <
        stats::ks_critical(hours.size()));
}

TEST_CASE("Without a variant that could run nothing changes, and a proxy helps it as it helps the worm") {
  const Estate estate = community();
  Model model = lawful(estate);
  model.worm.kill_switch = KillSwitch{t0 + 30s, 0.5};
  Model varied = model;
  varied.worm.kill_switch->variants = {{t0 + 10s, 1, t0 + 30s, 1}};  // the same worm by another name
  std::size_t fewer = 0;
  for (std::uint32_t r = 0; r < 200; ++r) {
    CHECK(infection_times(played(model, r).incident()) == infection_times(played(varied, r).incident()));
    Model free = model;
    free.worm.kill_switch->variants = {{t0 + 10s, 0.5, never, 1}};
    fewer += attack_size(played(model, r).incident()) < attack_size(played(free, r).incident());
  }
  CHECK(fewer > 20);
}

TEST_CASE("Variants over links that try again and again, and over sweeps") {
  // Over exponential links: host 0 has the worm itself, host 1 the variant, both in contact with 600 others.
  constexpr std::uint32_t leaves = 600;
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{leaves + 2}}, "n"}});
  builder.add_zones("lan", Pool::everyone, 65536, all_of(builder));
  builder.close();
  EdgeList graph;
  graph.vertices = leaves + 2;
  graph.directed = true;
  for (std::uint32_t leaf = 2; leaf < leaves + 2; ++leaf)
    for (std::uint32_t centre = 0; centre < 2; ++centre) graph.edges.push_back({centre, leaf});
  builder.add_links("keys", std::move(graph));
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 24h);
  model.worm.transmissions = {std::nullopt, exponential_of(3600)};
  model.worm.kill_switch = KillSwitch{t0 + 1ns, 0, {{t0 + 5h, 1, never, 1}}};
  model.entries = {entry_of({host(0)}), entry_of({host(1)}, t0 + 5h)};
  std::vector<double> hours;
  const Play play = played(model);
  for (std::size_t h = 2; h < leaves + 2; ++h)
    hours.push_back(to_hours(time_of(play.incident(), host(h), Transition::infected) - (t0 + 5h)));
  CHECK(stats::ks_distance_to(hours, [](double x) { return 1 - std::exp(-x); }) < stats::ks_critical(leaves));
  CHECK(stats::within_five_errors(static_cast<double>(count_of(play.incident(), Transition::stopped)), leaves,
                                  1 - std::exp(-5.0) + std::exp(-5.0) / 2));
}
