#include <catch2/catch.hpp>

#include <random>

#include "tests/support/incident.h"

using namespace trustfall;
using namespace trustfall::small;

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
