#include "cli/replay_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <set>

#include "scenarios/date.h"
#include "viz_export/csv.h"

namespace trustfall {
namespace {

constexpr std::string_view step_names[transitions] = {"infected", "stopped",  "crashed",  "recovered", "encrypted",
                                                      "detected", "isolated", "restored", "cleared"};

/// The name of a site; of an organisation that comes from a list its number, because a name would tell whose it is.
std::string site_label(const ToldReplicate& told, const Segment& segment) {
  const Estate& estate = told.estate;
  const Organisation& owner = estate[segment.organisation];
  const bool listed = !owner.type.empty() || !owner.region.empty();
  if (told.names == Names::real || !listed) return estate[segment.site].name;
  const auto first = static_cast<std::uint32_t>(estate[estate.first_segment(segment.organisation)].site);
  return "site " + std::to_string(static_cast<std::uint32_t>(segment.site) - first + 1);
}

std::string organisation_label(const ToldReplicate& told, OrganisationId id) {
  return label(told.results.organisations[index(id)], index(id), told.names);
}

/// Where the worm has come to: an organisation or, when the estate is only one, a network of a site.
std::string place_label(const ToldReplicate& told, SegmentId id) {
  const Segment& segment = told.estate[id];
  if (told.estate.organisations() > 1) return organisation_label(told, segment.organisation);
  return told.estate.networks()[segment.network] + " at " + site_label(told, segment);
}

auto minute_of(Instant time) { return time.time_since_epoch() / 1min; }

// What has no host has no cells for it.
std::vector<Cell> row_of(const ToldReplicate& told, const Step& step) {
  const Estate& estate = told.estate;
  const Segment& segment = estate[estate.segment_of(step.host)];
  return {to_hours(step.time),
          date_at(told.results.manifest.start, step.time),
          std::string(step_names[static_cast<std::size_t>(step.what)]),
          static_cast<std::int64_t>(step.host),
          std::string(name_of(estate.device(step.host))),
          std::string(name_of(estate.system(step.host))),
          organisation_label(told, segment.organisation),
          site_label(told, segment),
          estate.networks()[segment.network],
          step.source == no_host ? Cell{} : Cell{static_cast<std::int64_t>(step.source)},
          step.zone == no_zone ? Cell{} : Cell{estate.zone_kinds()[estate[step.zone].kind]},
          {}};
}

std::vector<Cell> row_of(const ToldReplicate& told, const Happening& happening) {
  const Estate& estate = told.estate;
  const Segment* segment = happening.segment ? &estate[*happening.segment] : nullptr;
  return {to_hours(happening.time),
          date_at(told.results.manifest.start, happening.time),
          std::string(name_of(happening.what)),
          {},
          {},
          {},
          happening.organisation ? Cell{organisation_label(told, *happening.organisation)} : Cell{},
          segment == nullptr ? Cell{} : Cell{site_label(told, *segment)},
          segment == nullptr ? Cell{} : Cell{estate.networks()[segment->network]},
          {},
          {},
          happening.service ? Cell{std::string(name_of(*happening.service))} : Cell{}};
}

}  // namespace

void print_minutes(const ToldReplicate& told) {
  std::set<std::string> reached;
  auto step = told.trace.begin();
  auto happening = told.happenings.begin();
  while (step != told.trace.end() || happening != told.happenings.end()) {
    const Instant next = std::min(step == told.trace.end() ? never : step->time,
                                  happening == told.happenings.end() ? never : happening->time);
    const auto minute = minute_of(next);
    std::array<std::size_t, transitions + happening_kinds> counts{};
    std::vector<std::string> fresh;
    for (; step != told.trace.end() && minute_of(step->time) == minute; ++step) {
      ++counts[static_cast<std::size_t>(step->what)];
      if (step->what != Transition::infected) continue;
      const std::string place = place_label(told, told.estate.segment_of(step->host));
      if (reached.insert(place).second) fresh.push_back(place);
    }
    for (; happening != told.happenings.end() && minute_of(happening->time) == minute; ++happening)
      ++counts[transitions + static_cast<std::size_t>(happening->what)];
    std::cout << fmt::format("T+{:02}:{:02}  {} ", minute / 60, minute % 60,
                             date_at(told.results.manifest.start, Instant{} + minute * 1min));
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0)
        std::cout << fmt::format(
            " {} {}", counts[i],
            i < transitions ? step_names[i] : name_of(static_cast<Happening::What>(i - transitions)));
    for (std::size_t i = 0; i < std::min<std::size_t>(fresh.size(), 3); ++i)
      std::cout << (i == 0 ? "; reaches " : ", ") << fresh[i];
    if (fresh.size() > 3) std::cout << fmt::format(" and {} more", fresh.size() - 3);
    std::cout << '\n';
  }
}

void print_events(const ToldReplicate& told) {
  // Some rows at a time, for in a table each takes many times the memory of a step.
  constexpr std::size_t most = 100000;
  Table table{"events",
              {"t_hours", "time", "what", "host", "device", "system", "organisation", "site", "network", "source",
               "zone", "service"},
              {}};
  Header header = Header::written;
  const auto write = [&] {
    write_csv(table, std::cout, header);
    header = Header::left_out;
    table.rows.clear();
  };
  auto happening = told.happenings.begin();
  const auto tell_until = [&](Instant time) {
    for (; happening != told.happenings.end() && happening->time < time; ++happening)
      table.rows.push_back(row_of(told, *happening));
  };
  for (const Step& step : told.trace) {
    tell_until(step.time);
    table.rows.push_back(row_of(told, step));
    if (table.rows.size() >= most) write();
  }
  tell_until(never);
  if (!table.rows.empty() || header == Header::written) write();
}

}  // namespace trustfall
