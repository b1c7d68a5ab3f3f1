#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/experiment.h"

namespace trustfall {

/// Reads the scenario again with more settings on top, or under a strategy.
using Reread = std::function<Document(const std::vector<std::string>& more, const std::string& strategy)>;

std::vector<std::string> strategy_names(const Document& document);

/// Reads the scenario under each of its strategies and with each value of its sweep. Mistakes that only these make
/// are added to the document's; no more than a thousand values of a sweep are read.
void check_variants(Document& document, const Reread& reread);

/// A strategy of a scenario, ready to be played.
struct Strategy {
  std::string name;
  Document document;
  std::shared_ptr<const Experiment> experiment;
};

/// Builds each strategy of a document beside `base`, which is the document built as it is, and reports those whose
/// replicates are no pairs of the others' because they change the hosts. Throws InputError with the mistakes that a
/// strategy makes.
std::vector<Strategy> build_strategies(Document& document, const Experiment& base, const Reread& reread,
                                       const ReadFile& read_file);

}  // namespace trustfall
