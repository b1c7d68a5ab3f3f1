#include "models/hours.h"

#include <algorithm>

namespace trustfall {
namespace {

constexpr Duration day = 24h;

struct LocalTime {
  std::int64_t days;  // since the midnight before the start
  Duration of_day;
};

LocalTime local(const Hours& plan, Instant moment) {
  const Duration since = moment.time_since_epoch() + plan.start.of_day;
  return {since / day, since % day};
}

bool working(const Hours& plan, std::int64_t days) { return plan.weekends || (plan.start.weekday + days) % 7 < 5; }

}  // namespace

bool Hours::on_at(Instant moment) const {
  const LocalTime t = local(*this, moment);
  return working(*this, t.days) && t.of_day >= on && t.of_day < off;
}

Instant Hours::next_change(Instant moment) const {
  const LocalTime t = local(*this, moment);
  const Instant midnight = Instant{} + (t.days * day - start.of_day);
  if (working(*this, t.days) && t.of_day < on) return midnight + on;
  if (working(*this, t.days) && t.of_day < off) {
    // A day that ends at midnight goes on where the next begins there.
    for (int ahead = 0; ahead < 7; ++ahead)
      if (!on_at(midnight + ahead * day + off)) return midnight + ahead * day + off;
    return never;
  }
  std::int64_t ahead = 1;
  while (!working(*this, t.days + ahead)) ++ahead;
  return midnight + ahead * day + on;
}

Instant Hours::finish(Instant from, Duration work) const {
  if (work >= forever) return never;
  constexpr Duration longest = 366 * day;  // beyond any horizon
  Instant at = on_at(from) ? from : next_change(from);
  while (at < from + longest) {
    const Instant pause = next_change(at);
    if (pause == never || work <= pause - at) return at + work;
    work -= pause - at;
    at = next_change(pause);
  }
  return never;
}

Duration Hours::within(Instant from, Instant to) const {
  Duration sum{};
  while (from < to) {
    const Instant change = std::min(next_change(from), to);
    if (on_at(from)) sum += change - from;
    from = change;
  }
  return sum;
}

}  // namespace trustfall
