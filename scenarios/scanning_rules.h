#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Whether the worm makes attempts into zones.
bool scans(const schema::Worm& worm);

/// Reports what does not go together in how a worm scans: its shares, paces, uplinks and limit.
void check_scanning(Document& document);

}  // namespace trustfall
