#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "sim/base/numeric.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Segment 0 with the sources, segment 1 with the hosts that are watched; one zone joins them.
Estate sources_and_targets(std::vector<Batch> sources, std::vector<Batch> targets, double addresses) {
  return one_zone({{std::move(sources), "sources"}, {std::move(targets), "targets"}}, addresses);
}

/// Pressure of the host's k-th attempt in a zone: its gaps summed, by hand.
Pressure attempt_pressure(const Estate& estate, const Draws& draws, HostId h, ZoneId z, std::uint32_t k,
                          double chance = 1) {
  Pressure sum = 0;
  for (std::uint32_t i = 0; i <= k; ++i) {
    const double u =
        draws.uniform(Purpose::threshold, static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(z), i);
    sum += pressure_for(-natural_log(u) / chance, estate[z].addresses);
  }
  return sum;
}

/// First nanosecond at which a constant rate has brought the pressure.
Instant moment_of(Pressure pressure, Rate rate) {
  return Instant{} + Duration(static_cast<std::int64_t>((pressure + rate - 1) / rate));
}

using Action = std::function<void(Incident&)>;

/// Plays an incident in which the test decides what happens when: every hit host is infected, but does not scan.
void play(Incident& incident, const Targets& targets, const std::multimap<Instant, Action>& actions = {}) {
  std::vector<Action> list;
  for (const auto& [time, action] : actions) {
    incident.schedule(time, EventKind::change, static_cast<std::uint32_t>(list.size()));
    list.push_back(action);
  }
  while (const auto event = incident.next(targets, incident.horizon())) {
    if (event->kind == EventKind::change) list[event->subject](incident);
    if (event->kind == EventKind::attempt)
      incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
    REQUIRE(incident.consistent());
  }
}

/// The host scans from the start.
void start(Incident& incident, HostId h, const Targets& targets) {
  incident.infect(h, no_host, no_zone);
  incident.become_infectious(h, targets);
}

std::vector<std::uint32_t> drain(EventQueue& queue) {
  std::vector<std::uint32_t> subjects;
  while (queue.next() != never) subjects.push_back(queue.pop().subject);
  return subjects;
}

Event event_at(Instant time, EventKind kind, std::uint32_t subject, std::uint32_t detail = 0) {
  return {time, kind, subject, detail};
}

constexpr Instant t0{};

}  // namespace

// --- event queue ---

TEST_CASE("Events come by time, then by rank of kind, then by subject, then by detail") {
  EventQueue queue;
  queue.reset(t0 + 1h);
  queue.push(event_at(t0 + 2s, EventKind::change, 7));
  queue.push(event_at(t0 + 1s, EventKind::stick_carried, 6));
  queue.push(event_at(t0 + 1s, EventKind::entry, 5, 2));
  queue.push(event_at(t0 + 1s, EventKind::entry, 5, 1));
  queue.push(event_at(t0 + 1s, EventKind::entry, 4, 9));
  queue.push(event_at(t0 + 1s, EventKind::rule, 3));
  queue.push(event_at(t0 + 1s, EventKind::change, 2));
  CHECK(drain(queue) == std::vector<std::uint32_t>{2, 3, 4, 5, 5, 6, 7});
  queue.push(event_at(t0 + 1s, EventKind::entry, 5, 2));
  queue.push(event_at(t0 + 1s, EventKind::entry, 5, 1));
  CHECK(queue.pop().detail == 1);
}

TEST_CASE("The order of scheduling never matters") {
  std::mt19937 shuffle_with(1);
  std::vector<Event> events;
  for (std::uint32_t i = 0; i < 300; ++i)
    events.push_back(event_at(t0 + Duration(i % 10) * 7919, static_cast<EventKind>(i % 4), i));
  EventQueue queue;
  queue.reset(t0 + Duration(100000));
  for (const Event& e : events) queue.push(e);
  const auto once = drain(queue);
  REQUIRE(once.size() == events.size());
  for (int again = 0; again < 5; ++again) {
    std::shuffle(events.begin(), events.end(), shuffle_with);
    queue.reset(t0 + Duration(100000));
    for (const Event& e : events) queue.push(e);
    CHECK(drain(queue) == once);
  }
}

TEST_CASE("Events at and beside the edges of buckets, and at the horizon, keep their order") {
  // Buckets of a nanosecond, of two, of many: whatever power of two their number is.
  for (const std::int64_t horizon :
       {1LL, 2LL, 4095LL, 4096LL, 4097LL, 16383LL, 16384LL, 16385LL, 100003LL, 3600000000000LL}) {
    EventQueue queue;
    queue.reset(t0 + Duration(horizon));
    std::vector<std::int64_t> times;
    for (const std::int64_t buckets : {4096, 8192, 16384, 32768})
      for (const std::int64_t edge :
           {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::int64_t{100}, buckets - 1})
        for (const std::int64_t beside : {-1, 0, 1}) times.push_back(edge * (horizon / buckets + 1) + beside);
    times.push_back(horizon - 1);
    times.push_back(horizon);
    std::erase_if(times, [](std::int64_t time) { return time < 0; });
    std::mt19937 shuffle_with(2);
    std::shuffle(times.begin(), times.end(), shuffle_with);
    std::vector<std::int64_t> expected;
    for (const std::int64_t time : times) {
      queue.push(event_at(t0 + Duration(time), EventKind::entry, 0));
      if (time < horizon) expected.push_back(time);  // later ones are not kept
    }
    std::sort(expected.begin(), expected.end());
    std::vector<std::int64_t> found;
    while (queue.next() != never) found.push_back(queue.pop().time.time_since_epoch().count());
    CHECK(found == expected);
  }
}

