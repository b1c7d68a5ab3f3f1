#include "cli/output.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/archive/results_file.h"
#include "sim/base/error.h"
#include "viz_export/comparison.h"
#include "viz_export/csv.h"
#include "viz_export/json.h"
#include "viz_export/page.h"

namespace trustfall {

namespace fs = std::filesystem;

namespace {

/// All that any verb writes into --out.
const std::vector<std::string>& result_files() {
  static const std::vector<std::string> files = [] {
    std::vector<std::string> all = {"results.tfr", "summary.json", "organisations.csv", "comparison.csv",
                                    "page.html",   "events.csv",   "events.xlsx",       "facilitator.html"};
    all.insert(all.end(), sweep_files().begin(), sweep_files().end());
    return all;
  }();
  return files;
}

}  // namespace

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
  const fs::path unfinished = path + ".part";
  if (fs::exists(path) && !fs::is_regular_file(path)) throw FileError(path + ": is there, and not a file");
  {
    std::ofstream out(unfinished, std::ios::binary);
    write(out);
    out.flush();
    if (!out) {
      out.close();
      std::error_code ignored;
      fs::remove(unfinished, ignored);
      throw FileError(unfinished.string() + ": cannot be written");
    }
  }
  std::error_code error;
  fs::rename(unfinished, path, error);
  if (error) throw FileError(path + ": " + error.message());
}

void make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw FileError(folder + ": " + error.message());
  if (!fs::is_directory(folder)) throw FileError(folder + ": is not a folder");
}

const std::vector<std::string>& sweep_files() {
  static const std::vector<std::string> files = {sweep_file,
                                                 std::string(sweep_file) + "-wal",
                                                 std::string(sweep_file) + "-shm",
                                                 "points.csv",
                                                 "outcomes.csv",
                                                 "timeseries.csv",
                                                 "manifest.json"};
  return files;
}

void refuse_results(const std::string& folder, const std::vector<std::string>& but) {
  for (const std::string& name : result_files())
    if (std::find(but.begin(), but.end(), name) == but.end() && fs::exists(fs::path(folder) / name))
      throw FileError(folder + ": already holds " + name + "; choose another --out, or say --replace");
}

void remove_results(const std::string& folder, const std::vector<std::string>& but) {
  for (const std::string& name : result_files()) {
    const fs::path path = fs::path(folder) / name;
    if (std::find(but.begin(), but.end(), name) != but.end() || !fs::is_regular_file(path)) continue;
    std::error_code error;
    fs::remove(path, error);
    if (error) throw FileError(path.string() + ": " + error.message());
  }
}

void claim_folder(const std::string& folder, bool replace) {
  make_folder(folder);
  if (!replace) refuse_results(folder, {});
  // Found out now rather than after the plays.
  write_file((fs::path(folder) / ".writable").string(), [](std::ostream&) {});
  fs::remove(fs::path(folder) / ".writable");
}

void write_folder(const Results& results, const std::string& folder, Names names) {
  const fs::path path(folder);
  const auto table = [&](const Table& of) {
    write_file((path / (of.name + ".csv")).string(), [&](std::ostream& out) { write_csv(of, out); });
  };
  table(outcomes_table(results));
  table(timeseries_table(results));
  table(organisations_table(results, names));
  if (results.strategies.size() > 1) table(comparison_table(results));
  write_file((path / "summary.json").string(), [&](std::ostream& out) { out << summary_json(results) << '\n'; });
  write_file((path / "manifest.json").string(), [&](std::ostream& out) { out << manifest_json(results); });
  write_file((path / "page.html").string(), [&](std::ostream& out) { write_page(results, names, out); });
  save_results(results, (path / "results.tfr").string());
  std::vector<std::string> written = {"results.tfr",  "manifest.json",  "summary.json",     "page.html",
                                      "outcomes.csv", "timeseries.csv", "organisations.csv"};
  if (results.strategies.size() > 1) written.push_back("comparison.csv");
  remove_results(folder, written);
}

void write_sweep(SweepStore& store, const std::string& folder) {
  const fs::path path(folder);
  const std::vector<std::uint32_t> points = store.done();
  for (const std::string name : {"points", "outcomes", "timeseries"})
    write_file((path / (name + ".csv")).string(), [&](std::ostream& out) {
      for (const std::uint32_t point : points)
        write_csv(store.rows(name, point), out, point == points.front() ? Header::written : Header::left_out);
    });
  write_file((path / "manifest.json").string(), [&](std::ostream& out) { out << store.note("manifest"); });
}

}  // namespace trustfall
