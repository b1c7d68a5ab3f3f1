#include <catch2/catch.hpp>

#include <random>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

// Laws that hold replicate by replicate, in whole numbers and without tolerance.

using namespace trustfall;
using namespace trustfall::small;
using Pool = EstateBuilder::Pool;
using Direction = FirewallRule::Direction;

namespace {

Distribution exponential_of(double mean) { return {Distribution::Shape::exponential, mean, 0, {}, {}}; }

/// Eight trusts and practices of two to three segments; zone kinds: 0 segment, 1 organisation, 2 everyone. 184 hosts.
Estate community() {
  EstateBuilder builder;
  for (int o = 0; o < 8; ++o) {
    const std::string code(1, static_cast<char>('A' + o));
    std::vector<Lan> lans = {{{{9}, {2, DeviceClass::clinical_workstation, System::windows_xp}}, "office"},
                             {{{3, DeviceClass::server, System::server_2008_r2}, {4}}, "servers"}};
    if (o % 2 == 0) lans.push_back({{{5, DeviceClass::imaging, System::windows_xp}, {5}}, "clinical"});
    const bool trust = o % 2 == 0;
    add_organisation(builder, code, lans, trust ? OrganisationKind::trust : OrganisationKind::practice,
                     trust ? "trusts" : "practices");
  }
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("organisation", Pool::each_organisation, 150, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 1500, all_of(builder));
  return builder.build();
}

FirewallRule rule_of(const Estate& estate, std::uint16_t kind, Direction direction, double share,
                     const Where& where = {}) {
  return {.zone_kind = kind,
          .direction = direction,
          .where = Selector(estate, where),
          .from_networks = {},
          .share = share};
}

Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}

/// A scenario of the law's class: entries are fixed, fates drawn once, rates add, triggers are local to a host,
/// blocks only tighten, restored hosts are immune.
Model lawful(const Estate& estate) {
  Model model = model_of(estate, {0.5, 0.5, 1.0}, 30min);
  model.worm.infects.fill(0.6);
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.3;
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.2;
  model.worm.latency = exponential_of(4);
  model.worm.activity = exponential_of(120);
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = exponential_of(60e6);
  model.detection = Detection{.dwell = exponential_of(60),
                              .share = 0.7,
                              .note_seen = exponential_of(20),
                              .isolation = Isolation{Isolation::Scope::host, exponential_of(10), {}}};
  model.backups = {{all_devices, 0.8, 24h, false, exponential_of(90), 720h}};
  model.patching.concentration = 1;
  Where medical;
  medical.devices = only(DeviceClass::imaging);
  model.patching.groups = {{Selector(estate, medical), std::nullopt, 0.5}};
  model.firewalls = {rule_of(estate, 2, Direction::inbound, 0.3),
                     rule_of(estate, 1, Direction::both, 0.4, devices(only(DeviceClass::server)))};
  model.firewalls[0].misconfigured = 0.2;
  model.firewalls.push_back(rule_of(estate, 2, Direction::outbound, 1, devices(only(DeviceClass::imaging))));
  model.firewalls.push_back(rule_of(estate, 2, Direction::both, 0.5));
  model.firewalls.back().from = Instant{} + 40s;  // a block that begins late, and stays
  model.firewalls = numbered(model.firewalls);
  model.entries = {entry_of({host(0), host(30)}), entry_of({host(60)}, Instant{} + 20s),
                   OutsideEntry{zone(estate.zones() - 1), {{Instant{}, 1}, {Instant{} + 100s, 0}}}};
  return model;
}

/// Moments at which each host was hit, whether it fell or crashed.
std::vector<Instant> hit_times(const Incident& incident) {
  std::vector<Instant> times(incident.estate().hosts(), never);
  for (const Step& step : incident.trace())
    if (step.what == Transition::infected || step.what == Transition::crashed || step.what == Transition::stopped)
      times[index(step.host)] = step.time;
  return times;
}

/// Plays both models on the same luck; how many hosts the stricter one infected, or had hit, that were spared or came
/// later in the other; and by how much it is smaller.
struct Comparison {
  std::size_t violations = 0;
  std::size_t fewer = 0;     // replicates with a smaller attack
  std::size_t infected = 0;  // hosts in all replicates of the looser one
};
Comparison compare(const Model& looser, const Model& stricter, std::uint32_t replicates) {
  Comparison result;
  Play a(looser, Draws(61, 0));
  Play b(stricter, Draws(61, 0));
  for (std::uint32_t r = 0; r < replicates; ++r) {
    a.reset(Draws(61, r));
    b.reset(Draws(61, r));
    a.run();
    b.run();
    const auto loose = infection_times(a.incident());
    const auto strict = infection_times(b.incident());
    const auto loose_hits = hit_times(a.incident());
    const auto strict_hits = hit_times(b.incident());
    for (std::size_t h = 0; h < loose.size(); ++h)
      result.violations += loose[h] > strict[h] || loose_hits[h] > strict_hits[h];
    result.fewer += attack_size(b.incident()) < attack_size(a.incident());
    result.infected += attack_size(a.incident());
  }
  return result;
}