TEST_CASE("Events pushed for the present and the near future while the queue is emptied come in time") {
  // Random pushes between pops, never earlier than what was popped last: against a sorted list.
  std::mt19937_64 luck(3);
  const std::int64_t horizon = 1000000;
  EventQueue queue;
  queue.reset(t0 + Duration(horizon));
  std::multimap<std::tuple<std::int64_t, int, std::uint32_t>, int> expected;
  std::int64_t now = 0;
  int wrong = 0;
  const auto push = [&](std::int64_t time, std::uint32_t subject) {
    const auto kind = static_cast<EventKind>(luck() % 5);
    queue.push(event_at(t0 + Duration(time), kind, subject));
    if (time < horizon) expected.insert({{time, static_cast<int>(kind), subject}, 0});
  };
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const std::int64_t ahead[] = {0, 1, 244, 245, 246, static_cast<std::int64_t>(luck() % 5000)};
    if (i < 50 || luck() % 2 == 0) push(now + ahead[luck() % 6], i);
    if (i < 50 || queue.next() == never) continue;
    CHECK(queue.next() == t0 + Duration(std::get<0>(expected.begin()->first)));
    const Event first = queue.pop();
    const auto& [time, kind, subject] = expected.begin()->first;
    wrong += first.time != t0 + Duration(time) || static_cast<int>(first.kind) != kind || first.subject != subject;
    now = time;
    expected.erase(expected.begin());
  }
  CHECK(wrong == 0);
}

// --- zone clock ---

TEST_CASE("time_of is the first nanosecond at which the pressure is reached, for rates and waits of any size") {
  std::mt19937_64 luck(4);
  int wrong = 0;
  for (int i = 0; i < 200000; ++i) {
    ZoneClock clock;
    clock.rate = (luck() >> (luck() % 63)) | 1;
    clock.settled = t0 + Duration(static_cast<std::int64_t>(luck() >> 8));
    clock.pressure = (Pressure{luck()} << (luck() % 40)) + luck();
    // From a nanosecond to fifty years.
    const std::uint64_t wait = luck() >> (3 + luck() % 60);
    Pressure missing = Pressure{clock.rate} * wait;
    missing += luck() % 3 == 0 ? Pressure{0} : Pressure{luck() % clock.rate};
    const Pressure target = clock.pressure + missing;
    const Instant found = clock.time_of(target, never);
    const std::int64_t exact = static_cast<std::int64_t>((missing + clock.rate - 1) / clock.rate);
    if (clock.settled + Duration(exact) < clock.settled) continue;  // beyond the calendar
    wrong += found != clock.settled + Duration(exact);
    if (found == never) continue;
    wrong += clock.pressure_at(found) < target;
    wrong += found > clock.settled && clock.pressure_at(found - 1ns) >= target;
  }
  CHECK(wrong == 0);
}

TEST_CASE("A clock by hand: three attempts a nanosecond") {
  ZoneClock clock;
  clock.rate = 3;
  clock.pressure = 100;
  clock.settled = t0 + 10ns;
  CHECK(clock.time_of(99, never) == t0 + 10ns);
  CHECK(clock.time_of(100, never) == t0 + 10ns);
  CHECK(clock.time_of(101, never) == t0 + 11ns);
  CHECK(clock.time_of(103, never) == t0 + 11ns);
  CHECK(clock.time_of(104, never) == t0 + 12ns);
  CHECK(clock.pressure_at(t0 + 12ns) == 106);
  clock.settle(t0 + 12ns);
  CHECK(clock.time_of(104, never) == t0 + 12ns);
  CHECK(clock.time_of(107, never) == t0 + 13ns);
  clock.rate = 0;
  CHECK(clock.time_of(107, never) == never);
  CHECK(clock.pressure_at(t0 + 1h) == 106);
}

TEST_CASE("What lies beyond the horizon is never") {
  ZoneClock clock;
  clock.rate = 1;
  CHECK(clock.time_of(1000, t0 + 1000ns) == t0 + 1000ns);
  CHECK(clock.time_of(2000, t0 + 1000ns) == never);
  CHECK(clock.time_of(no_limit - 1, t0 + forever) == never);
}

TEST_CASE("Pressure does not depend on when the clock was settled") {
  std::mt19937_64 luck(5);
  ZoneClock often;
  ZoneClock once;
  often.rate = once.rate = 123456789123u;
  Instant now = t0;
  for (int i = 0; i < 1000; ++i) often.settle(now += Duration(static_cast<std::int64_t>(luck() % 1000000007)));
  CHECK(often.pressure_at(now + 5ns) == once.pressure_at(now + 5ns));
}

TEST_CASE("A rate is a fixed-point number to the nearest unit, and a pressure that many attempts on each address") {
  const Rate one = static_cast<Rate>(1 / rate_unit);
  CHECK(rate_from(0) == 0);
  CHECK(rate_from(1) == one);
  CHECK(rate_from(0.5) == one / 2);
  CHECK(rate_from(rate_unit) == 1);
  CHECK(rate_from(1.4 * rate_unit) == 1);
  CHECK(rate_from(1.6 * rate_unit) == 2);
  // One attempt in a zone of one address: a second at one attempt a second.
  CHECK(pressure_for(1, 1) == Pressure{1000000000} * one);
  CHECK(pressure_for(2, 254) == Pressure{508000000000} * one);
  CHECK(pressure_for(0, 254) == 0);
  CHECK(pressure_for(1e40, 1) == no_limit);
}

TEST_CASE("A clock's heap gives thresholds by pressure, then by host") {
  ZoneClock clock;
  std::mt19937 luck(6);
  for (std::uint32_t i = 0; i < 500; ++i) clock.push({Pressure{luck() % 50}, HostId{i}, 0, t0});
  Threshold last{0, HostId{0}, 0, t0};
  for (int i = 0; i < 500; ++i) {
    const Threshold next = clock.thresholds.front();
    CHECK_FALSE(falls_later(last, next));
    last = next;
    clock.pop();
  }
  CHECK(clock.thresholds.empty());
}

