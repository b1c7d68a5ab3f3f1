#pragma once

#include <string>

#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// Writes the study as a workbook: sheets Summary, Outcomes (a row for each replicate), Organisations, Time series,
/// Comparison (with two strategies or more) and Manifest. Texts are never formulas. Throws FileError when the file
/// cannot be written, or a sheet would be longer than spreadsheets hold (1,048,576 rows).
void write_xlsx(const Results& results, Names names, const std::string& path);

}  // namespace trustfall
