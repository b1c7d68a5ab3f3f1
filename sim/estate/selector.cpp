#include "sim/estate/selector.h"

#include <algorithm>

namespace trustfall {
namespace {

template <class T>
bool matches(const std::vector<T>& wanted, const T& found) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), found) != wanted.end();
}

}  // namespace

Selector::Selector(const Estate& estate, const Where& where)
    : covers_(estate.segments()), devices_(where.devices), systems_(where.systems) {
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Segment& segment = estate[SegmentId{s}];
    const Organisation& owner = estate[segment.organisation];
    covers_[s] = matches(where.kinds, owner.kind) && matches(where.groups, owner.group) &&
                 matches(where.codes, owner.code) && matches(where.regions, owner.region) &&
                 matches(where.sites, estate[segment.site].name) &&
                 matches(where.networks, estate.networks()[segment.network]);
  }
}

void Selector::limit_to(const Estate& estate, const std::vector<std::uint8_t>& networks) {
  for (std::uint32_t s = 0; s < estate.segments(); ++s) covers_[s] &= networks[estate[SegmentId{s}].network];
}

std::vector<HostId> Selector::hosts(const Estate& estate) const {
  std::vector<HostId> found;
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    if (!covers(SegmentId{s})) continue;
    for (HostId h = estate.first_host(SegmentId{s}); h < estate.last_host(SegmentId{s});
         h = HostId{static_cast<std::uint32_t>(h) + 1})
      if (covers(SegmentId{s}, estate.device(h), estate.system(h))) found.push_back(h);
  }
  return found;
}

}  // namespace trustfall
