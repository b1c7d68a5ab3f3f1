#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/outcome.h"
#include "sim/engine/trace.h"

namespace trustfall {

/// A file that the scenario was read from, whole, so that a replay needs nothing else.
struct InputFile {
  std::string name;  // relative to the scenario
  std::string content;
};

/// What must be known to play the same study again.
struct Manifest {
  std::string scenario;  // its name
  std::string start;     // ISO 8601, with the offset of its time zone
  std::string time_zone;
  std::uint64_t seed = 0;
  std::uint32_t replicates = 0;  // asked for; fewer are kept after an interruption
  std::string version;
  std::string engine;  // changes whenever the same seed would play another incident
  std::string compiler;
  std::vector<std::string> settings;  // `path=value` of the command line, in the order in which they were applied
};

/// An organisation as the results name it.
struct OrganisationInfo {
  std::string code;
  std::string name;
  std::string kind;
  std::string group;
  std::string type;
  std::string region;
  double latitude = 0;
  double longitude = 0;
  std::uint32_t hosts = 0;
};

/// A number that every replicate yields, or a curve of the time series.
struct MetricInfo {
  std::string name;
  std::string unit;
  std::string meaning;
};

/// The events of one replicate, kept for pages and packs.
struct KeptTrace {
  std::uint32_t replicate;
  double percentile;  // by hosts_infected; 0.05 to 0.95
  Trace trace;
};

struct StrategyResults {
  std::string name;
  std::vector<std::uint32_t> replicates;  // numbers of those played, ascending
  std::vector<Outcome> outcomes;          // of each of them
  std::vector<KeptTrace> traces;
};

/// A finished study: plain data.
struct Results {
  Manifest manifest;
  std::string scenario;  // the resolved scenario, serialised
  std::vector<InputFile> inputs;
  std::uint64_t hosts = 0;
  std::vector<OrganisationInfo> organisations;
  std::vector<MetricInfo> metrics;
  std::vector<MetricInfo> series;
  std::uint32_t samples = 0;  // of each curve
  double sample_hours = 0;    // between two samples
  std::vector<StrategyResults> strategies;
};

}  // namespace trustfall
