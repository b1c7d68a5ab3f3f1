#include "cli/inspection.h"

#include <algorithm>
#include <limits>
#include <map>

#include "cli/progress.h"
#include "models/infection_tree.h"
#include "scenarios/inspection/reach.h"
#include "scenarios/inspection/spread.h"
#include "scenarios/inspection/trust.h"
#include "sim/study/study.h"

namespace trustfall {
namespace {

/// Networks of the groups of organisations, and which of them each segment is.
struct Networks {
  explicit Networks(const Estate& estate) {
    std::map<std::string, std::size_t> known;
    for (std::uint32_t s = 0; s < estate.segments(); ++s) {
      const Segment& segment = estate[SegmentId{s}];
      const std::string& network = estate.networks()[segment.network];
      const std::string name =
          estate.organisations() > 1 ? network + " of " + estate[segment.organisation].group : network;
      const auto [found, fresh] = known.try_emplace(name, names.size());
      if (fresh) names.push_back(name), segments.push_back(0);
      of_segment.push_back(found->second);
      ++segments[found->second];
    }
  }
  std::vector<std::string> names;
  std::vector<double> segments;  // how many
  std::vector<std::size_t> of_segment;
};

/// What one replicate shows.
struct Finding {
  std::vector<double> reach_of_segment;
  std::vector<std::size_t> reach_of_organisation;
  std::vector<double> carried;  // by segment
  double reproduction = 0;
  double within = 0;
  std::optional<double> critical;
  std::vector<std::vector<double>> between_networks;
  InfectionTree tree;
};

/// What the outbreak of a segment of each network begins in each, on average over its segments.
std::vector<std::vector<double>> between(const Networks& networks, const analytic::NextGeneration& matrix) {
  std::vector<std::vector<double>> means(networks.names.size(), std::vector<double>(networks.names.size()));
  std::vector<double> there(matrix.segments());
  std::vector<double> begun(matrix.segments());
  for (std::size_t to = 0; to < networks.names.size(); ++to) {
    for (std::size_t s = 0; s < there.size(); ++s) there[s] = networks.of_segment[s] == to ? 1 : 0;
    matrix.apply(there.data(), begun.data());
    for (std::size_t s = 0; s < there.size(); ++s) {
      const std::size_t from = networks.of_segment[s];
      means[from][to] += begun[s] / networks.segments[from];
    }
  }
  return means;
}

/// Plays a replicate and looks at the estate as that finds it.
class Inspector final : public Player {
 public:
  Inspector(std::shared_ptr<const Experiment> experiment, const Networks& networks, const ActiveTimes& times,
            std::vector<Finding>& findings)
      : experiment_(experiment),
        player_(player_maker(experiment)()),
        networks_(networks),
        times_(times),
        findings_(findings) {}

  Outcome play(std::uint32_t replicate) override {
    Finding& finding = findings_[replicate];
    const Model& model = experiment_->model;
    const Openings openings(model, Draws(experiment_->seed, replicate));
    look_around(openings, finding);
    const Spread now = spread(model, openings, model.patching, times_, experiment_->seed, replicate);
    finding.reproduction = now.reproduction();
    finding.within = now.within;
    finding.carried = analytic::carriers(now.segments);
    finding.between_networks = between(networks_, now.segments);
    finding.critical = critical_coverage(model, openings, times_, experiment_->seed, replicate);
    Outcome outcome = player_->play(replicate);
    finding.tree = infection_tree(player_->trace(), experiment_->estate);
    return outcome;
  }
  Trace trace() const override { return player_->trace(); }

 private:
  void look_around(const Openings& openings, Finding& finding) const {
    const Estate& estate = experiment_->estate;
    Reach reach(experiment_->model, openings);
    for (std::uint32_t s = 0; s < estate.segments(); ++s)
      finding.reach_of_segment.push_back(reach.from(SegmentId{s}));
    for (std::uint32_t o = 0; o < estate.organisations(); ++o)
      finding.reach_of_organisation.push_back(reach.from(OrganisationId{o}));
  }

