#include <catch2/catch.hpp>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};
constexpr std::size_t xp = static_cast<std::size_t>(System::windows_xp);
constexpr std::size_t seven = static_cast<std::size_t>(System::windows_7);

Distribution exponential_of(double mean) { return {Distribution::Shape::exponential, mean, 0, {}, {}}; }

/// A play of a model, to its horizon.
Play played(const Model& model, std::uint32_t replicate = 0) {
  Play play(model, Draws(121, replicate));
  play.run();
  return play;
}

}  // namespace

TEST_CASE("A duration is drawn for its host and purpose, or fixed for all") {
  const Draws draws(121, 0);
  CHECK(span_of(fixed(90), Purpose::latency, host(7), draws) == 90s);
  const double u = draws.uniform(Purpose::dwell, 7);
  CHECK(span_of(exponential_of(60), Purpose::dwell, host(7), draws) == from_seconds(-60 * std::log(1 - u)));
  CHECK(span_of(exponential_of(60), Purpose::dwell, host(7), draws) !=
        span_of(exponential_of(60), Purpose::dwell, host(8), draws));
  CHECK(span_of(exponential_of(60), Purpose::dwell, host(7), draws) !=
        span_of(exponential_of(60), Purpose::latency, host(7), draws));
}

TEST_CASE("A hit crashes a host instead of infecting it in its share, and always the same hosts") {
  Worm worm;
  worm.infects[seven] = 0.9;
  worm.infects[xp] = 0.1;
  worm.crashes[xp] = 0.4;
  worm.crashes[static_cast<std::size_t>(System::windows_vista)] = 0.5;
  CHECK(worm.effect(System::windows_7) == 0.9);
  CHECK(worm.effect(System::windows_xp) == 0.5);
  CHECK(worm.effect(System::no_windows) == 0);
  double crashed = 0;
  for (std::size_t h = 0; h < 3000; ++h) {
    CHECK_FALSE(worm.crashes_host(host(h), System::windows_7, Draws(121, 1)));
    CHECK(worm.crashes_host(host(h), System::windows_vista, Draws(121, 1)));
    crashed += worm.crashes_host(host(h), System::windows_xp, Draws(121, 1));
  }
  CHECK(stats::within_five_errors(crashed, 3000, 0.8));
}

TEST_CASE("A crashed host is out of the play: up again after its downtime, never infected, never scanning") {
  const Estate estate = one_zone({{{{1}, {60, DeviceClass::workstation, System::windows_xp}}, "n"}}, 61);
  Model model = model_of(estate, {0.5}, 24h);
  model.worm.infects[xp] = 0.02;
  model.worm.crashes[xp] = 0.08;
  model.worm.crash_downtime = fixed(120);
  model.entries = {entry_of({host(0)})};
  const Play play = played(model);
  const Incident& incident = play.incident();
  const std::size_t crashed = count_of(incident, Transition::crashed);
  CHECK(crashed > 30);
  CHECK(crashed + attack_size(incident) == 61);  // a day is long enough for everyone to be hit
  CHECK(count_of(incident, Transition::recovered) == crashed);
  for (const Step& step : incident.trace()) {
    if (step.what == Transition::recovered)
      CHECK(step.time == time_of(incident, step.host, Transition::crashed) + 2min);
    if (step.source != no_host) CHECK_FALSE(incident.crashed(step.source));
    if (incident.crashed(step.host)) CHECK(step.what != Transition::infected);
  }
}

TEST_CASE("A host scans from its latency on, and for its activity") {
  const Estate estate = one_segment(400, 400);
  Model model = model_of(estate, {0.2}, 1h);
  model.entries = {entry_of({host(0)})};
  model.worm.latency = fixed(7);
  model.worm.activity = fixed(20);
  const Play play = played(model);
  const auto times = infection_times(play.incident());
  Duration longest{};
  Duration shortest = 1h;
  for (const Step& step : play.incident().trace()) {
    if (step.source == no_host) continue;
    const Duration after = step.time - times[index(step.source)];
    CHECK(after >= 7s);
    CHECK(after < 27s);
    longest = std::max(longest, after);
    shortest = std::min(shortest, after);
  }
  CHECK(attack_size(play.incident()) > 100);
  CHECK(shortest < 8s);
  CHECK(longest > 26s);

  Play early(model, Draws(121, 0));
  early.run(t0 + 7s);
  CHECK_FALSE(early.incident().infectious(host(0)));
  early.run(t0 + 7s + 1ns);
  CHECK(early.incident().infectious(host(0)));
  early.run(t0 + 27s + 1ns);
  CHECK_FALSE(early.incident().infectious(host(0)));
}

