#include "scenarios/inspection/closing_rules.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "models/analytic/cut.h"
#include "scenarios/inspection/exposure.h"
#include "scenarios/inspection/may_be_open.h"

namespace trustfall {
namespace {

using analytic::Way;
using Direction = FirewallRule::Direction;

/// A network of a group of organisations: classes of device with hosts that ...
struct Place {
  std::string group;
  std::uint16_t network;
  DeviceSet guarded = 0;  // are to be protected, and an attempt may infect them
  DeviceSet exposed = 0;  // are not, and an attempt may infect them
  DeviceSet running = 0;  // could run the worm, however it came
};

/// All that a worm may do, as a graph of steps from place to place.
class Paths {
 public:
  Paths(const Model& model, const Where& protect)
      : model_(model), estate_(*model.estate), may_(model), guarded_(*model.estate, protect) {
    find_places();
    join_pools();
    add_zones();
    for (std::uint32_t z = 0; z < estate_.zones(); ++z)
      if (const Links* links = links_used(model, ZoneId{z})) add_links(ZoneId{z}, *links);
    for (const Entry& entry : model.entries)
      if (const auto* sticks = std::get_if<StickEntry>(&entry)) add_sticks(*sticks);
  }

  ClosingRules cut() {
    ClosingRules found;
    std::vector<Way> all = ways_;
    for (std::size_t e = 0; e < model_.entries.size(); ++e) {
      std::vector<Way> alone = ways_;
      for (const Way& way : beginnings(model_.entries[e])) {
        alone.push_back(way);
        all.push_back(way);
      }
      if (!analytic::smallest_cut(vertices_, alone, source, sink)) found.past.push_back(e);
    }
    // What no entry does alone, all of them cannot do together: they have nothing but their beginnings to themselves.
    if (!found.past.empty()) return found;
    const auto cut = analytic::smallest_cut(vertices_, all, source, sink);
    for (const std::size_t way : *cut) found.rules.push_back(rules_.at(way));
    return found;
  }

 private:
  static constexpr std::uint32_t source = 0;
  static constexpr std::uint32_t sink = 1;

  // --- places ---

  void find_places() {
    std::map<std::pair<std::string, std::uint16_t>, std::uint32_t> known;
    for (std::uint32_t s = 0; s < estate_.segments(); ++s) {
      const Segment& segment = estate_[SegmentId{s}];
      const std::string& group = estate_[segment.organisation].group;
      const auto [found, fresh] =
          known.try_emplace({group, segment.network}, static_cast<std::uint32_t>(places_.size()));
      if (fresh) places_.push_back({group, segment.network});
      place_of_.push_back(found->second);
      for (HostId h = estate_.first_host(SegmentId{s}); h < estate_.last_host(SegmentId{s});
           h = HostId{static_cast<std::uint32_t>(h) + 1})
        add_host(h, places_[found->second]);
    }
    vertices_ = vertex(static_cast<std::uint32_t>(places_.size()), false);
    for (std::uint32_t p = 0; p < places_.size(); ++p) ways_.push_back({vertex(p, true), sink, false});
  }
  void add_host(HostId host, Place& place) const {
    const DeviceSet device = only(estate_.device(host));
    if (estate_.system(host) != System::no_windows) place.running |= device;
    if (model_.worm.infects[static_cast<std::size_t>(estate_.system(host))] > 0)
      (guarded(host) ? place.guarded : place.exposed) |= device;
  }
  bool guarded(HostId host) const {
    return guarded_.covers(estate_.segment_of(host), estate_.device(host), estate_.system(host));
  }
  /// The hosts of a place that are to be protected, or the others.
  static std::uint32_t vertex(std::uint32_t place, bool guarded) { return 2 + 2 * place + (guarded ? 1 : 0); }
  static std::uint32_t place_at(std::uint32_t vertex) { return (vertex - 2) / 2; }
  std::uint32_t vertex_of(HostId host) const {
    return vertex(place_of_[index(estate_.segment_of(host))], guarded(host));
  }

  // --- zones ---

