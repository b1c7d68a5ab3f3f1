#pragma once

#include <memory>
#include <utility>

#include "models/link_play.h"
#include "sim/estate/builder.h"
#include "sim/estate/topology.h"

/// SIR over explicit contacts, as it is timed here and beside other programs: transmission 0.5 and removal 1 an hour,
/// 100 seeds, to extinction.
namespace trustfall::bench {

struct Contacts {
  Estate estate;
  Model model;
};

/// New numbers for the vertices, so that neighbours no longer stand side by side: Barabási-Albert's are sorted by
/// age, which flatters the cache.
inline void shuffle(EdgeList& graph, std::uint64_t seed) {
  const Draws draws(seed, 0);
  std::vector<std::uint32_t> number(graph.vertices);
  for (std::uint32_t v = 0; v < number.size(); ++v) number[v] = v;
  for (std::uint32_t v = static_cast<std::uint32_t>(number.size()); v > 1; --v)
    std::swap(number[v - 1], number[static_cast<std::size_t>(draws.uniform(Purpose::estate, v) * v)]);
  for (Edge& edge : graph.edges) edge = {number[edge.from], number[edge.to]};
}

/// The last tenth of the hosts are in a network of their own.
inline std::unique_ptr<Contacts> contacts_of(EdgeList&& graph) {
  EstateBuilder builder;
  builder.add_organisation({"graph", "graph", OrganisationKind::company, "graph", "", "", "", 0, 0});
  builder.add_site("main");
  const std::size_t hosts = graph.vertices;
  builder.add_segment("hosts");
  for (std::size_t h = 0; h < hosts; ++h) {
    if (h == hosts - hosts / 10) builder.add_segment("laboratories");
    builder.add_host(DeviceClass::workstation, System::windows_7);
  }
  builder.add_links("contacts", std::move(graph));
  auto contacts = std::make_unique<Contacts>();
  contacts->estate = builder.build();
  Model& model = contacts->model;
  model.estate = &contacts->estate;
  model.horizon = Instant{} + 1000h;
  model.worm.rates = {0};
  model.worm.infects.fill(1);
  model.worm.transmissions = {Distribution{Distribution::Shape::exponential, 7200, 0, {}, {}}};
  model.worm.activity = Distribution{Distribution::Shape::exponential, 3600, 0, {}, {}};
  model.entries.push_back(HostEntry{100, Instant{}, Selector(contacts->estate, {}).hosts(contacts->estate), 1});
  return contacts;
}

/// Patching by campaign, detection and isolation, and a rule that closes the laboratories for some hours.
inline void add_controls(Contacts& contacts) {
  Model& model = contacts.model;
  model.patching.campaign = Campaign{Instant{} + 1h, 10h, 0.2};
  model.detection = Detection{{Distribution::Shape::exponential, 4 * 3600.0, 0, {}, {}}, 0.5, fixed(0), Isolation{}};
  Where laboratories;
  laboratories.networks = {"laboratories"};
  FirewallRule rule{0, true, FirewallRule::Direction::both, Selector(contacts.estate, laboratories), {}};
  rule.from = Instant{} + 2h;
  rule.until = Instant{} + 6h;
  model.firewalls.push_back(rule);
}

}  // namespace trustfall::bench
