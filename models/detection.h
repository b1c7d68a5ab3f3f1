#pragma once

#include <optional>
#include <vector>

#include "models/hours.h"
#include "sim/base/distribution.h"
#include "sim/base/draws.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// Containment after a detection. An isolated host is also switched off, so that it is not encrypted any more.
struct Isolation {
  enum class Scope { host, segment, site, organisation };

  Scope scope = Scope::host;
  Distribution delay = fixed(0);      // seconds from detected to isolated
  std::optional<Distribution> lasts;  // seconds, for scopes wider than a host; to the end when empty
};

/// A security operations centre that sees a host scan.
struct Monitoring {
  double share = 1;    // of the organisations that have one
  Distribution dwell;  // seconds from infectious to detected

  bool watches(OrganisationId organisation, const Draws& draws) const;
};

/// Signatures that arrive during the incident.
struct Antivirus {
  Instant at = never;                     // when they are published
  std::optional<Duration> after_warning;  // or so long after the national warning
  Distribution delay = fixed(0);          // seconds from published to installed, of a host
  double share = 1;                       // of the hosts that ever get them

  /// From when the host has them, if they are published then.
  Instant installed(HostId host, Instant published, const Draws& draws) const;
};

/// Hosts at which people sit in some hours only.
struct Attended {
  Selector where;
  Hours hours;
};

/// How an infected host is noticed.
struct Detection {
  Distribution dwell;      // seconds from infected to detected
  double share = 1;        // of hosts on which it is noticed before the note shows
  Distribution note_seen;  // seconds from encrypted to reported
  std::optional<Isolation> isolation;
  std::optional<Monitoring> monitoring = {};
  std::optional<Antivirus> antivirus = {};
  std::vector<Attended> attended = {};  // the first that covers a host counts

  /// When people detect an infection: after the dwell time where it is noticed, or once the note of a host that is
  /// encrypted at `encrypted` (or `never`) is seen. Where they sit there in these `hours` only, either rests outside.
  Instant noticed_at(HostId host, Instant infected, Instant encrypted, const Draws& draws,
                     const Hours* hours = nullptr) const;
  /// The hours in which people sit at the host; null for always.
  const Hours* attended_at(const Estate& estate, HostId host) const;
};

}  // namespace trustfall
