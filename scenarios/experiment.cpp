#include "scenarios/experiment.h"

#include <cassert>

#include "models/link_play.h"
#include "models/metrics.h"
#include "models/play.h"
#include "models/zone_play.h"
#include "scenarios/estate_plan.h"
#include "scenarios/lower.h"
#include "sim/base/version.h"

namespace trustfall {
namespace {

class ReplicatePlayer final : public Player {
 public:
  ReplicatePlayer(std::shared_ptr<const Experiment> experiment, const MakeOutcome& count)
      : experiment_(std::move(experiment)), count_(count), play_(experiment_->model, Draws(experiment_->seed, 0)) {}

  Outcome play(std::uint32_t replicate) override {
    play_.reset(Draws(experiment_->seed, replicate));
    play_.run();
    assert(play_.consistent());
    return count_(play_);
  }
  Trace trace() const override { return play_.trace(); }

 private:
  std::shared_ptr<const Experiment> experiment_;
  MakeOutcome count_;
  Play play_;
};

/// The same for a model whose worm spreads over links alone.
class LinkPlayer final : public Player {
 public:
  LinkPlayer(std::shared_ptr<const Experiment> experiment, const MakeOutcome& count)
      : experiment_(std::move(experiment)), count_(count), play_(experiment_->model) {}

  Outcome play(std::uint32_t replicate) override {
    play_.play(Draws(experiment_->seed, replicate));
    return count_(play_);
  }
  Trace trace() const override { return play_.trace(); }

 private:
  std::shared_ptr<const Experiment> experiment_;
  MakeOutcome count_;
  LinkPlay play_;
};

/// The same for a model whose worm scans one zone alone. It counts without sources; a trace, of which few are asked
/// for, is played once more in full.
class ZonePlayer final : public Player {
 public:
  ZonePlayer(std::shared_ptr<const Experiment> experiment, const MakeOutcome& count)
      : experiment_(std::move(experiment)), count_(count), play_(experiment_->model) {}

  Outcome play(std::uint32_t replicate) override {
    replicate_ = replicate;
    play_.play(Draws(experiment_->seed, replicate));
    return count_(play_);
  }
  Trace trace() const override {
    Play play(experiment_->model, Draws(experiment_->seed, replicate_));
    play.run();
    return play.trace();
  }

 private:
  std::shared_ptr<const Experiment> experiment_;
  MakeOutcome count_;
  ZonePlay play_;
  std::uint32_t replicate_ = 0;
};

std::vector<MetricInfo> infos(const std::vector<Metric>& metrics) {
  std::vector<MetricInfo> infos;
  for (const Metric& metric : metrics)
    infos.push_back({std::string(metric.name), std::string(metric.unit), std::string(metric.meaning), metric.better});
  return infos;
}

}  // namespace

std::shared_ptr<const Experiment> build_experiment(Document& document, const ReadFile& read_file,
                                                   std::vector<InputFile>& inputs, const Experiment* like) {
  throw_if_mistaken(document);
  std::string section;
  document.scenario.estate().SerializeToString(&section);
  std::shared_ptr<const Estate> estate;
  if (like != nullptr && like->estate_section == section) estate = like->shared;
  if (estate == nullptr) estate = std::make_shared<const Estate>(build_estate(document, read_file, inputs));
  throw_if_mistaken(document);
  auto experiment = std::make_shared<Experiment>(std::move(estate));
  experiment->estate_section = std::move(section);
  experiment->model = lower(document, experiment->estate);
  throw_if_mistaken(document);
  experiment->told = like != nullptr ? like->told : told(experiment->model);
  experiment->seed = document.scenario.study().seed();
  experiment->replicates = document.scenario.study().replicates();
  return experiment;
}

MakePlayer player_maker(std::shared_ptr<const Experiment> experiment) {
  const Told told = experiment->told;
  return player_maker(std::move(experiment), [told](const Played& play) { return measure(play, told); });
}

MakePlayer player_maker(std::shared_ptr<const Experiment> experiment, MakeOutcome count) {
  const bool links_alone = spreads_over_links_alone(experiment->model);
  const bool one_zone = spreads_in_one_zone(experiment->model);
  return [experiment = std::move(experiment), count = std::move(count), links_alone,
          one_zone]() -> std::unique_ptr<Player> {
    if (links_alone) return std::make_unique<LinkPlayer>(experiment, count);
    if (one_zone) return std::make_unique<ZonePlayer>(experiment, count);
    return std::make_unique<ReplicatePlayer>(experiment, count);
  };
}

std::string played_scenario(const Document& document) {
  schema::Scenario scenario = document.scenario;
  scenario.clear_strategies();
  scenario.clear_sweep();
  return scenario.SerializeAsString();
}

Results describe_results(const Experiment& experiment, const Document& document, std::vector<InputFile> inputs) {
  const schema::Scenario& scenario = document.scenario;
  Results results;
  results.manifest = {scenario.name(),       scenario.start(),     scenario.time_zone(),        experiment.seed,
                      experiment.replicates, std::string(version), std::string(engine_version), compiler(),
                      document.settings};
  scenario.SerializeToString(&results.scenario);
  results.inputs = std::move(inputs);
  const Estate& estate = experiment.estate;
  results.hosts = estate.hosts();
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    const Organisation& of = estate[OrganisationId{o}];
    results.organisations.push_back({of.code, of.name, std::string(name_of(of.kind)), of.group, of.type, of.region,
                                     of.latitude, of.longitude,
                                     static_cast<std::uint32_t>(estate.hosts_of(OrganisationId{o}))});
  }
  for (std::uint32_t s = 0; s < estate.sites(); ++s) results.sites.push_back(estate[SiteId{s}].name);
  results.networks = estate.networks();
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const SegmentId id{s};
    const Segment& segment = estate[id];
    results.segments.push_back(
        {static_cast<std::uint32_t>(segment.organisation), static_cast<std::uint32_t>(segment.site), segment.network,
         static_cast<std::uint32_t>(estate.last_host(id)) - static_cast<std::uint32_t>(estate.first_host(id))});
  }
  const TrustNetwork& network = estate.trust_network();
  for (const TrustEdge& edge : network.edges)
    results.links.push_back({static_cast<std::uint32_t>(edge.from), static_cast<std::uint32_t>(edge.to),
                             network.connections[edge.connection]});
  results.metrics = infos(metrics(experiment.told));
  results.series = infos(series(experiment.told));
  results.samples = static_cast<std::uint32_t>(samples(experiment.model));
  results.sample_hours = to_hours(experiment.model.sample_every);
  return results;
}

}  // namespace trustfall
