#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "cli/output.h"
#include "cli/verbs.h"
#include "notebooks_export/notebook.h"
#include "sim/archive/results_file.h"
#include "sim/base/error.h"
#include "viz_export/comparison.h"
#include "viz_export/csv.h"
#include "viz_export/graphml.h"
#include "viz_export/json.h"
#include "viz_export/page.h"
#include "viz_export/xlsx.h"

namespace trustfall {
namespace {

namespace fs = std::filesystem;

/// What results can be turned into. To add one: a writer in viz_export, a row here, a test.
struct Format {
  const char* name;
  const char* file;  // or folder, beside the results unless --out says otherwise
  const char* meaning;
  void (*write)(const Results& results, Names names, const std::string& path);
  void (*write_of_sweep)(SweepStore& store, const std::string& path) = nullptr;  // where it can be made of a sweep
};

void write_tables(const Results& results, Names names, const std::string& path) {
  make_folder(path);
  std::vector<Table> tables = {outcomes_table(results), timeseries_table(results),
                               organisations_table(results, names)};
  if (results.strategies.size() > 1) tables.push_back(comparison_table(results));
  for (const Table& table : tables)
    write_file((fs::path(path) / (table.name + ".csv")).string(), [&](std::ostream& out) { write_csv(table, out); });
}

void write_graphml(const Results& results, Names names, const std::string& path) {
  make_folder(path);
  const auto file = [&](const std::string& name) { return (fs::path(path) / name).string(); };
  write_file(file("network.graphml"), [&](std::ostream& out) { write_network_graphml(results, names, out); });
  std::set<std::string> trees;
  for (std::size_t s = 0; s < results.strategies.size(); ++s)
    for (const KeptTrace& kept : results.strategies[s].traces) {
      if (kept.left_out) continue;
      trees.insert(tree_file(results, s, kept));
      write_file(file(tree_file(results, s, kept)),
                 [&](std::ostream& out) { write_tree_graphml(results, s, kept, names, out); });
    }
  // Those that another study has left.
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(path))
    if (const std::string name = entry.path().filename();
        name.rfind("tree-", 0) == 0 && entry.path().extension() == ".graphml" && trees.count(name) == 0)
      others.push_back(entry.path());
  for (const fs::path& other : others) fs::remove(other);
}

void write_notebook(const Results& results, Names names, const std::string& path) {
  write_tables(results, names, path);
  write_file((fs::path(path) / "manifest.json").string(), [&](std::ostream& out) { out << manifest_json(results); });
  write_file((fs::path(path) / "trustfall.ipynb").string(),
             [&](std::ostream& out) { out << notebook_json(results); });
}

void write_tables_of_sweep(SweepStore& store, const std::string& path) {
  make_folder(path);
  write_sweep(store, path);
}

void write_notebook_of_sweep(SweepStore& store, const std::string& path) {
  write_tables_of_sweep(store, path);
  write_file((fs::path(path) / "trustfall.ipynb").string(),
             [&](std::ostream& out) { out << store.note("notebook"); });
}

void write_html(const Results& results, Names names, const std::string& path) {
  write_file(path, [&](std::ostream& out) { write_page(results, names, out); });
}

constexpr Format formats[] = {
    {"page", "page.html", "one HTML page to look at and to pass on", write_html},
    {"tables", "tables", "the CSV tables of a run or sweep", write_tables, write_tables_of_sweep},
    {"xlsx", "outcomes.xlsx", "a workbook for spreadsheets", write_xlsx},
    {"graphml", "graphml", "the trust network, and who infected whom in the kept replicates", write_graphml},
    {"notebook", "notebook", "a Jupyter notebook with its data", write_notebook, write_notebook_of_sweep},
};

struct ExportOptions {
  std::string results;
  std::string to;
  std::string out;
  bool replace = false;
  bool real_names = false;
};

const Format& format_of(const std::string& name) {
  return *std::find_if(std::begin(formats), std::end(formats), [&](const Format& f) { return f.name == name; });
}

void export_sweep(const fs::path& from, const Format& format, const std::string& out) {
  if (format.write_of_sweep == nullptr)
    throw InputError({{from.string(),
                       {},
                       Severity::error,
                       std::string("a sweep cannot be exported to ") + format.name + ", only to tables or a notebook",
                       {},
                       {}}});
  SweepStore store(from.string());
  if (store.done().empty()) throw FileError(from.string() + ": no point of this sweep is done yet");
  format.write_of_sweep(store, out);
}

int export_results(const ExportOptions& options) {
  fs::path from = options.results;
  if (fs::is_directory(from)) from /= fs::exists(from / sweep_file) ? sweep_file : "results.tfr";
  const Format& format = format_of(options.to);
  const std::string out = options.out.empty() ? (from.parent_path() / format.file).string() : options.out;
  if (!options.replace && fs::exists(out))
    throw FileError(out + ": is there already; choose another --out, or say --replace");
  std::error_code ignored;
  if (fs::equivalent(from, out, ignored)) throw FileError(out + ": is what is exported; choose another --out");
  if (from.filename() == sweep_file)
    export_sweep(from, format, out);
  else
    format.write(load_results(from.string()), options.real_names ? Names::real : Names::pseudonyms, out);
  std::cout << "Written to " << out << '\n';
  return done;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "Turn results into something else, without playing them again.");
  verb->add_option("results", options->results,
                   "results.tfr of a run, sweep.db of a sweep, or the folder that holds it")
      ->required()
      ->type_name("RESULTS");
  std::vector<std::string> names;
  std::string meanings = "Format:";
  for (const Format& format : formats) {
    names.emplace_back(format.name);
    meanings += std::string(" ") + format.name + " (" + format.meaning + ")";
  }
  verb->add_option("--to", options->to, meanings)->required()->check(CLI::IsMember(names))->type_name("FORMAT");
  verb->add_option("--out", options->out, "File or folder to write; beside the results when left out")
      ->type_name("PATH");
  verb->add_flag("--replace", options->replace, "Replace what is already there");
  verb->add_flag("--real-names", options->real_names, "Name real organisations instead of pseudonyms");
  verb->footer("Example:\n  trustfall export out/nhs --to tables --out out/nhs-tables");
  verb->callback([options, &action] { action = [options] { return export_results(*options); }; });
}

}  // namespace trustfall
