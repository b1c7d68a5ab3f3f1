#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/document.h"

namespace trustfall {

/// Reads the scenario again with more settings on top, or under a strategy.
using Reread = std::function<Document(const std::vector<std::string>& more, const std::string& strategy)>;

std::vector<std::string> strategy_names(const Document& document);

/// Reads the scenario under each of its strategies and with each value of its sweep. Mistakes that only these make
/// are added to the document's; no more than a thousand values of a sweep are read.
void check_variants(Document& document, const Reread& reread);

}  // namespace trustfall
