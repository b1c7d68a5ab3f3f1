#include "scenarios/exercise/truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/date.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

constexpr std::size_t most_places = 15;
constexpr std::size_t most_entries = 10;

Cell number(std::size_t value) { return static_cast<std::int64_t>(value); }

std::string time_text(Instant moment, const Ground& ground) {
  const std::string date = date_at(ground.results->manifest.start, moment);
  return date.substr(0, 10) + " " + date.substr(11, 5);
}

/// How many hosts came to each transition.
using Counts = std::array<std::size_t, transitions>;
std::size_t of(const Counts& counts, Transition what) { return counts[static_cast<std::size_t>(what)]; }

std::vector<Cell> count_row(const std::string& name, std::size_t hosts, const Counts& counts) {
  return {name,
          number(hosts),
          number(of(counts, Transition::infected)),
          number(of(counts, Transition::encrypted)),
          number(of(counts, Transition::crashed)),
          number(of(counts, Transition::detected)),
          number(of(counts, Transition::restored))};
}

Table tiers_table(const Ground& ground, Dialect dialect) {
  const Estate& estate = ground.estate();
  std::array<std::size_t, tiers> hosts{};
  std::array<Counts, tiers> counts{};
  Counts all{};
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    ++hosts[static_cast<std::size_t>(tier_of(estate.device(HostId{h})))];
  Firsts firsts;
  for (const Step& step : ground.trace) {
    if (!firsts.take(step)) continue;
    ++counts[static_cast<std::size_t>(tier_of(estate.device(step.host)))][static_cast<std::size_t>(step.what)];
    ++all[static_cast<std::size_t>(step.what)];
  }
  Table table{"Hosts by tier", {"Tier", "Hosts", "Infected", "Encrypted", "Crashed", "Noticed", "Restored"}, {}};
  for (std::size_t t = 0; t < tiers; ++t) {
    std::string name(name_of(static_cast<Tier>(t)));
    std::replace(name.begin(), name.end(), '_', ' ');
    table.rows.push_back(count_row(spelled(name, dialect), hosts[t], counts[t]));
  }
  table.rows.push_back(count_row("all", estate.hosts(), all));
  return table;
}

/// The way an infection took that has no source in the estate, in the scenario's words.
std::string way_of(const Step& step, const Estate& estate) {
  if (step.zone == no_zone) return "by itself: mail, or as the scenario says";
  return "from outside, through the zone " + estate.zone_kinds()[estate[step.zone].kind];
}

Table entries_table(const Ground& ground) {
  const Estate& estate = ground.estate();
  Table table{"How it came in", {"Time", "Device", "Where", "Way"}, {}};
  std::size_t entries = 0;
  for (const Step& step : ground.trace) {
    if (step.what != Transition::infected || step.source != no_host) continue;
    if (++entries > most_entries) continue;
    std::string device(name_of(estate.device(step.host)));
    std::replace(device.begin(), device.end(), '_', ' ');
    table.rows.push_back(
        {time_text(step.time, ground), device, ground.place(estate.segment_of(step.host)), way_of(step, estate)});
  }
  if (entries > most_entries) table.name += fmt::format(": the first {} of {} times", most_entries, entries);
  return table;
}

struct Hit {
  Instant first = never;
  Counts counts{};
};

Table places_table(const Ground& ground, Dialect dialect) {
  const Estate& estate = ground.estate();
  std::map<std::string, Hit> places;
  Firsts firsts;
  for (const Step& step : ground.trace) {
    if (!firsts.take(step)) continue;
    const SegmentId segment = estate.segment_of(step.host);
    Hit& hit = places[counts_organisations(estate) ? ground.organisation(estate[segment].organisation)
                                                   : ground.place(segment)];
    ++hit.counts[static_cast<std::size_t>(step.what)];
    if (step.what == Transition::infected) hit.first = std::min(hit.first, step.time);
  }
  std::vector<std::pair<std::string, Hit>> order;
  for (const auto& place : places)
    if (place.second.first != never) order.push_back(place);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return of(a.second.counts, Transition::infected) > of(b.second.counts, Transition::infected);
  });
  const std::string what = counts_organisations(estate) ? spelled("Organisation", dialect) : "Network";
  Table table{"Where", {what, "First infected", "Infected", "Encrypted", "Crashed", "Noticed", "Restored"}, {}};
  for (std::size_t i = 0; i < std::min(order.size(), most_places); ++i) {
    std::vector<Cell> row = count_row(order[i].first, 0, order[i].second.counts);
    row[1] = time_text(order[i].second.first, ground);
    table.rows.push_back(std::move(row));
  }
  if (order.size() > most_places)
    table.name += fmt::format(": the {} with most infected hosts, of {} reached", most_places, order.size());
  return table;
}

