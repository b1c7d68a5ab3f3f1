#include "cli/inspection.h"

#include <algorithm>
#include <limits>
#include <map>

#include "cli/progress.h"
#include "models/infection_tree.h"
#include "scenarios/inspection/reach.h"
#include "scenarios/inspection/spread.h"
#include "sim/study/study.h"

namespace trustfall {
namespace {

/// What one replicate shows.
struct Finding {
  std::vector<std::size_t> reach_of_segment;
  std::vector<std::size_t> reach_of_organisation;
  std::vector<double> carried;  // by segment
  double reproduction = 0;
  double within = 0;
  std::optional<double> critical;
  InfectionTree tree;
};

/// Plays a replicate and looks at the estate as that finds it.
class Inspector final : public Player {
 public:
  Inspector(std::shared_ptr<const Experiment> experiment, const ActiveTimes& times, std::vector<Finding>& findings)
      : experiment_(experiment), player_(player_maker(experiment)()), times_(times), findings_(findings) {}

  Outcome play(std::uint32_t replicate) override {
    Finding& finding = findings_[replicate];
    const Model& model = experiment_->model;
    const Openings openings(model, Draws(experiment_->seed, replicate));
    look_around(openings, finding);
    const Spread now = spread(model, openings, model.patching, times_, experiment_->seed, replicate);
    finding.reproduction = now.reproduction();
    finding.within = now.within;
    finding.carried = analytic::carriers(now.segments);
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
  const ActiveTimes& times_;
  std::vector<Finding>& findings_;
};

template <class T>
void add(const std::vector<T>& counts, double share, std::vector<double>& sums) {
  if (sums.size() < counts.size()) sums.resize(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) sums[i] += share * static_cast<double>(counts[i]);
}

/// Sums of segments over the parts that they belong to.
class Parts {
 public:
  void add(const std::string& name, std::size_t hosts, double reach, double carries) {
    const auto [found, fresh] = at_.try_emplace(name, parts_.size());
    if (fresh) parts_.push_back({name, 0, 0, 0}), segments_.push_back(0);
    Part& part = parts_[found->second];
    part.hosts += hosts, part.reach += reach, part.carries += carries, ++segments_[found->second];
  }
  std::vector<Part> take() {
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].reach /= static_cast<double>(segments_[i]);
    return std::move(parts_);
  }

 private:
  std::map<std::string, std::size_t> at_;
  std::vector<std::size_t> segments_;
  std::vector<Part> parts_;
};

void add_parts(const std::vector<double>& reach, const std::vector<double>& reach_of_organisation,
               const std::vector<double>& carried, const Prepared& prepared, Names names, Inspection& inspection) {
  const Estate& estate = prepared.experiment->estate;
  Parts networks;
  std::vector<double> carried_by(estate.organisations());
  const auto name_of_organisation = [&](OrganisationId id) {
    return label(prepared.results.organisations[index(id)], index(id), names);
  };
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Segment& segment = estate[SegmentId{s}];
    const std::string& network = estate.networks()[segment.network];
    const std::size_t hosts = index(estate.last_host(SegmentId{s})) - index(estate.first_host(SegmentId{s}));
    networks.add(estate.organisations() > 1 ? network + " of " + estate[segment.organisation].group : network, hosts,
                 reach[s], carried[s]);
    carried_by[index(segment.organisation)] += carried[s];
    inspection.reach += reach[s] * static_cast<double>(hosts) / static_cast<double>(estate.hosts());
    inspection.segments.push_back({"segment " + std::to_string(s + 1) + " (" + network + " of " +
                                       name_of_organisation(segment.organisation) + ")",
                                   hosts, reach[s], carried[s]});
  }
  inspection.networks = networks.take();
  for (std::uint32_t o = 0; o < estate.organisations(); ++o)
    inspection.organisations.push_back({name_of_organisation(OrganisationId{o}),
                                        estate.hosts_of(OrganisationId{o}), reach_of_organisation[o], carried_by[o]});
}

Inspection summed_up(const std::vector<Finding>& findings, const std::vector<std::uint32_t>& played,
                     const Prepared& prepared, Names names) {
  Inspection inspection;
  const double share = 1 / static_cast<double>(played.size());
  std::vector<double> reach, reach_of_organisation, carried;
  for (const std::uint32_t replicate : played) {
    const Finding& finding = findings[replicate];
    add(finding.reach_of_segment, share, reach);
    add(finding.reach_of_organisation, share, reach_of_organisation);
    add(finding.carried, share, carried);
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
  add_parts(reach, reach_of_organisation, carried, prepared, names, inspection);
  return inspection;
}

analytic::ChokePoints choke_points_of(const Estate& estate) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (const TrustEdge& edge : estate.trust_network().edges)
    edges.emplace_back(static_cast<std::uint32_t>(edge.from), static_cast<std::uint32_t>(edge.to));
  return analytic::choke_points(estate.organisations(), edges);
}

}  // namespace

std::optional<Inspection> inspect(const StudyRequest& request, const Prepared& prepared,
                                  const std::optional<Where>& protect) {
  const std::shared_ptr<const Experiment>& experiment = prepared.experiment;
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
    played = run_study([&] { return std::make_unique<Inspector>(experiment, times, findings); }, study, 0).replicates;
  }
  if (played.empty()) return std::nullopt;
  Inspection inspection = summed_up(findings, played, prepared, request.names());
  inspection.choke_points = choke_points_of(experiment->estate);
  if (protect) {
    inspection.closing = closing_rules(experiment->model, *protect);
    inspection.guarded = Selector(experiment->estate, *protect).hosts(experiment->estate).size();
  }
  return inspection;
}

}  // namespace trustfall