/// A busy scenario without any class: everything that the models can do.
Model busy(const Estate& estate) {
  Model model = lawful(estate);
  model.horizon = Instant{} + 24h * 4;
  for (double& rate : model.worm.rates) rate /= 60;
  model.worm.latency = exponential_of(600);
  model.worm.activity = exponential_of(40000);
  model.worm.encryption->throughput = 1e4;
  model.worm.kill_switch = KillSwitch{Instant{} + 30h, 0.5};
  model.worm.ransom = Ransom{};
  model.detection->dwell = exponential_of(20000);
  model.detection->note_seen = exponential_of(7200);
  model.detection->isolation = Isolation{Isolation::Scope::site, exponential_of(3600), exponential_of(20000)};
  model.backups[0].restore_time = exponential_of(50000);
  model.patching.coverage = 0.2;
  model.patching.campaign = Campaign{Instant{} + 6h, 48h, 0.8};
  Where workstations;
  workstations.devices = only(DeviceClass::workstation);
  model.power = {PowerPlan{.where = Selector(estate, workstations),
                           .share = 0.7,
                           .on = 8h,
                           .off = 18h,
                           .weekends = false,
                           .start = {3, 11h}}};
  std::vector<std::uint8_t> from_office(estate.networks().size());
  from_office[estate[segment(0)].network] = 1;
  FirewallRule pair = rule_of(estate, 1, Direction::inbound, 0.6, devices(only(DeviceClass::server)));
  pair.from_networks = from_office;
  model.firewalls.push_back(pair);
  model.firewalls.back().until = Instant{} + 40h;
  FirewallRule timed = rule_of(estate, 2, Direction::both, 0.5);
  timed.from = Instant{} + 5h;
  timed.until = Instant{} + 12h;
  model.firewalls.push_back(timed);
  model.firewalls = numbered(model.firewalls);
  std::vector<HostId> readers;
  for (std::size_t h = 0; h < estate.hosts(); h += 3) readers.push_back(host(h));
  model.entries = {entry_of({host(0), host(30)}), MailEntry{30, 0.4, 0.3, Instant{} + 1h, 20h, readers},
                   StickEntry{60, Instant{} + 2h, 40h, exponential_of(7200), 0.8, readers},
                   OutsideEntry{zone(estate.zones() - 1), {{Instant{} + 3h, 2}, {Instant{} + 9h, 0}}}};
  return model;
}

Trace trace_of(const Model& model, std::uint32_t replicate,
               const std::vector<std::pair<Instant, Change>>& changes = {}) {
  Play play(model, Draws(62, replicate));
  for (const auto& [at, change] : changes) play.schedule(at, change);
  play.run();
  return play.incident().trace();
}

}  // namespace

// --- the coverage law ---

TEST_CASE("The coverage law: more patches never infect a host that would have been spared, nor any host sooner") {
  const Estate estate = community();
  const Model model = lawful(estate);
  const double coverages[] = {0, 0.3, 0.6, 0.8, 0.95};
  for (std::size_t i = 1; i < std::size(coverages); ++i) {
    Model looser = model;
    Model stricter = model;
    looser.patching.coverage = coverages[i - 1];
    stricter.patching.coverage = coverages[i];
    const Comparison found = compare(looser, stricter, 500);
    INFO(coverages[i - 1] << " to " << coverages[i] << ": " << found.infected << " infected");
    CHECK(found.violations == 0);
    CHECK(found.fewer > 250);
    CHECK(found.infected > 500 * 6);
  }
}

TEST_CASE("The coverage law holds for a campaign that starts sooner, for a larger group, and for a share patchable") {
  const Estate estate = community();
  Model looser = lawful(estate);
  looser.patching.coverage = 0.3;
  looser.patching.campaign = Campaign{Instant{} + 60s, 200s, 0.8};
  Model sooner = looser;
  sooner.patching.campaign->from = Instant{} + 20s;
  const Comparison by_time = compare(looser, sooner, 200);
  CHECK(by_time.violations == 0);
  CHECK(by_time.fewer > 20);
  Model higher = looser;
  higher.patching.campaign->coverage = 0.95;
  const Comparison by_level = compare(looser, higher, 200);
  CHECK(by_level.violations == 0);
  CHECK(by_level.fewer > 20);
  Model patchable = looser;
  patchable.patching.groups[0].patchable = 0.9;
  patchable.patching.groups[0].coverage = 0.5;
  Model before = looser;
  before.patching.groups[0].coverage = 0.4;
  const Comparison by_group = compare(before, patchable, 200);
  CHECK(by_group.violations == 0);
  CHECK(by_group.fewer > 20);
}