  std::shared_ptr<const Experiment> experiment_;
  std::unique_ptr<Player> player_;
  const Networks& networks_;
  const ActiveTimes& times_;
  std::vector<Finding>& findings_;
};

template <class T>
void add(const std::vector<T>& counts, double share, std::vector<double>& sums) {
  if (sums.size() < counts.size()) sums.resize(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) sums[i] += share * static_cast<double>(counts[i]);
}

/// Means over the replicates.
struct Means {
  std::vector<double> reach, reach_of_organisation, carried;
};

void add_parts(const Means& means, const Networks& networks, const Prepared& prepared, Names names,
               Inspection& inspection) {
  const Estate& estate = prepared.experiment->estate;
  for (std::uint32_t o = 0; o < estate.organisations(); ++o)
    inspection.organisations.push_back({label(prepared.results.organisations[o], o, names),
                                        estate.hosts_of(OrganisationId{o}), means.reach_of_organisation[o], 0});
  for (const std::string& name : networks.names) inspection.networks.push_back({name, 0, 0, 0});
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Segment& segment = estate[SegmentId{s}];
    const std::size_t hosts = index(estate.last_host(SegmentId{s})) - index(estate.first_host(SegmentId{s}));
    const std::size_t n = networks.of_segment[s];
    Part& network = inspection.networks[n];
    Part& organisation = inspection.organisations[index(segment.organisation)];
    network.hosts += hosts;
    network.reach += means.reach[s] / networks.segments[n];
    network.carries += means.carried[s];
    organisation.carries += means.carried[s];
    inspection.reach += means.reach[s] * static_cast<double>(hosts) / static_cast<double>(estate.hosts());
    inspection.segments.push_back({"segment " + std::to_string(s + 1) + " (" + estate.networks()[segment.network] +
                                       " of " + organisation.name + ")",
                                   hosts, means.reach[s], means.carried[s]});
  }
}

Inspection summed_up(const std::vector<Finding>& findings, const std::vector<std::uint32_t>& played,
                     const Networks& networks, const Prepared& prepared, Names names) {
  Inspection inspection;
  const double share = 1 / static_cast<double>(played.size());
  Means means;
  inspection.between_networks.resize(networks.names.size());
  for (const std::uint32_t replicate : played) {
    const Finding& finding = findings[replicate];
    add(finding.reach_of_segment, share, means.reach);
    add(finding.reach_of_organisation, share, means.reach_of_organisation);
    add(finding.carried, share, means.carried);
    for (std::size_t n = 0; n < networks.names.size(); ++n)
      add(finding.between_networks[n], share, inspection.between_networks[n]);
    inspection.within += share * finding.within;
    inspection.reproduction.push_back(finding.reproduction);
    inspection.critical.push_back(finding.critical.value_or(std::numeric_limits<double>::infinity()));
    add(finding.tree.hosts, 1, inspection.hosts);
    add(finding.tree.segments, 1, inspection.segments_by_generation);
    for (std::size_t from = 0; from <= tiers; ++from)
      for (std::size_t to = 0; to < tiers; ++to)
        inspection.by_tier[from][to] += static_cast<double>(finding.tree.by_tier[from][to]);
  }
  std::sort(inspection.reproduction.begin(), inspection.reproduction.end());
  std::sort(inspection.critical.begin(), inspection.critical.end());
  add_parts(means, networks, prepared, names, inspection);
  return inspection;
}

}  // namespace

std::optional<Inspection> inspect(const StudyRequest& request, const Prepared& prepared,
                                  const std::optional<Where>& protect) {
  const std::shared_ptr<const Experiment>& experiment = prepared.experiment;
  const Networks networks(experiment->estate);
  const ActiveTimes times(experiment->model);
  std::vector<Finding> findings(experiment->replicates);
  StudyOptions study;
  study.replicates = experiment->replicates;
  study.threads = request.threads;
  study.traces = false;
  study.stop = &stop_on_interrupt();
  std::vector<std::uint32_t> played;
  {
    Progress progress(!request.quiet && !request.json);
    study.progress = [&](std::uint32_t finished, std::uint32_t of) { progress.show(finished, of); };
    const auto inspector = [&] { return std::make_unique<Inspector>(experiment, networks, times, findings); };
    played = run_study(inspector, study, 0).replicates;
  }
  if (played.empty()) return std::nullopt;
  Inspection inspection = summed_up(findings, played, networks, prepared, request.names());
  inspection.choke_points = choke_points_of_trust(experiment->model);
  if (protect) {
    inspection.closing = closing_rules(experiment->model, *protect);
    inspection.guarded = Selector(experiment->estate, *protect).hosts(experiment->estate).size();
  }
  return inspection;
}

}  // namespace trustfall
