#include "viz_export/graphml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_map>

#include "sim/archive/replay_code.h"
#include "viz_export/graphml_writer.h"

namespace trustfall {
namespace {

Cell whole(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Cell hours(Instant moment) {
  if (moment == never) return std::monostate{};
  return to_hours(moment);
}

// The seed may be too large for a signed number, which is all that readers of GraphML have.
const std::vector<GraphmlKey> study_keys = {
    {"scenario", "string"}, {"seed", "string"}, {"trustfall", "string"}, {"engine", "string"}};

GraphmlWriter::Values study_values(const Results& results) {
  const Manifest& m = results.manifest;
  return {m.scenario, std::to_string(m.seed), m.version, m.engine};
}

/// Where hosts stand, by the order of segments, sites and organisations.
class Places {
 public:
  explicit Places(const Results& results) : results_(results) {
    std::uint32_t hosts = 0;
    for (const SegmentInfo& segment : results.segments) {
      ends_.push_back(hosts += segment.hosts);
      first_site_.try_emplace(segment.organisation, segment.site);
    }
  }

  const SegmentInfo& segment(HostId host) const {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), static_cast<std::uint32_t>(host));
    return results_.segments[static_cast<std::size_t>(std::distance(ends_.begin(), end))];
  }

  /// A real site's name would give its organisation away.
  std::string site(const SegmentInfo& segment, Names names) const {
    if (names == Names::real) return results_.sites[segment.site];
    return fmt::format("site {}", segment.site - first_site_.at(segment.organisation) + 1);
  }

 private:
  const Results& results_;
  std::vector<std::uint32_t> ends_;                              // by segment: one past its last host
  std::unordered_map<std::uint32_t, std::uint32_t> first_site_;  // by organisation
};

/// What became of an infected host.
struct Infected {
  HostId host;
  HostId source;
  Instant infected;
  Instant encrypted = never, detected = never, restored = never;
};

/// In the order in which they fell.
std::vector<Infected> infected_hosts(const Trace& trace) {
  std::vector<Infected> all;
  std::unordered_map<std::uint32_t, std::size_t> position;
  for (const Step& step : trace)
    if (step.what == Transition::infected &&
        position.emplace(static_cast<std::uint32_t>(step.host), all.size()).second)  // its first time
      all.push_back({step.host, step.source, step.time});
  for (const Step& step : trace) {
    const auto found = position.find(static_cast<std::uint32_t>(step.host));
    if (found == position.end()) continue;
    if (step.what == Transition::encrypted) all[found->second].encrypted = step.time;
    if (step.what == Transition::detected) all[found->second].detected = step.time;
    if (step.what == Transition::restored) all[found->second].restored = step.time;
  }
  return all;
}

std::string id(HostId host) { return fmt::format("h{}", static_cast<std::uint32_t>(host)); }

std::string file_part(const std::string& name) {
  std::string part;
  for (const char c : name) part += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ? c : '-';
  return part;
}

}  // namespace

void write_network_graphml(const Results& results, Names names, std::ostream& out) {
  // Columns of organisations_table.
  constexpr std::size_t label_column = 2, hosts_column = 10, first_outcome = 11;
  const Table table = organisations_table(results, names);
  GraphmlWriter::Keys keys{study_keys,
                           {{"label", "string"},
                            {"code", "string"},
                            {"kind", "string"},
                            {"type", "string"},
                            {"group", "string"},
                            {"region", "string"},
                            {"latitude", "double"},
                            {"longitude", "double"},
                            {"hosts", "long"}},
                           {{"connection", "string"}}};
  for (const StrategyResults& strategy : results.strategies)
    for (std::size_t c = first_outcome; c < table.columns.size(); ++c)
      keys.node.push_back({table.columns[c] + "_" + strategy.name, "double"});

  GraphmlWriter graph(out, false, keys, study_values(results));
  const std::size_t organisations = results.organisations.size();
  for (std::size_t o = 0; o < organisations; ++o) {
    const auto& first = table.rows[o];
    GraphmlWriter::Values values(first.begin() + label_column, first.begin() + hosts_column + 1);
    for (std::size_t s = 0; s < results.strategies.size(); ++s) {
      const auto& row = table.rows[s * organisations + o];
      values.insert(values.end(), row.begin() + first_outcome, row.end());
    }
    graph.node(fmt::format("o{}", o), values);
  }
  for (const OrganisationLink& link : results.links)
    graph.edge(fmt::format("o{}", link.from), fmt::format("o{}", link.to), {link.connection});
  graph.finish();
}

void write_tree_graphml(const Results& results, std::size_t strategy, const KeptTrace& kept, Names names,
                        std::ostream& out) {
  GraphmlWriter::Keys keys{study_keys,
                           {{"organisation", "string"},
                            {"site", "string"},
                            {"network", "string"},
                            {"infected_h", "double"},
                            {"encrypted_h", "double"},
                            {"detected_h", "double"},
                            {"restored_h", "double"}},
                           {{"t_hours", "double"}}};
  keys.graph.insert(keys.graph.end(),
                    {{"strategy", "string"}, {"replicate", "long"}, {"percentile", "double"}, {"replay", "string"}});
  GraphmlWriter::Values of_graph = study_values(results);
  of_graph.insert(of_graph.end(), {results.strategies[strategy].name, whole(kept.replicate), kept.percentile,
                                   replay_code(results, strategy, kept.replicate)});

  GraphmlWriter graph(out, true, keys, of_graph);
  const Places places(results);
  const std::vector<Infected> all = infected_hosts(kept.trace);
  for (const Infected& one : all) {
    const SegmentInfo& segment = places.segment(one.host);
    graph.node(id(one.host), {label(results.organisations[segment.organisation], segment.organisation, names),
                              places.site(segment, names), results.networks[segment.network], hours(one.infected),
                              hours(one.encrypted), hours(one.detected), hours(one.restored)});
  }
  for (const Infected& one : all)
    if (one.source != no_host)
      graph.edge(id(one.source), id(one.host), GraphmlWriter::Values(1, hours(one.infected)));
  graph.finish();
}

std::string tree_file(const Results& results, std::size_t strategy, const KeptTrace& kept) {
  const std::string part = file_part(results.strategies[strategy].name);
  const auto alike = std::count_if(results.strategies.begin(), results.strategies.end(),
                                   [&](const StrategyResults& other) { return file_part(other.name) == part; });
  return fmt::format("tree-{}{}-{:02.0f}.graphml", part, alike > 1 ? fmt::format("-{}", strategy + 1) : "",
                     kept.percentile * 100);
}

}  // namespace trustfall
