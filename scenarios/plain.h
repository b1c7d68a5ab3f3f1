#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Writes out what `plain` stands for: an estate of equal hosts, a worm that uses their links, and seeds. Reports
/// what does not go together; does nothing where the scenario has no `plain`.
void expand_plain(Document& document);

}  // namespace trustfall
