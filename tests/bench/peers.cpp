// Trustfall and igraph_sir in turns on the same graph, and how fast this machine reads memory at random: called by
// tests/bench/beside_peers, which adds what is written in Python. Prints a JSON object a line.
//
// CPU seconds. igraph_sir starts with one seed of its own choice and keeps the course of the sums, not of the hosts;
// so times are compared by infection, over outbreaks that took a hundredth of the hosts.
#include <igraph/igraph.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>

#include "tests/bench/contacts.h"

namespace {

using namespace trustfall;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void print(const char* program, double seconds, double infections, double plays) {
  std::printf("{\"program\": \"%s\", \"seconds\": %.6f, \"infections\": %.0f, \"plays\": %.0f}\n", program, seconds,
              infections, plays);
  std::fflush(stdout);
}

void time_trustfall(LinkPlay& play, std::uint32_t plays, std::uint32_t& replicate) {
  const double start = cpu_seconds();
  double infections = 0;
  for (std::uint32_t i = 0; i < plays; ++i) {
    play.play(Draws(1, replicate++));
    infections += static_cast<double>(play.wave().infected());
  }
  print("trustfall", cpu_seconds() - start, infections, plays);
}

/// Until as many large outbreaks have been played.
void time_igraph(const igraph_t& graph, std::uint32_t plays) {
  double seconds = 0;
  double infections = 0;
  std::uint32_t large = 0;
  while (large < plays) {
    igraph_vector_ptr_t found;
    igraph_vector_ptr_init(&found, 0);
    const double start = cpu_seconds();
    igraph_sir(&graph, 0.5, 1.0, plays, &found);
    const double all = cpu_seconds() - start;
    double total = 0;
    for (igraph_integer_t i = 0; i < igraph_vector_ptr_size(&found); ++i) {
      auto* sir = static_cast<igraph_sir_t*>(VECTOR(found)[i]);
      const double removed = static_cast<double>(igraph_vector_int_tail(&sir->no_r));
      total += removed;
      large += removed >= 0.01 * static_cast<double>(igraph_vcount(&graph));
      igraph_sir_destroy(sir);
      igraph_free(sir);
    }
    igraph_vector_ptr_destroy(&found);
    seconds += all;
    infections += total;
  }
  print("igraph_sir", seconds, infections, large);
}

/// Nanoseconds to read one of many cache lines at random, as many at a time as the machine can.
void time_memory(std::size_t bytes) {
  const std::size_t lines = bytes / 64;
  const std::vector<std::uint64_t> memory(bytes / 8, 1);
  prefer_large_pages(memory);
  std::vector<std::uint32_t> order(4000000);
  const Draws draws(1, 0);
  for (std::uint32_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<std::uint32_t>(draws.uniform(Purpose::estate, i) * static_cast<double>(lines));
  const double start = cpu_seconds();
  std::uint64_t sum = 0;
  for (const std::uint32_t line : order) sum += memory[std::size_t{line} * 8];
  std::printf("{\"memory\": %zu, \"nanoseconds\": %.2f, \"sum\": %llu}\n", bytes,
              (cpu_seconds() - start) / static_cast<double>(order.size()) * 1e9,
              static_cast<unsigned long long>(sum));
}

}  // namespace

/// peers HOSTS PLAYS ROUNDS [--shuffled] [--edges FILE]: PLAYS of each in turns, ROUNDS times; FILE gets the edges,
/// two little-endian 32-bit numbers each.
int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const auto hosts = static_cast<std::uint32_t>(std::atol(argv[1]));
  const auto plays = static_cast<std::uint32_t>(std::atol(argv[2]));
  EdgeList edges = topology::barabasi_albert(hosts, 5, 1);
  for (int i = 4; i < argc; ++i) {
    if (std::strcmp(argv[i], "--shuffled") == 0) bench::shuffle(edges, 1);
    if (std::strcmp(argv[i], "--edges") == 0 && i + 1 < argc)
      std::ofstream(argv[i + 1], std::ios::binary)
          .write(reinterpret_cast<const char*>(edges.edges.data()),
                 static_cast<std::streamsize>(edges.edges.size() * sizeof(Edge)));
  }
  igraph_vector_int_t ends;
  igraph_vector_int_init(&ends, static_cast<igraph_integer_t>(2 * edges.edges.size()));
  for (std::size_t e = 0; e < edges.edges.size(); ++e) {
    VECTOR(ends)[2 * e] = edges.edges[e].from;
    VECTOR(ends)[2 * e + 1] = edges.edges[e].to;
  }
  igraph_t graph;
  igraph_rng_seed(igraph_rng_default(), 1);
  igraph_create(&graph, &ends, hosts, IGRAPH_UNDIRECTED);
  igraph_vector_int_destroy(&ends);

  const auto contacts = bench::contacts_of(std::move(edges));
  LinkPlay play(contacts->model);
  std::uint32_t replicate = 0;
  for (std::size_t bytes : {std::size_t{64} << 20, std::size_t{1} << 30}) time_memory(bytes);
  for (int round = 0; round < std::atoi(argv[3]); ++round) {
    time_trustfall(play, plays, replicate);
    time_igraph(graph, plays);
  }
  igraph_destroy(&graph);
  return 0;
}
