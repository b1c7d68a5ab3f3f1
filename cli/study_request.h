#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/experiment.h"
#include "viz_export/tables.h"

namespace trustfall {

/// What the verbs that play a scenario take from the command line.
struct StudyRequest {
  std::string scenario;
  std::vector<std::string> settings;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replicates;
  int threads = 0;  // 0: as many as there are cores
  std::string out;
  bool replace = false;
  bool real_names = false;
  bool json = false;
  bool quiet = false;
  bool dry_run = false;

  Names names() const { return real_names ? Names::real : Names::pseudonyms; }
};

/// Adds these options to a verb.
void add_study_options(CLI::App& verb, StudyRequest& request);

/// Reads the scenario with what the command line says on top, more settings on top of that, then a strategy.
Document read_requested(const StudyRequest& request, const std::vector<std::string>& more = {},
                        const std::string& strategy = {});

/// A scenario ready to be played, and results without outcomes.
struct Prepared {
  Document document;
  std::shared_ptr<const Experiment> experiment;
  Results results;
};

/// Reads, checks and builds; warns on standard error unless quiet. A seed that nobody gave is chosen, and put into
/// the request. Throws InputError and FileError.
Prepared prepare(StudyRequest& request);

/// Builds what a document describes that is a variant of a prepared one, sharing its estate where that is the same.
std::shared_ptr<const Experiment> build_variant(const StudyRequest& request, const Prepared& prepared,
                                                Document& document);

/// Set by the first Ctrl-C from now on; the second ends at once.
const std::atomic<bool>& stop_on_interrupt();

/// Plays one replicate and says what `plays` of them would take, and how much disk.
void print_dry_run(const StudyRequest& request, const Prepared& prepared, double plays);

}  // namespace trustfall
