#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// A Jupyter notebook (nbformat 4.5) about the study, for pandas and matplotlib. It reads manifest.json and the
/// tables outcomes.csv, timeseries.csv and organisations.csv beside it, and points.csv (a row for each `sweep_point`,
/// a column for each setting) where there is one.
std::string notebook_json(const Results& results);

}  // namespace trustfall
