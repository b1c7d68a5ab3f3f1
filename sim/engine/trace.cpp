#include "sim/engine/trace.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace trustfall {
namespace {

/// Of infections at the same moment, that of a source goes before those of its targets; otherwise they stay as they
/// are.
void sources_first(std::span<Step> infections) {
  if (infections.size() < 2) return;
  std::unordered_map<HostId, std::size_t> place;
  for (std::size_t i = 0; i < infections.size(); ++i) place.try_emplace(infections[i].host, i);
  std::vector<std::uint8_t> told(infections.size());
  std::vector<Step> ordered;
  std::vector<std::size_t> chain;  // a host, its source, that one's source
  for (std::size_t i = 0; i < infections.size(); ++i) {
    for (std::size_t at = i; told[at] == 0;) {
      told[at] = 1;
      chain.push_back(at);
      if (infections[at].zone == no_zone) break;  // a stick was plugged in before
      if (const auto source = place.find(infections[at].source); source != place.end()) at = source->second;
    }
    for (; !chain.empty(); chain.pop_back()) ordered.push_back(infections[chain.back()]);
  }
  std::copy(ordered.begin(), ordered.end(), infections.begin());
}

}  // namespace

Trace in_order(Trace steps) {
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& a, const Step& b) { return std::tie(a.time, a.what) < std::tie(b.time, b.what); });
  const bool again =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.what == Transition::cleared; });
  const auto between = [&](Trace::iterator from, Trace::iterator to) {
    return std::span(steps).subspan(static_cast<std::size_t>(from - steps.begin()),
                                    static_cast<std::size_t>(to - from));
  };
  std::unordered_set<HostId> infected;  // before the present moment; kept only where hosts fall again
  for (auto first = steps.begin(); first != steps.end();) {
    const auto last = std::find_if(first, steps.end(), [&](const Step& step) { return step.time != first->time; });
    // Who is rid of the worm and falls again at the same moment is rid of it first.
    const auto anew = std::stable_partition(first, last, [&](const Step& step) {
      return step.what != Transition::infected || !infected.contains(step.host);
    });
    const auto others = std::find_if(first, anew, [](const Step& step) { return step.what != Transition::infected; });
    sources_first(between(first, others));
    sources_first(between(anew, last));
    for (; again && first != last; ++first) {
      if (first->what == Transition::infected) infected.insert(first->host);
      if (first->what == Transition::cleared) infected.erase(first->host);
    }
    first = last;
  }
  return steps;
}

}  // namespace trustfall
