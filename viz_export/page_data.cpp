#include "viz_export/page_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/archive/replay_code.h"
#include "sim/study/compare.h"
#include "sim/study/summary.h"
#include "viz_export/json.h"

namespace trustfall {
namespace {

using Json = nlohmann::ordered_json;

/// Futures that are shown as dots.
constexpr int futures = 20;

/// All playbacks together, before base 64: a page is mailed about.
constexpr std::size_t playback_bytes = 3'000'000;

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::fabs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

Json infos(const std::vector<MetricInfo>& of) {
  Json list = Json::array();
  for (const MetricInfo& info : of)
    list.push_back({{"name", info.name}, {"unit", info.unit}, {"meaning", info.meaning}});
  return list;
}

/// Twenty plays, evenly from the ranking: what they came to, in order. NaN is left out.
Json dots_of(const StrategyResults& strategy, std::size_t metric) {
  std::vector<double> values = column(strategy, metric);
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }), values.end());
  std::sort(values.begin(), values.end());
  Json dots = Json::array();
  for (int i = 0; i < futures && !values.empty(); ++i) dots.push_back(number(quantile(values, (i + 0.5) / futures)));
  return dots;
}

/// Plays in which a metric is above zero.
std::size_t plays_above_zero(const StrategyResults& strategy, std::size_t metric) {
  const std::vector<double> values = column(strategy, metric);
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [](double v) { return v > 0; }));
}

/// The quantiles of a curve, sample by sample.
Json fan_of(const Results& results, const StrategyResults& strategy, std::size_t curve) {
  constexpr double shares[] = {0.05, 0.25, 0.5, 0.75, 0.95};
  Json fan = Json::array({Json::array(), Json::array(), Json::array(), Json::array(), Json::array()});
  std::vector<double> values(strategy.outcomes.size());
  for (std::size_t s = 0; s < results.samples; ++s) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = strategy.outcomes[i].series[curve * results.samples + s];
    std::sort(values.begin(), values.end());
    for (std::size_t q = 0; q < std::size(shares); ++q) fan[q].push_back(number(quantile(values, shares[q])));
  }
  return fan;
}

/// Hours by which `share` of all infected hosts of all plays are back; null when they are not by the end.
Json back_by(const Results& results, const StrategyResults& strategy, double share) {
  const std::size_t infected = metric_index(results.series, "hosts_infected");
  const std::size_t restored = metric_index(results.series, "hosts_restored");
  if (std::max(infected, restored) >= results.series.size() || results.samples == 0) return nullptr;
  const auto total = [&](std::size_t curve, std::size_t sample) {
    double sum = 0;
    for (const Outcome& outcome : strategy.outcomes) sum += outcome.series[curve * results.samples + sample];
    return sum;
  };
  const double wanted = share * total(infected, results.samples - 1);
  for (std::size_t s = 0; s < results.samples && wanted > 0; ++s)
    if (total(restored, s) >= wanted) return number(static_cast<double>(s) * results.sample_hours);
  return nullptr;
}

/// The curves of the replicates whose traces are kept.
Json singles_of(const Results& results, std::size_t s) {
  const StrategyResults& strategy = results.strategies[s];
  Json singles = Json::array();
  for (const KeptTrace& kept : strategy.traces) {
    const auto found = std::lower_bound(strategy.replicates.begin(), strategy.replicates.end(), kept.replicate);
    if (found == strategy.replicates.end() || *found != kept.replicate) continue;
    const Outcome& outcome = strategy.outcomes[static_cast<std::size_t>(found - strategy.replicates.begin())];
    Json curves = Json::array();
    for (std::size_t c = 0; c < results.series.size(); ++c) {
      const auto from = outcome.series.begin() + static_cast<std::ptrdiff_t>(c * results.samples);
      curves.push_back(std::vector<std::uint32_t>(from, from + results.samples));
    }
    singles.push_back({{"percentile", kept.percentile},
                       {"replicate", kept.replicate},
                       {"code", replay_code(results, s, kept.replicate)},
                       {"curves", std::move(curves)}});
  }
  return singles;
}

/// The median and the 90th-percentile replicate, event by event.
Json playbacks_of(const Results& results, const StrategyResults& strategy,
                  const std::vector<std::uint32_t>& place_of_host) {
  const double hours = static_cast<double>(results.samples > 0 ? results.samples - 1 : 0) * results.sample_hours;
  Json playbacks = Json::array();
  for (const KeptTrace& kept : strategy.traces) {
    if (kept.left_out || (kept.percentile != 0.5 && kept.percentile != 0.9)) continue;
    const std::size_t most = playback_bytes / (2 * results.strategies.size());
    const Playback playback = encode_playback(kept.trace, place_of_host, hours, most);
    playbacks.push_back({{"percentile", kept.percentile},
                         {"replicate", kept.replicate},
                         {"bin_hours", playback.bin_hours},
                         {"events", base64(playback.events)}});
  }
  return playbacks;
}

