#include <catch2/catch.hpp>

#include <random>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Hours of a day of the week (0 is Monday), for a scenario that starts on `weekday` at `of_day`.
Hours hours(Duration on, Duration off, bool weekends, int weekday, Duration of_day) {
  return {.on = on, .off = off, .weekends = weekends, .start = {weekday, of_day}};
}

/// Whether it is on, by counting minutes on a wall calendar.
bool on_by_calendar(const Hours& plan, std::int64_t minute) {
  const std::int64_t since_midnight = plan.start.of_day / 1min + minute;
  const auto day = static_cast<int>((plan.start.weekday + since_midnight / 1440) % 7);
  const std::int64_t clock = since_midnight % 1440;
  return (plan.weekends || day < 5) && clock >= plan.on / 1min && clock < plan.off / 1min;
}

constexpr Instant t0{};

}  // namespace

TEST_CASE("Office hours by hand: a Friday morning, and the Monday after") {
  // 12 May 2017 was a Friday; the scenario starts at 08:44.
  const Hours office = hours(8h, 18h, false, 4, 8h + 44min);
  CHECK(office.on_at(t0));
  CHECK(office.next_change(t0) == t0 + 9h + 16min);  // Friday 18:00
  CHECK_FALSE(office.on_at(t0 + 9h + 16min));
  CHECK(office.on_at(t0 + 9h + 16min - 1ns));
  const Instant monday = t0 + 15h + 16min + 48h + 8h;  // midnight, the weekend, 08:00
  CHECK(office.next_change(t0 + 9h + 16min) == monday);
  CHECK(office.next_change(t0 + 30h) == monday);
  CHECK(office.on_at(monday));
  CHECK(office.next_change(monday) == monday + 10h);
  CHECK(office.next_change(monday + 10h) == monday + 24h);
}

TEST_CASE("At weekends too, if so said") {
  const Hours daily = hours(8h, 18h, true, 4, 8h + 44min);
  CHECK(daily.next_change(t0 + 9h + 16min) == t0 + 15h + 16min + 8h);  // Saturday 08:00
  CHECK(daily.on_at(t0 + 15h + 16min + 9h));
}

TEST_CASE("on_at and next_change agree with a wall calendar, minute by minute for three weeks") {
  const Hours plans[] = {hours(8h, 18h, false, 4, 8h + 44min), hours(6h + 30min, 22h + 15min, true, 0, 0h),
                         hours(0h, 24h, false, 2, 13h),        hours(9h, 24h, false, 6, 23h + 59min),
                         hours(0h, 7h, true, 5, 7h),           hours(0h, 24h, true, 3, 12h)};
  for (const Hours& plan : plans) {
    constexpr std::int64_t last = 21 * 1440;
    int wrong = 0;
    for (std::int64_t m = 0; m < last; ++m) wrong += plan.on_at(t0 + m * 1min) != on_by_calendar(plan, m);
    CHECK(wrong == 0);
    std::int64_t next = last;
    for (std::int64_t m = last; m-- > 0;) {
      // The first minute after m at which it is otherwise than just before.
      if (m + 1 < last && on_by_calendar(plan, m + 1) != on_by_calendar(plan, m)) next = m + 1;
      if (next < last) wrong += plan.next_change(t0 + m * 1min) != t0 + next * 1min;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("A host that is always on never changes") {
  const Hours always = hours(0h, 24h, true, 3, 12h);
  CHECK(always.next_change(t0) == never);
  CHECK(always.finish(t0 + 5h, 100h) == t0 + 105h);
  // And in a play nothing is ever blocked.
  const Estate estate = one_segment(10, 10);
  Model model = model_of(estate, {1.0 / 3600}, 24h * 10);
  model.entries = {entry_of({host(0)})};
  Play without(model, Draws(91, 0));
  without.run();
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 0h, .off = 24h, .weekends = true, .start = {3, 12h}}}};
  Play with(model, Draws(91, 0));
  with.run();
  CHECK(same(without.incident().trace(), with.incident().trace()));
}

TEST_CASE("Work rests while the host is off: over a night, over a weekend") {
  const Hours office = hours(8h, 18h, false, 4, 17h);  // from Friday 17:00
  CHECK(office.finish(t0, 30min) == t0 + 30min);
  CHECK(office.finish(t0, 1h) == t0 + 1h);                         // as it is switched off
  CHECK(office.finish(t0, 3h) == t0 + 7h + 48h + 8h + 2h);         // an hour today, two on Monday
  CHECK(office.finish(t0, 12h) == t0 + 7h + 48h + 24h + 8h + 1h);  // one, ten on Monday, one on Tuesday
  CHECK(office.finish(t0 + 5h, 2h) == t0 + 7h + 48h + 8h + 2h);    // begun while off
  CHECK(office.finish(t0 + 20h, 0h) == t0 + 7h + 48h + 8h);        // nothing to do, but not before it is on
  CHECK(office.finish(t0, 0h) == t0);
  CHECK(office.finish(t0, forever) == never);
}

