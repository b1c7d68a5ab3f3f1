#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/outcome.h"
#include "sim/engine/trace.h"

namespace trustfall {

/// A file that the scenario was read from: whole, so that a replay needs nothing else, unless it is too large for
/// that.
struct InputFile {
  std::string name;         // relative to the scenario
  std::string content;      // empty where the file is not kept whole
  std::uint64_t bytes = 0;  // of a file that is not kept whole
  std::string digest = {};  // likewise: its SHA-256 in hexadecimal

  bool whole() const { return digest.empty(); }
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
  Better better = Better::neither;
};

/// A subnet: a slice of the hosts, which are ordered by segment.
struct SegmentInfo {
  std::uint32_t organisation;  // index in Results::organisations, ascending
  std::uint32_t site;          // index in Results::sites, ascending
  std::uint32_t network;       // index in Results::networks
  std::uint32_t hosts;
};

/// An edge of the trust network: two organisations that a connection of the scenario joins.
struct OrganisationLink {
  std::uint32_t from, to;  // indices in Results::organisations
  std::string connection;
};

/// Infected hosts above which the events of a replicate are not kept: each host has several, of 32 bytes.
constexpr std::uint32_t most_hosts_traced = 2000000;

/// The events of one replicate, kept for pages and packs.
struct KeptTrace {
  std::uint32_t replicate;
  double percentile;  // by hosts_infected; 0.05 to 0.95
  Trace trace;
  bool left_out = false;  // more hosts were infected than that: it is empty
};

struct StrategyResults {
  std::string name;
  std::string scenario;                   // resolved, with what the strategy changes, serialised
  std::vector<std::uint32_t> replicates;  // numbers of those played, ascending
  std::vector<Outcome> outcomes;          // of each of them
  std::vector<KeptTrace> traces;
};

/// A finished study: plain data.
struct Results {
  Manifest manifest;
  std::string scenario;  // resolved, before any strategy, serialised
  std::vector<InputFile> inputs;
  std::uint64_t hosts = 0;
  std::vector<OrganisationInfo> organisations;
  std::vector<std::string> sites;     // names, of all organisations
  std::vector<std::string> networks;  // names
  std::vector<SegmentInfo> segments;
  std::vector<OrganisationLink> links;
  std::vector<MetricInfo> metrics;
  std::vector<MetricInfo> series;
  std::uint32_t samples = 0;  // of each curve
  double sample_hours = 0;    // between two samples
  std::vector<StrategyResults> strategies;
};

}  // namespace trustfall
