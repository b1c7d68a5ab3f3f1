#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/progress.h"
#include "cli/validate_history.h"
#include "cli/verbs.h"
#include "scenarios/validation.h"

namespace trustfall {
namespace {

const char* verdict(const ValidationRow& row) { return row.holds() ? "holds" : "FAILS"; }

void print_json(const ValidationRow& row) {
  const nlohmann::ordered_json line = {{"id", row.id},
                                       {"what", row.what},
                                       {"unit", row.unit},
                                       {"expected", row.expected},
                                       {"got", row.got},
                                       {"tolerance", row.tolerance},
                                       {"verdict", row.holds() ? "holds" : "fails"},
                                       {"source", row.source}};
  std::cout << line.dump() << '\n';
}

/// Five digits, no exponent for numbers of hosts, no minus before nothing.
std::string number(double value) {
  if (value == 0) return "0";
  return std::fabs(value) >= 1e4 ? fmt::format("{:.0f}", value) : fmt::format("{:.5g}", value);
}

void print_table(const std::vector<ValidationRow>& rows) {
  std::size_t widest = 0;
  for (const ValidationRow& row : rows) widest = std::max(widest, row.what.size());
  const auto line = [&](const std::string& id, const std::string& what, const std::string& unit,
                        const std::string& expected, const std::string& got, const std::string& tolerance,
                        const std::string& said, const std::string& source) {
    std::cout << fmt::format("{:<4} {:<{}}  {:<9} {:>9} {:>9} {:>9}  {:<7}  {}\n", id, what, widest, unit, expected,
                             got, tolerance, said, source);
  };
  line("", "", "unit", "expected", "got", "+/-", "verdict", "source");
  for (const ValidationRow& row : rows)
    line(row.id, row.what, row.unit, number(row.expected), number(row.got), number(row.tolerance), verdict(row),
         row.source);
}

std::string closing(const std::vector<ValidationRow>& rows) {
  const auto failing = std::count_if(rows.begin(), rows.end(), [](const ValidationRow& row) { return !row.holds(); });
  if (failing == 0) return fmt::format("All {} figures hold.", rows.size());
  return fmt::format("{} of {} figures {}: do not trust this build.", failing, rows.size(),
                     failing == 1 ? "fails" : "fail");
}

int validate(const std::vector<std::string>& ids, int threads, bool json) {
  std::vector<ValidationPart> parts;
  for (const ValidationPart& part : validation_parts())
    if (ids.empty() || std::find(ids.begin(), ids.end(), part.id) != ids.end()) parts.push_back(part);
  std::vector<ValidationRow> rows;
  {
    Progress progress(!json, "parts");
    std::uint32_t finished = 0;
    for (const ValidationPart& part : parts) {
      for (ValidationRow& row : part.rows(threads)) {
        if (json) print_json(row);
        rows.push_back(std::move(row));
      }
      progress.show(++finished, static_cast<std::uint32_t>(parts.size()));
    }
  }
  if (!json) {
    print_table(rows);
    std::cout << '\n' << closing(rows) << '\n';
  }
  return std::all_of(rows.begin(), rows.end(), [](const ValidationRow& row) { return row.holds(); }) ? done
                                                                                                     : our_fault;
}

}  // namespace

void add_validate(CLI::App& app, Action& action) {
  struct Options {
    std::vector<std::string> ids;
    bool with_history = false;
    HistoryRequest history;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "validate", "Hold this build against published equations (half a minute), or scenarios against history.");
  std::set<std::string> known;
  for (const ValidationPart& part : validation_parts()) known.emplace(part.id);
  known.insert(history_tables().begin(), history_tables().end());
  const auto no_file = [](const std::string& text) {
    return text.ends_with(".yaml") ? text + " is no part of the validation; say --scenario " + text : std::string();
  };
  verb->add_option("part", options->ids, "Only these: V1, V2, ... of the equations, or H1, H2, ... of history")
      ->type_name("PART")
      ->check(no_file)
      ->check(CLI::IsMember(known));
  verb->add_option("--threads", options->history.threads, "Threads; as many as there are cores when left out")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  verb->add_flag("--json", options->history.json, "One line of JSON for each figure");
  verb->add_flag("--history", options->with_history, "Hold scenarios against what was counted in history instead");
  const auto not_empty = [](const std::string& text) {
    return text.empty() ? std::string("the name of a file is missing") : std::string();
  };
  CLI::Option* scenario = verb->add_option("--scenario", options->history.scenario,
                                           "With history: another scenario of May 2017 than scenarios/nhs-2017.yaml")
                              ->type_name("FILE")
                              ->check(not_empty);
  CLI::Option* sets =
      verb->add_option(
              "--sets", options->history.sets,
              "With history: sets of parameters, a JSON object of settings a line; without it those that were "
              "accepted, and none for a scenario of one's own")
          ->type_name("FILE")
          ->check(not_empty);
  CLI::Option* replicates =
      verb->add_option("--replicates", options->history.replicates, "With history: plays of each set")
          ->type_name("N")
          ->check(CLI::Range(1, 100000));
  verb->footer(
      "Exits with 1 when an equation fails; history decides nothing.\n\nExamples:\n  trustfall validate\n"
      "  trustfall validate V4 V10 --json\n  trustfall validate --history\n"
      "  trustfall validate H1 H2 --scenario mine.yaml --replicates 200");
  verb->callback([options, &action, scenario, sets, replicates] {
    action = [options, of_history_only = *scenario || *sets || *replicates] {
      const auto of_history = [](const std::string& id) { return id[0] == 'H'; };
      const auto histories = std::count_if(options->ids.begin(), options->ids.end(), of_history);
      if (histories != 0 || options->with_history) {
        if (static_cast<std::size_t>(histories) != options->ids.size())
          throw CLI::ValidationError("part", "equations and history are held apart: ask for one of them");
        options->history.tables = options->ids;
        return validate_history(options->history);
      }
      if (of_history_only)
        throw CLI::ValidationError("validate", "--scenario, --sets and --replicates are for history: add --history");
      return validate(options->ids, options->history.threads, options->history.json);
    };
  });
}

}  // namespace trustfall