// --- blocks ---

TEST_CASE("The pressure blocked is that of the union of the blocks, up to now") {
  const auto block = [](Pressure from, Pressure to) { return Block{t0, from, to, all_devices}; };
  std::vector<Block> none;
  CHECK(blocked_pressure(none, 100) == 0);
  std::vector<Block> apart = {block(50, 60), block(10, 20)};
  CHECK(blocked_pressure(apart, 100) == 20);
  std::vector<Block> overlapping = {block(10, 30), block(20, 40), block(25, 28)};
  CHECK(blocked_pressure(overlapping, 100) == 30);
  std::vector<Block> touching = {block(10, 20), block(20, 30)};
  CHECK(blocked_pressure(touching, 100) == 20);
  std::vector<Block> lasting = {block(10, no_limit), block(5, 8)};
  CHECK(blocked_pressure(lasting, 30) == 23);
  std::vector<Block> later = {block(10, 20), block(90, 120)};
  CHECK(blocked_pressure(later, 95) == 15);
  std::vector<Block> empty = {block(10, 10)};
  CHECK(blocked_pressure(empty, 100) == 0);
}

TEST_CASE("Blocked pressure equals counting unit by unit") {
  std::mt19937 luck(7);
  for (int i = 0; i < 2000; ++i) {
    std::vector<Block> blocks;
    std::vector<int> covered(200);
    const unsigned now = luck() % 200;
    for (unsigned b = 0; b < luck() % 6; ++b) {
      const unsigned from = luck() % 190;
      const bool lasts = luck() % 4 == 0;
      const unsigned to = lasts ? 200 : from + luck() % (200 - from);
      blocks.push_back({t0, from, lasts ? no_limit : Pressure{to}, all_devices});
      for (unsigned p = from; p < std::min(to, now); ++p) covered[p] = 1;
    }
    REQUIRE(blocked_pressure(blocks, now) == static_cast<Pressure>(std::count(covered.begin(), covered.end(), 1)));
  }
}

TEST_CASE("A ledger closes one block when the next begins, and finds those of a device since a moment") {
  BlockLedger ledger;
  const auto workstation = only(DeviceClass::workstation);
  const auto server = only(DeviceClass::server);
  ledger.change(1, workstation, t0 + 1s, 10);
  ledger.change(1, static_cast<DeviceSet>(workstation | server), t0 + 2s, 20);
  ledger.change(1, 0, t0 + 3s, 30);
  ledger.change(1, server, t0 + 4s, 40);
  const auto found = [&](std::uint64_t key, DeviceClass device, Instant since) {
    std::vector<Block> blocks;
    ledger.collect(key, device, since, blocks);
    std::vector<std::pair<unsigned, bool>> result;
    for (const Block& b : blocks) result.emplace_back(static_cast<unsigned>(b.from), b.to == no_limit);
    return result;
  };
  using Found = std::vector<std::pair<unsigned, bool>>;
  CHECK(found(1, DeviceClass::workstation, t0) == Found{{10, false}, {20, false}});
  CHECK(found(1, DeviceClass::workstation, t0 + 2s) == Found{{20, false}});
  CHECK(found(1, DeviceClass::server, t0) == Found{{20, false}, {40, true}});
  CHECK(found(1, DeviceClass::imaging, t0).empty());
  CHECK(found(2, DeviceClass::server, t0).empty());
  ledger.clear();
  CHECK(found(1, DeviceClass::server, t0).empty());
}

// --- thresholds by hand ---

TEST_CASE("With one source, every host falls when its own exponential is reached") {
  const Estate estate = sources_and_targets({{1}}, {{50}}, 400);
  PlainTargets targets(estate);
  for (std::size_t h = 21; h < 51; ++h) targets.chance_of[h] = 0.25;  // a quarter as susceptible
  targets.chance_of[50] = 0;                                          // not at all
  const Draws draws(1, 1);
  Incident incident(estate, {3.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 50; ++h) {
    const double u = draws.uniform(Purpose::threshold, static_cast<std::uint32_t>(h), 0);
    const double seconds = -std::log(u) / (h < 21 ? 1.0 : 0.25) * 400 / 3;
    CHECK(to_seconds(times[h].time_since_epoch()) == Approx(seconds).epsilon(1e-9));
    CHECK(times[h] ==
          moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0, h < 21 ? 1.0 : 0.25), rate_from(3)));
  }
  CHECK(times[50] == never);
  for (const Step& step : incident.trace())
    if (step.host != host(0)) CHECK(step.source == host(0));
}

TEST_CASE("Hosts of a wide zone fall at the same moments though their thresholds are drawn in parts") {
  const Estate estate = sources_and_targets({{1}}, {{6000}}, 10000);
  PlainTargets targets(estate);
  const double chances[] = {1, 0.25, 0.7};
  for (std::size_t h = 1; h < 6001; ++h) targets.chance_of[h] = chances[h / 7 % 3];  // alike hosts in runs of seven
  const Draws draws(2, 1);
  Incident incident(estate, {1000.0}, 0, draws, t0 + 1000s);
  start(incident, host(0), targets);
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  const auto times = infection_times(incident);
  int wrong = 0;
  for (std::size_t h = 1; h < 6001; ++h) {
    const Pressure due = attempt_pressure(estate, draws, host(h), zone(0), 0, targets.chance_of[h]);
    const Instant expected = moment_of(due, rate_from(1000));
    wrong += times[h] != (expected < incident.horizon() ? expected : never);
  }
  CHECK(wrong == 0);
  CHECK(attack_size(incident) > 5990);  // through every part of the thresholds
}

