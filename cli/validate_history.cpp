#include "cli/validate_history.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/history_text.h"
#include "cli/progress.h"
#include "cli/study_request.h"
#include "cli/verbs.h"
#include "scenarios/history_worms.h"

namespace trustfall {
namespace {

using Settings = std::vector<std::string>;

// What the NHS would have been is played for so many sets of parameters at most, evenly chosen, and so many times
// each: eight changes, some of which take far longer than what was.
constexpr std::size_t most_changed_sets = 5;
constexpr std::uint32_t most_changed_plays = 10;

constexpr const char* own_scenario = "scenarios/nhs-2017.yaml";
constexpr const char* own_sets = "data/nhs/accepted.jsonl";  // beside it

[[noreturn]] void refuse(const std::string& file, int line, const std::string& message) {
  throw InputError({{file, Place{line, 1, 1, false}, Severity::error, message, {}, {}}});
}

/// Refuses a set that the scenario cannot take, before any is played.
void check_set(const StudyRequest& scenario, const Settings& settings, const std::string& file, int line) {
  for (const Mistake& mistake : read_requested(scenario, settings).mistakes)
    if (mistake.severity == Severity::error)
      refuse(file, line, "the scenario cannot take this set: " + mistake.message);
}

/// What is said with a value on the command line, and with it alone: no set may change the luck.
bool of_study(const std::string& key) { return key.rfind("study", 0) == 0; }

/// A set a line: {"patching.coverage": "50%", ...}.
std::vector<Settings> read_sets(const std::string& file, const StudyRequest& scenario) {
  const std::filesystem::path path(file);
  std::istringstream lines(read_list(files_beside(file), path.filename()).content);
  std::vector<Settings> sets;
  std::string text;
  for (int line = 1; std::getline(lines, text); ++line) {
    if (text.empty()) continue;
    const auto set = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!set.is_object()) refuse(file, line, "this is no set: write {\"PATH\": \"VALUE\", ...} on one line");
    Settings settings;
    for (const auto& [key, value] : set.items()) {
      if (!value.is_string()) refuse(file, line, "the value of " + key + " is no text: write it in quotes");
      if (of_study(key)) refuse(file, line, key + " is the same for all sets: leave it out");
      settings.push_back(key + "=" + value.get<std::string>());
    }
    check_set(scenario, settings, file, line);
    sets.push_back(std::move(settings));
  }
  if (sets.empty()) refuse(file, 1, "the file has no set of parameters");
  return sets;
}

StudyRequest scenario_of(const HistoryRequest& request) {
  StudyRequest study;
  study.scenario = request.scenario.empty() ? own_scenario : request.scenario;
  study.quiet = true;
  if (request.scenario.empty() && !std::filesystem::exists(own_scenario))
    throw FileError(std::string(own_scenario) +
                    ": no such file; go to where the folder of scenarios is, or say --scenario FILE");
  return study;
}

/// The sets to play: those asked for, or those that come with the scenario, or the scenario as it is.
std::vector<Settings> sets_of(const HistoryRequest& request, const StudyRequest& scenario) {
  if (!request.sets.empty()) return read_sets(request.sets, scenario);
  if (!request.scenario.empty()) return {Settings{}};
  return read_sets(std::filesystem::path(own_scenario).parent_path() / own_sets, scenario);
}

using Wanted = std::function<bool(std::string_view id)>;

/// Which sets are played with changes.
std::vector<std::size_t> changed_sets(std::size_t sets) {
  std::vector<std::size_t> some;
  for (std::size_t s = 0; s < sets; s += (sets + most_changed_sets - 1) / most_changed_sets) some.push_back(s);
  return some;
}

StrategyResults first_plays(StrategyResults played) {
  played.outcomes.resize(std::min<std::size_t>(played.outcomes.size(), most_changed_plays));
  return played;
}

class NhsHistory {
 public:
  NhsHistory(const HistoryRequest& request, const StudyRequest& scenario) : request_(request), study_(scenario) {
    prepared_ = prepare(study_);
    options_.replicates = request.replicates;
    options_.threads = request.threads;
    options_.traces = false;
  }

  /// H1 to H4.
  void play_counts(const std::vector<Settings>& sets) {
    Progress progress(!request_.json, "sets");
    for (const Settings& set : sets) {
      played_.push_back(play(set));
      if (request_.json) print_medians();
      progress.show(static_cast<std::uint32_t>(played_.size()), static_cast<std::uint32_t>(sets.size()));
    }
  }
  std::vector<HistoryRow> counts() const { return history_rows(played_); }