TEST_CASE("The coverage law: one more closed rule never infects a host that would have been spared") {
  const Estate estate = community();
  const Model model = lawful(estate);
  std::vector<FirewallRule> rules = {
      rule_of(estate, 2, Direction::inbound, 0.6),
      rule_of(estate, 2, Direction::outbound, 0.6),
      rule_of(estate, 0, Direction::both, 0.5, devices(only(DeviceClass::workstation))),
      rule_of(estate, 1, Direction::inbound, 1, devices(only(DeviceClass::imaging) | only(DeviceClass::server))),
      rule_of(estate, 1, Direction::both, 1),
  };
  rules[2].per = FirewallRule::Unit::segment;
  rules[4].from = Instant{} + 15s;
  for (const FirewallRule& rule : rules) {
    Model stricter = model;
    stricter.firewalls.push_back(rule);
    stricter.firewalls = numbered(stricter.firewalls);
    const Comparison found = compare(model, stricter, 200);
    CHECK(found.violations == 0);
    CHECK(found.fewer > 20);
  }
}

TEST_CASE("The coverage law: a rule held by more organisations, misconfigured in fewer") {
  const Estate estate = community();
  const Model model = lawful(estate);
  Model wider = model;
  wider.firewalls[0].share = 0.8;
  CHECK(compare(model, wider, 200).violations == 0);
  CHECK(compare(model, wider, 200).fewer > 20);
  Model better = model;
  better.firewalls[0].misconfigured = 0;
  CHECK(compare(model, better, 200).violations == 0);
}

TEST_CASE("The coverage law: detection that comes sooner, and an earlier kill switch") {
  const Estate estate = community();
  const Model model = lawful(estate);
  Model sooner = model;
  sooner.detection->dwell.scale /= 2;
  sooner.detection->share = 0.9;
  CHECK(compare(model, sooner, 200).violations == 0);
  CHECK(compare(model, sooner, 200).fewer > 20);
  Model late = model;
  late.worm.kill_switch = KillSwitch{Instant{} + 120s, 0.5};
  Model early = late;
  early.worm.kill_switch = KillSwitch{Instant{} + 60s, 0.3};
  // A host that is stopped is hit all the same: only infections are compared, and they nest.
  CHECK(compare(model, late, 200).violations == 0);
  CHECK(compare(late, early, 200).violations == 0);
}

TEST_CASE("The law's check can fail: isolation that ends is outside its class") {
  // Blocks that are lifted again let a host fall later that would have been attempted while it was cut off.
  const Estate estate = community();
  Model model = lawful(estate);
  model.firewalls.clear();
  model.firewalls.push_back(rule_of(estate, 1, Direction::inbound, 1));
  model.firewalls.back().from = Instant{} + 20s;
  model.firewalls.back().until = Instant{} + 90s;
  Model stricter = model;
  stricter.patching.coverage = 0.5;
  CHECK(compare(model, stricter, 500).violations > 0);
}

TEST_CASE(
    "The law's check can fail: a late click on a host that an attempt would have crashed is outside its class") {
  // With fewer patches the host is hit first and crashes for good; with more, it is up when the mail is opened.
  const Estate estate = community();
  Model model = lawful(estate);
  std::vector<HostId> readers;
  for (std::size_t h = 0; h < estate.hosts(); ++h)
    if (estate.system(host(h)) == System::windows_xp) readers.push_back(host(h));
  model.entries.emplace_back(MailEntry{10, 0, 1, Instant{} + 60s, 60s, readers});
  Model stricter = model;
  stricter.patching.coverage = 0.5;
  CHECK(compare(model, stricter, 500).violations > 0);
}

// --- forks, replays, reuse ---

TEST_CASE("A replay is identical, and a play that was used before equals a fresh one") {
  const Estate estate = community();
  const Model model = busy(estate);
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
  const Model model = busy(estate);
  CHECK_FALSE(same(trace_of(model, 1), trace_of(model, 2)));
}

TEST_CASE("Stopping on the way changes nothing, wherever it is") {
  const Estate estate = community();
  const Model model = busy(estate);
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
  const Model model = busy(estate);
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
  const Model model = busy(estate);
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
  const Model model = busy(estate);
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
    CHECK((steps[static_cast<std::size_t>(what)] > 0) == (static_cast<Transition>(what) != Transition::isolated));
}
