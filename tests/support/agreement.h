#pragma once

#include <catch2/catch.hpp>

#include "tests/support/brute_force.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

/// The engine beside the brute force, and small worlds for both.
namespace trustfall::agreement {

using namespace small;
using Pool = EstateBuilder::Pool;

inline constexpr std::size_t plays = 8000;

struct Sample {
  std::vector<double> size;
  std::vector<double> time;  // seconds to the goal; the horizon where it is not reached
};

using Cuts = std::vector<oracle::BruteForce::OrganisationCut>;

inline Instant at(double seconds) { return Instant{} + from_seconds(seconds); }

inline Sample play_engine(const Model& model, std::size_t goal, const Cuts& cuts = {}, std::uint64_t seed = 100) {
  Sample sample;
  Play play(model, Draws(seed, 0));
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.reset(Draws(seed, i));
    for (const auto& cut : cuts) {
      play.schedule(at(cut.from), {Change::Kind::isolate_organisation, cut.organisation});
      play.schedule(at(cut.until), {Change::Kind::reconnect_organisation, cut.organisation});
    }
    play.run();
    REQUIRE(play.incident().consistent());
    std::size_t infected = 0;
    double reached = to_seconds(model.horizon.time_since_epoch());
    for (const Step& step : play.incident().trace())
      if (step.what == Transition::infected && ++infected == goal) reached = to_seconds(step.time.time_since_epoch());
    sample.size.push_back(static_cast<double>(infected));
    sample.time.push_back(reached);
  }
  return sample;
}

inline Sample play_brute_force(const Model& model, std::size_t goal, const Cuts& cuts = {},
                               std::uint64_t seed = 200) {
  Sample sample;
  oracle::BruteForce world(model, seed);
  world.cuts = cuts;
  const double horizon = to_seconds(model.horizon.time_since_epoch());
  for (std::size_t i = 0; i < plays; ++i) {
    const std::vector<double> infections = world.play();
    sample.size.push_back(static_cast<double>(
        std::count_if(infections.begin(), infections.end(), [&](double t) { return t < horizon; })));
    sample.time.push_back(std::min(infections[goal - 1], horizon));
  }
  return sample;
}

inline void check_agreement(const Model& model, std::size_t goal, const Cuts& cuts = {}) {
  const Sample engine = play_engine(model, goal, cuts);
  const Sample brute = play_brute_force(model, goal, cuts);
  const double critical = stats::ks_critical(plays, plays);
  const double by_size = stats::ks_distance(engine.size, brute.size);
  const double by_time = stats::ks_distance(engine.time, brute.time);
  INFO("mean size " << stats::mean(engine.size) << " and " << stats::mean(brute.size) << ", mean time "
                    << stats::mean(engine.time) << " and " << stats::mean(brute.time));
  CHECK(by_size < critical);
  CHECK(by_time < critical);
  // A comparison says something only where chance matters.
  CHECK(stats::standard_deviation(brute.size) > 2);
  const auto reached = std::count_if(brute.time.begin(), brute.time.end(),
                                     [&](double t) { return t < to_seconds(model.horizon.time_since_epoch()); });
  CHECK(reached > static_cast<std::ptrdiff_t>(plays / 10));
}

inline std::vector<HostId> hosts_between(std::size_t first, std::size_t last) {
  std::vector<HostId> hosts;
  for (std::size_t h = first; h < last; ++h) hosts.push_back(host(h));
  return hosts;
}

/// Three organisations of two segments (offices of 7 workstations and a Windows XP imaging device; servers: 5 servers
/// and 3 workstations): 48 hosts. Zone kinds: 0 segment, 1 organisation, 2 everyone.
inline Estate three_organisations() {
  EstateBuilder builder;
  for (const char* code : {"A", "B", "C"})
    add_organisation(builder, code,
                     {{{{7}, {1, DeviceClass::imaging, System::windows_xp}}, "office"},
                      {{{5, DeviceClass::server, System::server_2008_r2}, {3}}, "servers"}});
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("organisation", Pool::each_organisation, 120, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 600, all_of(builder));
  return builder.build();
}

inline constexpr std::size_t half = 24;

/// A worm that scans for a minute after a few seconds of latency: some plays die out, some take most hosts.
inline Model minutes(const Estate& estate) {
  Model model = model_of(estate, {0.15, 0.12, 0.2}, 20min);
  model.worm.latency = Distribution{Distribution::Shape::exponential, 5, 0, {}, {}};
  model.worm.activity = Distribution{Distribution::Shape::exponential, 60, 0, {}, {}};
  model.entries = {HostEntry{2, Instant{}, hosts_between(0, 8)}};
  return model;
}

inline FirewallRule closed(const Estate& estate, std::uint16_t kind, FirewallRule::Direction direction,
                           Where where = {}) {
  return {.zone_kind = kind, .direction = direction, .where = Selector(estate, where), .from_networks = {}};
}

inline Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}

inline PowerPlan office_hours(const Estate& estate, double share, Duration on, Duration off, Duration start,
                              Where where = {}) {
  PowerPlan plan{.where = Selector(estate, where),
                 .share = share,
                 .hours = {.on = on, .off = off, .weekends = false, .start = {3, start}}};
  return plan;
}

/// The same world at the pace of days, for office hours: an attempt every hour and forty minutes, active for a day.
inline Model days(const Estate& estate) {
  Model model = model_of(estate, {1.0 / 6000, 1.0 / 6000, 1.0 / 6000}, 24h * 6);
  model.worm.latency = Distribution{Distribution::Shape::lognormal, 1800, 0.8, {}, {}};
  model.worm.activity = Distribution{Distribution::Shape::weibull, 90000, 1.5, {}, {}};
  model.entries = {HostEntry{3, Instant{} + 1h, hosts_between(0, 24)}};
  return model;
}

}  // namespace trustfall::agreement
