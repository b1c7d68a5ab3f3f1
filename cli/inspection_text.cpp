// An inspection in sentences, and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/inspection.h"
#include "sim/study/summary.h"
#include "viz_export/wording.h"

namespace trustfall {
namespace {

constexpr std::size_t rows = 5;  // of a list on the terminal

std::string counted(std::size_t number, const std::string& what) {
  return readable(static_cast<double>(number)) + " " + what + (number == 1 ? "" : "s");
}

/// The parts with most of something first.
std::vector<Part> most(std::vector<Part> parts, double Part::*what, std::size_t number) {
  std::stable_sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) { return a.*what > b.*what; });
  parts.resize(std::min(parts.size(), number));
  return parts;
}

std::string list_of(const std::vector<Part>& parts, double Part::*what, bool share) {
  std::string text;
  for (const Part& part : parts) {
    if (!(part.*what > 0)) continue;
    const std::string value = share ? percent(part.*what) : readable(std::round(part.*what));
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", part.name, value);
  }
  return text;
}

std::string reach_text(const Inspection& i, std::size_t hosts) {
  std::string text =
      fmt::format("Reach. From one host, {} of the {} hosts can be attempted directly, on average over all hosts.\n",
                  readable(std::round(i.reach)), readable(static_cast<double>(hosts)));
  text += "  From a segment of: " + list_of(most(i.networks, &Part::reach, rows), &Part::reach, false) + ".\n";
  text += "  Most of all from: " + list_of(most(i.segments, &Part::reach, 1), &Part::reach, false) + ".\n";
  if (i.organisations.size() > 1)
    text +=
        "  From an organisation: " + list_of(most(i.organisations, &Part::reach, rows), &Part::reach, false) + ".\n";
  return text;
}

std::string span_of(const std::vector<double>& ascending) {
  return fmt::format("{:.2f} ({:.2f} to {:.2f} in nine of ten replicates)", quantile(ascending, 0.5),
                     quantile(ascending, 0.05), quantile(ascending, 0.95));
}

/// The strongest ways from network to network.
std::string between_text(const Inspection& i) {
  struct Step {
    std::size_t from, to;
    double begun;
  };
  std::vector<Step> steps;
  for (std::size_t from = 0; from < i.networks.size(); ++from)
    for (std::size_t to = 0; to < i.networks.size(); ++to)
      if (const double begun = i.between_networks[from][to]; begun >= 0.005) steps.push_back({from, to, begun});
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.begun > b.begun; });
  std::string text;
  for (std::size_t s = 0; s < std::min(steps.size(), rows); ++s)
    text += fmt::format("{}{} to {} {:.2f}", s > 0 ? ", " : "", i.networks[steps[s].from].name,
                        i.networks[steps[s].to].name, steps[s].begun);
  return text.empty() ? text : "  Begun by the outbreak of one segment, from network to network: " + text + ".\n";
}

std::string reproduction_text(const Inspection& i, bool linked) {
  const double median = quantile(i.reproduction, 0.5);
  if (i.segments.size() == 1)
    return fmt::format("Reproduction. There is one segment, in which an infectious host infects {} others: it {}.\n",
                       span_of(i.reproduction), median < 1 ? "dies out" : "can become large");
  std::string text = fmt::format(
      "Reproduction. While nearly all are healthy, an infectious host infects {:.2f} others of its own segment by "
      "itself,\n  and the outbreak of a segment begins {} others: the worm {}.\n",
      i.within, span_of(i.reproduction), median < 1 ? "dies out" : "can go far");
  if (!(median > 0)) return text;
  if (linked)
    text +=
        "  Of links between segments the way back is counted too, and of several hosts hit at once only one: R is\n"
        "  rough here.\n";
  text += between_text(i);
  text += "  By network, this goes through " + list_of(most(i.networks, &Part::carries, rows), &Part::carries, true) +
          ".\n";
  if (i.organisations.size() > 1)
    text += "  By organisation, through " +
            list_of(most(i.organisations, &Part::carries, rows), &Part::carries, true) + ".\n";
  return text;
}

/// Of how many the ones of a generation were the source, generation by generation.
std::vector<double> ratios(const std::vector<double>& generations) {
  std::vector<double> ratios;
  for (std::size_t g = 0; g < generations.size(); ++g)
    ratios.push_back((g + 1 < generations.size() ? generations[g + 1] : 0) / generations[g]);
  return ratios;
}

std::string generations_text(const std::string& what, const std::vector<double>& generations) {
  std::string text;
  const std::vector<double> of = ratios(generations);
  for (std::size_t g = 0; g < std::min(of.size(), rows); ++g)
    text += fmt::format("{}{:.2f}", g > 0 ? ", " : "", of[g]);
  return fmt::format("  One {} infects so many others, by generation: {}.\n", what, text);
}

