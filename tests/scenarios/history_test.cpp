#include "scenarios/history.h"

#include <nlohmann/json.hpp>

#include "models/play.h"
#include "scenarios/experiment.h"
#include "scenarios/history_changes.h"
#include "sim/study/study.h"
#include "tests/scenarios/reading.h"

using namespace trustfall;

namespace {

const std::filesystem::path nhs = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "scenarios" / "nhs-2017.yaml";

/// Replicates that all have the same value in one column, and nothing in the others.
StrategyResults with(std::size_t column, const std::vector<double>& values) {
  StrategyResults results;
  for (std::uint32_t r = 0; r < values.size(); ++r) {
    Outcome outcome;
    outcome.metrics.assign(history_counts().size() + 2, std::numeric_limits<double>::quiet_NaN());
    outcome.metrics[column] = values[r];
    results.outcomes.push_back(outcome);
  }
  return results;
}

const HistoryChange* change(std::string_view id, HistoryChange::Expects expects) {
  for (const HistoryChange& one : history_changes())
    if (one.id == id && one.expects == expects) return &one;
  return nullptr;
}

bool holds(const HistoryChange* change, double before, double after) {
  const std::size_t column = history_column(change->count);
  return compare_history(*change, {with(column, {before, before})}, {with(column, {after, after})}).holds;
}

/// What the plays of a scenario of two trusts and two practices come to.
StrategyResults play_small(const std::string& text) {
  Document document = read(text);
  INFO(told(document));
  REQUIRE(document.mistakes.empty());
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(folder / "text.yaml"), inputs);
  StudyOptions options;
  options.replicates = 1;
  options.traces = false;
  return run_study(history_players(experiment, document), options, 0);
}

double counted(const StrategyResults& played, std::string_view id) {
  return played.outcomes.at(0).metrics.at(history_column(id));
}

// Everything takes exactly as long as it says. The segment's only infected host encrypts itself at once, at 9:00 in
// the trust and 10:00 in the practice; it is found an hour later, reported an hour after that, and rebuilt in two
// hours.
constexpr const char* small = R"(name: two trusts and two practices
start: 2017-05-12T08:00:00+01:00
horizon: 168h
study: {sample_every: 1h}
estate:
  zones: {lan: {pool: each_segment, addresses: 256}}
  organisations:
    trusts:
      kind: trust
      count: 2
      networks: {wards: {hosts: 10, devices: {workstation: 100%}}}
    practices:
      kind: practice
      count: 2
      networks: {surgery: {hosts: 4, devices: {workstation: 100%}}}
  systems: {workstation: {windows_7: 100%}}
worm:
  attempts: {lan: 1e-9/s}
  chances: {windows_7: 100%}
  encryption: {throughput: 1GB, data: {workstation: 1kB}}
  kill_switch: {at: 2017-05-12T15:03:00Z}
entries:
  ward: {hosts: {count: 1, at: +1h, where: {kinds: [trust]}}}
  desk: {hosts: {count: 1, at: +2h, where: {kinds: [practice]}}}
patching:
  coverage: 0%
  rings: {practices: {where: {kinds: [practice]}, from: +24h, rate: 1000/h}}
detection: {dwell: 1h, share: 100%, isolation: {scope: the_host, delay: 0s}}
warning: {reporting: 1h, after_reports: 2, delay: 0s}
backups: {all: {devices: [workstation], coverage: 100%, kept: offline}}
recovery:
  procedures: {desks: {devices: [workstation], work: 2h}}
  teams: {all: {technicians: 1}}
services:
  clinic:
    kind: outpatients
    where: {kinds: [trust]}
    needs: {desks: {hosts: {devices: [workstation]}, at_least: 100%}}
    activity: {appointments: {per_day: 240, tariff: 100}}
)";

}  // namespace

