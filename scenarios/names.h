#pragma once

#include <functional>
#include <string>

#include "scenarios/document.h"

namespace trustfall {

/// Whether there is a list (a CSV file) of this name.
using HasList = std::function<bool(const std::string& name)>;

/// Reports every text that refers to something which the scenario does not have: a zone, a network, a group of
/// organisations, a connection, or a list beside the file.
void check_names(Document& document, const HasList& has_list);

}  // namespace trustfall
