// Plays of the shipped scenarios, one thread.
//
// Goals: at most 500 ns an infection, at most 0.15 s a play of the NHS (200 plays in 30 s on two cores leave 0.3).
// Diary: see docs/performance.md.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "models/metrics.h"
#include "models/play.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"

namespace {

using namespace trustfall;

void play_scenario(benchmark::State& state, const std::string& name) {
  const std::string path = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/" + name;
  Document document = read_scenario(path, {"study.seed=1"});
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path), inputs);
  Play play(experiment->model, Draws(1, 0));
  std::uint32_t replicate = 0;
  double infections = 0;
  for (auto _ : state) {
    play.reset(Draws(1, replicate++));
    play.run();
    for (const Step& step : play.incident().steps()) infections += step.what == Transition::infected;
  }
  state.counters["infections/play"] = infections / static_cast<double>(state.iterations());
  state.counters["ns/infection"] =
      benchmark::Counter(infections * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes/host"] =
      static_cast<double>(play.incident().bytes()) / static_cast<double>(experiment->estate.hosts());
  state.counters["estate bytes/host"] =
      static_cast<double>(experiment->estate.bytes()) / static_cast<double>(experiment->estate.hosts());
}

}  // namespace

BENCHMARK_CAPTURE(play_scenario, nhs_2017, "nhs-2017.yaml")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(play_scenario, district_hospital, "district-hospital.yaml")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(500);
BENCHMARK_CAPTURE(play_scenario, plain_si, "plain-si.yaml")->Unit(benchmark::kMillisecond)->Iterations(200);

BENCHMARK_MAIN();