  /// Takes the pools of a kind of zone that share a place as one.
  void join_pools() {
    pool_of_.resize(estate_.zones());
    std::iota(pool_of_.begin(), pool_of_.end(), 0u);
    const auto root = [&](std::uint32_t z) {
      while (pool_of_[z] != z) z = pool_of_[z] = pool_of_[pool_of_[z]];
      return z;
    };
    std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint32_t> known;  // by kind and place
    for (const Membership& m : estate_.memberships()) {
      const auto z = static_cast<std::uint32_t>(m.zone);
      const auto found = known.try_emplace({estate_[m.zone].kind, place_of_[index(m.segment)]}, z).first;
      pool_of_[root(z)] = root(found->second);
    }
    for (std::uint32_t z = 0; z < estate_.zones(); ++z) pool_of_[z] = root(z);
  }
  /// Attempts from one network in a pool; from outside, and from all where no rule asks for the network.
  std::uint32_t lane(std::uint32_t pool, std::uint16_t from) {
    const auto [found, fresh] = lanes_.try_emplace({pool, from}, vertices_);
    if (fresh) ++vertices_;
    return found->second;
  }
  std::uint16_t anywhere() const { return static_cast<std::uint16_t>(estate_.networks().size()); }

  /// What any membership of a place in a kind of zone may let through.
  struct Gate {
    std::uint32_t pool = 0;
    std::map<std::uint16_t, DeviceSet> in;  // by network
    DeviceSet out = 0;
  };
  void add_zones() {
    std::map<std::pair<std::uint16_t, std::uint32_t>, Gate> gates;  // by kind and place
    for (std::uint32_t m = 0; m < estate_.memberships().size(); ++m) {
      const Membership& membership = estate_.memberships()[m];
      const std::uint16_t kind = estate_[membership.zone].kind;
      if (model_.worm.rates[kind] <= 0) continue;
      Gate& gate = gates[{kind, place_of_[index(membership.segment)]}];
      gate.pool = pool_of_[index(membership.zone)];
      gate.out |= may_.outbound(m);
      gate.in[anywhere()] |= may_.inbound(m);
      for (std::uint16_t from = 0; may_.paired(kind) && from < anywhere(); ++from)
        gate.in[from] |= may_.inbound(m, from);
    }
    for (const auto& [key, gate] : gates) add_gate(key.first, key.second, gate);
  }
  void add_gate(std::uint16_t kind, std::uint32_t p, const Gate& gate) {
    const Place& place = places_[p];
    const std::uint16_t from_here = may_.paired(kind) ? place.network : anywhere();
    if ((place.running & gate.out) != 0)
      add_rule({vertex(p, false), lane(gate.pool, from_here), true}, kind, Direction::outbound, place);
    const std::uint32_t before = vertices_++;
    const std::uint32_t behind = vertices_++;
    DeviceSet open = 0;
    for (const auto& [from, devices] : gate.in) {
      if (((place.guarded | place.exposed) & devices) == 0) continue;
      ways_.push_back({lane(gate.pool, from), before, false});
      open |= devices;
    }
    if (open == 0) return;
    add_rule({before, behind, true}, kind, Direction::inbound, place);
    if ((place.exposed & open) != 0) ways_.push_back({behind, vertex(p, false), false});
    if ((place.guarded & open) != 0) ways_.push_back({behind, vertex(p, true), false});
  }
  void add_rule(const Way& way, std::uint16_t kind, Direction direction, const Place& place) {
    rules_[ways_.size()] = {estate_.zone_kinds()[kind], direction, place.group, estate_.networks()[place.network]};
    ways_.push_back(way);
  }

  // --- links ---

