#pragma once

#include <optional>

#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace trustfall {

/// Containment after a detection. An isolated host is also switched off, so that it is not encrypted any more.
struct Isolation {
  enum class Scope { host, segment, site, organisation };

  Scope scope = Scope::host;
  Distribution delay = fixed(0);      // seconds from detected to isolated
  std::optional<Distribution> lasts;  // seconds, for scopes wider than a host; to the end when empty
};

/// How an infected host is noticed.
struct Detection {
  Distribution dwell;      // seconds from infected to detected
  double share = 1;        // of hosts on which it is noticed before the note shows
  Distribution note_seen;  // seconds from encrypted to reported
  std::optional<Isolation> isolation;

  /// When an infection is detected: after the dwell time where it is noticed, or once the note of a host that is
  /// encrypted at `encrypted` (or `never`) is seen.
  Instant noticed_at(HostId host, Instant infected, Instant encrypted, const Draws& draws) const;
};

}  // namespace trustfall
