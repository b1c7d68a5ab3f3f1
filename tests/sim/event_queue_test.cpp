#include <catch2/catch.hpp>

#include <random>

#include "tests/support/incident.h"

using namespace trustfall;
using namespace trustfall::small;

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
