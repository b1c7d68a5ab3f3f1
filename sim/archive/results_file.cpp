#include "sim/archive/results_file.h"

#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/base/error.h"
#include "sim/schema/results.pb.h"

namespace trustfall {
namespace {

constexpr char format[] = "trustfall-results-1";

void write(const Manifest& from, schema::Manifest& to) {
  to.set_scenario(from.scenario);
  to.set_start(from.start);
  to.set_time_zone(from.time_zone);
  to.set_seed(from.seed);
  to.set_replicates(from.replicates);
  to.set_version(from.version);
  to.set_engine(from.engine);
  to.set_compiler(from.compiler);
  to.mutable_settings()->Assign(from.settings.begin(), from.settings.end());
}

Manifest read(const schema::Manifest& from) {
  return {from.scenario(), from.start(),      from.time_zone(),
          from.seed(),     from.replicates(), from.version(),
          from.engine(),   from.compiler(),   {from.settings().begin(), from.settings().end()}};
}

void write(const InputFile& from, schema::InputFile& to) {
  to.set_name(from.name);
  if (from.whole()) return to.set_content(from.content);
  to.set_bytes(from.bytes);
  to.set_sha256(from.digest);
}

void write(const OrganisationInfo& from, schema::Organisation& to) {
  to.set_code(from.code);
  to.set_name(from.name);
  to.set_kind(from.kind);
  to.set_group(from.group);
  to.set_type(from.type);
  to.set_region(from.region);
  to.set_latitude(from.latitude);
  to.set_longitude(from.longitude);
  to.set_hosts(from.hosts);
}

OrganisationInfo read(const schema::Organisation& from) {
  return {from.code(),   from.name(),     from.kind(),      from.group(), from.type(),
          from.region(), from.latitude(), from.longitude(), from.hosts()};
}

void write(const MetricInfo& from, schema::Metric& to) {
  to.set_name(from.name);
  to.set_unit(from.unit);
  to.set_meaning(from.meaning);
  to.set_better(static_cast<std::uint32_t>(from.better));
}

MetricInfo read(const schema::Metric& from) {
  const bool known = from.better() <= static_cast<std::uint32_t>(Better::higher);
  return {from.name(), from.unit(), from.meaning(), known ? static_cast<Better>(from.better()) : Better::neither};
}

void write_network(const Results& from, schema::Results& to) {
  to.mutable_sites()->Assign(from.sites.begin(), from.sites.end());
  to.mutable_networks()->Assign(from.networks.begin(), from.networks.end());
  schema::Segments& segments = *to.mutable_segments();
  for (const SegmentInfo& segment : from.segments) {
    segments.add_organisations(segment.organisation);
    segments.add_sites(segment.site);
    segments.add_networks(segment.network);
    segments.add_hosts(segment.hosts);
  }
  for (const OrganisationLink& link : from.links) {
    schema::Link& one = *to.add_links();
    one.set_from(link.from);
    one.set_to(link.to);
    one.set_connection(link.connection);
  }
}

void read_network(const schema::Results& from, Results& to) {
  to.sites.assign(from.sites().begin(), from.sites().end());
  to.networks.assign(from.networks().begin(), from.networks().end());
  const schema::Segments& segments = from.segments();
  for (int i = 0; i < segments.hosts_size(); ++i)
    to.segments.push_back({segments.organisations(i), segments.sites(i), segments.networks(i), segments.hosts(i)});
  for (const schema::Link& link : from.links()) to.links.push_back({link.from(), link.to(), link.connection()});
}

void write(std::uint32_t replicate, const Outcome& from, schema::Outcome& to) {
  to.set_replicate(replicate);
  to.mutable_metrics()->Add(from.metrics.begin(), from.metrics.end());
  std::uint32_t before = 0;
  for (const std::uint32_t value : from.series) {
    to.add_series_steps(value - before);
    before = value;
  }
  before = 0;
  for (const OrganisationOutcome& o : from.organisations) {
    to.add_organisations(static_cast<std::uint32_t>(o.organisation) - before);
    before = static_cast<std::uint32_t>(o.organisation);
    to.add_infected(o.infected);
    to.add_encrypted(o.encrypted);
  }
}

Outcome read(const schema::Outcome& from) {
  Outcome outcome;
  outcome.metrics.assign(from.metrics().begin(), from.metrics().end());
  std::uint32_t value = 0;
  for (const std::uint32_t step : from.series_steps()) outcome.series.push_back(value += step);
  value = 0;
  for (int i = 0; i < from.organisations_size(); ++i)
    outcome.organisations.push_back(
        {OrganisationId{value += from.organisations(i)}, from.infected(i), from.encrypted(i)});
  return outcome;
}

// Sources and zones are stored plus one, so that "none" (all bits set) is 0.
void write(const KeptTrace& from, schema::Trace& to) {
  to.set_replicate(from.replicate);
  to.set_percentile(from.percentile);
  if (from.left_out) to.set_left_out(true);
  Instant time{};
  std::int64_t host = 0;
  for (const Step& step : from.trace) {
    to.add_time_steps((step.time - time).count());
    to.add_kinds(static_cast<std::uint32_t>(step.what));
    to.add_host_steps(static_cast<std::int64_t>(step.host) - host);
    to.add_sources(static_cast<std::uint32_t>(step.source) + 1);
    to.add_zones(static_cast<std::uint32_t>(step.zone) + 1);
    to.add_details(step.detail);
    time = step.time;
    host = static_cast<std::int64_t>(step.host);
  }
}

KeptTrace read(const schema::Trace& from) {
  KeptTrace kept{from.replicate(), from.percentile(), {}, from.left_out()};
  Instant time{};
  std::int64_t host = 0;
  for (int i = 0; i < from.time_steps_size(); ++i) {
    time += Duration(from.time_steps(i));
    host += from.host_steps(i);
    kept.trace.push_back({time, from.details(i), HostId{static_cast<std::uint32_t>(host)},
                          HostId{from.sources(i) - 1}, ZoneId{from.zones(i) - 1},
                          static_cast<Transition>(from.kinds(i))});
  }
  return kept;
}

/// Whether the segments name organisations, sites and networks that there are, in order, and hold all hosts.
bool sound_network(const schema::Results& message) {
  const schema::Segments& segments = message.segments();
  const int n = segments.hosts_size();
  if (segments.organisations_size() != n || segments.sites_size() != n || segments.networks_size() != n) return false;
  std::uint64_t hosts = 0;
  for (int i = 0; i < n; ++i) {
    hosts += segments.hosts(i);
    if (segments.organisations(i) >= static_cast<std::uint32_t>(message.organisations_size())) return false;
    if (segments.sites(i) >= static_cast<std::uint32_t>(message.sites_size())) return false;
    if (segments.networks(i) >= static_cast<std::uint32_t>(message.networks_size())) return false;
    if (i > 0 && segments.organisations(i) < segments.organisations(i - 1)) return false;
    if (i > 0 && segments.sites(i) < segments.sites(i - 1)) return false;
  }
  for (const schema::Link& link : message.links())
    if (std::max(link.from(), link.to()) >= static_cast<std::uint32_t>(message.organisations_size())) return false;
  return hosts == message.hosts();
}

/// Whether every step of a trace is of a host that there is, in order of time.
bool sound(const schema::Trace& trace, std::uint64_t hosts) {
  std::int64_t host = 0;
  for (const std::int64_t step : trace.host_steps()) {
    if (step < -std::int64_t{1} << 32 || step > std::int64_t{1} << 32) return false;
    host += step;
    if (host < 0 || static_cast<std::uint64_t>(host) >= hosts) return false;
  }
  for (const std::uint32_t source : trace.sources())
    if (source > hosts) return false;
  std::int64_t time = 0;
  for (const std::int64_t step : trace.time_steps()) {
    if (step < 0 || step > forever.count() || time > forever.count()) return false;
    time += step;
  }
  return true;
}

/// Whether every column of every trace and outcome has its rows, so that read() may index them.
bool sound(const schema::Results& message) {
  if (!sound_network(message)) return false;
  for (const auto& strategy : message.strategies()) {
    for (const auto& trace : strategy.traces()) {
      const int n = trace.time_steps_size();
      for (const int other : {trace.kinds_size(), trace.host_steps_size(), trace.sources_size(), trace.zones_size(),
                              trace.details_size()})
        if (other != n) return false;
      if (!sound(trace, message.hosts())) return false;
      for (const std::uint32_t kind : trace.kinds())
        if (kind >= transitions) return false;
    }
    for (const auto& outcome : strategy.outcomes()) {
      if (outcome.metrics_size() != message.metrics_size()) return false;
      if (static_cast<std::uint64_t>(outcome.series_steps_size()) !=
          std::uint64_t{message.samples()} * static_cast<std::uint64_t>(message.series_size()))
        return false;
      if (outcome.infected_size() != outcome.organisations_size()) return false;
      if (outcome.encrypted_size() != outcome.organisations_size()) return false;
      std::uint64_t organisation = 0;
      for (const std::uint32_t step : outcome.organisations())
        if ((organisation += step) >= static_cast<std::uint64_t>(message.organisations_size())) return false;
    }
  }
  return message.format() == format;
}

/// What is in a gzip file. Unlike the stream of Protocol Buffers it knows when the end is missing.
class Unzipped final : public google::protobuf::io::CopyingInputStream {
 public:
  explicit Unzipped(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {
    if (file_ == nullptr) throw FileError(path + ": cannot be read");
  }
  ~Unzipped() override { gzclose_r(file_); }
  Unzipped(const Unzipped&) = delete;
  Unzipped& operator=(const Unzipped&) = delete;

  int Read(void* buffer, int size) override { return gzread(file_, buffer, static_cast<unsigned>(size)); }
  /// Whether all of it was there, once it has been read.
  bool whole() const {
    int error = Z_OK;
    gzerror(file_, &error);
    return error == Z_OK && gzeof(file_) != 0 && gzdirect(file_) == 0;
  }

 private:
  gzFile file_;
};

}  // namespace

void save_results(const Results& results, const std::string& path) {
  schema::Results message;
  message.set_format(format);
  write(results.manifest, *message.mutable_manifest());
  message.mutable_scenario()->ParseFromString(results.scenario);
  for (const InputFile& input : results.inputs) write(input, *message.add_inputs());
  message.set_hosts(results.hosts);
  for (const auto& organisation : results.organisations) write(organisation, *message.add_organisations());
  for (const auto& metric : results.metrics) write(metric, *message.add_metrics());
  for (const auto& curve : results.series) write(curve, *message.add_series());
  write_network(results, message);
  message.set_samples(results.samples);
  message.set_sample_hours(results.sample_hours);
  for (const auto& strategy : results.strategies) {
    schema::StrategyResults& to = *message.add_strategies();
    to.set_name(strategy.name);
    to.mutable_scenario()->ParseFromString(strategy.scenario);
    for (std::size_t i = 0; i < strategy.outcomes.size(); ++i)
      write(strategy.replicates[i], strategy.outcomes[i], *to.add_outcomes());
    for (const auto& trace : strategy.traces) write(trace, *to.add_traces());
  }

  const std::string unfinished = path + ".part";
  {
    std::ofstream out(unfinished, std::ios::binary);
    google::protobuf::io::OstreamOutputStream raw(&out);
    google::protobuf::io::GzipOutputStream::Options options;
    options.compression_level = 1;
    google::protobuf::io::GzipOutputStream zipped(&raw, options);
    const bool written = message.SerializeToZeroCopyStream(&zipped) && zipped.Close();
    out.flush();
    if (!written || !out) throw FileError(unfinished + ": cannot be written");
  }
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (error) throw FileError(path + ": " + error.message());
}

Results load_results(const std::string& path) {
  Unzipped unzipped(path);
  google::protobuf::io::CopyingInputStreamAdaptor stream(&unzipped);
  schema::Results message;
  const bool read_whole = message.ParseFromZeroCopyStream(&stream) && unzipped.whole();
  if (!read_whole || !sound(message))
    throw InputError({{path, {}, Severity::error, "is not a results file, or it is damaged", {}, {}}});

  Results results;
  results.manifest = read(message.manifest());
  message.scenario().SerializeToString(&results.scenario);
  for (const auto& input : message.inputs())
    results.inputs.push_back({input.name(), input.content(), input.bytes(), input.sha256()});
  results.hosts = message.hosts();
  for (const auto& organisation : message.organisations()) results.organisations.push_back(read(organisation));
  for (const auto& metric : message.metrics()) results.metrics.push_back(read(metric));
  for (const auto& curve : message.series()) results.series.push_back(read(curve));
  read_network(message, results);
  results.samples = message.samples();
  results.sample_hours = message.sample_hours();
  for (const auto& strategy : message.strategies()) {
    StrategyResults& to = results.strategies.emplace_back();
    to.name = strategy.name();
    strategy.scenario().SerializeToString(&to.scenario);
    for (const auto& outcome : strategy.outcomes()) {
      to.replicates.push_back(outcome.replicate());
      to.outcomes.push_back(read(outcome));
    }
    for (const auto& trace : strategy.traces()) to.traces.push_back(read(trace));
  }
  return results;
}

}  // namespace trustfall
