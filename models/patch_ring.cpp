#include "models/patch_ring.h"

#include <algorithm>

namespace trustfall {
namespace {

/// The end of the working hours that are under way then or come next.
Instant end_of_day(const Hours& hours, Instant moment) {
  return hours.next_change(hours.on_at(moment) ? moment : hours.next_change(moment));
}

}  // namespace

Instant turn_after(const PatchRing& ring, Instant begun, double work, double technicians) {
  if (begun == never) return never;
  const double pace = ring.staff ? technicians * ring.staff->per_technician : ring.rate;
  if (pace <= 0) return never;
  const Duration needed = from_seconds(work / pace);
  if (needed >= forever) return never;
  return ring.staff && ring.staff->hours ? ring.staff->hours->finish(begun, needed) : begun + needed;
}

Instant installed_at(const PatchRing& ring, Instant turn) {
  if (turn == never || !ring.window || ring.window->on_at(turn)) return turn;
  return ring.window->next_change(turn);
}

Instant holds_from(const Reboot& reboot, Instant installed, bool daily) {
  if (installed == never) return never;
  const Instant forced = reboot.forced_after ? installed + *reboot.forced_after : never;
  return daily ? std::min(forced, end_of_day(reboot.days, installed)) : forced;
}

}  // namespace trustfall
