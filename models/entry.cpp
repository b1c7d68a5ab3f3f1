#include "models/entry.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>

namespace trustfall {
namespace {

/// The draws of one entry: item by item, question by question.
struct Dice {
  const Draws& draws;
  std::uint32_t luck;  // of the entry

  double operator()(std::uint32_t item, std::uint32_t question) const {
    return draws.uniform(Purpose::entry, item, luck, question);
  }
  template <class T>
  const T& pick(const std::vector<T>& from, std::uint32_t item, std::uint32_t question) const {
    const double u = (*this)(item, question);
    return from[std::min(static_cast<std::size_t>(u * static_cast<double>(from.size())), from.size() - 1)];
  }
  Instant moment(Instant from, Duration over, std::uint32_t item, std::uint32_t question) const {
    return later(from, from_seconds(to_seconds(over) * (*this)(item, question)));
  }
};

void schedule(const OutsideEntry& entry, std::uint32_t number, Incident& incident) {
  for (std::uint32_t step = 0; step < entry.infected.size(); ++step)
    incident.schedule(entry.infected[step].from, EventKind::outside, number, step);
}

using Enter = std::function<void(HostId, Instant)>;

void enter_each(const MailEntry& entry, const Draws& draws, const Enter& enter) {
  const Dice dice{draws, entry.luck};
  if (entry.readers.empty()) return;
  for (std::uint32_t message = 0; message < entry.messages; ++message) {
    if (dice(message, 0) < entry.filter || dice(message, 1) >= entry.click) continue;
    const HostId reader = dice.pick(entry.readers, message, 2);
    enter(reader, dice.moment(entry.from, entry.over, message, 3));
  }
}

// A stick's number and that of its entry in one word of an event.
constexpr std::uint32_t stick_bits = 24;

/// A host of another segment of the same organisation, or no_host when there is none.
HostId host_elsewhere(const Estate& estate, HostId host, double u) {
  const SegmentId here = estate.segment_of(host);
  const OrganisationId organisation = estate[here].organisation;
  const std::size_t there =
      estate.hosts_of(organisation) - (index(estate.last_host(here)) - index(estate.first_host(here)));
  if (there == 0) return no_host;
  const std::size_t chosen = std::min(static_cast<std::size_t>(u * static_cast<double>(there)), there - 1);
  const std::size_t before =
      index(estate.first_host(here)) - index(estate.first_host(estate.first_segment(organisation)));
  const std::size_t base = chosen < before ? index(estate.first_host(estate.first_segment(organisation)))
                                           : index(estate.last_host(here)) - before;
  return HostId{static_cast<std::uint32_t>(base + chosen)};
}

void schedule(const StickEntry& entry, std::uint32_t number, Incident& incident) {
  const Dice dice{incident.draws(), entry.luck};
  if (entry.hosts.empty()) return;
  for (std::uint32_t stick = 0; stick < entry.sticks; ++stick) {
    if (dice(stick, 0) >= entry.runs) continue;
    const HostId to = dice.pick(entry.hosts, stick, 1);
    const HostId from = host_elsewhere(incident.estate(), to, dice(stick, 2));
    if (from == no_host) continue;
    incident.schedule(dice.moment(entry.from, entry.over, stick, 3), EventKind::stick_plugged,
                      static_cast<std::uint32_t>(from), (number << stick_bits) | stick);
  }
}

void enter_each(const HostEntry& entry, const Draws& draws, const Enter& enter) {
  const Dice dice{draws, entry.luck};
  std::unordered_set<std::uint32_t> taken;  // few of many: no column
  std::size_t missing = std::min<std::size_t>(entry.count, entry.hosts.size());
  for (std::uint32_t attempt = 0; missing > 0; ++attempt) {
    const HostId& host = dice.pick(entry.hosts, attempt, 0);
    if (!taken.insert(static_cast<std::uint32_t>(&host - entry.hosts.data())).second) continue;
    --missing;
    enter(host, entry.at);
  }
}

template <class Kind>
void schedule(const Kind& entry, std::uint32_t number, Incident& incident) {
  enter_each(entry, incident.draws(), [&](HostId host, Instant at) {
    incident.schedule(at, EventKind::entry, static_cast<std::uint32_t>(host), number);
  });
}

}  // namespace

void each_entry(const Entry& entry, const Draws& draws, const std::function<void(HostId, Instant)>& enter) {
  if (const auto* mail = std::get_if<MailEntry>(&entry)) enter_each(*mail, draws, enter);
  if (const auto* hosts = std::get_if<HostEntry>(&entry)) enter_each(*hosts, draws, enter);
}

void schedule_entry(const Entry& entry, std::uint32_t number, Incident& incident) {
  std::visit([&](const auto& kind) { schedule(kind, number, incident); }, entry);
}

void carry_stick(const std::vector<Entry>& entries, HostId from, std::uint32_t stick, Incident& incident) {
  const std::uint32_t number = stick >> stick_bits;
  const std::uint32_t item = stick & ((1u << stick_bits) - 1);
  const auto& entry = std::get<StickEntry>(entries[number]);
  const Dice dice{incident.draws(), entry.luck};
  const HostId to = dice.pick(entry.hosts, item, 1);
  const Duration carried = from_seconds(entry.carry.at(dice(item, 4)));
  incident.schedule(incident.now() + carried, EventKind::stick_carried, static_cast<std::uint32_t>(to),
                    static_cast<std::uint32_t>(from));
}

}  // namespace trustfall
