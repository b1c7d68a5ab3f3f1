#include "scenarios/inspection/contacts.h"

#include <algorithm>
#include <cmath>

#include "sim/engine/link_time.h"

namespace trustfall {
namespace {

constexpr std::uint32_t absent = 0xffffffffu;

}  // namespace

/// Links that the worm uses.
struct Contacts::Used {
  const Links& links;
  std::uint16_t kind;
  std::uint32_t time;
  std::vector<std::uint32_t> membership_of;  // by segment; `absent` where it has none of the links
};

Contacts::Contacts(const Model& model, const Openings& openings, const Vulnerable& vulnerable)
    : model_(&model), openings_(&openings) {
  const Estate& estate = *model.estate;
  std::vector<Used> used;
  for (std::uint32_t z = 0; z < estate.zones(); ++z) {
    const Links* links = links_used(model, ZoneId{z});
    if (links == nullptr) continue;
    const Zone& zone = estate[ZoneId{z}];
    used.push_back({*links, zone.kind, static_cast<std::uint32_t>(times_.size()),
                    std::vector<std::uint32_t>(estate.segments(), absent)});
    times_.push_back(time_of(*model.worm.transmissions[zone.kind]));
    for (std::uint32_t m = zone.first; m < zone.last; ++m)
      used.back().membership_of[index(estate.memberships()[m].segment)] = m;
  }
  if (used.empty()) return;
  place_of_.assign(estate.hosts(), absent);
  for (std::size_t h = 0; h < vulnerable.hosts.size(); ++h)
    place_of_[index(vulnerable.hosts[h].host)] = static_cast<std::uint32_t>(h);
  for (std::size_t h = 0; h < vulnerable.hosts.size(); ++h) {
    first_.push_back(contacts_.size());
    for (const Used& links : used) add(links, vulnerable, h);
    std::stable_sort(contacts_.begin() + static_cast<std::ptrdiff_t>(first_.back()), contacts_.end(),
                     [](const Contact& a, const Contact& b) { return a.to < b.to; });
  }
  first_.push_back(contacts_.size());
}

void Contacts::add(const Used& used, const Vulnerable& vulnerable, std::size_t host) {
  const Estate& estate = *model_->estate;
  const Vulnerable::Host& source = vulnerable.hosts[host];
  const std::uint32_t out = used.membership_of[index(source.segment)];
  if (out == absent || (openings_->outbound(out) & only(source.device)) == 0) return;
  const std::uint16_t network = estate[source.segment].network;
  const auto row = used.links.row(source.host);
  for (std::size_t k = 0; k < row.size(); ++k) {
    const std::uint32_t to = place_of_[row[k]];
    if (to == absent) continue;
    const Vulnerable::Host& target = vulnerable.hosts[to];
    const double chance = model_->worm.needs_exploit(used.kind)
                              ? target.chance
                              : model_->worm.effect_over(used.kind, estate.system(target.host));
    const std::uint32_t in = used.membership_of[index(target.segment)];
    if (chance > 0 && (openings_->inbound(in, network) & only(target.device)) != 0)
      contacts_.push_back({to, used.time, used.links.weight(source.host, k), chance});
  }
}

Contacts::Time Contacts::time_of(const Distribution& transmission) const {
  Time time{transmission.scale, {}};
  if (repeats(transmission)) return time;
  constexpr int parts = 4096;
  for (int i = 0; i < parts; ++i) time.quantiles.push_back(transmission.at((i + 0.5) / parts));
  return time;
}

double Contacts::hits(const Contact& contact, double active) const {
  const Time& time = times_[contact.time];
  const double until = active * contact.weight;
  if (time.quantiles.empty()) return until * contact.chance / time.mean;
  const auto in_time = std::lower_bound(time.quantiles.begin(), time.quantiles.end(), until) - time.quantiles.begin();
  return -std::log1p(-contact.chance * static_cast<double>(in_time) / static_cast<double>(time.quantiles.size()));
}

double Contacts::hits(std::size_t from, std::size_t to, double active) const {
  if (!any()) return 0;
  const auto begin = contacts_.begin() + static_cast<std::ptrdiff_t>(first_[from]);
  const auto end = contacts_.begin() + static_cast<std::ptrdiff_t>(first_[from + 1]);
  double sum = 0;
  for (auto c = std::lower_bound(begin, end, to, [](const Contact&a, std::size_t b) { return a.to < b; });
       c != end && c->to == to; ++c)
    sum += hits(*c, active);
  return sum;
}

}  // namespace trustfall
