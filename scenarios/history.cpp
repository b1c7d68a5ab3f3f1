#include "scenarios/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/date.h"
#include "scenarios/history_count.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

using enum HistoryCount::Use;

// In the order of count_history(). Times are British.
constexpr HistoryCount counts[] = {
    {"H1a", "trusts locked out", "trusts", 34, 24, 48, fitted, "NAO, rev. April 2018"},
    {"H1b", "trusts disrupted, not locked out", "trusts", 46, 28, 70, predicted, "NAO"},
    {"H1c", "trusts affected in all", "trusts", 80, 55, 110, predicted, "NAO"},
    {"H1d", "GP practices infected", "practices", 595, 400, 850, fitted, "NAO"},
    {"H1e", "acute among trusts locked out", "%", 74, 60, 90, predicted, "NAO; 79 in DHSC"},
    {"H1f", "above median size among them", "%", 68, 55, 85, predicted, "NAO 2.9, by staff"},
    {"H1g", "trusts that contacted the domain only", "trusts", 21, 5, 40, told, "NAO; until September"},
    {"H1h", "rate of trusts over that of practices", "", 1.8, 1.2, 3, predicted, "derived"},
    {"H2a", "trusts reported by 13:00", "trusts", 4, 1, 8, predicted, "DHSC 2.5"},
    {"H2b", "trusts reported by 16:00", "trusts", 16, 9, 26, fitted, "DHSC 2.5"},
    {"H2c", "doubling between", "h", 1.5, 0.8, 3, predicted, "derived"},
    {"H2d", "reported by midnight of those locked out", "%", 100, 85, 100, predicted, "NAO fig 2"},
    {"H2e", "kill switch, hours of 12 May", "h", 16.05, 16.05, 16.14, input, "WIRED 2020"},
    {"H2f", "infected after the switch, direct web", "%", 0, 0, 2, predicted, "CISA TA17-132A"},
    {"H2g", "of trusts, in north and midlands", "%", 85.3, 0, 100, told, "NAO 2.2"},
    {"H3a", "practices rebuilt by 17 May", "%", 95, 85, 100, fitted, "DHSC 2.14"},
    {"H3b", "all practices rebuilt", "d", 7, 5.5, 10, predicted, "DHSC 2.14"},
    {"H3c", "practices patched by Sunday night", "%", 46.8, 35, 60, predicted, "NAO fig 2"},
    {"H3d", "trusts diverting on 12 May, at most", "trusts", 5, 3, 9, predicted, "NAO 1.7"},
    {"H3d", "trusts diverting on 16 May", "trusts", 2, 0, 4, predicted, "NAO 1.13"},
    {"H3e", "until under 5 % are disrupted", "d", 7, 5, 12, predicted, "NAO fig 2"},
    {"H3f", "devices rebuilt a practice", "devices", 7.5, 4, 15, predicted, "derived from DHSC case 1"},
    {"H3g", "diagnostic devices encrypted", "%", 1, 0.4, 2, predicted, "NAO; DHSC 2.25"},
    {"H4a", "admissions lost at trusts locked out", "%", 6, 3, 10, predicted, "Ghafur et al. 2019"},
    {"H4b", "elective over emergency loss", "", 2.25, 1.5, 4, predicted, "Ghafur et al. 2019"},
    {"H4c", "appointments of trusts cancelled", "%", 1.2, 0.6, 2.4, predicted, "NAO, of first appointments"},
    {"H4d", "appointments of trusts cancelled", "", 19494, 10000, 40000, predicted, "NAO 1.8, an estimate"},
    {"H4e", "activity lost at trusts locked out", "m pounds", 5.9, 2.95, 11.8, predicted, "Ghafur et al. 2019"},
    {"H4g", "cost in all", "m pounds", 92, 9.2, 920, told, "DHSC 2018, assumption-based"},
};

std::vector<double> column_of(const std::vector<StrategyResults>& sets, std::size_t c) {
  std::vector<double> all;
  for (const StrategyResults& set : sets) {
    const std::vector<double> own = column(set, c);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

constexpr std::string_view uncounted[] = {"hosts", "consultations"};

}  // namespace

std::span<const HistoryCount> history_counts() { return counts; }

std::size_t history_column(std::string_view id) {
  const auto counted =
      std::find_if(std::begin(counts), std::end(counts), [&](const HistoryCount& count) { return count.id == id; });
  if (counted != std::end(counts)) return static_cast<std::size_t>(counted - std::begin(counts));
  const auto other = std::find(std::begin(uncounted), std::end(uncounted), id);
  return std::size(counts) + static_cast<std::size_t>(other - std::begin(uncounted));
}

std::vector<double> medians(const StrategyResults& played) {
  std::vector<double> all;
  for (std::size_t c = 0; c < std::size(counts); ++c) {
    const Summary summary = summarise(column(played, c));
    all.push_back(summary.share_occurring > 0.5 ? summary.q50 : std::numeric_limits<double>::quiet_NaN());
  }
  return all;
}

std::vector<HistoryRow> history_rows(const std::vector<StrategyResults>& sets) {
  std::vector<HistoryRow> rows;
  for (std::size_t c = 0; c < std::size(counts); ++c) {
    const Summary summary = summarise(column_of(sets, c));
    HistoryRow row{&counts[c], summary.q05, summary.q50, summary.q95, 0, sets.size(), summary.share_occurring};
    for (const StrategyResults& set : sets) {
      const double middle = summarise(column(set, c)).q50;
      row.inside += middle >= counts[c].low && middle <= counts[c].high;
    }
    rows.push_back(row);
  }
  return rows;
}

MakePlayer history_players(std::shared_ptr<const Experiment> experiment, const Document& document) {
  const schema::Scenario& scenario = document.scenario;
  if (!scenario.has_warning() || !scenario.has_recovery() || scenario.services_size() == 0 ||
      scenario.patching().rings_size() == 0)
    throw InputError({{document.file,
                       Place{},
                       Severity::error,
                       "history counts reports, repairs, services and patches: the scenario has to say warning, "
                       "recovery, services and patching.rings",
                       {},
                       {}}});
  const auto at = [&](const char* date) { return moment_of(scenario.start(), date); };
  const HistoryMoments moments{at("2017-05-12T00:00:00+01:00"), at("2017-05-12T13:00:00+01:00"),
                               at("2017-05-12T16:00:00+01:00"), at("2017-05-13T00:00:00+01:00"),
                               at("2017-05-14T20:00:00+01:00"), at("2017-05-16T12:00:00+01:00"),
                               at("2017-05-18T00:00:00+01:00")};
  if (moments.day_begins > Instant{} || moments.one_o_clock < Instant{} ||
      experiment->model.horizon < Instant{} + 168h)
    throw InputError({{document.file,
                       Place{},
                       Severity::error,
                       "history is counted from 12 May 2017, before 13:00 in England, for 168 h: the scenario has "
                       "another start or a shorter horizon",
                       {},
                       {}}});
  return player_maker(std::move(experiment), [moments](const Played& play) {
    Outcome outcome;
    outcome.metrics = count_history(play, moments);
    return outcome;
  });
}

}  // namespace trustfall
