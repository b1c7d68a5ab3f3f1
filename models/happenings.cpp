#include "models/happenings.h"

#include <algorithm>
#include <tuple>

#include "models/service_course.h"

namespace trustfall {
namespace {

using What = Happening::What;

constexpr std::string_view names[] = {"reported",     "warned",     "cut_off",   "reconnected",
                                      "service_down", "service_up", "diverting", "receiving"};
static_assert(std::size(names) == happening_kinds);

/// When a segment's cuts begin and end.
struct Edge {
  SegmentId segment;
  Instant time;
  bool ends;
};

/// What is cut off twice at once is cut off once; where one cut follows another without a gap, nothing changes.
void add_cuts(const Played& play, std::vector<Happening>& all) {
  std::vector<Edge> edges;
  play.each_cut([&](const Cut& cut) {
    if (cut.from >= cut.until) return;
    edges.push_back({cut.segment, cut.from, false});
    if (cut.until < play.model().horizon) edges.push_back({cut.segment, cut.until, true});
  });
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.segment, a.time, a.ends) < std::tie(b.segment, b.time, b.ends);
  });
  int cuts = 0;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Edge& edge = edges[i];
    if (i == 0 || edges[i - 1].segment != edge.segment) cuts = 0;
    cuts += edge.ends ? -1 : 1;
    if (cuts != (edge.ends ? 0 : 1)) continue;
    const OrganisationId organisation = (*play.model().estate)[edge.segment].organisation;
    all.push_back({edge.time, edge.ends ? What::reconnected : What::cut_off, organisation, edge.segment, {}});
  }
}

void add_services(const Played& play, std::vector<Happening>& all) {
  const Services& services = play.model().services;
  if (services.units.empty()) return;
  const ServiceCourses courses = reckon_services(play);
  for (const Outage& outage : courses.outages) {
    const ServiceUnit& unit = services.units[outage.unit];
    const ServiceKind kind = services.services[unit.service].kind;
    all.push_back({outage.from, What::service_down, unit.organisation, {}, kind});
    if (outage.until < play.model().horizon)
      all.push_back({outage.until, What::service_up, unit.organisation, {}, kind});
  }
  for (const Turn& turn : courses.turns)
    if (turn.what == Turn::What::diverting)
      all.push_back({turn.time, turn.begins ? What::diverting : What::receiving, turn.organisation, {}, {}});
}

}  // namespace

std::string_view name_of(Happening::What what) { return names[static_cast<std::size_t>(what)]; }

std::vector<Happening> happenings_of(const Played& play) {
  std::vector<Happening> all;
  play.each_report([&](OrganisationId organisation, Instant at) {
    all.push_back({at, What::reported, organisation, {}, {}});
  });
  if (play.warned_at() != never) all.push_back({play.warned_at(), What::warned, {}, {}, {}});
  add_cuts(play, all);
  add_services(play, all);
  std::sort(all.begin(), all.end(), [](const Happening& a, const Happening& b) {
    return std::tie(a.time, a.what, a.organisation, a.segment, a.service) <
           std::tie(b.time, b.what, b.organisation, b.segment, b.service);
  });
  return all;
}

}  // namespace trustfall
