#include "scenarios/validation_played.h"

#include <fmt/format.h>

#include <cmath>

#include "scenarios/reader.h"
#include "sim/study/study.h"

namespace trustfall {

std::string equal_hosts(std::uint32_t hosts) {
  return fmt::format(R"(  organisations:
    all:
      kind: company
      count: 1
      networks: {{flat: {{hosts: {0}, segment_size: {0}, devices: {{workstation: 100%}}}}}}
  systems: {{workstation: {{windows_7: 100%}}}}
)",
                     hosts);
}

PlayedStudy play_text(const std::string& scenario, std::uint32_t replicates, int threads) {
  Document document = read_scenario_text("validation.yaml", scenario);
  std::vector<InputFile> inputs;
  PlayedStudy played{build_experiment(document, files_beside("validation.yaml"), inputs), {}};
  StudyOptions options;
  options.replicates = replicates;
  options.threads = threads;
  options.traces = false;
  played.outcomes = run_study(player_maker(played.experiment), options, 0).outcomes;
  return played;
}

std::vector<double> totals(const PlayedStudy& played) {
  const auto last = static_cast<std::size_t>(played.experiment->model.horizon.time_since_epoch() /
                                             played.experiment->model.sample_every);
  std::vector<double> result;
  for (const Outcome& outcome : played.outcomes) result.push_back(outcome.series[last]);
  return result;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standard_error(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(sum / (n - 1) / n);
}

double standard_error(double chance, double plays) { return std::sqrt(chance * (1 - chance) / plays); }

}  // namespace trustfall
