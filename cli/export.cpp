#include <filesystem>
#include <iostream>

#include "cli/output.h"
#include "cli/verbs.h"
#include "notebooks_export/notebook.h"
#include "sim/archive/results_file.h"
#include "sim/base/error.h"
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
};

void write_tables(const Results& results, Names names, const std::string& path) {
  fs::create_directories(path);
  for (const Table& table : {outcomes_table(results), timeseries_table(results), organisations_table(results, names)})
    write_file((fs::path(path) / (table.name + ".csv")).string(), [&](std::ostream& out) { write_csv(table, out); });
}

void write_graphml(const Results& results, Names names, const std::string& path) {
  fs::create_directories(path);
  const auto file = [&](const std::string& name) { return (fs::path(path) / name).string(); };
  write_file(file("network.graphml"), [&](std::ostream& out) { write_network_graphml(results, names, out); });
  for (std::size_t s = 0; s < results.strategies.size(); ++s)
    for (const KeptTrace& kept : results.strategies[s].traces)
      write_file(file(tree_file(results, s, kept)),
                 [&](std::ostream& out) { write_tree_graphml(results, s, kept, names, out); });
}

void write_notebook(const Results& results, Names names, const std::string& path) {
  write_tables(results, names, path);
  write_file((fs::path(path) / "manifest.json").string(), [&](std::ostream& out) { out << manifest_json(results); });
  write_file((fs::path(path) / "trustfall.ipynb").string(), [&](std::ostream& out) { out << notebook_json(results); });
}

void write_html(const Results& results, Names names, const std::string& path) {
  write_file(path, [&](std::ostream& out) { write_page(results, names, out); });
}

constexpr Format formats[] = {
    {"page", "page.html", "one HTML page to look at and to pass on", write_html},
    {"tables", "tables", "the CSV tables of a run", write_tables},
    {"xlsx", "outcomes.xlsx", "a workbook for spreadsheets", write_xlsx},
    {"graphml", "graphml", "the trust network, and who infected whom in the kept replicates", write_graphml},
    {"notebook", "notebook", "a Jupyter notebook with its data", write_notebook},
};

struct ExportOptions {
  std::string results;
  std::string to;
  std::string out;
  bool replace = false;
  bool real_names = false;
};

int export_results(const ExportOptions& options) {
  fs::path from = options.results;
  if (fs::is_directory(from)) from /= "results.tfr";
  const Results results = load_results(from.string());
  for (const Format& format : formats) {
    if (options.to != format.name) continue;
    const std::string out = options.out.empty() ? (from.parent_path() / format.file).string() : options.out;
    if (!options.replace && fs::exists(out))
      throw FileError(out + ": is there already; choose another --out, or say --replace");
    format.write(results, options.real_names ? Names::real : Names::pseudonyms, out);
    std::cout << "Written to " << out << '\n';
  }
  return done;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "Turn results into something else, without playing them again.");
  verb->add_option("results", options->results, "Results file (results.tfr), or the folder that holds it")
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