TEST_CASE("finish agrees with counting minutes") {
  std::mt19937 luck(92);
  const Hours plans[] = {hours(8h, 18h, false, 4, 8h + 44min), hours(6h + 30min, 22h + 15min, true, 0, 0h),
                         hours(0h, 24h, false, 2, 13h)};
  for (const Hours& plan : plans)
    for (int i = 0; i < 200; ++i) {
      const std::int64_t from = luck() % 8000;
      const int work = 1 + static_cast<int>(luck() % 3000);
      std::int64_t minute = from;
      for (int done = 0; done < work; ++minute) done += on_by_calendar(plan, minute);
      REQUIRE(plan.finish(t0 + from * 1min, work * 1min) == t0 + minute * 1min);
    }
}

TEST_CASE("The share of hosts that follow a plan nests, and the first plan that covers a host counts") {
  const Estate estate = one_zone({{{{1000}, {200, DeviceClass::server}}, "n"}}, 1200);
  Model model = model_of(estate, {1}, 24h);
  Where servers;
  servers.devices = only(DeviceClass::server);
  model.power = {
      {.where = Selector(estate, servers),
       .share = 0,
       .hours = {.on = 6h, .off = 20h, .weekends = true, .start = {}}},
      {.where = Selector(estate, {}), .share = 0.3, .hours = {.on = 8h, .off = 18h, .weekends = true, .start = {}}}};
  const Play few(model, Draws(93, 0));
  model.power[1].share = 0.7;
  Model more_model = model;
  const Play more(more_model, Draws(93, 0));
  double follow = 0;
  for (std::size_t h = 0; h < 1200; ++h) {
    if (few.power_plan(host(h)) != always_on) CHECK(more.power_plan(host(h)) == few.power_plan(host(h)));
    follow += more.power_plan(host(h)) == 1;
    if (h >= 1000) CHECK(more.power_plan(host(h)) == always_on);  // the first plan covers it, and it does not follow
  }
  CHECK(stats::within_five_errors(follow, 1000, 0.7));
}

TEST_CASE("Nobody falls and nobody scans while off") {
  // From Thursday 12:00, five days: sources are servers that are never off; workstations are on from 8 to 18.
  const Estate estate = one_zone({{{{60}, {3, DeviceClass::server}}, "n"}}, 100);
  Model model = model_of(estate, {1.0 / 7200}, 24h * 5);
  Where workstations;
  workstations.devices = only(DeviceClass::workstation);
  model.power = {{.where = Selector(estate, workstations),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = false, .start = {3, 12h}}}};
  model.entries = {entry_of({host(60), host(61)})};
  std::size_t fell = 0;
  std::size_t late = 0;
  Play play(model, Draws(94, 0));
  for (std::uint32_t r = 0; r < 20; ++r) {
    play.reset(Draws(94, r));
    play.run();
    for (const Step& step : play.incident().trace()) {
      if (step.what != Transition::infected || step.source == no_host) continue;
      const bool night = !model.power[0].hours.on_at(step.time);
      if (index(step.host) < 60) CHECK_FALSE(night);
      if (index(step.source) < 60) CHECK_FALSE(night);
      ++fell;
      late += step.time > t0 + 24h;
    }
  }
  CHECK(fell > 200);
  CHECK(late > 20);
}

TEST_CASE("An entry at a host that is off is lost") {
  const Estate estate = one_segment(4, 4);
  Model model = model_of(estate, {0}, 48h);
  model.power = {{.where = Selector(estate, {}),
                  .share = 1,
                  .hours = {.on = 8h, .off = 18h, .weekends = true, .start = {0, 12h}}}};
  model.entries = {entry_of({host(0)}, t0 + 1h), entry_of({host(1)}, t0 + 7h), entry_of({host(2)}, t0 + 6h),
                   entry_of({host(3)}, t0 + 20h)};
  Play play(model, Draws(95, 0));
  play.run();
  CHECK(play.incident().infected(host(0)));
  CHECK_FALSE(play.incident().infected(host(1)));
  CHECK_FALSE(play.incident().infected(host(2)));  // the very moment it is switched off
  CHECK(play.incident().infected(host(3)));        // the very moment it is switched on
}
