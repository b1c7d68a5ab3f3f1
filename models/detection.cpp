#include "models/detection.h"

#include <algorithm>

#include "models/worm.h"

namespace trustfall {

Instant Detection::noticed_at(HostId host, Instant infected, Instant encrypted, const Draws& draws) const {
  Instant noticed = never;
  if (share >= 1 || draws.uniform(Purpose::noticed, static_cast<std::uint32_t>(host)) < share)
    noticed = infected + span_of(dwell, Purpose::dwell, host, draws);
  if (encrypted == never || noticed <= encrypted) return noticed;
  return std::min(noticed, encrypted + span_of(note_seen, Purpose::note, host, draws));
}

}  // namespace trustfall
