#include "models/detection.h"

#include <algorithm>

#include "models/worm.h"

namespace trustfall {

bool Monitoring::watches(OrganisationId organisation, const Draws& draws) const {
  return share >= 1 || draws.uniform(Purpose::monitored, static_cast<std::uint32_t>(organisation)) < share;
}

Instant Antivirus::installed(HostId host, Instant published, const Draws& draws) const {
  if (published == never) return never;
  if (share < 1 && draws.uniform(Purpose::antivirus, static_cast<std::uint32_t>(host)) >= share) return never;
  return later(published, span_of(delay, Purpose::signatures, host, draws));
}

Instant Detection::noticed_at(HostId host, Instant infected, Instant encrypted, const Draws& draws,
                              const Hours* hours) const {
  const auto after = [&](Instant from, Duration work) {
    return hours != nullptr ? hours->finish(from, work) : from + work;
  };
  Instant noticed = never;
  if (share >= 1 || draws.uniform(Purpose::noticed, static_cast<std::uint32_t>(host)) < share)
    noticed = after(infected, span_of(dwell, Purpose::dwell, host, draws));
  if (encrypted == never || noticed <= encrypted) return noticed;
  return std::min(noticed, after(encrypted, span_of(note_seen, Purpose::note, host, draws)));
}

const Hours* Detection::attended_at(const Estate& estate, HostId host) const {
  if (attended.empty()) return nullptr;
  const SegmentId segment = estate.segment_of(host);
  for (const Attended& part : attended)
    if (part.where.covers(segment, estate.device(host), estate.system(host))) return &part.hours;
  return nullptr;
}

}  // namespace trustfall
