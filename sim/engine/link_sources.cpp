// Who infected whom over links, found by drawing again.
#include <algorithm>

#include "sim/base/numeric.h"
#include "sim/engine/link_wave.h"

namespace trustfall {

std::vector<HostId> LinkWave::sources(const LinkHosts& hosts) const {
  std::vector<HostId> found(links_->hosts(), no_host);
  std::vector<std::pair<HostId, HostId>> at_once;  // source and target, infected at the same moment
  for (std::uint32_t h = 0; h < links_->hosts(); ++h) {
    const HostId source{h};
    if (!infected(source)) continue;
    Infectious infectious;
    const Instant at = infected_at(source);
    hosts.infectious({&source, 1}, {&at, 1}, {&infectious, 1});
    if (infectious.from >= infectious.until) continue;
    const auto row = links_->row(source);
    for (std::uint32_t place = 0; place < row.size(); ++place) {
      const HostId target{row[place]};
      if (!infected(target) || found[row[place]] != no_host) continue;
      const double u = draws_.both(Purpose::link, h, place / 2)[place % 2];
      if (attempt(source, place, -natural_log(u), infectious, hosts) != infected_at(target)) continue;
      if (at < infected_at(target))
        found[row[place]] = source;
      else
        at_once.emplace_back(source, target);
    }
  }
  for (const Entered& entered : entered_)
    if (from_outside(entered.host)) found[index(entered.host)] = no_host;
  follow_at_once(at_once, found);
  return found;
}

/// Over links that take no time the worm goes on from hosts that have it from elsewhere, not in a circle.
void LinkWave::follow_at_once(std::span<const std::pair<HostId, HostId>> links, std::vector<HostId>& found) const {
  const auto reached = [&](HostId host) { return found[index(host)] != no_host || from_outside(host); };
  std::vector<HostId> waiting;
  for (const auto& [source, target] : links)
    if (reached(source) && (waiting.empty() || waiting.back() != source)) waiting.push_back(source);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    auto link = std::lower_bound(links.begin(), links.end(), std::pair{waiting[i], HostId{0}});
    for (; link != links.end() && link->first == waiting[i]; ++link) {
      if (reached(link->second)) continue;
      found[index(link->second)] = waiting[i];
      waiting.push_back(link->second);
    }
  }
}

}  // namespace trustfall