TEST_CASE("Zones add: a host falls at the first of its attempts, and the zone is named") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{31}}, "n"}});
  builder.add_zones("segment", EstateBuilder::Pool::each_segment, 60, all_of(builder));
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 300, all_of(builder));
  const Estate estate = builder.build();
  const PlainTargets targets(estate);
  const Draws draws(3, 1);
  Incident incident(estate, {1.0, 4.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  for (const Step& step : incident.trace()) {
    if (step.host == host(0)) continue;
    const Instant through_segment = moment_of(attempt_pressure(estate, draws, step.host, zone(0), 0), rate_from(1));
    const Instant through_all = moment_of(attempt_pressure(estate, draws, step.host, zone(1), 0), rate_from(4));
    CHECK(step.time == std::min(through_segment, through_all));
    CHECK(step.zone == (through_segment <= through_all ? zone(0) : zone(1)));
  }
  CHECK(attack_size(incident) == 31);
}

TEST_CASE("A block postpones a host by exactly the time that it was blocked, whether it was waiting or not") {
  // The clock of one source runs evenly: pressure is time. Every kind of block, before, across and after the due
  // time.
  const Estate estate = sources_and_targets({{1}}, {{40}}, 400);
  const Draws draws(4, 1);
  for (const int kind : {0, 1, 2, 3}) {
    PlainTargets targets(estate);
    for (std::size_t h = 1; h < 41; ++h) targets.plan_of[h] = 0;
    const Instant from = t0 + 60s;
    const Instant to = t0 + 100s + 7ns;
    const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
    const auto change = [&](bool begins) -> Action {
      return [&targets, kind, begins, membership](Incident& incident) {
        if (kind == 0) begins ? incident.switch_off(0, targets) : (void)incident.switch_on(0, targets);
        if (kind == 1) begins ? incident.isolate(segment(1), targets) : incident.reconnect(segment(1), targets);
        if (kind == 2) incident.set_rules(membership, begins ? all_devices : DeviceSet{0}, 0, targets);
        if (kind == 3)
          for (std::size_t h = 1; h < 41; ++h)
            begins ? incident.isolate(host(h)) : incident.reconnect(host(h), targets);
      };
    };
    Incident incident(estate, {2.0}, 1, draws, t0 + 24h);
    start(incident, host(0), targets);
    // An isolated host cannot be told apart from one that is settled: only those still open are blocked.
    play(incident, targets, {{from, change(true)}, {to, change(false)}});
    const auto times = infection_times(incident);
    int before = 0;
    int after = 0;
    for (std::size_t h = 1; h < 41; ++h) {
      const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
      CHECK(times[h] == (due < from ? due : due + (to - from)));
      (due < from ? before : after) += 1;
    }
    CHECK(before > 5);
    CHECK(after > 5);
  }
}

TEST_CASE("A rule on one class of device postpones that class and no other") {
  const Estate estate = sources_and_targets({{1}}, {{20}, {20, DeviceClass::server}}, 400);
  const PlainTargets targets(estate);
  const Draws draws(5, 1);
  const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  const auto close = [&](DeviceSet devices) -> Action {
    return [&targets, membership, devices](Incident& i) { i.set_rules(membership, devices, 0, targets); };
  };
  const DeviceSet both = only(DeviceClass::server) | only(DeviceClass::workstation);
  // Servers from 30 s to 90 s without a gap, though the rule changes at 50 s and 70 s; workstations in between.
  play(incident, targets,
       {{t0 + 30s, close(only(DeviceClass::server))},
        {t0 + 50s, close(both)},
        {t0 + 70s, close(only(DeviceClass::server))},
        {t0 + 90s, close(0)}});
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 41; ++h) {
    const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
    if (h < 21) CHECK(times[h] == (due < t0 + 50s ? due : due + 20s));
    if (h >= 21) CHECK(times[h] == (due < t0 + 30s ? due : due + 60s));
  }
}

