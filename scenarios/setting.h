#pragma once

#include "scenarios/document.h"
#include "scenarios/yaml_tree.h"

namespace trustfall {

/// Applies the document's settings (`path=value`) to the tree of its file, in order and before it is read, so that
/// one reader checks both. A value of `null` or `~` removes what the path names.
void apply_settings(Document& document, Node& root);

}  // namespace trustfall