TEST_CASE("Counts of May 2017 are taken from a play as the audits took them") {
  const StrategyResults played = play_small(small);
  CHECK(counted(played, "H1a") == 1);
  CHECK(counted(played, "H1b") == 0);
  CHECK(counted(played, "H1d") == 1);
  CHECK(counted(played, "H1h") == 1);  // half of the trusts, half of the practices
  CHECK(counted(played, "H2a") == 1);  // at 11:00
  CHECK(counted(played, "H2b") == 1);
  CHECK(counted(played, "H2d") == 100);
  CHECK(counted(played, "H2e") == Approx(16.05));
  CHECK(counted(played, "H2f") == 0);
  CHECK(counted(played, "H3a") == 100);
  CHECK(counted(played, "H3f") == 1);
  CHECK(counted(played, "H3c") == 100);
  CHECK(counted(played, "hosts") == 2);
}

TEST_CASE("A change of history holds when what was expected came") {
  using Expects = HistoryChange::Expects;
  const HistoryChange* more = change("H5a", Expects::more);
  CHECK(holds(more, 30, 31));
  CHECK_FALSE(holds(more, 30, 30));
  const HistoryChange* less = change("H5g", Expects::less);
  CHECK(holds(less, 30, 29));
  CHECK_FALSE(holds(less, 30, 30));
  const HistoryChange* none = change("H5b", Expects::none);
  CHECK(holds(none, 30, 0));
  CHECK_FALSE(holds(none, 30, 0.5));
  const HistoryChange* nearly = change("H5d", Expects::nearly);
  CHECK(holds(nearly, 1000, 901));
  CHECK(holds(nearly, 1000, 1099));
  CHECK_FALSE(holds(nearly, 1000, 899));
  CHECK_FALSE(holds(nearly, 1000, 1101));
  const HistoryChange* banded = change("H4f", Expects::in_band);
  CHECK(holds(banded, 5, 17.5));
  CHECK_FALSE(holds(banded, 5, 17.4));
  CHECK_FALSE(holds(banded, 5, 71));
}

TEST_CASE("A row of history takes all plays together, and counts the sets whose median is inside") {
  const std::size_t column = history_column("H1a");  // accepted from 24 to 48
  const std::vector<HistoryRow> rows = history_rows({with(column, {20, 30, 50}), with(column, {10, 20, 60})});
  const HistoryRow& row = rows.at(column);
  CHECK(row.inside == 1);
  CHECK(row.sets == 2);
  CHECK(row.q50 == 20);
  CHECK_FALSE(row.holds());
  CHECK(rows.size() == history_counts().size());
}

TEST_CASE("Every name that a change compares by is counted") {
  for (const HistoryChange& one : history_changes()) CHECK(history_column(one.count) < history_counts().size() + 2);
  CHECK(history_column("H9z") == history_counts().size() + 2);
}

TEST_CASE("A scenario without warning, recovery, services or rings cannot be held against history") {
  Document document = read(minimal());
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(folder / "text.yaml"), inputs);
  CHECK_THROWS_AS(history_players(experiment, document), InputError);
}

TEST_CASE("The scenario under an accepted set has the four fitted counts within their bands", "[slow]") {
  // As many plays as it was accepted by; the first, one in the middle and the last set for all.
  std::ifstream lines(nhs.parent_path() / "data" / "nhs" / "accepted.jsonl");
  std::vector<nlohmann::json> sets;
  for (std::string line; std::getline(lines, line);) sets.push_back(nlohmann::json::parse(line));
  REQUIRE(sets.size() >= 50);
  std::vector<InputFile> inputs;
  for (const std::size_t s : {std::size_t{0}, sets.size() / 2, sets.size() - 1}) {
    std::vector<std::string> settings;
    for (const auto& [path, value] : sets[s].items()) settings.push_back(path + "=" + value.get<std::string>());
    Document document = read_scenario(nhs.string(), settings, {});
    const auto experiment = build_experiment(document, files_beside(nhs.string()), inputs);
    StudyOptions options;
    options.replicates = 40;
    options.traces = false;
    for (const HistoryRow& row : history_rows({run_study(history_players(experiment, document), options, 0)})) {
      INFO("set " << s << ", " << row.count->id << ": " << row.q50);
      if (row.count->use == HistoryCount::Use::fitted) CHECK(row.holds());
    }
  }
}