TEST_CASE("Overlapping blocks of plan, segment, rule and host, under a changing rate and refusals, count once each") {
  // Random worlds; the expected moment is found by walking the timeline in whole numbers.
  std::mt19937_64 luck(8);
  const Estate estate = sources_and_targets({{1}}, {{12}}, 100);
  const std::uint32_t membership = membership_of(estate, segment(1), zone(0));
  for (int world = 0; world < 300; ++world) {
    const Draws draws(9, static_cast<std::uint32_t>(world));
    PlainTargets targets(estate);
    for (std::size_t h = 1; h < 13; ++h) targets.plan_of[h] = h % 3 == 0 ? 0 : h % 3 == 1 ? 1 : always_on;
    std::map<HostId, int> refused;
    targets.refusal = [&refused](HostId, HostId target, ZoneId, Instant) {
      return index(target) % 2 == 0 && refused[target]++ < 2;  // every second host refuses its first two attempts
    };

    // Intervals in milliseconds, per kind of block disjoint.
    const std::int64_t end = 600000;
    std::multimap<Instant, Action> actions;
    const auto intervals = [&] {
      std::vector<std::pair<std::int64_t, std::int64_t>> found;
      for (std::int64_t t = 0; t < end;) {
        const auto from = t + 1 + static_cast<std::int64_t>(luck() % 60000);
        const auto to = from + 1 + static_cast<std::int64_t>(luck() % 60000);
        if (to >= end) break;
        found.emplace_back(from, to);
        t = to;
      }
      return found;
    };
    const auto at = [](std::int64_t ms) { return t0 + Duration(ms * 1000000); };
    std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> blocked(13);
    const auto block = [&](std::size_t h, const auto& list) {
      blocked[h].insert(blocked[h].end(), list.begin(), list.end());
    };
    for (int plan = 0; plan < 2; ++plan) {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [&targets, plan](Incident& i) { i.switch_off(plan, targets); });
        actions.emplace(at(to), [&targets, plan](Incident& i) { i.switch_on(plan, targets); });
      }
      for (std::size_t h = 1; h < 13; ++h)
        if (targets.plan_of[h] == plan) block(h, list);
    }
    for (int nested = 0; nested < 2; ++nested) {  // two isolations of one segment may overlap
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [&targets](Incident& i) { i.isolate(segment(1), targets); });
        actions.emplace(at(to), [&targets](Incident& i) { i.reconnect(segment(1), targets); });
      }
      for (std::size_t h = 1; h < 13; ++h) block(h, list);
    }
    {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from),
                        [&targets, membership](Incident& i) { i.set_rules(membership, all_devices, 0, targets); });
        actions.emplace(at(to), [&targets, membership](Incident& i) { i.set_rules(membership, 0, 0, targets); });
      }
      for (std::size_t h = 1; h < 13; ++h) block(h, list);
    }
    for (std::size_t h = 1; h < 13; h += 2) {
      const auto list = intervals();
      for (const auto& [from, to] : list) {
        actions.emplace(at(from), [h](Incident& i) {
          if (!i.settled(host(h))) i.isolate(host(h));
        });
        actions.emplace(at(to), [&targets, h](Incident& i) { i.reconnect(host(h), targets); });
      }
      block(h, list);
    }
    std::map<std::int64_t, double> outside = {{0, 0.0}};  // attempts per second from outside, by moment
    for (int i = 0; i < 8; ++i) outside[static_cast<std::int64_t>(luck() % end)] = static_cast<double>(luck() % 7);
    for (const auto& [ms, rate] : outside) {
      const double outside_rate = rate;
      actions.emplace(at(ms),
                      [&targets, outside_rate](Incident& i) { i.set_outside(zone(0), outside_rate, targets); });
    }

    Incident incident(estate, {0.5}, 2, draws, t0 + 24h);
    start(incident, host(0), targets);
    play(incident, targets, actions);
    const auto times = infection_times(incident);

    // Own clock of each host: milliseconds are walked one breakpoint at a time.
    std::vector<std::int64_t> breaks = {0, end};
    for (const auto& [time, action] : actions) breaks.push_back(time.time_since_epoch().count() / 1000000);
    std::sort(breaks.begin(), breaks.end());
    for (std::size_t h = 1; h < 13; ++h) {
      Pressure left = attempt_pressure(estate, draws, host(h), zone(0), h % 2 == 0 ? 2 : 0);
      Instant expected = never;
      for (std::size_t b = 0; b < breaks.size(); ++b) {
        const std::int64_t from = breaks[b];
        const bool is_last = b + 1 == breaks.size();
        const bool stopped = std::any_of(blocked[h].begin(), blocked[h].end(),
                                         [&](const auto& i) { return i.first <= from && from < i.second; });
        if (stopped) continue;
        const Rate rate = rate_from(0.5) + rate_from(std::prev(outside.upper_bound(from))->second);
        const Pressure passes =
            is_last ? no_limit : Pressure{rate} * static_cast<std::uint64_t>((breaks[b + 1] - from) * 1000000);
        if (left <= passes) {
          expected = at(from) + Duration(static_cast<std::int64_t>((left + rate - 1) / rate));
          break;
        }
        left -= passes;
      }
      // A refusal comes at a whole nanosecond, but the next gap is added to the exact pressure: no overshoot is
      // carried on.
      REQUIRE(times[h] == expected);
    }
  }
}

TEST_CASE("A host that is protected in mid-play is not hit any more") {
  const Estate estate = sources_and_targets({{1}}, {{30}}, 100);
  PlainTargets targets(estate);
  for (std::size_t h = 1; h < 31; ++h) targets.immune_from[h] = h % 2 ? t0 + 40s : t0 + Duration(1);
  targets.immune_from[30] = t0;
  const Draws draws(6, 1);
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  play(incident, targets);
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 31; ++h) {
    const Instant due = moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2));
    CHECK(times[h] == (due < targets.immune_from[h] ? due : never));
  }
}

TEST_CASE("What is closed for good is never hit, and changes nothing for the others") {
  const Estate estate = sources_and_targets({{1}}, {{20}, {20, DeviceClass::server}}, 400);
  const PlainTargets targets(estate);
  const Draws draws(7, 1);
  Incident incident(estate, {2.0}, 0, draws, t0 + 24h);
  incident.close_for_good(membership_of(estate, segment(1), zone(0)), only(DeviceClass::server));
  start(incident, host(0), targets);
  const Action open = [&](Incident& i) { i.set_rules(membership_of(estate, segment(1), zone(0)), 0, 0, targets); };
  play(incident, targets, {{t0 + 50s, open}});
  const auto times = infection_times(incident);
  for (std::size_t h = 1; h < 21; ++h)
    CHECK(times[h] == moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), rate_from(2)));
  for (std::size_t h = 21; h < 41; ++h) CHECK(times[h] == never);
}

TEST_CASE("A refused attempt is followed by the host's next gap, and the source is drawn anew") {
  const Estate estate = sources_and_targets({{2}}, {{20}}, 100);
  PlainTargets targets(estate);
  const Draws draws(8, 1);
  std::map<HostId, std::uint32_t> refused;
  std::map<HostId, std::vector<HostId>> sources;
  targets.refusal = [&](HostId source, HostId target, ZoneId, Instant) {
    sources[target].push_back(source);
    if (source == host(1)) return false;
    ++refused[target];
    return true;
  };
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  start(incident, host(1), targets);
  play(incident, targets);
  std::uint32_t longest = 0;
  for (const Step& step : incident.trace()) {
    if (index(step.host) < 2) continue;
    CHECK(step.source == host(1));
    CHECK(step.time ==
          moment_of(attempt_pressure(estate, draws, step.host, zone(0), refused[step.host]), 2 * rate_from(1)));
    longest = std::max(longest, refused[step.host]);
  }
  CHECK(attack_size(incident) == 22);
  CHECK(longest >= 2);
}

// --- sources ---

