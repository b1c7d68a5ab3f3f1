#include "models/infection_tree.h"

#include <unordered_map>

namespace trustfall {
namespace {

void count(std::vector<std::size_t>& generations, std::size_t generation) {
  if (generations.size() <= generation) generations.resize(generation + 1);
  ++generations[generation];
}

}  // namespace

InfectionTree infection_tree(const Trace& trace, const Estate& estate) {
  InfectionTree tree;
  std::unordered_map<std::uint32_t, std::size_t> of_host;
  std::unordered_map<std::uint32_t, std::size_t> of_segment;
  for (const Step& step : trace) {
    if (step.what != Transition::infected) continue;
    const auto segment = static_cast<std::uint32_t>(estate.segment_of(step.host));
    const auto tier = static_cast<std::size_t>(tier_of(estate.device(step.host)));
    std::size_t generation = 0;
    std::size_t of_segments = 0;
    std::size_t from = tiers;
    if (step.source != no_host) {
      generation = of_host.at(static_cast<std::uint32_t>(step.source)) + 1;
      of_segments = of_segment.at(static_cast<std::uint32_t>(estate.segment_of(step.source))) + 1;
      from = static_cast<std::size_t>(tier_of(estate.device(step.source)));
    }
    of_host[static_cast<std::uint32_t>(step.host)] = generation;
    count(tree.hosts, generation);
    if (of_segment.try_emplace(segment, of_segments).second) count(tree.segments, of_segments);
    ++tree.by_tier[from][tier];
  }
  return tree;
}

}  // namespace trustfall
