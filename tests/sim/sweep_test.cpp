#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "models/zone_play.h"
#include "tests/support/community.h"
#include "tests/support/statistics.h"

// A worm that walks a zone's addresses one after the other, against a loop over all attempts of every source.

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr double addresses = 64;
constexpr double rate = 4;  // so 16 s a round

Model swept(const Estate& estate) {
  Model model = model_of(estate, {rate}, 10min);
  model.worm.pacing.swept = 0;
  model.entries = {entry_of({host(0)})};
  return model;
}

/// Infection times by going through all passes of all sources again and again until nothing changes: who falls
/// earliest counts. Knows patches at the start, chances, and the time of being active.
std::vector<Instant> by_relaxation(const Model& model, const Draws& draws, const Play& patched) {
  const Estate& estate = *model.estate;
  const auto hosts = static_cast<std::uint32_t>(estate.hosts());
  std::vector<Instant> at(hosts, never);
  at[0] = Instant{};
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t s = 0; s < hosts; ++s) {
      if (at[s] == never) continue;
      Instant until = model.horizon;
      if (model.worm.activity)
        until = std::min(until, at[s] + from_seconds(model.worm.activity->at(draws.uniform(Purpose::activity, s))));
      const double start = draws.uniform(Purpose::sweep, s, 0, 0);
      for (std::uint32_t t = 0; t < hosts; ++t) {
        if (t == s || !patched.unpatched(HostId{t}, Instant{})) continue;
        double share = draws.uniform(Purpose::address, t, 0) - start;
        if (share <= 0) share += 1;
        for (std::uint32_t round = 0;; ++round) {
          const Instant passes = at[s] + from_seconds((share + round) * addresses / rate);
          if (passes >= until || passes >= at[t]) break;
          const System system = estate.system(HostId{t});
          if (draws.uniform(Purpose::sweep_effect, s, t, round) >= model.worm.effect(system)) continue;
          at[t] = passes;
          changed = true;
          break;
        }
      }
    }
  }
  return at;
}

std::vector<Instant> times_of(const Incident& incident) {
  std::vector<Instant> times(incident.estate().hosts(), never);
  for (const Step& step : incident.steps())
    if (step.what == Transition::infected) times[index(step.host)] = step.time;
  return times;
}

}  // namespace

TEST_CASE("A swept zone: every host falls when the first source that finds it open comes by", "[oracle]") {
  const Estate estate = one_segment(40, addresses);
  for (const int variant : {0, 1, 2, 3}) {
    Model model = swept(estate);
    if (variant > 0) model.worm.infects.fill(0.3);
    if (variant > 1) model.worm.activity = exponential_of(20);
    if (variant > 2) model.patching.coverage = 0.4;
    REQUIRE_FALSE(spreads_in_one_zone(model));
    std::size_t fell = 0;
    for (std::uint32_t replicate = 0; replicate < 50; ++replicate) {
      const Draws draws(23, replicate);
      Play play(model, draws);
      play.run();
      REQUIRE(play.incident().consistent());
      const std::vector<Instant> found = times_of(play.incident());
      INFO("variant " << variant << ", replicate " << replicate);
      CHECK(found == by_relaxation(model, draws, play));
      fell +=
          static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](Instant t) { return t != never; }));
    }
    if (variant < 2) CHECK(fell == 50 * 40);
    CHECK(fell > 50 * 3);
  }
}

TEST_CASE("A lone sweep meets all within one round, where random attempts leave a third out") {
  constexpr std::size_t hosts = 60;
  const Estate estate = one_segment(hosts, addresses);
  Model model = swept(estate);
  model.worm.latency = fixed(3600);  // whoever falls keeps still until the first is through
  model.horizon = Instant{} + 3616s + 1ns;
  double by_chance = 0;
  constexpr std::uint32_t plays = 100;
  for (std::uint32_t replicate = 0; replicate < plays; ++replicate) {
    model.worm.pacing.swept = 0;
    Play sweep(model, Draws(3, replicate));
    sweep.run();
    CHECK(attack_size(sweep.incident()) == hosts);
    model.worm.pacing.swept.reset();
    Play random(model, Draws(3, replicate));
    random.run();
    by_chance += static_cast<double>(attack_size(random.incident()) - 1);
  }
  CHECK(stats::within_five_errors(by_chance, plays * (hosts - 1), 1 - std::exp(-16 * rate / addresses)));
}

TEST_CASE("A sweep that falls silent goes on where it was") {
  constexpr std::size_t hosts = 60;
  const Estate estate = one_segment(hosts, addresses);
  Model model = swept(estate);
  model.worm.latency = fixed(3600);
  model.worm.dormancy = Dormancy{fixed(5), fixed(7)};
  model.horizon = Instant{} + 2h;
  for (std::uint32_t replicate = 0; replicate < 100; ++replicate) {
    Play play(model, Draws(3, replicate));
    play.run(Instant{} + 3600s + 3 * 12s);  // 15 of 16 s active
    CHECK(attack_size(play.incident()) > hosts * 3 / 4);
    play.run(Instant{} + 3600s + 3 * 12s + 1s + 1ns);  // a whole round
    CHECK(attack_size(play.incident()) == hosts);
  }
}

TEST_CASE("A closed rule stops a sweep, and isolation cuts it short") {
  const Estate estate = one_segment(50, addresses);
  Model model = swept(estate);
  model.firewalls = numbered({rule_of(estate, 0, Direction::outbound, 1)});
  const auto infected = [&] {
    Play play(model, Draws(3, 0));
    play.run();
    return attack_size(play.incident());
  };
  CHECK(infected() == 1);
  model.firewalls[0].direction = Direction::inbound;
  CHECK(infected() == 1);
  model.firewalls[0].until = Instant{} + 1min;  // the walk goes on meanwhile
  CHECK(infected() == 50);
  model.firewalls.clear();
  model.detection = Detection{.dwell = fixed(4),
                              .share = 1,
                              .note_seen = fixed(0),
                              .isolation = Isolation{Isolation::Scope::host, fixed(0), {}}};
  const std::size_t isolated = infected();
  CHECK(isolated > 1);
  model.detection->dwell = fixed(0.01);
  CHECK(infected() < isolated);
}

TEST_CASE("Hosts that can fall again are swept again") {
  const Estate estate = one_segment(20, addresses);
  Model model = swept(estate);
  model.worm.activity = fixed(17);  // a round and a little more
  model.worm.again = true;
  Play play(model, Draws(4, 0));
  play.run();
  // Each infected host comes by all others once in its 17 s: hardly anyone is open for long.
  const std::size_t falls = count_of(play.incident(), Transition::infected);
  const std::size_t cleared = count_of(play.incident(), Transition::cleared);
  CHECK(falls > 20 * 600 / 34);
  CHECK(falls <= 20 * (600 / 17 + 1));
  CHECK(falls >= cleared);
  CHECK(falls - cleared <= 20);
}
