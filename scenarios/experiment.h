#pragma once

#include <functional>
#include <memory>

#include "models/metrics.h"
#include "models/model.h"
#include "scenarios/document.h"
#include "scenarios/files.h"
#include "sim/study/study.h"

namespace trustfall {

/// A scenario ready to be played. Held by pointer, because the model and every play point into the estate.
struct Experiment {
  explicit Experiment(std::shared_ptr<const Estate> of) : shared(std::move(of)), estate(*shared) {}

  std::shared_ptr<const Estate> shared;  // with those variants of the scenario that have the same
  std::string estate_section;            // what it was built from, serialised
  const Estate& estate;
  Model model;
  Told told = all_told;  // which metrics: the same for all variants of a scenario
  std::uint64_t seed = 0;
  std::uint32_t replicates = 0;
};

/// Builds what the document describes and adds the files read to `inputs`. Throws InputError with all mistakes.
///
/// `like` is the scenario of which this is a variant: it tells the same metrics and series, and where it was built
/// from the same `estate` section, its estate is shared.
std::shared_ptr<const Experiment> build_experiment(Document& document, const ReadFile& read_file,
                                                   std::vector<InputFile>& inputs, const Experiment* like = nullptr);

/// What is made of a replicate once it has run to its horizon; called from any thread.
using MakeOutcome = std::function<Outcome(const Played& play)>;

/// Makes a player for each thread; shares the experiment with them. Outcomes are the experiment's metrics and series.
MakePlayer player_maker(std::shared_ptr<const Experiment> experiment);
/// The same with outcomes that are counted otherwise.
MakePlayer player_maker(std::shared_ptr<const Experiment> experiment, MakeOutcome count);

/// What of the document is played, serialised: the resolved scenario without its strategies and sweep.
std::string played_scenario(const Document& document);

/// Results without outcomes: who the organisations are and what is measured.
Results describe_results(const Experiment& experiment, const Document& document, std::vector<InputFile> inputs);

}  // namespace trustfall