Table backups_table(const Ground& ground) {
  const Estate& estate = ground.estate();
  const StrategyResults& strategy = ground.results->strategies[0];
  const auto at = std::find(strategy.replicates.begin(), strategy.replicates.end(), ground.replicate);
  const Outcome& outcome = strategy.outcomes[static_cast<std::size_t>(at - strategy.replicates.begin())];
  const auto metric = [&](const char* name) { return outcome.metrics[metric_index(ground.results->metrics, name)]; };
  std::size_t servers = 0, infected = 0;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    servers += estate.device(HostId{h}) == DeviceClass::backup_server;
  std::vector<std::string> encrypted;
  Firsts firsts;
  for (const Step& step : ground.trace) {
    if (estate.device(step.host) != DeviceClass::backup_server || !firsts.take(step)) continue;
    infected += step.what == Transition::infected;
    if (step.what == Transition::encrypted) encrypted.push_back(time_text(step.time, ground));
  }
  std::string servers_text =
      fmt::format("{}; infected: {}, encrypted: {}", grouped(servers), grouped(infected), grouped(encrypted.size()));
  if (!encrypted.empty()) servers_text += ", the first at " + encrypted.front();
  return {"Backups",
          {"", "In this replicate"},
          {{"Backup servers", servers_text},
           {"Encrypted hosts without a good copy", grouped(static_cast<std::size_t>(metric("hosts_without_copy")))},
           {"Work lost", grouped(static_cast<std::size_t>(metric("data_lost") + 0.5)) + " host-hours"}}};
}

/// Happenings of one kind, and when the last of those that end did.
struct Occasions {
  std::size_t begun = 0, ended = 0;
  const Happening* first = nullptr;
  Instant last_end{};
};

std::string occasion_text(Happening::What what, std::optional<ServiceKind> service) {
  switch (what) {
    case Happening::What::reported:
      return "Reported that they were hit";
    case Happening::What::warned:
      return "National warning";
    case Happening::What::cut_off:
      return "Networks cut off on purpose";
    case Happening::What::diverting:
      return "Ambulances diverted";
    default:
      return "Down: " + words_of(*service);
  }
}

/// What people did and which services were down; empty where neither is played.
Table happenings_table(const Ground& ground, Dialect dialect) {
  using What = Happening::What;
  std::map<std::pair<What, std::optional<ServiceKind>>, Occasions> occasions;
  for (const Happening& happening : ground.happenings) {
    const bool ends = happening.what == What::reconnected || happening.what == What::service_up ||
                      happening.what == What::receiving;
    // What ends follows what begins in the list of kinds.
    const auto what = static_cast<What>(static_cast<int>(happening.what) - (ends ? 1 : 0));
    Occasions& of = occasions[{what, happening.service}];
    if (of.first == nullptr) of.first = &happening;
    ++(ends ? of.ended : of.begun);
    if (ends) of.last_end = happening.time;
  }
  Table table{"What was done, and what stood still", {"", "Times", "First", "There", "All over"}, {}};
  for (const auto& [kind, of] : occasions) {
    const bool lasts = kind.first != What::reported && kind.first != What::warned;
    std::string where;
    if (of.first->organisation) where = ground.organisation(*of.first->organisation);
    if (of.first->segment) where = ground.place(*of.first->segment);
    table.rows.push_back({spelled(occasion_text(kind.first, kind.second), dialect), number(of.begun),
                          time_text(of.first->time, ground), where,
                          !lasts                ? ""
                          : of.ended < of.begun ? "not by the end"
                                                : time_text(of.last_end, ground)});
  }
  return table;
}

}  // namespace

std::vector<Table> ground_truth(const Ground& ground, Dialect dialect) {
  std::vector<Table> truth = {tiers_table(ground, dialect), entries_table(ground), places_table(ground, dialect),
                              backups_table(ground)};
  Table happenings = happenings_table(ground, dialect);
  if (!happenings.rows.empty()) truth.push_back(std::move(happenings));
  return truth;
}

}  // namespace trustfall