Json strategy_of(const Results& results, std::size_t s, const std::vector<std::uint32_t>& place_of_host) {
  const StrategyResults& strategy = results.strategies[s];
  Json dots = Json::object(), plays = Json::object(), fans = Json::array();
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    const std::string& unit = results.metrics[m].unit;
    if (unit != "hosts" && unit != "organisations") continue;
    dots[results.metrics[m].name] = dots_of(strategy, m);
    plays[results.metrics[m].name] = plays_above_zero(strategy, m);
  }
  for (std::size_t c = 0; c < results.series.size(); ++c) fans.push_back(fan_of(results, strategy, c));
  return {{"name", strategy.name},
          {"dots", std::move(dots)},
          {"plays_above_zero", std::move(plays)},
          {"half_back_hours", back_by(results, strategy, 0.5)},
          {"most_back_hours", back_by(results, strategy, 0.9)},
          {"fans", std::move(fans)},
          {"singles", singles_of(results, s)},
          {"playbacks", playbacks_of(results, strategy, place_of_host)}};
}

/// [strategy][metric] against the first strategy; empty when there is only one.
Json differences_of(const Results& results) {
  Json all = Json::array();
  if (results.strategies.size() < 2) return all;
  for (const auto& strategy : compare_strategies(results)) {
    Json one = Json::object();
    for (std::size_t m = 0; m < strategy.size(); ++m) {
      const PairedDifference& d = strategy[m];
      one[results.metrics[m].name] = {{"pairs", d.pairs},
                                      {"mean", number(d.mean)},
                                      {"low", number(d.low)},
                                      {"high", number(d.high)},
                                      {"chance_better", d.chance_better},
                                      {"chance_equal", d.chance_equal},
                                      {"settled", d.settled},
                                      {"more_replicates", number(d.more_replicates)}};
    }
    all.push_back(std::move(one));
  }
  return all;
}

double rounded(double value) { return std::round(value * 10) / 10; }

Json map_of(const Results& results, const Map& map, Names names) {
  Json discs = Json::array(), labels = Json::array(), links = Json::array(), kinds = Json::object();
  for (const Disc& disc : map.discs) {
    // Radii are cut, not rounded: discs that touch must not overlap.
    for (const double value : {rounded(disc.x), rounded(disc.y), std::floor(disc.radius * 10) / 10})
      discs.push_back(number(value));
  }
  for (const MapLabel& label : map.labels)
    labels.push_back({{"x", label.x}, {"y", label.y}, {"text", label.text}, {"column", label.column}});
  if (!map.groups)
    for (const OrganisationLink& link : results.links) links.push_back({link.from, link.to});
  for (const OrganisationInfo& of : results.organisations) kinds[of.kind] = kinds.value(of.kind, 0) + 1;
  return {{"groups", map.groups},
          {"width", rounded(map.width)},
          {"height", rounded(map.height)},
          {"pseudonyms", names == Names::pseudonyms},
          {"names", map.names},
          {"hosts", map.hosts},
          {"discs", std::move(discs)},
          {"labels", std::move(labels)},
          {"links", std::move(links)},
          {"kinds", std::move(kinds)}};
}

std::vector<std::uint32_t> places_of_hosts(const Results& results, const Map& map) {
  std::vector<std::uint32_t> place_of_host;
  place_of_host.reserve(results.hosts);
  for (std::size_t s = 0; s < results.segments.size(); ++s)
    place_of_host.insert(place_of_host.end(), results.segments[s].hosts, map.place_of_segment[s]);
  return place_of_host;
}

std::string without_less_than(const std::string& json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) c == '<' ? safe += "\\u003c" : safe += c;
  return safe;
}

}  // namespace

std::string page_data(const Results& results, Names names) {
  const Map map = lay_out(results, names);
  const std::vector<std::uint32_t> place_of_host = places_of_hosts(results, map);
  Json strategies = Json::array();
  for (std::size_t s = 0; s < results.strategies.size(); ++s)
    strategies.push_back(strategy_of(results, s, place_of_host));
  Json summary = Json::parse(summary_json(results)), manifest = Json::parse(manifest_json(results));
  // JavaScript's numbers are exact to 2^53 only.
  summary["seed"] = manifest["seed"] = std::to_string(results.manifest.seed);
  const Json data = {{"summary", std::move(summary)},          {"metrics", infos(results.metrics)},
                     {"series", infos(results.series)},        {"samples", results.samples},
                     {"sample_hours", results.sample_hours},   {"strategies", std::move(strategies)},
                     {"differences", differences_of(results)}, {"map", map_of(results, map, names)},
                     {"manifest", std::move(manifest)}};
  return without_less_than(data.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace trustfall
