#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports every text that refers to something which the scenario does not have: a zone, a network, a group of
/// organisations, a connection, or a list beside the file.
void check_names(Document& document);

}  // namespace trustfall
