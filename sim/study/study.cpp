#include "sim/study/study.h"

#include <omp.h>

#include <exception>

#include "sim/study/summary.h"

namespace trustfall {
namespace {

/// Calls job(player, i) for every i below n, in parallel, each thread with a player of its own.
template <class Job>
void each(std::size_t n, const MakePlayer& make_player, const StudyOptions& options, Job job) {
  const int threads = options.threads > 0 ? options.threads : available_threads();
  std::vector<std::exception_ptr> failures(n);
  std::vector<std::unique_ptr<Player>> players(static_cast<std::size_t>(threads));
  std::uint32_t done = 0;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
  for (std::size_t i = 0; i < n; ++i) {
    if (options.stop != nullptr && options.stop->load()) continue;
    try {
      auto& player = players[static_cast<std::size_t>(omp_get_thread_num())];
      if (!player) player = make_player();
      job(*player, i);
    } catch (...) {
      failures[i] = std::current_exception();
    }
    if (options.progress) {
#pragma omp critical(progress)
      options.progress(++done, static_cast<std::uint32_t>(n));
    }
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

void keep_traces(StrategyResults& results, const MakePlayer& make_player, const StudyOptions& options,
                 std::size_t ranking) {
  std::vector<std::size_t> wanted;
  for (const double percentile : {0.05, 0.25, 0.5, 0.75, 0.9, 0.95}) {
    const std::size_t at = nearest_replicate(results, ranking, percentile);
    const bool left_out = results.outcomes[at].metrics[ranking] > options.most_traced;
    if (!left_out) wanted.push_back(results.traces.size());
    results.traces.push_back({results.replicates[at], percentile, {}, left_out});
  }
  StudyOptions quiet = options;
  quiet.progress = {};
  quiet.stop = nullptr;  // what was done before an interruption is kept whole
  each(wanted.size(), make_player, quiet, [&](Player& player, std::size_t i) {
    KeptTrace& kept = results.traces[wanted[i]];
    player.play(kept.replicate);
    kept.trace = player.trace();
  });
}

}  // namespace

int available_threads() { return omp_get_num_procs(); }

StrategyResults run_study(const MakePlayer& make_player, const StudyOptions& options, std::size_t ranking) {
  std::vector<Outcome> slots(options.replicates);
  each(slots.size(), make_player, options,
       [&](Player& player, std::size_t i) { slots[i] = player.play(static_cast<std::uint32_t>(i)); });

  StrategyResults results;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].metrics.empty()) continue;  // not played: stopped before
    results.replicates.push_back(static_cast<std::uint32_t>(i));
    results.outcomes.push_back(std::move(slots[i]));
  }
  if (options.traces && !results.outcomes.empty()) keep_traces(results, make_player, options, ranking);
  return results;
}

}  // namespace trustfall