std::string played_text(const Inspection& i) {
  std::string text = fmt::format("As played, in {} replicates.", i.reproduction.size());
  if (i.hosts.empty()) return text + " Nobody was infected.\n";
  text += '\n' + generations_text("host", i.hosts) + generations_text("segment", i.segments_by_generation);
  text += fmt::format("  {:<24}", "One host infects of the");
  for (int to = 0; to < tiers; ++to) text += fmt::format("{:>16}", name_of(static_cast<Tier>(to)));
  text += '\n';
  for (int from = 0; from < tiers; ++from) {
    double infected = 0;
    for (const auto& row : i.by_tier) infected += row[static_cast<std::size_t>(from)];
    if (infected == 0) continue;
    text += fmt::format("  {:<24}", name_of(static_cast<Tier>(from)));
    for (int to = 0; to < tiers; ++to)
      text += fmt::format("{:>16.3f}",
                          i.by_tier[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)] / infected);
    text += '\n';
  }
  return text;
}

std::string coverage_text(const Inspection& i, double own, bool logs_on) {
  const double median = quantile(i.critical, 0.5);
  if (std::isinf(median))
    return fmt::format(
        "Coverage. No patch coverage brings R below 1: too much cannot be patched{}. The scenario has {}.\n",
        logs_on ? ", or falls to credentials" : "", percent(own));
  if (median == 0) return "Coverage. R is below 1 without any patch.\n";
  const double worst = quantile(i.critical, 0.95);
  return fmt::format(
      "Coverage. R is below 1 once {} of the patchable hosts are patched ({} to {} in nine of ten replicates); the "
      "scenario has {}.\n",
      percent(median), percent(quantile(i.critical, 0.05)), std::isinf(worst) ? "never" : percent(worst),
      percent(own));
}

/// Names of the organisations.
class Labels {
 public:
  Labels(const Prepared& prepared, Names names) : prepared_(prepared), names_(names) {}
  std::string operator()(std::size_t organisation) const {
    return label(prepared_.results.organisations[organisation], organisation, names_);
  }

 private:
  const Prepared& prepared_;
  Names names_;
};

std::string network_text(const Inspection& i, const Estate& estate, bool linked, const Labels& labels) {
  const auto& edges = estate.trust_network().edges;
  if (edges.empty())
    return fmt::format("Trust network. No connections between organisations beside the zones{}.\n",
                       linked ? " and links" : "");
  std::string text = fmt::format(
      "Trust network. {} connections; without any one of {} organisations it falls apart, and {} connections are the "
      "only\n  way between their ends.\n",
      readable(static_cast<double>(edges.size())), readable(static_cast<double>(i.choke_points.points.size())),
      readable(static_cast<double>(i.choke_points.bridges.size())));
  auto points = i.choke_points.points;
  std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.parts > b.parts; });
  for (std::size_t p = 0; p < std::min(points.size(), rows); ++p)
    text += fmt::format("  Without {} it falls into {} parts.\n", labels(points[p].vertex), points[p].parts);
  for (std::size_t b = 0; b < i.choke_points.bridges.size() && i.choke_points.bridges.size() <= rows; ++b) {
    const TrustEdge& edge = edges[i.choke_points.bridges[b]];
    text += fmt::format("  Only {} leads from {} to {}.\n", estate.trust_network().connections[edge.connection],
                        labels(index(edge.from)), labels(index(edge.to)));
  }
  return text;
}

std::vector<std::string> past_names(const Inspection& i, const Prepared& prepared) {
  std::vector<std::string> names;
  for (const std::size_t entry : i.closing->past)
    names.push_back(prepared.document.scenario.entries(static_cast<int>(entry)).name());
  return names;
}

std::string closing_text(const Inspection& i, const Prepared& prepared) {
  if (!i.closing) return "";
  const auto hosts = readable(static_cast<double>(i.guarded));
  if (!i.closing->past.empty())
    return fmt::format(
        "Rules. No firewall rules keep the worm from these {} hosts: it comes to them by {} past every zone.\n",
        hosts, fmt::join(past_names(i, prepared), ", "));
  if (i.closing->rules.empty())
    return fmt::format("Rules. The worm cannot come to any of these {} hosts as it is.\n", hosts);
  std::string text = fmt::format(
      "Rules. The fewest that keep the worm from these {} hosts, whatever happens: {}. Behind the others of "
      "`firewalls`:\n",
      hosts, i.closing->rules.size());
  for (std::size_t r = 0; r < i.closing->rules.size(); ++r)
    text += fmt::format("  cut-{}: {}\n", r + 1, yaml_of(i.closing->rules[r]));
  return text;
}

using nlohmann::ordered_json;

ordered_json json_of(const std::vector<Part>& parts, double Part::*what) {
  constexpr std::size_t most_rows = 100;
  ordered_json list = ordered_json::array();
  for (const Part& part : most(parts, what, most_rows))
    list.push_back({{"name", part.name}, {"hosts", part.hosts}, {"reach", part.reach}, {"carries", part.carries}});
  return list;
}

