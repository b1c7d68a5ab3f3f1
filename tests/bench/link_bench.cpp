// SIR over explicit contacts, Barabási-Albert m = 5, one thread; see contacts.h.
//
// Goals: with controls at most 1.67 times the time an infection without; 10 million hosts at most 1.6 times the time
// an infection of 1 million, and 16 bytes a host and link; Boost's rows within 5 % of plain ones. Beside other
// programs: tests/bench/beside_peers. Diary: see docs/performance.md.
#include <benchmark/benchmark.h>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "tests/bench/contacts.h"

namespace {

using namespace trustfall;

void play(benchmark::State& state, bool controls, bool shuffled) {
  EdgeList graph = topology::barabasi_albert(static_cast<std::uint32_t>(state.range(0)), 5, 1);
  const double parts = static_cast<double>(graph.vertices + graph.edges.size());
  if (shuffled) bench::shuffle(graph, 1);
  const auto contacts = bench::contacts_of(std::move(graph));
  if (controls) bench::add_controls(*contacts);
  LinkPlay play(contacts->model);
  std::uint32_t replicate = 0;
  double infections = 0;
  for (auto _ : state) {
    play.play(Draws(1, replicate++));
    infections += static_cast<double>(play.wave().infected());
  }
  state.counters["infections/play"] = infections / static_cast<double>(state.iterations());
  state.counters["ns/infection"] =
      benchmark::Counter(infections * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes/host+link"] =
      static_cast<double>(play.wave().bytes() + contacts->estate.links_of(ZoneId{0})->bytes()) / parts;
}

void sir(benchmark::State& state) { play(state, false, false); }
void sir_shuffled(benchmark::State& state) { play(state, false, true); }
void sir_with_controls(benchmark::State& state) { play(state, true, false); }

/// Reads every row once, in an order that no cache foresees.
template <class Row>
void read_rows(benchmark::State& state, std::uint32_t hosts, const Row& row) {
  std::uint64_t sum = 0;
  for (auto _ : state)
    for (std::uint32_t i = 0; i < hosts; ++i) sum += row(static_cast<std::uint32_t>(i * 2654435761ull % hosts));
  benchmark::DoNotOptimize(sum);
}

constexpr std::uint32_t many = 1000000;

void rows_of_boost(benchmark::State& state) {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                   boost::no_property, std::uint32_t, std::uint64_t>;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> arcs;
  for (const Edge& edge : topology::barabasi_albert(many, 5, 1).edges) {
    arcs.emplace_back(edge.from, edge.to);
    arcs.emplace_back(edge.to, edge.from);
  }
  const Graph graph(boost::edges_are_unsorted_multi_pass, arcs.begin(), arcs.end(), many);
  read_rows(state, many, [&](std::uint32_t host) {
    std::uint64_t sum = 0;
    for (auto [to, end] = adjacent_vertices(host, graph); to != end; ++to) sum += *to;
    return sum;
  });
}

void rows_of_links(benchmark::State& state) {
  const Links links(topology::barabasi_albert(many, 5, 1));
  read_rows(state, many, [&](std::uint32_t host) {
    std::uint64_t sum = 0;
    for (const std::uint32_t to : links.row(HostId{host})) sum += to;
    return sum;
  });
}

}  // namespace

BENCHMARK(sir)->Unit(benchmark::kMillisecond)->Arg(5000)->Arg(100000)->Arg(1000000)->Arg(10000000);
BENCHMARK(sir_shuffled)->Unit(benchmark::kMillisecond)->Arg(1000000);
BENCHMARK(sir_with_controls)->Unit(benchmark::kMillisecond)->Arg(5000)->Arg(1000000);
BENCHMARK(rows_of_boost)->Unit(benchmark::kMillisecond);
BENCHMARK(rows_of_links)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
