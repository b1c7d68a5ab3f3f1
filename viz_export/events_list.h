#pragma once

#include <string>

#include "sim/base/table.h"

namespace trustfall {

/// Writes an events list as a workbook: a sheet with the list, named and ruled for work on screen and for printing
/// across one page, and a sheet About. US paper is letter, any other A4. Texts are never formulas. Throws FileError.
void write_events_workbook(const Table& events, const std::string& sheet, const Table& about, bool us_paper,
                           const std::string& path);

}  // namespace trustfall
