#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "sim/study/results.h"

namespace trustfall {

/// Plays replicates of one scenario, one after the other, in memory of its own.
class Player {
 public:
  virtual ~Player() = default;
  virtual Outcome play(std::uint32_t replicate) = 0;
  /// The events of the replicate that was played last.
  virtual Trace trace() const = 0;
};

/// What a study needs of the models: a player for each thread.
using MakePlayer = std::function<std::unique_ptr<Player>()>;

struct StudyOptions {
  std::uint32_t replicates = 1;
  int threads = 0;                                                          // 0: as many as there are cores
  std::function<void(std::uint32_t done, std::uint32_t of)> progress = {};  // called from any thread, one at a time
  bool traces = true;                                                       // whether any are kept
  double most_traced = most_hosts_traced;
  const std::atomic<bool>* stop = nullptr;  // set to end early, keeping what is done
};

/// Threads that a study uses when it is not told.
int available_threads();

/// Plays replicates 0, 1, ... in parallel; those at 5, 25, 50, 75, 90 and 95 % of `ranking` (an index of
/// Outcome::metrics) are played once more for their traces, unless they infected too many to keep them. What a
/// replicate throws is thrown again here.
StrategyResults run_study(const MakePlayer& make_player, const StudyOptions& options, std::size_t ranking);

}  // namespace trustfall
