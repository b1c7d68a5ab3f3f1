#pragma once

#include <string>

#include "sim/study/results.h"

namespace trustfall {

/// A Jupyter notebook (nbformat 4.5) about a study, for pandas and matplotlib. It reads manifest.json and the tables
/// outcomes.csv, timeseries.csv and organisations.csv beside it.
std::string notebook_json(const Results& results);

/// The same about a sweep of so many points, of whose results only what they have in common is looked at. It reads
/// points.csv (sweep_point, path, value) instead of organisations.csv.
std::string sweep_notebook_json(const Results& common, std::size_t points);

}  // namespace trustfall
