#include "scenarios/link_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/graph_file.h"
#include "scenarios/lower.h"
#include "sim/base/draws.h"
#include "sim/estate/topology.h"

namespace trustfall {
namespace {

constexpr double most_links = 4e9;

/// Links that a recipe would make of so many vertices, about.
double expected_links(const schema::Graph& graph, double hosts) {
  if (graph.has_erdos_renyi()) return hosts * graph.erdos_renyi().degree() / 2;
  if (graph.has_barabasi_albert()) return hosts * graph.barabasi_albert().links();
  if (graph.has_watts_strogatz()) return hosts * graph.watts_strogatz().neighbours() / 2;
  if (graph.has_rmat()) return hosts * graph.rmat().degree() / 2;
  if (graph.has_blocks()) return hosts * (graph.blocks().within() + graph.blocks().between()) / 2;
  if (graph.has_complete()) return hosts * (hosts - 1) / 2;
  if (graph.has_hub_and_site())
    return hosts + graph.hub_and_site().sites() * (graph.hub_and_site().sites() - 1.0) / 2;
  return hosts;
}

/// Contacts within the domain of each organisation; vertices are the hosts chosen, or all.
EdgeList domain_of(const Estate& estate, const std::vector<HostId>& chosen, double logged_on, std::uint64_t seed) {
  std::vector<OrganisationId> organisation;
  std::vector<std::uint8_t> controls;
  const std::size_t vertices = chosen.empty() ? estate.hosts() : chosen.size();
  for (std::size_t v = 0; v < vertices; ++v) {
    const HostId host = chosen.empty() ? HostId{static_cast<std::uint32_t>(v)} : chosen[v];
    organisation.push_back(estate.organisation_of(host));
    controls.push_back(estate.device(host) == DeviceClass::domain_controller);
  }
  return topology::domain(organisation, controls, logged_on, seed);
}

EdgeList generate(const schema::Graph& graph, std::uint32_t hosts, std::uint64_t seed) {
  if (graph.has_erdos_renyi()) return topology::erdos_renyi(hosts, graph.erdos_renyi().degree(), seed);
  if (graph.has_barabasi_albert()) return topology::barabasi_albert(hosts, graph.barabasi_albert().links(), seed);
  if (graph.has_watts_strogatz())
    return topology::watts_strogatz(hosts, graph.watts_strogatz().neighbours(), graph.watts_strogatz().rewired(),
                                    seed);
  if (graph.has_rmat())
    return topology::rmat(hosts, graph.rmat().degree(), {graph.rmat().a(), graph.rmat().b(), graph.rmat().c()}, seed);
  if (graph.has_blocks())
    return topology::blocks(hosts, graph.blocks().blocks(), graph.blocks().within(), graph.blocks().between(), seed);
  if (graph.has_star()) return topology::star(hosts);
  if (graph.has_line()) return topology::line(hosts);
  if (graph.has_complete()) return topology::complete(hosts);
  return topology::hub_and_site(hosts, graph.hub_and_site().sites());
}

/// What a recipe asks of the number of vertices; empty when it is fulfilled.
std::string unfit(const schema::Graph& graph, std::size_t hosts) {
  const auto more_than = [&](double least, const std::string& what) {
    return static_cast<double>(hosts) > least ? "" : fmt::format("{} of {} hosts", what, hosts);
  };
  if (graph.has_erdos_renyi() && graph.erdos_renyi().degree() > 0)
    return more_than(graph.erdos_renyi().degree(), fmt::format("{} contacts", graph.erdos_renyi().degree()));
  if (graph.has_watts_strogatz() && graph.watts_strogatz().neighbours() % 2 != 0)
    return "neighbours are an even number: half on each side of the ring";
  if (graph.has_watts_strogatz())
    return more_than(graph.watts_strogatz().neighbours(),
                     fmt::format("{} neighbours", graph.watts_strogatz().neighbours()));
  if (graph.has_rmat() && graph.rmat().a() + graph.rmat().b() + graph.rmat().c() > 1 + 1e-9)
    return "a, b and c sum to more than 100%";
  if (graph.has_rmat())
    return more_than(2 * graph.rmat().degree(), fmt::format("{} contacts", graph.rmat().degree()));
  if (graph.has_blocks()) {
    const double size = static_cast<double>(hosts) / graph.blocks().blocks();
    if (size < 1) return fmt::format("{} blocks of {} hosts", graph.blocks().blocks(), hosts);
    if (graph.blocks().within() > size - 1)
      return fmt::format("{} contacts within a block of {:.6g} hosts", graph.blocks().within(), size);
    if (graph.blocks().between() > static_cast<double>(hosts) - size)
      return fmt::format("{} contacts with other blocks, which have {:.6g} hosts", graph.blocks().between(),
                         static_cast<double>(hosts) - size);
  }
  if (graph.has_hub_and_site())
    return more_than(graph.hub_and_site().sites() - 1.0, fmt::format("{} hubs", graph.hub_and_site().sites()));
  return "";
}

}  // namespace

LinkPlan::LinkPlan(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs)
    : document_(document) {
  std::map<std::string, std::string> first;  // links of a file, by its name: it is read once
  for (const schema::LinkGroup& links : document.scenario.estate().links()) {
    if (!links.graph().has_file()) continue;
    const std::string& name = links.graph().file();
    if (const auto same = first.find(name); same != first.end()) {
      files_[links.name()] = files_[same->second];
      continue;
    }
    GraphReader reader(name, document.mistakes);
    InputFile input = read_file(name, largest_graph, [&](std::string_view piece) { reader.take(piece); });
    files_[links.name()] = reader.finish();
    first[name] = links.name();
    if (std::none_of(inputs.begin(), inputs.end(), [&](const InputFile& other) { return other.name == name; }))
      inputs.push_back(std::move(input));
  }
}

void LinkPlan::size_networks() {
  for (auto& group : *document_.scenario.mutable_estate()->mutable_organisations())
    for (auto& network : *group.mutable_networks())
      if (const auto file = files_.find(network.hosts_from()); file != files_.end()) {
        network.set_hosts(static_cast<std::uint32_t>(file->second.vertices));
        network.clear_hosts_from();  // the scenario is resolved: it says one of the two
      }
}

EdgeList LinkPlan::graph_of(const schema::LinkGroup& links, const Estate& estate, const std::vector<HostId>& chosen) {
  const std::size_t hosts = links.has_where() ? chosen.size() : estate.hosts();
  const std::uint64_t seed = document_.scenario.estate().seed() + luck_of(links.name());
  const std::string path = "estate.links." + links.name() + ".graph";
  if (const auto file = files_.find(links.name()); file != files_.end()) {
    if (file->second.vertices != hosts)
      report(document_, path,
             fmt::format("the graph has {} vertices, and there are {} hosts", file->second.vertices, hosts));
    return std::move(file->second);
  }
  const std::string why = unfit(links.graph(), hosts);
  if (!why.empty())
    report(document_, path, why);
  else if (expected_links(links.graph(), static_cast<double>(hosts)) > most_links)
    report(document_, path, "the graph would have more than 4 billion links");
  else if (!links.graph().has_domain())
    return generate(links.graph(), static_cast<std::uint32_t>(hosts), seed);
  else if (EdgeList graph = domain_of(estate, chosen, links.graph().domain().logged_on(), seed); !graph.edges.empty())
    return graph;
  else
    report(document_, path, "there is no domain controller among these hosts, or nothing that it controls");
  return {};
}

void LinkPlan::add(EstateBuilder& builder) {
  const Estate& estate = builder.close();
  for (const schema::LinkGroup& links : document_.scenario.estate().links()) {
    const std::string path = "estate.links." + links.name();
    std::vector<HostId> hosts;
    if (links.has_where()) hosts = select(document_, estate, links.where(), path + ".where").hosts(estate);
    EdgeList graph = graph_of(links, estate, hosts);
    throw_if_mistaken(document_);
    if (links.has_where())
      for (Edge& edge : graph.edges)
        edge = {static_cast<std::uint32_t>(hosts[edge.from]), static_cast<std::uint32_t>(hosts[edge.to])};
    builder.add_links(links.name(), std::move(graph));
  }
}

}  // namespace trustfall
