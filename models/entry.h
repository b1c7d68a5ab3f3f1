#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "sim/base/distribution.h"
#include "sim/engine/incident.h"

namespace trustfall {

/// Infected hosts outside the estate that scan a zone: exposed SMB on the internet, or a neighbour.
struct OutsideEntry {
  struct Step {
    Instant from;
    double hosts;
  };
  ZoneId zone;
  std::vector<Step> infected;  // ascending; each number holds until the next
};

/// Infected attachments, or downloads: a click runs the worm whether or not the host is patched.
struct MailEntry {
  std::uint32_t messages;
  double filter;  // share stopped on the way
  double click;   // share of the delivered that are opened
  Instant from;
  Duration over;
  std::vector<HostId> readers;
  std::uint32_t luck = 0;  // luck_of its name; each entry its own
};

/// USB sticks plugged into one host and carried to a host in another segment of its organisation.
struct StickEntry {
  std::uint32_t sticks;
  Instant from;
  Duration over;
  Distribution carry;         // seconds
  double runs;                // chance that an infected stick's content is run
  std::vector<HostId> hosts;  // carried to
  std::uint32_t luck = 0;     // as above
};

/// Hosts infected at a given moment.
struct HostEntry {
  std::uint32_t count;
  Instant at;
  std::vector<HostId> hosts;
  std::uint32_t luck = 0;  // as above
};

using Entry = std::variant<OutsideEntry, MailEntry, StickEntry, HostEntry>;

/// Schedules everything that the entry brings. Names host and time before any protection is consulted, so that two
/// strategies meet the same entries.
void schedule_entry(const Entry& entry, std::uint32_t number, Incident& incident);

/// Calls `enter` for every host that the entry infects by itself, and when; for mail and given hosts only.
void each_entry(const Entry& entry, const Draws& draws, const std::function<void(HostId, Instant)>& enter);

/// A stick (the detail of a `stick_plugged` event) sits in an infected host: schedules its second plug.
void carry_stick(const std::vector<Entry>& entries, HostId from, std::uint32_t stick, Incident& incident);

}  // namespace trustfall