TEST_CASE("A host's data are encrypted at the worm's throughput, while it goes on spreading") {
  const Estate estate = one_zone({{{{2}, {1, DeviceClass::server}, {1, DeviceClass::imaging}}, "n"}}, 4);
  Model model = model_of(estate, {0}, 24h);
  model.entries = {entry_of({host(0), host(1), host(2), host(3)}, t0 + 1h)};
  model.worm.encryption = Encryption{50e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] =
      fixed(180e9);  // an hour at 50 MB/s
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::server)] = exponential_of(1e12);
  const Play play = played(model);
  CHECK(time_of(play.incident(), host(0), Transition::encrypted) == t0 + 2h);
  CHECK(time_of(play.incident(), host(1), Transition::encrypted) == t0 + 2h);
  CHECK(play.encrypted_at(host(1)) == t0 + 2h);
  const double u = Draws(121, 0).uniform(Purpose::data_size, 2);
  CHECK(to_hours(time_of(play.incident(), host(2), Transition::encrypted)) ==
        Approx(1 - 1e12 * std::log(1 - u) / 50e6 / 3600));
  CHECK(time_of(play.incident(), host(3), Transition::encrypted) == never);  // nothing to encrypt
  CHECK(play.incident().infectious(host(0)));
  CHECK_FALSE(model.worm.encryption_time(host(3), DeviceClass::imaging, Draws(121, 0)));
}

TEST_CASE("Encryption rests while the host is off") {
  const Estate estate = one_segment(2, 2);
  Model model = model_of(estate, {0}, 24h * 4);
  // From Friday 16:00: an hour of work is done at 17:00; four hours take two of the Monday.
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = false, .start = {4, 16h}}}};
  model.entries = {entry_of({host(0)}), entry_of({host(1)}, t0 + 1h)};
  model.worm.encryption = Encryption{1, {}};
  model.worm.encryption->data[0] = fixed(4 * 3600);
  const Play play = played(model);
  CHECK(time_of(play.incident(), host(0), Transition::encrypted) == t0 + 8h + 48h + 8h + 2h);
  CHECK(time_of(play.incident(), host(1), Transition::encrypted) == t0 + 8h + 48h + 8h + 3h);
}

TEST_CASE("An isolated host is not encrypted, nor is one that was restored") {
  const Estate estate = one_zone({{{{2}, {1, DeviceClass::server}}, "n"}}, 3);
  Model model = model_of(estate, {0}, 24h);
  model.worm.encryption = Encryption{1, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = fixed(2 * 3600);
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::server)] = fixed(4 * 3600);
  model.entries = {entry_of({host(0), host(2)})};
  model.detection = Detection{.dwell = fixed(3600),
                              .share = 1,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{Isolation::Scope::host, fixed(1800), {}}};
  const Play isolated = played(model);
  CHECK(time_of(isolated.incident(), host(0), Transition::isolated) == t0 + 1h + 30min);
  CHECK(count_of(isolated.incident(), Transition::encrypted) == 0);
  // Too late by half an hour: the workstation is encrypted, the server not.
  model.detection->isolation->delay = fixed(5400);
  const Play late = played(model);
  CHECK(time_of(late.incident(), host(0), Transition::encrypted) == t0 + 2h);
  CHECK(time_of(late.incident(), host(2), Transition::encrypted) == never);
  model.detection->isolation.reset();
  model.backups = {copies(all_devices, 1, 24h, true, fixed(2 * 3600), 24h)};
  const Play restored = played(model);
  CHECK(time_of(restored.incident(), host(0), Transition::encrypted) == t0 + 2h);
  CHECK(time_of(restored.incident(), host(2), Transition::restored) == t0 + 3h);
  CHECK(time_of(restored.incident(), host(2), Transition::encrypted) == never);
}

// --- kill switch ---

TEST_CASE("Before the kill switch a worm runs, from its moment on it stops") {
  const Estate estate = one_segment(3, 3);
  Model model = model_of(estate, {0}, 24h);
  model.worm.kill_switch = KillSwitch{t0 + 7h, 0};
  model.entries = {entry_of({host(0)}, t0 + 7h - 1ns), entry_of({host(1)}, t0 + 7h), entry_of({host(2)}, t0 + 9h)};
  const Play play = played(model);
  CHECK(play.incident().infected(host(0)));
  CHECK_FALSE(play.incident().infected(host(1)));
  CHECK(play.incident().settled(host(1)));
  CHECK(time_of(play.incident(), host(1), Transition::stopped) == t0 + 7h);
  CHECK(time_of(play.incident(), host(2), Transition::stopped) == t0 + 9h);
}

