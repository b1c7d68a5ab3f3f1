#include <catch2/catch.hpp>

#include <random>

#include "tests/support/community.h"
#include "tests/support/statistics.h"

// Laws of forks, replays, reach and numbering: replicate by replicate, in whole numbers and without tolerance.

using namespace trustfall;
using namespace trustfall::small;

namespace {

Trace trace_of(const Model& model, std::uint32_t replicate,
               const std::vector<std::pair<Instant, Change>>& changes = {}) {
  Play play(model, Draws(62, replicate));
  for (const auto& [at, change] : changes) play.schedule(at, change);
  play.run();
  return play.incident().trace();
}

}  // namespace

// --- forks, replays, reuse ---

TEST_CASE("A replay is identical, and a play that was used before equals a fresh one") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  Play used(model, Draws(62, 99));
  used.run(Instant{} + 10h);
  for (std::uint32_t r = 0; r < 20; ++r) {
    const Trace once = trace_of(model, r);
    CHECK(once.size() > 20);
    CHECK(same(once, trace_of(model, r)));
    used.reset(Draws(62, r));
    used.schedule(Instant{} + 96h - 1ns, {Change::Kind::isolate_organisation, org(0)});  // too late to matter
    used.run();
    CHECK(same(once, used.incident().trace()));
  }
}

TEST_CASE("Replicates differ") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  CHECK_FALSE(same(trace_of(model, 1), trace_of(model, 2)));
}

TEST_CASE("Stopping on the way changes nothing, wherever it is") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  std::mt19937_64 luck(63);
  for (std::uint32_t r = 0; r < 5; ++r) {
    const Trace whole = trace_of(model, r);
    Play play(model, Draws(62, r));
    for (const Step& step : whole)
      if (luck() % 3 == 0) play.run(step.time + Duration(static_cast<std::int64_t>(luck() % 3) - 1));
    play.run();
    CHECK(same(play.incident().trace(), whole));
  }
}

TEST_CASE("A fork without change equals the original, and the original is not disturbed by it") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  for (std::uint32_t r = 0; r < 10; ++r) {
    const Trace whole = trace_of(model, r);
    for (const std::size_t part : {0, 1, 2, 3}) {
      const Instant at = part == 0 ? Instant{} : whole[whole.size() * part / 4].time;  // exactly at a step
      Play play(model, Draws(62, r));
      play.run(at);
      Play fork = play;
      Play changed = play;
      changed.schedule(at, {Change::Kind::isolate_organisation, org(0)});
      changed.run();
      fork.run();
      play.run();
      CHECK(same(fork.incident().trace(), whole));
      CHECK(same(play.incident().trace(), whole));
    }
  }
}

TEST_CASE("A fork with a change equals the same change scheduled from the start, exactly at an event too") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  std::size_t different = 0;
  for (std::uint32_t r = 0; r < 25; ++r) {
    const Trace whole = trace_of(model, r);
    std::vector<Instant> moments = {Instant{}, Instant{} + 1ns, Instant{} + 7h, Instant{} + 31h};
    for (std::size_t i = 5; i < whole.size(); i += 11) moments.push_back(whole[i].time);
    for (const Instant at : moments) {
      const OrganisationId cut = org(r % 8);
      Play fork(model, Draws(62, r));
      fork.run(at);
      Play child = fork;
      child.schedule(at, {Change::Kind::isolate_organisation, cut});
      child.schedule(at + 3h, {Change::Kind::reconnect_organisation, cut});
      child.run();
      const Trace scheduled = trace_of(
          model, r,
          {{at, {Change::Kind::isolate_organisation, cut}}, {at + 3h, {Change::Kind::reconnect_organisation, cut}}});
      REQUIRE(same(child.incident().trace(), scheduled));
      different += !same(scheduled, whole);
      // Until the moment of the fork nothing has changed.
      for (std::size_t i = 0; i < whole.size() && whole[i].time < at; ++i) REQUIRE(same(whole[i], scheduled[i]));
    }
  }
  CHECK(different > 50);
}

TEST_CASE("A fork of a fork equals both changes scheduled from the start") {
  const Estate estate = community();
  const Model model = alarmed(estate);
  for (std::uint32_t r = 0; r < 10; ++r) {
    Play play(model, Draws(62, r));
    play.run(Instant{} + 4h);
    Play first = play;
    first.schedule(Instant{} + 4h, {Change::Kind::isolate_organisation, org(2)});
    first.run(Instant{} + 20h);
    Play second = first;
    second.schedule(Instant{} + 20h, {Change::Kind::isolate_organisation, org(3)});
    second.run();
    CHECK(
        same(second.incident().trace(), trace_of(model, r,
                                                 {{Instant{} + 4h, {Change::Kind::isolate_organisation, org(2)}},
                                                  {Instant{} + 20h, {Change::Kind::isolate_organisation, org(3)}}})));
  }
}

// --- reach and renumbering ---

TEST_CASE("Without reach the attack is the entries") {
  const Estate estate = community();
  Model model = lawful(estate);
  model.worm.rates = {0, 0, 0};
  model.entries = {entry_of({host(0), host(30), host(31)}), entry_of({host(60)}, Instant{} + 20s)};
  Play play(model, Draws(64, 0));
  for (std::uint32_t r = 0; r < 50; ++r) {
    play.reset(Draws(64, r));
    play.run();
    CHECK(attack_size(play.incident()) == 4);
    CHECK(play.incident().consistent());
  }
  model = lawful(estate);
  model.patching.coverage = 1;
  model.patching.groups.clear();
  model.entries.resize(2);  // whom a click infects, patched or not
  Play patched(model, Draws(64, 0));
  patched.run();
  CHECK(attack_size(patched.incident()) == 3);
  model = lawful(estate);
  model.worm.infects.fill(0);
  model.worm.crashes.fill(0);
  model.entries.resize(2);
  Play harmless(model, Draws(64, 0));
  harmless.run();
  CHECK(attack_size(harmless.incident()) == 3);
}

