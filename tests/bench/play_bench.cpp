// Plays of the shipped scenarios, one thread.
//
// Goals: at most 500 ns an infection, at most 0.15 s a play of the NHS (200 plays in 30 s on two cores leave 0.3).
// In one zone alone: at most 15 ms a play of Code Red v2; of a hundred million vulnerable hosts
// (`trustfall_play_bench large`, by hand) at most 20 s, in 2.5 GB with the estate. Diary: see docs/performance.md.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstring>
#include <filesystem>

#include "models/metrics.h"
#include "models/play.h"
#include "models/zone_play.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"

namespace {

using namespace trustfall;
using Settings = std::vector<std::string>;

std::shared_ptr<const Experiment> experiment_of(const std::string& name, Settings settings) {
  const std::string path = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/" + name;
  settings.emplace_back("study.seed=1");
  Document document = read_scenario(path, settings);
  std::vector<InputFile> inputs;
  return build_experiment(document, files_beside(path), inputs);
}

void count(benchmark::State& state, const Estate& estate, double infections, std::size_t bytes) {
  state.counters["infections/play"] = infections / static_cast<double>(state.iterations());
  state.counters["ns/infection"] =
      benchmark::Counter(infections * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes/host"] = static_cast<double>(bytes) / static_cast<double>(estate.hosts());
  state.counters["estate bytes/host"] = static_cast<double>(estate.bytes()) / static_cast<double>(estate.hosts());
}

void play_scenario(benchmark::State& state, const std::string& name) {
  const auto experiment = experiment_of(name, {});
  Play play(experiment->model, Draws(1, 0));
  std::uint32_t replicate = 0;
  double infections = 0;
  for (auto _ : state) {
    play.reset(Draws(1, replicate++));
    play.run();
    for (const Step& step : play.incident().steps()) infections += step.what == Transition::infected;
  }
  count(state, experiment->estate, infections, play.incident().bytes());
}

/// The same by the fast path, and how long the estate and the counting take.
void play_zone(benchmark::State& state, const std::string& name, const Settings& settings = {}) {
  const auto seconds_since = [](auto start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const auto start = std::chrono::steady_clock::now();
  const auto experiment = experiment_of(name, settings);
  state.counters["s to build"] = seconds_since(start);
  ZonePlay play(experiment->model);
  std::uint32_t replicate = 0;
  double infections = 0;
  for (auto _ : state) {
    play.play(Draws(1, replicate++));
    infections += static_cast<double>(play.wave().infected());
  }
  count(state, experiment->estate, infections, play.wave().bytes());
  const auto played = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(measure(play));
  state.counters["s to measure"] = seconds_since(played);
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  state.counters["most MB"] = static_cast<double>(used.ru_maxrss) / 1e3;
}

}  // namespace

BENCHMARK_CAPTURE(play_scenario, nhs_2017, "nhs-2017.yaml")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(play_scenario, district_hospital, "district-hospital.yaml")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(500);
BENCHMARK_CAPTURE(play_scenario, plain_si, "plain-si.yaml")->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK_CAPTURE(play_zone, plain_si, "plain-si.yaml")->Unit(benchmark::kMillisecond)->Iterations(2000);
BENCHMARK_CAPTURE(play_scenario, code_red_v2, "code-red-v2.yaml")->Unit(benchmark::kMillisecond)->Iterations(10);
BENCHMARK_CAPTURE(play_zone, code_red_v2, "code-red-v2.yaml")->Unit(benchmark::kMillisecond)->Iterations(100);

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "large") == 0) {
    benchmark::ClearRegisteredBenchmarks();
    const std::string servers = "estate.organisations.internet.networks.servers.";
    benchmark::RegisterBenchmark("hundred_million", play_zone, "code-red-v2.yaml",
                                 Settings{servers + "hosts=100000000", servers + "segment_size=100000000"})
        ->Unit(benchmark::kSecond)
        ->Iterations(1);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