  /// H4f and H5, those that are wanted. The sets are those of which some were played as they were.
  std::vector<HistoryChangeRow> changes(const std::vector<Settings>& sets, const Wanted& wanted) {
    const std::vector<std::size_t> some = changed_sets(sets.size());
    std::vector<StrategyResults> before, after;
    for (const std::size_t s : some) before.push_back(first_plays(played_[s]));
    options_.replicates = std::min(options_.replicates, most_changed_plays);
    std::vector<HistoryChangeRow> rows;
    const Settings* settings = nullptr;
    Progress progress(!request_.json, "changes");
    std::uint32_t looked_at = 0;
    for (const HistoryChange& change : history_changes()) {
      progress.show(looked_at++, static_cast<std::uint32_t>(history_changes().size()));
      if (!wanted(change.id)) continue;
      if (!can(sets.front(), change)) {
        rows.push_back(cannot_compare(change));
        continue;
      }
      if (settings == nullptr || *settings != change.settings) {
        after.clear();
        for (const std::size_t s : some) after.push_back(play(sets[s], change.settings));
      }
      settings = &change.settings;
      rows.push_back(compare_history(change, before, after));
    }
    return rows;
  }

 private:
  /// A scenario of one's own may lack the rule or the order that a change is about.
  bool can(const Settings& set, const HistoryChange& change) const {
    const std::vector<Mistake> mistakes = read_requested(study_, joined(set, change.settings)).mistakes;
    return std::none_of(mistakes.begin(), mistakes.end(),
                        [](const Mistake& mistake) { return mistake.severity == Severity::error; });
  }

  static Settings joined(Settings set, const Settings& change) {
    set.insert(set.end(), change.begin(), change.end());
    return set;
  }

  StrategyResults play(const Settings& set, const Settings& change = {}) {
    Document document = read_requested(study_, joined(set, change));
    throw_if_mistaken(document);
    const auto experiment = build_variant(study_, prepared_, document);
    return run_study(history_players(experiment, document), options_, 0);
  }

  void print_medians() const {
    nlohmann::ordered_json line = {{"set", played_.size() - 1}, {"medians", nlohmann::ordered_json::array()}};
    for (const double median : medians(played_.back()))
      line["medians"].push_back(std::isnan(median) ? nlohmann::ordered_json() : nlohmann::ordered_json(median));
    std::cout << line.dump() << '\n';
  }

  const HistoryRequest& request_;
  StudyRequest study_;
  StudyOptions options_;
  Prepared prepared_;
  std::vector<StrategyResults> played_;  // by set, as it was
};

template <typename Row>
void print(const HistoryRequest& request, const std::vector<Row>& rows) {
  if (request.json) return print_history_json(rows);
  print_history(rows);
  std::cout << '\n';
}

std::vector<HistoryRow> chosen(std::vector<HistoryRow> rows, const Wanted& wanted) {
  std::erase_if(rows, [&](const HistoryRow& row) { return !wanted(row.count->id); });
  return rows;
}

void play_nhs(const HistoryRequest& request, const Wanted& wanted) {
  const StudyRequest scenario = scenario_of(request);
  std::vector<Settings> sets = sets_of(request, scenario);
  const auto is_wanted = [&](const auto& row) { return wanted(row.id); };
  const bool any_counts = std::any_of(history_counts().begin(), history_counts().end(), is_wanted);
  const bool any_changes = std::any_of(history_changes().begin(), history_changes().end(), is_wanted);
  HistoryRequest needed = request;
  if (!any_counts) {  // the others need not be played at all
    needed.replicates = std::min(needed.replicates, most_changed_plays);
    std::vector<Settings> some;
    for (const std::size_t s : changed_sets(sets.size())) some.push_back(sets[s]);
    sets = some;
  }
  NhsHistory nhs(needed, scenario);
  nhs.play_counts(sets);
  if (any_counts) print(request, chosen(nhs.counts(), wanted));
  if (any_changes) print(request, nhs.changes(sets, wanted));
}

}  // namespace

const std::vector<std::string>& history_tables() {
  static const std::vector<std::string> tables = {"H1", "H2", "H3", "H4", "H5", "H7", "H10"};
  return tables;
}

int validate_history(const HistoryRequest& request) {
  const Wanted wanted = [&](std::string_view id) {
    // H1 is a table, H1a a row of it, H10a none.
    const auto of_table = [&](const std::string& table) {
      return id.substr(0, table.size()) == table &&
             (id.size() == table.size() || std::isalpha(id[table.size()]) != 0);
    };
    return request.tables.empty() || std::any_of(request.tables.begin(), request.tables.end(), of_table);
  };
  const auto any_wanted = [&](const std::vector<std::string_view>& tables) {
    return std::any_of(tables.begin(), tables.end(), wanted);
  };
  if (any_wanted({"H1", "H2", "H3", "H4", "H5"})) play_nhs(request, wanted);
  // Another scenario of the NHS says nothing of other worms.
  if (any_wanted({"H7", "H10"}) && (request.scenario.empty() || !request.tables.empty())) {
    const std::string folder = std::filesystem::path(own_scenario).parent_path();
    print(request, chosen(worm_rows(folder, request.replicates, request.threads), wanted));
  }
  return done;
}

}  // namespace trustfall
