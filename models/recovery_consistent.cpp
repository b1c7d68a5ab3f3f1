#include <algorithm>
#include <map>
#include <tuple>

#include "models/recovery.h"

namespace trustfall {
namespace {

struct Span {
  Instant from, to;
};

bool disjoint(std::vector<Span>& spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i].from < spans[i - 1].to) return false;
  return true;
}

template <class Key>
bool all_disjoint(std::map<Key, std::vector<Span>>& spans) {
  return std::all_of(spans.begin(), spans.end(), [](auto& of) { return disjoint(of.second); });
}

bool in_order(const Repair& r) {
  const bool begun = r.begun == never || r.begun >= r.reported;
  const bool rebuilt =
      r.rebuilt == never || (r.begun != never && r.rebuilt >= later(r.begun, r.travelled + r.worked));
  const bool fetched = r.fetching == never || (r.rebuilt <= r.fetching && r.fetching <= r.fetched);
  const bool back = r.back == never || (r.rebuilt <= r.back && (r.fetching == never || r.fetched <= r.back));
  return begun && rebuilt && fetched && back;
}

/// The time on shift from `from` to `to`, counted change by change.
Duration on_shift(const Hours& shift, Instant from, Instant to) {
  Duration sum{};
  while (from < to) {
    const Instant next = std::min(shift.next_change(from), to);
    if (shift.on_at(from)) sum += next - from;
    from = next;
  }
  return sum;
}

}  // namespace

bool Recovery::consistent() const {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Span>> busy;  // by unit and technician
  std::map<std::uint32_t, std::vector<Span>> line;                            // by site
  for (const Repair& r : repairs_) {
    if (!in_order(r)) return false;
    if (r.begun != never) {
      const Team& team = team_of(r.unit);
      if (r.technician >= technicians(r.unit) || (team.shift && !team.shift->on_at(r.begun))) return false;
      if (r.rebuilt != never && team.shift && on_shift(*team.shift, r.begun, r.rebuilt) != r.travelled + r.worked)
        return false;
      busy[{r.unit, r.technician}].push_back({r.begun, r.rebuilt});
    }
    if (r.fetching == never) continue;
    const auto site = static_cast<std::uint32_t>((*estate_)[estate_->segment_of(r.host)].site);
    line[site].push_back({r.fetching, r.fetched});
    // A moment is a whole nanosecond.
    if (plan_->bandwidth && r.fetched != never &&
        to_seconds(r.fetched - r.fetching) + 1e-9 < r.bytes / bandwidth_of(site))
      return false;
  }
  return all_disjoint(busy) && all_disjoint(line);
}

}  // namespace trustfall