TEST_CASE("Hosts that run already go on after the kill switch, and every host they hit is stopped") {
  const Estate estate = one_segment(300, 300);
  Model model = model_of(estate, {0.1}, 24h);
  model.worm.kill_switch = KillSwitch{t0 + 45s, 0};
  model.entries = {entry_of({host(0)})};
  const Play play = played(model);
  CHECK(attack_size(play.incident()) > 5);
  CHECK(count_of(play.incident(), Transition::stopped) > 20);
  CHECK(attack_size(play.incident()) + count_of(play.incident(), Transition::stopped) == 300);
  for (const Step& step : play.incident().trace())
    CHECK((step.what == Transition::infected) == (step.time < t0 + 45s));
}

TEST_CASE("Organisations behind a proxy do not reach the kill switch: so many of them, whole and nested") {
  EstateBuilder builder;
  for (int o = 0; o < 300; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{2}}, "n"}});
  const Estate estate = builder.build();
  Model model = model_of(estate, {}, 24h);
  std::vector<HostId> all;
  for (std::size_t h = 0; h < 600; ++h) all.push_back(host(h));
  model.entries = {entry_of(all, t0 + 1h)};
  std::vector<std::uint8_t> last(600);
  for (const double proxied : {0.0, 0.2, 0.7, 1.0}) {
    model.worm.kill_switch = KillSwitch{t0, proxied};
    const Play play = played(model);
    CHECK(stats::within_five_errors(static_cast<double>(attack_size(play.incident())) / 2, 300, proxied));
    for (std::size_t h = 0; h < 600; ++h) {
      const bool infected = play.incident().infected(host(h));
      CHECK(infected == play.incident().infected(host(h ^ 1)));
      CHECK(infected >= static_cast<bool>(last[h]));
      last[h] = infected;
    }
  }
}

TEST_CASE(
    "The worm starts with its host: switched on again after the kill switch it stops, behind a proxy it goes on") {
  // Workstations run from the start, the switch comes at night; the target is a server that is always on, but has so
  // few attempts that it does not fall on the first day.
  const Estate estate = one_zone({{{{3}}, "n"}, {{{200, DeviceClass::server}}, "n"}}, 203);
  Model model = model_of(estate, {1.0 / 20000}, 24h * 3);
  Where workstations;
  workstations.devices = only(DeviceClass::workstation);
  model.power = {{.where = Selector(estate, workstations),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = true, .start = {0, 17h}}}};
  model.entries = {entry_of({host(0), host(1), host(2)})};
  const auto size = [&](double proxied) {
    model.worm.kill_switch = KillSwitch{t0 + 5h, proxied};
    model.worm.infects[seven] = 1;
    Play play(model, Draws(122, 0));
    play.run(t0 + 1h);
    CHECK(play.incident().infectious(host(0)));
    play.run(t0 + 15h);  // 08:00 of the next day
    CHECK(play.incident().infectious(host(0)));
    play.run(t0 + 15h + 1ns);
    CHECK(play.incident().infectious(host(0)) == (proxied == 1));
    play.run();
    REQUIRE(play.incident().consistent());
    std::size_t next_day = 0;
    for (const Step& step : play.incident().trace()) next_day += index(step.source) < 3 && step.time > t0 + 15h;
    return next_day;
  };
  CHECK(size(0) == 0);
  CHECK(size(1) > 0);
}

TEST_CASE("A host that restarts during its latency asks for the kill switch again, as one that scans does") {
  // Off from 18:00 to 8:00; infected at 17:00; the switch is thrown at 4:00, when the host is off.
  const Estate estate = one_zone({{{{1}}, "n"}, {{{400, DeviceClass::server, System::server_2008_r2}}, "n"}}, 401);
  Where workstations;
  workstations.devices = only(DeviceClass::workstation);
  Model model = model_of(estate, {1}, 96h);
  model.worm.kill_switch = KillSwitch{t0 + 20h, 0};
  model.power = {PowerPlan{.where = Selector(estate, workstations),
                           .share = 1,
                           .hours = {.on = 8h, .off = 18h, .weekends = false, .start = {0, 8h}}}};
  model.entries = {entry_of({host(0)}, t0 + 9h)};
  const auto reached = [&](Duration latency) {
    model.worm.latency = fixed(to_seconds(latency));
    Play play(model, Draws(161, 0));
    play.run();
    CHECK(play.incident().infected(host(0)));
    return count_of(play.incident(), Transition::stopped) + attack_size(play.incident()) - 1;
  };
  CHECK(reached(30min) > 100);  // scans before it is switched off
  CHECK(reached(12h) == 0);     // was to scan while it was off: asks when it starts
  CHECK(reached(16h) == 0);     // is to scan an hour after it has started
  CHECK(reached(40h) == 0);
  model.worm.kill_switch->at = t0 + 25h;  // an hour after the restart: too late for it
  CHECK(reached(16h) > 100);
}