  /// Whether a host might run the worm and try a link, and whether trying one might take a host.
  bool may_try(HostId host, std::uint32_t membership) const {
    return estate_.system(host) != System::no_windows && !guarded(host) &&
           (may_.outbound(membership) & only(estate_.device(host))) != 0;
  }
  bool may_fall(HostId host, ZoneId links, std::uint32_t membership, std::uint16_t from) const {
    const System system = estate_.system(host);
    const bool falls = model_.worm.needs_exploit(estate_[links].kind)
                           ? model_.worm.infects[static_cast<std::size_t>(system)] > 0
                           : system != System::no_windows;
    return falls && (may_.inbound(membership, from) & only(estate_.device(host))) != 0;
  }
  /// From which place to which hosts links lead, by the vertices of both.
  std::set<std::pair<std::uint32_t, std::uint32_t>> linked_places(ZoneId zone, const Links& links) const {
    std::vector<std::uint32_t> membership_of(estate_.segments());
    for (std::uint32_t m = estate_[zone].first; m < estate_[zone].last; ++m)
      membership_of[index(estate_.memberships()[m].segment)] = m;
    std::set<std::pair<std::uint32_t, std::uint32_t>> linked;
    for (std::uint32_t h = 0; h < estate_.hosts(); ++h) {
      const SegmentId home = estate_.segment_of(HostId{h});
      if (links.row(HostId{h}).empty() || !may_try(HostId{h}, membership_of[index(home)])) continue;
      for (const std::uint32_t to : links.row(HostId{h}))
        if (may_fall(HostId{to}, zone, membership_of[index(estate_.segment_of(HostId{to}))], estate_[home].network))
          linked.insert({vertex_of(HostId{h}), vertex_of(HostId{to})});
    }
    return linked;
  }
  void add_links(ZoneId zone, const Links& links) {
    const std::uint16_t kind = estate_[zone].kind;
    std::map<std::uint32_t, std::uint32_t> outside;  // vertex behind the outbound rule, by vertex of a place
    std::map<std::uint32_t, std::uint32_t> before;   // before the inbound rule, by place
    std::map<std::uint32_t, std::uint32_t> behind;
    for (const auto& [from, to] : linked_places(zone, links)) {
      const std::uint32_t place = place_at(to);
      if (outside.try_emplace(from, vertices_).second)
        add_rule({from, vertices_++, true}, kind, Direction::outbound, places_[place_at(from)]);
      if (before.try_emplace(place, vertices_).second) {
        behind[place] = vertices_ + 1;
        add_rule({vertices_, vertices_ + 1, true}, kind, Direction::inbound, places_[place]);
        vertices_ += 2;
      }
      ways_.push_back({outside[from], before[place], false});
      ways_.push_back({behind[place], to, false});
    }
  }

  // --- entries ---

  /// Where an entry comes in.
  std::vector<Way> beginnings(const Entry& entry) {
    std::set<std::uint32_t> at;
    const auto infects = [&](const std::vector<HostId>& hosts) {
      for (const HostId host : hosts) at.insert(vertex_of(host));
    };
    if (const auto* from = std::get_if<OutsideEntry>(&entry))
      at.insert(lane(pool_of_[index(from->zone)], anywhere()));
    if (const auto* mail = std::get_if<MailEntry>(&entry)) infects(mail->readers);
    if (const auto* hosts = std::get_if<HostEntry>(&entry)) infects(hosts->hosts);
    std::vector<Way> ways;
    for (const std::uint32_t to : at) ways.push_back({source, to, false});
    return ways;
  }
  /// A stick goes from any host of an organisation to those that it is carried to, past every rule.
  void add_sticks(const StickEntry& sticks) {
    std::set<std::uint32_t> to;
    for (const HostId host : sticks.hosts) to.insert(vertex_of(host));
    for (const std::uint32_t at : to)
      for (std::uint32_t p = 0; p < places_.size(); ++p)
        if (places_[p].group == places_[place_at(at)].group) ways_.push_back({vertex(p, false), at, false});
  }

  const Model& model_;
  const Estate& estate_;
  MayBeOpen may_;
  Selector guarded_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> place_of_;  // by segment
  std::vector<std::uint32_t> pool_of_;   // by zone
  std::uint32_t vertices_ = 0;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> lanes_;  // vertices, by pool and network
  std::vector<Way> ways_;
  std::map<std::size_t, ClosingRule> rules_;  // by position in `ways_`
};

}  // namespace

ClosingRules closing_rules(const Model& model, const Where& protect) { return Paths(model, protect).cut(); }

std::string yaml_of(const ClosingRule& rule) {
  const auto name = [](const std::string& text) { return nlohmann::json(text).dump(); };
  return fmt::format("{{zone: {}, direction: {}, where: {{organisations: [{}], networks: [{}]}}}}", name(rule.zone),
                     rule.direction == Direction::inbound ? "inbound" : "outbound", name(rule.group),
                     name(rule.network));
}

}  // namespace trustfall