TEST_CASE("Sources are drawn in proportion to emission, outside included") {
  // 1 + 2 + 5 emitters in segments 0, 2 and 3 (segment 1 has none), and outside as much as two of them.
  const Estate estate = one_zone({{{{3}}, "n"}, {{{4}}, "n"}, {{{2}}, "n"}, {{{7}}, "n"}, {{{4000}}, "n"}}, 8000);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(9, 1), t0 + 24h * 30);
  const std::size_t emitting[] = {1, 7, 8, 9, 10, 12, 13, 15};
  for (const std::size_t h : emitting) start(incident, host(h), targets);
  incident.set_outside(zone(0), 2, targets);
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  std::map<HostId, double> drawn;
  for (const Step& step : incident.trace())
    if (index(step.host) >= 16) drawn[step.source] += 1;
  REQUIRE(drawn.size() == 9);
  std::vector<double> counted = {drawn[no_host]};
  std::vector<double> expected = {2 * 4000.0 / 10};
  for (const std::size_t h : emitting) {
    counted.push_back(drawn[host(h)]);
    expected.push_back(4000.0 / 10);
  }
  CHECK(stats::chi_square(counted, expected) < stats::chi_square_critical(8));
}

TEST_CASE("A host whose class is closed outbound is never a source and adds nothing to the rate") {
  const Estate estate =
      one_zone({{{{3}, {3, DeviceClass::server}}, "n"}, {{{2, DeviceClass::server}}, "n"}, {{{3000}}, "n"}}, 6000);
  const PlainTargets targets(estate);
  const Draws draws(10, 1);
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h * 30);
  incident.set_rules(membership_of(estate, segment(0), zone(0)), 0, only(DeviceClass::server), targets);
  for (std::size_t h = 8; h-- > 0;) start(incident, host(h), targets);  // those that are closed scan first
  REQUIRE(incident.consistent());
  while (incident.next(targets, incident.horizon()))
    incident.infect(incident.hit().host, incident.hit().source, incident.hit().zone);
  const auto times = infection_times(incident);
  int wrong = 0;
  for (std::size_t h = 8; h < 3008; ++h)
    wrong += times[h] != moment_of(attempt_pressure(estate, draws, host(h), zone(0), 0), 5 * rate_from(1));
  CHECK(wrong == 0);
  std::map<HostId, double> drawn;
  for (const Step& step : incident.trace())
    if (index(step.host) >= 8) drawn[step.source] += 1;
  std::vector<double> counted;
  for (const std::size_t h : {0, 1, 2, 6, 7}) counted.push_back(drawn[host(h)]);
  CHECK(drawn.size() == 5);
  CHECK(stats::chi_square(counted, std::vector<double>(5, 600)) < stats::chi_square_critical(4));
}

TEST_CASE("Sources stay in proportion while hosts come and go") {
  // Emission follows isolation, power and rules; whatever the order, only those that scan are drawn.
  const Estate estate = one_zone({{{{6}}, "n"}, {{{6, DeviceClass::server}}, "n"}, {{{500}}, "n"}}, 1000);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 12; ++h) targets.plan_of[h] = h % 2 ? 0 : always_on;
  Incident incident(estate, {1.0}, 1, Draws(11, 1), t0 + 24h);
  for (std::size_t h = 0; h < 12; ++h) start(incident, host(h), targets);
  std::mt19937_64 luck(12);
  std::multimap<Instant, Action> actions;
  bool off = false;
  int cut = 0;
  for (int i = 0; i < 60; ++i) {
    const Instant when = t0 + Duration(static_cast<std::int64_t>(i) * 4000000000 + 1);
    const std::size_t h = luck() % 12;
    const auto membership = membership_of(estate, segment(h % 2), zone(0));
    switch (luck() % 6) {
      case 0:
        actions.emplace(when, [h](Incident& x) { x.isolate(host(h)); });
        break;
      case 1:
        actions.emplace(when, [&targets, h](Incident& x) { x.reconnect(host(h), targets); });
        break;
      case 2:
        off = !off;
        actions.emplace(when, [&targets, off](Incident& x) {
          if (off) return x.switch_off(0, targets);
          for (const HostId back : x.switch_on(0, targets)) x.become_infectious(back, targets);
        });
        break;
      case 3:
        actions.emplace(when, [&targets, membership](Incident& x) {
          x.set_rules(membership, 0, only(DeviceClass::server), targets);
        });
        break;
      case 4:
        actions.emplace(when, [&targets, membership](Incident& x) { x.set_rules(membership, 0, 0, targets); });
        break;
      default:
        cut = 1 - cut;
        actions.emplace(when, [&targets, cut](Incident& x) {
          cut ? x.isolate(segment(0), targets) : x.reconnect(segment(0), targets);
        });
    }
  }
  // At every hit the source must be a host that scans, is on, and is not isolated.
  std::vector<Action> list;
  for (const auto& [time, action] : actions) {
    incident.schedule(time, EventKind::change, static_cast<std::uint32_t>(list.size()));
    list.push_back(action);
  }
  int wrong = 0;
  while (const auto event = incident.next(targets, incident.horizon())) {
    if (event->kind == EventKind::change) list[event->subject](incident);
    if (event->kind == EventKind::attempt) {
      const Hit hit = incident.hit();
      wrong += hit.source == no_host || index(hit.source) >= 12 || incident.isolated(hit.source) ||
               incident.isolated(estate.segment_of(hit.source)) ||
               incident.switched_off(targets.plan_of[index(hit.source)]);
      incident.infect(hit.host, hit.source, hit.zone);
    }
    REQUIRE(incident.consistent());
  }
  CHECK(wrong == 0);
  CHECK(attack_size(incident) > 300);
}

// --- emission and transitions ---

