#include "notebooks_export/notebook.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "notebooks_export/cells.h"

namespace trustfall {
namespace {

using Json = nlohmann::ordered_json;

/// A text of the user's on one line of Markdown, meaning nothing but itself.
std::string plain(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string("\\`*_[]<>#|~$&").find(c) != std::string::npos) escaped += '\\';
    escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return escaped;
}

std::string heading(const Results& results, std::size_t points) {
  const Manifest& m = results.manifest;
  std::string text = fmt::format("# {}\n\n", plain(m.scenario));
  text += "| | |\n|---|---|\n";
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("| {} | {} |\n", what, plain(value));
  };
  row("starts", m.time_zone.empty() ? m.start : fmt::format("{} ({})", m.start, m.time_zone));
  row("estate", fmt::format("{} hosts in {} organisation{}", results.hosts, results.organisations.size(),
                            results.organisations.size() == 1 ? "" : "s"));
  if (points > 0) row("sweep", fmt::format("{} points of {} replicates", points, m.replicates));
  for (const StrategyResults& strategy : results.strategies)
    row("strategy", fmt::format("{}: {} replicates", strategy.name, strategy.outcomes.size()));
  row("seed", std::to_string(m.seed));
  for (const std::string& setting : m.settings) row("setting", setting);
  row("made by", fmt::format("Trustfall {}, engine {}, {}", m.version, m.engine, m.compiler));
  text += fmt::format(
      "\nThe same scenario, seed and engine give the same numbers again; `manifest.json` has the hash of every input "
      "and the scenario with every fallback filled in.\n\n"
      "To cite: The Trustfall developers. *Trustfall: a simulator of network worms for planning and exercises*, "
      "version {}, engine {}. Scenario “{}”, seed {}.",
      plain(m.version), plain(m.engine), plain(m.scenario), m.seed);
  return text;
}

/// The notebook's format wants lines, each with its break.
Json lines(const std::string& text) {
  Json all = Json::array();
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size() - 1);
    all.push_back(text.substr(from, end - from + 1));
    from = end + 1;
  }
  return all;
}

Json cell(const char* id, bool code, const std::string& source) {
  Json made = {
      {"cell_type", code ? "code" : "markdown"}, {"id", id}, {"metadata", Json::object()}, {"source", lines(source)}};
  if (code) {
    made["execution_count"] = nullptr;
    made["outputs"] = Json::array();
  }
  return made;
}

bool wanted(const NotebookCell& of, const Results& results, std::size_t points) {
  switch (of.when) {
    case NotebookCell::When::several_strategies:
      return results.strategies.size() > 1;
    case NotebookCell::When::several_organisations:
      return points == 0 && results.organisations.size() > 1;
    case NotebookCell::When::sweep:
      return points > 0;
    case NotebookCell::When::always:
      break;
  }
  return true;
}

std::string notebook(const Results& results, std::size_t points) {
  Json cells = Json::array({cell("study", false, heading(results, points))});
  for (const NotebookCell& of : notebook_cells())
    if (wanted(of, results, points)) {
      std::string source = of.source + 1;  // the raw text starts on a line of its own
      if (source.back() == '\n') source.pop_back();
      cells.push_back(cell(of.id, of.code, source));
    }
  return Json{{"cells", std::move(cells)},
              {"metadata",
               {{"kernelspec", {{"display_name", "Python 3"}, {"language", "python"}, {"name", "python3"}}},
                {"language_info", {{"name", "python"}}}}},
              {"nbformat", 4},
              {"nbformat_minor", 5}}
             .dump(1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace

std::string notebook_json(const Results& results) { return notebook(results, 0); }

std::string sweep_notebook_json(const Results& common, std::size_t points) { return notebook(common, points); }

}  // namespace trustfall