ordered_json names_json(const std::vector<Part>& parts) {
  ordered_json names = ordered_json::array();
  for (const Part& part : parts) names.push_back(part.name);
  return names;
}

/// Infinity has no place in JSON: null.
ordered_json quantiles_json(const std::vector<double>& ascending) {
  ordered_json json;
  for (const auto& [name, share] :
       {std::pair{"q05", 0.05}, {"q25", 0.25}, {"q50", 0.5}, {"q75", 0.75}, {"q95", 0.95}})
    json[name] = quantile(ascending, share);
  return json;
}

ordered_json network_json(const Inspection& i, const Estate& estate, const Labels& labels) {
  ordered_json points = ordered_json::array();
  for (const auto& point : i.choke_points.points)
    points.push_back({{"organisation", labels(point.vertex)}, {"parts", point.parts}});
  ordered_json bridges = ordered_json::array();
  for (const std::size_t bridge : i.choke_points.bridges) {
    const TrustEdge& edge = estate.trust_network().edges[bridge];
    bridges.push_back({{"from", labels(index(edge.from))},
                       {"to", labels(index(edge.to))},
                       {"connection", estate.trust_network().connections[edge.connection]}});
  }
  return {
      {"connections", estate.trust_network().edges.size()}, {"articulation_points", points}, {"bridges", bridges}};
}

ordered_json closing_json(const Inspection& i, const Prepared& prepared) {
  if (!i.closing) return nullptr;
  ordered_json rules = ordered_json::array();
  for (const ClosingRule& rule : i.closing->rules)
    rules.push_back({{"zone", rule.zone},
                     {"direction", rule.direction == FirewallRule::Direction::inbound ? "inbound" : "outbound"},
                     {"where", {{"organisations", {rule.group}}, {"networks", {rule.network}}}}});
  return {{"hosts", i.guarded},
          {"possible", i.closing->past.empty()},
          {"rules", rules},
          {"past_every_rule", past_names(i, prepared)}};
}

bool uses_links(const Worm& worm) {
  return std::any_of(worm.transmissions.begin(), worm.transmissions.end(),
                     [](const auto& transmission) { return transmission.has_value(); });
}

}  // namespace

std::string inspection_text(const Inspection& i, const Prepared& prepared, Names names) {
  const Estate& estate = prepared.experiment->estate;
  const Worm& worm = prepared.experiment->model.worm;
  const bool linked = uses_links(worm);
  const bool logs_on = std::count(worm.by_credential.begin(), worm.by_credential.end(), 1) > 0;
  return fmt::format("{}: {}, {}, {}; seed {}\n", prepared.results.manifest.scenario, counted(estate.hosts(), "host"),
                     counted(estate.segments(), "segment"), counted(estate.organisations(), "organisation"),
                     prepared.experiment->seed) +
         reach_text(i, estate.hosts()) + reproduction_text(i, linked) +
         coverage_text(i, prepared.experiment->model.patching.coverage, logs_on) + played_text(i) +
         network_text(i, estate, linked, Labels(prepared, names)) + closing_text(i, prepared);
}

std::string inspection_json(const Inspection& i, const Prepared& prepared, Names names) {
  const Estate& estate = prepared.experiment->estate;
  ordered_json tiers_json = ordered_json::array();
  for (int t = 0; t < tiers; ++t) tiers_json.push_back(name_of(static_cast<Tier>(t)));
  const ordered_json json = {
      {"scenario", prepared.results.manifest.scenario},
      {"seed", prepared.experiment->seed},
      {"replicates", i.reproduction.size()},
      {"hosts", estate.hosts()},
      {"reach",
       {{"mean", i.reach},
        {"networks", json_of(i.networks, &Part::reach)},
        {"segments", json_of(i.segments, &Part::reach)},
        {"organisations", json_of(i.organisations, &Part::reach)}}},
      {"reproduction",
       {{"unit", i.segments.size() == 1 ? "hosts" : "segments"},
        {"rough", i.segments.size() > 1 && uses_links(prepared.experiment->model.worm)},
        {"r", quantiles_json(i.reproduction)},
        {"hosts_within_segment", i.within},
        {"from_networks", names_json(i.networks)},
        {"begun_in_networks", i.between_networks},
        {"networks", json_of(i.networks, &Part::carries)},
        {"segments", json_of(i.segments, &Part::carries)},
        {"organisations", json_of(i.organisations, &Part::carries)}}},
      {"critical_coverage",
       {{"coverage", quantiles_json(i.critical)}, {"scenario", prepared.experiment->model.patching.coverage}}},
      {"played",
       {{"hosts_by_generation", i.hosts},
        {"segments_by_generation", i.segments_by_generation},
        {"tiers", tiers_json},
        {"infections_by_tier", i.by_tier}}},
      {"trust_network", network_json(i, estate, Labels(prepared, names))},
      {"closing_rules", closing_json(i, prepared)}};
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace trustfall
