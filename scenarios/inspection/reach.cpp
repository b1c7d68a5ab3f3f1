#include "scenarios/inspection/reach.h"

#include <algorithm>

namespace trustfall {

Reach::Reach(const Model& model, const Openings& openings)
    : model_(&model), openings_(&openings), devices_(model.estate->segments()), reached_(model.estate->segments()) {
  const Estate& estate = *model.estate;
  for (std::uint32_t s = 0; s < estate.segments(); ++s)
    for (auto h = static_cast<std::uint32_t>(estate.first_host(SegmentId{s}));
         HostId{h} < estate.last_host(SegmentId{s}); ++h)
      ++devices_[s][static_cast<std::size_t>(estate.device(HostId{h}))];
  for (std::uint32_t z = 0; z < estate.zones(); ++z)
    if (links_used(model, ZoneId{z}) != nullptr) links_.push_back(ZoneId{z});
}

std::size_t Reach::count(SegmentId segment, DeviceSet devices) const {
  std::size_t hosts = 0;
  for (std::size_t d = 0; d < device_classes; ++d)
    if ((devices & only(static_cast<DeviceClass>(d))) != 0) hosts += devices_[index(segment)][d];
  return hosts;
}

void Reach::add_ways(SegmentId segment, std::vector<Way>& ways) const {
  const Estate& estate = *model_->estate;
  for (const ZoneOfSegment of : estate.zones_of(segment)) {
    const std::uint16_t kind = estate[of.zone].kind;
    if (model_->worm.rates[kind] > 0 && count(segment, openings_->outbound(of.membership)) > 0)
      ways.push_back({of.zone, openings_->lane(kind, estate[segment].network)});
  }
}

DeviceSet Reach::reached(SegmentId target, const std::vector<Way>& ways) const {
  DeviceSet devices = 0;
  for (const ZoneOfSegment of : model_->estate->zones_of(target))
    for (const Way& way : ways)
      if (way.zone == of.zone) devices |= openings_->inbound(of.membership, way.network);
  return devices;
}

std::size_t Reach::total(std::vector<Way> ways) {
  const Estate& estate = *model_->estate;
  std::sort(ways.begin(), ways.end());
  ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
  // Many share the same wide zones: gone through once for all, and what narrow zones add is counted on top.
  constexpr std::size_t wide = 256;  // segments
  const auto narrow = std::stable_partition(ways.begin(), ways.end(), [&](const Way& way) {
    return estate[way.zone].last - estate[way.zone].first > wide;
  });
  std::vector<SegmentId> touched;
  for (auto way = narrow; way != ways.end(); ++way)
    for (std::uint32_t m = estate[way->zone].first; m < estate[way->zone].last; ++m) {
      const SegmentId target = estate.memberships()[m].segment;
      DeviceSet& devices = reached_[index(target)];
      if (devices == 0) touched.push_back(target);
      devices |= openings_->inbound(m, way->network);
    }
  ways.erase(narrow, ways.end());
  const auto [found, fresh] = known_.try_emplace(ways, 0);
  for (std::uint32_t s = 0; fresh && !ways.empty() && s < estate.segments(); ++s)
    found->second += count(SegmentId{s}, reached(SegmentId{s}, ways));
  std::size_t hosts = found->second;
  for (const SegmentId target : touched) {
    DeviceSet& devices = reached_[index(target)];
    hosts += count(target, devices & static_cast<DeviceSet>(~reached(target, ways)));
    devices = 0;
  }
  return hosts;
}

void Reach::add_linked(HostId host, const std::vector<Way>& ways, std::vector<std::uint32_t>& linked) const {
  const Estate& estate = *model_->estate;
  const SegmentId home = estate.segment_of(host);
  for (const ZoneId zone : links_) {
    const auto out = membership_in(estate, home, zone);
    if (!out || (openings_->outbound(*out) & only(estate.device(host))) == 0) continue;
    for (const std::uint32_t to : estate.links_of(zone)->row(host)) {
      const SegmentId segment = estate.segment_of(HostId{to});
      const DeviceSet open = openings_->inbound(*membership_in(estate, segment, zone), estate[home].network);
      if ((open & ~reached(segment, ways) & only(estate.device(HostId{to}))) != 0) linked.push_back(to);
    }
  }
}

namespace {

std::size_t different(std::vector<std::uint32_t>& hosts) {
  std::sort(hosts.begin(), hosts.end());
  return static_cast<std::size_t>(std::unique(hosts.begin(), hosts.end()) - hosts.begin());
}

}  // namespace

double Reach::from(SegmentId segment) {
  std::vector<Way> ways;
  add_ways(segment, ways);
  const Estate& estate = *model_->estate;
  const HostId last = estate.last_host(segment);
  std::size_t over_links = 0;
  std::vector<std::uint32_t> linked;
  for (HostId h = estate.first_host(segment); !links_.empty() && h < last;
       h = HostId{static_cast<std::uint32_t>(h) + 1}) {
    linked.clear();
    add_linked(h, ways, linked);
    over_links += different(linked);
  }
  const bool itself = count(segment, reached(segment, ways)) > 0;
  const auto hosts = static_cast<double>(index(last) - index(estate.first_host(segment)));
  return static_cast<double>(total(std::move(ways)) - (itself ? 1 : 0)) + static_cast<double>(over_links) / hosts;
}

std::size_t Reach::from(OrganisationId organisation) {
  std::vector<Way> ways;
  const Estate& estate = *model_->estate;
  const SegmentId last = estate.last_segment(organisation);
  for (SegmentId s = estate.first_segment(organisation); s < last; s = SegmentId{static_cast<std::uint32_t>(s) + 1})
    add_ways(s, ways);
  std::vector<std::uint32_t> linked;
  const auto first = static_cast<std::uint32_t>(estate.first_host(estate.first_segment(organisation)));
  for (std::uint32_t h = first; !links_.empty() && h < first + estate.hosts_of(organisation); ++h)
    add_linked(HostId{h}, ways, linked);
  return total(std::move(ways)) + different(linked);
}

}  // namespace trustfall
