#pragma once

#include "scenarios/document.h"
#include "scenarios/yaml_tree.h"

namespace trustfall {

/// Applies the document's settings (`path=value`) to the tree of its file, in order and before it is read, so that
/// one reader checks both. A value of `null` or `~` removes what the path names.
void apply_settings(Document& document, Node& root);

/// Applies what a strategy of the file sets (`strategies.NAME.set`) to the tree in the same way. What it may not
/// change, because its replicates would no longer be pairs of the others', is reported.
void apply_strategy(Document& document, Node& root, const std::string& name);

}  // namespace trustfall