TEST_CASE("Pressure adds up while emitters come and go: the watched host falls at the integral") {
  const Estate estate = sources_and_targets({{3}}, {{20}}, 200);
  PlainTargets targets(estate);
  targets.plan_of[2] = 0;
  const Draws draws(13, 1);
  Incident incident(estate, {1.0}, 1, draws, t0 + 24h);
  start(incident, host(0), targets);
  incident.infect(host(1), no_host, no_zone);
  incident.infect(host(2), no_host, no_zone);
  // Emitters: 1 until 20 s, 2 until 30 s, 3 until 50 s, 2 until 60 s, 1 until 80 s, none until 100 s, 1 from then on.
  play(incident, targets,
       {{t0 + 20s, [&](Incident& i) { i.become_infectious(host(1), targets); }},
        {t0 + 30s, [&](Incident& i) { i.become_infectious(host(2), targets); }},
        {t0 + 50s, [&](Incident& i) { i.switch_off(0, targets); }},
        {t0 + 60s, [&](Incident& i) { i.isolate(host(1)); }},
        {t0 + 80s, [&](Incident& i) { i.become_inactive(host(0)); }},
        {t0 + 100s, [&](Incident& i) {
           for (const HostId h : i.switch_on(0, targets)) i.become_infectious(h, targets);
         }}});
  const auto times = infection_times(incident);
  const std::vector<std::pair<int, int>> steps = {{20, 1}, {30, 2},  {50, 3},     {60, 2},
                                                  {80, 1}, {100, 0}, {1 << 30, 1}};
  for (std::size_t h = 3; h < 23; ++h) {
    Pressure left = attempt_pressure(estate, draws, host(h), zone(0), 0);
    std::int64_t from = 0;
    Instant expected = never;
    for (const auto& [until, emitters] : steps) {
      const Pressure rate = Pressure{rate_from(1)} * static_cast<unsigned>(emitters);
      const Pressure passes = rate * static_cast<std::uint64_t>((until - from) * 1000000000);
      if (left <= passes) {
        expected = t0 + Duration(from * 1000000000 + static_cast<std::int64_t>((left + rate - 1) / rate));
        break;
      }
      left -= passes;
      from = until;
    }
    CHECK(times[h] == expected);
  }
}

TEST_CASE("A host that was to scan while off, isolated or cut off scans once that ends") {
  const Estate estate = sources_and_targets({{3}}, {{1}}, 1);
  PlainTargets targets(estate);
  targets.plan_of[0] = 0;
  Incident incident(estate, {1.0}, 1, Draws(14, 1), t0 + 24h);
  for (std::size_t h = 0; h < 3; ++h) incident.infect(host(h), no_host, no_zone);
  incident.switch_off(0, targets);
  incident.become_infectious(host(0), targets);
  CHECK(incident.infectious(host(0)));
  incident.isolate(host(1));
  incident.become_infectious(host(1), targets);
  incident.isolate(segment(0), targets);
  incident.become_infectious(host(2), targets);
  CHECK(incident.consistent());
  CHECK_FALSE(incident.next(targets, t0 + 24h));  // nobody reaches the target
  incident.reconnect(segment(0), targets);
  CHECK(incident.next(targets, t0 + 24h)->kind == EventKind::attempt);
  CHECK(incident.hit().source == host(2));
  incident.become_inactive(host(2));
  incident.reconnect(host(1), targets);
  CHECK(incident.consistent());
  CHECK(incident.switch_on(0, targets) == std::vector<HostId>{host(0)});
  CHECK(incident.consistent());
}

TEST_CASE("A host that was restored or went inactive while off does not come back with the power") {
  const Estate estate = sources_and_targets({{4}}, {{1}}, 1);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 4; ++h) targets.plan_of[h] = 0;
  Incident incident(estate, {1.0}, 1, Draws(15, 1), t0 + 24h);
  for (std::size_t h = 0; h < 4; ++h) start(incident, host(h), targets);
  incident.switch_off(0, targets);
  incident.become_inactive(host(1));
  incident.isolate(host(2));
  incident.restore(host(3));
  CHECK(incident.switch_on(0, targets) == std::vector<HostId>{host(0)});
  CHECK(incident.restored(host(3)));
  CHECK_FALSE(incident.infectious(host(3)));
  CHECK(incident.consistent());
}

TEST_CASE("A segment is free again when as many reconnects as isolations have come") {
  const Estate estate = sources_and_targets({{1}}, {{1}}, 1);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(16, 1), t0 + 24h);
  incident.isolate(segment(1), targets);
  incident.isolate(segment(1), targets);
  incident.reconnect(segment(1), targets);
  CHECK(incident.isolated(segment(1)));
  incident.reconnect(segment(1), targets);
  CHECK_FALSE(incident.isolated(segment(1)));
  CHECK_FALSE(incident.isolated(segment(0)));
}

TEST_CASE("Every transition leaves its step, and the state follows") {
  const Estate estate = one_segment(5, 5);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(17, 1), t0 + 24h);
  CHECK_FALSE(incident.settled(host(0)));
  incident.infect(host(0), host(3), zone(0));
  incident.encrypt(host(0), t0);
  incident.detect(host(0), t0);
  incident.isolate(host(0));
  incident.isolate(host(0));  // once is enough
  incident.restore(host(0));
  incident.crash(host(1), host(0), zone(0));
  incident.recover(host(1));
  incident.stop(host(2), no_host, no_zone);

  const Trace trace = incident.trace();
  // All at one moment: infections first, then what follows from them.
  const Transition expected[] = {Transition::infected,  Transition::stopped,   Transition::crashed,
                                 Transition::recovered, Transition::encrypted, Transition::detected,
                                 Transition::isolated,  Transition::restored};
  REQUIRE(trace.size() == std::size(expected));
  for (std::size_t i = 0; i < trace.size(); ++i) CHECK(trace[i].what == expected[i]);
  CHECK(trace[0].source == host(3));
  CHECK(trace[0].zone == zone(0));
  CHECK(trace[2].source == host(0));
  CHECK(trace[7].source == no_host);

  CHECK(incident.infected(host(0)));
  CHECK(incident.restored(host(0)));
  CHECK_FALSE(incident.isolated(host(0)));
  CHECK(incident.crashed(host(1)));
  CHECK_FALSE(incident.infected(host(1)));
  CHECK(incident.settled(host(2)));
  CHECK_FALSE(incident.infected(host(2)));
  CHECK_FALSE(incident.settled(host(4)));
  CHECK(incident.consistent());
}

