#pragma once

#include <iosfwd>

#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// Writes the study as one HTML file that asks for nothing from outside: brief, spread, playback and ledger. The
/// figures are those of summary.json. Its program is viz_export/page/, built ahead and kept in template.html.
void write_page(const Results& results, Names names, std::ostream& out);

}  // namespace trustfall