TEST_CASE("Renumbering hosts changes nothing in distribution") {
  // The same organisations in two orders, segments reversed; the entry is the same office in each.
  const auto build = [](bool reversed) {
    EstateBuilder builder;
    for (int i = 0; i < 6; ++i) {
      const int o = reversed ? 5 - i : i;
      std::vector<Lan> lans = {{{{static_cast<std::size_t>(4 + 2 * o)}}, "office"},
                               {{{3, DeviceClass::server, System::server_2008_r2}}, "servers"},
                               {{{5, DeviceClass::imaging, System::windows_xp}}, "clinical"}};
      if (reversed) std::reverse(lans.begin(), lans.end());
      add_organisation(builder, std::string(1, static_cast<char>('A' + o)), lans);
    }
    builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
    builder.add_zones("organisation", Pool::each_organisation, 150, all_of(builder));
    builder.add_zones("everyone", Pool::everyone, 1500, all_of(builder));
    return builder.build();
  };
  constexpr std::uint32_t plays = 3000;
  const auto sample = [&](const Estate& estate, std::uint64_t seed) {
    Model model = lawful(estate);
    for (double& rate : model.worm.rates) rate *= 0.6;
    model.patching.coverage = 0.3;
    Where first;
    first.codes = {"C"};
    first.networks = {"office"};
    const auto hosts = Selector(estate, first).hosts(estate);
    model.entries = {HostEntry{2, Instant{}, hosts}};
    std::pair<std::vector<double>, std::vector<double>> result;
    Play play(model, Draws(seed, 0));
    for (std::uint32_t r = 0; r < plays; ++r) {
      play.reset(Draws(seed, r));
      play.run();
      std::size_t infected = 0;
      double tenth = 1e9;
      for (const Step& step : play.incident().trace())
        if (step.what == Transition::infected && ++infected == 10) tenth = to_hours(step.time);
      result.first.push_back(static_cast<double>(infected));
      result.second.push_back(tenth);
    }
    return result;
  };
  const Estate one = build(false);
  const Estate other = build(true);
  const auto [sizes, times] = sample(one, 65);
  const auto [other_sizes, other_times] = sample(other, 66);
  CHECK(stats::ks_distance(sizes, other_sizes) < stats::ks_critical(plays, plays));
  CHECK(stats::ks_distance(times, other_times) < stats::ks_critical(plays, plays));
  CHECK(stats::standard_deviation(sizes) > 5);
}

// --- conservation ---

TEST_CASE("In a busy play everything adds up after every few events") {
  const Estate estate = community();
  const Model model = busy(estate);
  std::size_t all = 0;
  std::vector<std::size_t> steps(transitions);
  for (std::uint32_t r = 0; r < 25; ++r) {
    Play play(model, Draws(67, r));
    for (Instant at{}; at < model.horizon; at += 10min) {
      play.run(at);
      REQUIRE(play.incident().consistent());
    }
    play.run();
    const Incident& incident = play.incident();
    REQUIRE(incident.consistent());

    // Each host has one fate, and what follows from it comes after it.
    std::vector<int> fates(estate.hosts());
    std::vector<int> seen(estate.hosts() * transitions);
    Instant last{};
    for (const Step& step : incident.trace()) {
      REQUIRE(step.time >= last);
      last = step.time;
      const std::size_t h = index(step.host);
      const bool fate =
          step.what == Transition::infected || step.what == Transition::stopped || step.what == Transition::crashed;
      fates[h] += fate;
      ++steps[static_cast<std::size_t>(step.what)];
      REQUIRE(fates[h] == 1);
      REQUIRE(++seen[h * transitions + static_cast<std::size_t>(step.what)] == 1);
      const auto had = [&](Transition what) { return seen[h * transitions + static_cast<std::size_t>(what)] > 0; };
      if (step.what == Transition::encrypted || step.what == Transition::detected) REQUIRE(had(Transition::infected));
      if (step.what == Transition::isolated || step.what == Transition::restored) REQUIRE(had(Transition::detected));
      if (step.what == Transition::recovered) REQUIRE(had(Transition::crashed));
      if (step.source != no_host) REQUIRE(time_of(incident, step.source, Transition::infected) <= step.time);
      if (step.zone != no_zone) REQUIRE(is_in(estate, step.host, step.zone));
      if (step.zone != no_zone && step.source != no_host) REQUIRE(is_in(estate, step.source, step.zone));
    }
    const std::size_t infected = attack_size(incident);
    CHECK(count_of(incident, Transition::restored) <= count_of(incident, Transition::detected));
    CHECK(count_of(incident, Transition::detected) <= infected);
    CHECK(count_of(incident, Transition::encrypted) <= infected);
    CHECK(count_of(incident, Transition::recovered) <= count_of(incident, Transition::crashed));
    CHECK(infected + count_of(incident, Transition::crashed) + count_of(incident, Transition::stopped) <=
          estate.hosts());
    all += infected;
  }
  CHECK(all > 25 * 20);
  // Nothing that can happen was left out, but for single hosts isolated: here whole sites are.
  for (int what = 0; what < transitions; ++what)
    CHECK((steps[static_cast<std::size_t>(what)] > 0) == (static_cast<Transition>(what) != Transition::isolated &&
                                                          static_cast<Transition>(what) != Transition::cleared));
}
