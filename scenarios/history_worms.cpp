#include "scenarios/history_worms.h"

#include <algorithm>
#include <limits>
#include <span>

#include "scenarios/infection_times.h"
#include "scenarios/reader.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

using enum HistoryCount::Use;

// Where only a bound was observed, it stands as observed: more than 359,000, less than 14 h, more than 2,000, more
// than 90 % in 600 s.
constexpr HistoryCount code_red_counts[] = {
    {"H7", "Code Red v2: hosts within 14 h", "hosts", 359104, 348331, 369877, predicted, "Moore et al. 2002"},
    {"H7", "Code Red v2: from 10 to 99 %", "h", 14, 0, 14, predicted, "Moore et al. 2002"},
    {"H7", "Code Red v2: new hosts, at most", "per min", 2000, 1600, 3000, predicted, "Moore et al. 2002"},
    {"H7", "Code Red v2: doubling", "min", 37, 20, 40, predicted, "press; 23 by a fit"},
    {"H7", "Code Red v2: rate over that before", "", 0.947, 0, 1, told, "Akamai, at most, after 15:00"},
    {"H7", "Code Red v2: rate at the end over first", "", 0.616, 0, 1, told, "Akamai, 15:00 to 18:23"},
};

constexpr HistoryCount slammer_counts[] = {
    {"H7", "Slammer: doubling", "s", 8.5, 7.5, 9.5, fitted, "press on Moore et al. 2003"},
    {"H7", "Slammer: until 90 % are infected", "s", 600, 0, 600, predicted, "press on Moore et al. 2003"},
    {"H7", "Slammer: attempts, at most", "m per s", 55, 40, 70, fitted, "Moore et al. 2003"},
};

constexpr HistoryCount world_counts[] = {
    {"H10a", "world: first infection to kill switch", "min", 439, 439, 439, input, "Wikipedia; WIRED 2020"},
    {"H10b", "world: encrypted by the switch", "hosts", 3e5, 1e5, 5e5, fitted, "Kryptos Logic: a few 100,000"},
    {"H10c", "world: reported by the evening", "hosts", 57000, 5700, 570000, told, "Avast"},
    {"H10c", "world: reported on 13 May", "hosts", 126000, 12600, 1260000, told, "Avast"},
    {"H10c", "world: encrypted within a day", "hosts", 230000, 23000, 2300000, told, "Europol, of reports"},
    {"H10d", "world: Windows 7 among victims", "%", 98, 60, 99, predicted, "Kaspersky; 67 in BitSight"},
    {"H10d", "world: Windows XP among victims", "%", 0.1, 0, 2, predicted, "Kaspersky"},
    {"H10e", "world: victims who paid", "%", 0.11, 0.03, 0.4, told, "derived: 327 of 300,000"},
};

/// The rates at which hosts would have been seen, had half of them been infected at 15:00: the latest moment for that
/// in a curve that is concave afterwards, and the one that slows down least.
std::vector<double> akamai_rates(const std::vector<double>& times, double all) {
  std::vector<double> hours, counts;
  for (const Sighting& sighting : akamai_sightings) {
    hours.push_back(sighting.hour);
    counts.push_back(infected_by(times, time_to(times, all / 2) + (sighting.hour - 15) * 3600));
  }
  return rates_between(hours, counts);
}

std::vector<double> count_code_red(const Played& play) {
  const std::vector<double> times = infection_times(play);
  const auto all = static_cast<double>(play.model().estate->hosts());
  const Slowing slowing_down = slowing(akamai_rates(times, all));
  return {static_cast<double>(times.size()),
          (time_to(times, 0.99 * all) - time_to(times, 0.1 * all)) / 3600,
          most_in_a_step(times, 60),
          doubling_time(times, 0.01 * all, 0.05 * all, all) / 60,
          slowing_down.at_most,
          slowing_down.in_all};
}

std::vector<double> count_slammer(const Played& play) {
  const std::vector<double> times = infection_times(play);
  const auto all = static_cast<double>(play.model().estate->hosts());
  // From when the first hosts, few and unlike, no longer decide the pace to when the organisations' lines do.
  return {doubling_time(times, 0.005 * all, 0.04 * all, all), time_to(times, 0.9 * all),
          play.peak_attempts_per_second() / 1e6};
}

/// Reports and payments are not in the scenario.
std::vector<double> count_world(const Played& play) {
  const Instant kill_switch = play.model().worm.kill_switch->at;
  double by_the_switch = 0, encrypted = 0, infected = 0, windows_7 = 0, windows_xp = 0;
  play.each_step([&](const Step& step) {
    if (step.what == Transition::encrypted) {
      encrypted += 1;
      by_the_switch += step.time < kill_switch;
    }
    if (step.what != Transition::infected) return;
    const System system = play.model().estate->system(step.host);
    infected += 1;
    windows_7 += system == System::windows_7;
    windows_xp += system == System::windows_xp;
  });
  const double minutes = std::chrono::duration<double, std::ratio<60>>(kill_switch.time_since_epoch()).count();
  return {
      minutes, by_the_switch, unknown, unknown, encrypted, windows_7 / infected * 100, windows_xp / infected * 100,
      unknown};
}

HistoryRow row_of(const HistoryCount& count, const std::vector<double>& played) {
  const Summary summary = summarise(played);
  HistoryRow row{&count, summary.q05, summary.q50, summary.q95, 0, 1, summary.share_occurring};
  row.inside = row.holds();
  return row;
}

/// Plays the scenario at that path, and makes a row of each count.
void add_rows(const std::string& path, std::span<const HistoryCount> counts,
              std::vector<double> (*count)(const Played&), const StudyOptions& options,
              std::vector<HistoryRow>& rows) {
  Document document = read_scenario(path);
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path), inputs);
  const MakePlayer players = player_maker(experiment, [count](const Played& play) {
    Outcome outcome;
    outcome.metrics = count(play);
    return outcome;
  });
  const StrategyResults played = run_study(players, options, 0);
  for (std::size_t c = 0; c < counts.size(); ++c) rows.push_back(row_of(counts[c], column(played, c)));
}

}  // namespace

Slowing slowing(const std::vector<double>& rates) {
  double at_most = rates[1] / rates[0];
  for (std::size_t i = 2; i < rates.size(); ++i) at_most = std::max(at_most, rates[i] / rates[i - 1]);
  return {at_most, rates.back() / rates.front()};
}

std::vector<HistoryRow> worm_rows(const std::string& folder, std::uint32_t replicates, int threads) {
  StudyOptions options;
  options.replicates = replicates;
  options.threads = threads;
  options.traces = false;
  std::vector<HistoryRow> rows;
  add_rows(folder + "/code-red-v2.yaml", code_red_counts, count_code_red, options, rows);
  add_rows(folder + "/slammer.yaml", slammer_counts, count_slammer, options, rows);
  add_rows(folder + "/wannacry-world.yaml", world_counts, count_world, options, rows);
  return rows;
}

}  // namespace trustfall