TEST_CASE("What is bound to come is written down at once, in its place, and not beyond the horizon") {
  const Estate estate = one_segment(2, 2);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(22, 1), t0 + 24h);
  incident.infect(host(0), no_host, no_zone);
  incident.detect(host(0), t0 + 3h);
  incident.encrypt(host(0), t0 + 2h);
  incident.restore_isolated(host(0), t0 + 24h);  // at the horizon: not any more
  incident.schedule(t0 + 1h, EventKind::entry, 1);
  CHECK(incident.next(targets, never)->kind == EventKind::entry);
  incident.infect(host(1), no_host, no_zone);
  const Trace trace = incident.trace();
  REQUIRE(trace.size() == 4);
  CHECK(trace[1].host == host(1));
  CHECK(trace[2].what == Transition::encrypted);
  CHECK(trace[3].time == t0 + 3h);
  CHECK_FALSE(incident.restored(host(0)));
}

TEST_CASE("next() stops before the moment it is given, and an event at that moment is still to come") {
  const Estate estate = one_segment(1, 1);
  const PlainTargets targets(estate);
  Incident incident(estate, {1.0}, 0, Draws(18, 1), t0 + 24h);
  incident.schedule(t0 + 1h, EventKind::entry, 0);
  CHECK_FALSE(incident.next(targets, t0 + 1h));
  incident.schedule(t0 + 1h, EventKind::change, 5);
  CHECK(incident.next(targets, t0 + 1h + 1ns)->kind == EventKind::change);
  CHECK(incident.now() == t0 + 1h);
  incident.schedule(t0, EventKind::change, 6);  // the past is now
  const auto late = incident.next(targets, t0 + 24h);
  CHECK(late->subject == 6);
  CHECK(late->time == t0 + 1h);
  CHECK(incident.next(targets, t0 + 24h)->kind == EventKind::entry);
  incident.schedule(t0 + 24h, EventKind::entry, 0);  // at the horizon: not any more
  CHECK_FALSE(incident.next(targets, never));
}

TEST_CASE("At the same nanosecond a queued event goes before an attempt") {
  const Estate estate = sources_and_targets({{1}}, {{1}}, 10);
  const PlainTargets targets(estate);
  const Draws draws(19, 1);
  const Instant due = moment_of(attempt_pressure(estate, draws, host(1), zone(0), 0), rate_from(1));
  Incident incident(estate, {1.0}, 0, draws, t0 + 24h);
  start(incident, host(0), targets);
  incident.schedule(due, EventKind::change, 0);
  const auto first = incident.next(targets, t0 + 24h);
  CHECK(first->kind == EventKind::change);
  CHECK(first->time == due);
  const auto second = incident.next(targets, t0 + 24h);
  CHECK(second->kind == EventKind::attempt);
  CHECK(second->time == due);
}

TEST_CASE("reset() leaves nothing behind") {
  const Estate estate = one_zone({{{{5}}, "n"}, {{{40}}, "n"}}, 100);
  PlainTargets targets(estate);
  for (std::size_t h = 0; h < 45; h += 3) targets.plan_of[h] = 0;
  const auto unfold = [&](Incident& incident) {
    incident.set_rules(membership_of(estate, segment(1), zone(0)), only(DeviceClass::server), 0, targets);
    start(incident, host(0), targets);
    start(incident, host(1), targets);
    play(incident, targets,
         {{t0 + 10s, [&](Incident& i) { i.switch_off(0, targets); }},
          {t0 + 15s, [&](Incident& i) { i.isolate(segment(1), targets); }},
          {t0 + 25s,
           [&](Incident& i) {
             i.reconnect(segment(1), targets);
             i.set_outside(zone(0), 3, targets);
           }},
          {t0 + 70s, [&](Incident& i) { i.switch_on(0, targets); }},
          {t0 + 80s, [&](Incident& i) {
             i.switch_off(0, targets);
             i.isolate(segment(1), targets);
           }}});
    return incident.trace();
  };
  Incident fresh(estate, {1.0}, 1, Draws(20, 7), t0 + 100s);
  const Trace expected = unfold(fresh);
  REQUIRE(expected.size() > 10);
  Incident used(estate, {1.0}, 1, Draws(20, 3), t0 + 100s);
  unfold(used);
  used.reset(Draws(20, 7));
  CHECK(used.now() == t0);
  CHECK(used.steps().empty());
  CHECK(used.consistent());
  CHECK(same(unfold(used), expected));
}

TEST_CASE("A copy is a fork: it goes on by itself and neither disturbs the other") {
  const Estate estate = one_zone({{{{5}}, "n"}, {{{40}}, "n"}}, 100);
  const PlainTargets targets(estate);
  Incident whole(estate, {1.0}, 0, Draws(21, 1), t0 + 1h);
  start(whole, host(0), targets);
  Incident parent = whole;
  play(whole, targets);
  while (const auto event = parent.next(targets, t0 + 30s))
    parent.infect(parent.hit().host, parent.hit().source, parent.hit().zone);
  Incident child = parent;
  child.isolate(segment(1), targets);
  play(child, targets);
  play(parent, targets);
  CHECK(same(parent.trace(), whole.trace()));
  CHECK(child.trace().size() < whole.trace().size());
}
