#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "sim/archive/sweep_store.h"
#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// Where a sweep keeps what is done, in its folder.
constexpr const char* sweep_file = "sweep.db";

/// Writes a file under a temporary name first. Throws FileError.
void write_file(const std::string& path, const std::function<void(std::ostream&)>& write);

/// Makes a folder where there is none yet. Throws FileError.
void make_folder(const std::string& folder);

/// Refuses a folder that already holds results of any verb, unless they may be replaced. Throws FileError.
void claim_folder(const std::string& folder, bool replace);

/// The files that a sweep writes.
const std::vector<std::string>& sweep_files();

/// Removes the results of any verb from the folder but the files named, so that no two studies lie side by side.
/// Throws FileError.
void remove_results(const std::string& folder, const std::vector<std::string>& but);

/// Refuses a folder that holds results beside the files named. Throws FileError.
void refuse_results(const std::string& folder, const std::vector<std::string>& but);

/// Writes results.tfr, manifest.json, summary.json, the page and the tables into the folder, each under a temporary
/// name first, and removes what another study has left there. Throws FileError.
void write_folder(const Results& results, const std::string& folder, Names names);

/// Writes what a sweep has done so far into the folder: points.csv, outcomes.csv, timeseries.csv and manifest.json.
/// Throws FileError.
void write_sweep(SweepStore& store, const std::string& folder);

}  // namespace trustfall
