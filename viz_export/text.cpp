#include "viz_export/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "sim/archive/replay_code.h"
#include "sim/study/summary.h"
#include "viz_export/differences.h"
#include "viz_export/numbers.h"
#include "viz_export/wording.h"

namespace trustfall {
namespace {

std::string table_of(const Results& results, const StrategyResults& strategy) {
  std::string text = fmt::format("{:<40}{:>9}{:>12}{:>12}{:>12}{:>12}{:>12}\n", "", "occurs", "5 %", "25 %", "median",
                                 "75 %", "95 %");
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    const Summary s = summarise(column(strategy, m));
    // What is zero from the 5th to the 95th percentile would only hide the rest.
    if (!(s.share_occurring > 0) || (s.q95 == 0 && s.mean == 0)) continue;
    const MetricInfo& metric = results.metrics[m];
    const bool plain = metric.unit == "hosts" || metric.unit == "organisations";
    text += fmt::format("{:<40}{:>9}{:>12}{:>12}{:>12}{:>12}{:>12}\n",
                        metric.name + (plain ? "" : " (" + metric.unit + ")"),
                        s.share_occurring < 1 ? percent(s.share_occurring) : "", readable(s.q05), readable(s.q25),
                        readable(s.q50), readable(s.q75), readable(s.q95));
  }
  return text;
}

/// What became of services, where the scenario has any.
std::string about_services(const Numbers& of) {
  constexpr std::pair<const char*, const char*> kinds[] = {{"emergency", "an emergency department"},
                                                           {"imaging", "imaging"},
                                                           {"pathology", "pathology"},
                                                           {"theatres", "theatres"},
                                                           {"outpatients", "outpatients"},
                                                           {"pharmacy", "pharmacy"},
                                                           {"patient_records", "patient records"},
                                                           {"gp_consultations", "GP consultations"},
                                                           {"email", "e-mail"},
                                                           {"other", "another service"}};
  std::string lost;
  bool any = false;
  for (const auto& [kind, words] : kinds) {
    const std::string metric = std::string(kind) + "_longest_down";
    if (!of.has(metric)) continue;
    any = true;
    if (const std::size_t plays = of.above(metric, 24); plays > 0)
      lost += fmt::format("{}{} in {} of {} plays", lost.empty() ? "" : ", ", words, plays, of.plays());
  }
  if (!any) return "";
  std::string text = lost.empty() ? "No service is lost for more than a day at a stretch.\n"
                                  : "Lost for more than a day at a stretch, somewhere: " + lost + ".\n";
  if (of.has("trusts_diverting"))
    text +=
        fmt::format("A trust diverts ambulances in {} of {} plays.\n", of.above("trusts_diverting", 0), of.plays());
  if (of.has("appointments_cancelled") && of("appointments_cancelled").q95 > 0) {
    const Summary cancelled = of("appointments_cancelled");
    const bool often = cancelled.q50 > 0;
    text += fmt::format("In {} of the plays at least {} appointments are cancelled.\n",
                        often ? "half" : "one in twenty", readable(often ? cancelled.q50 : cancelled.q95));
  }
  if (of.has("activity_lost"))
    text += fmt::format("Activity worth {} pounds is lost on average.\n", readable(of("activity_lost").mean));
  return text;
}

/// How long it takes to come back, where people have to be waited for.
std::string about_recovery(const Numbers& of) {
  if (!of.has("hosts_lost") || of.above("hosts_lost", 0) == 0) return "";
  const std::vector<double> lost = of.all("hosts_lost"), left = of.all("hosts_not_back");
  std::vector<double> days = of.all("days_to_all_back");
  for (std::size_t r = 0; r < days.size(); ++r)
    if (left[r] > 0 || lost[r] == 0) days[r] = std::numeric_limits<double>::quiet_NaN();
  const Summary all = summarise(days);
  const auto plays = static_cast<std::size_t>(std::round(all.share_occurring * static_cast<double>(of.plays())));
  std::string text = fmt::format("All hosts lost are back at the end in {} of the {} plays that lost any", plays,
                                 of.above("hosts_lost", 0));
  if (plays > 0) text += fmt::format(", in half of these within {} days", readable(all.q50));
  return text + ".\n";
}

/// Whether it mattered that the patch was not installed; nothing where there is none.
std::string about_patches(const Numbers& of) {
  if (!of.has("unpatched_at_start")) return "";
  const double among_infected = of.total("infected_unpatched") / of.total("hosts_infected");
  const double among_all = of("unpatched_at_start").mean;
  std::string text = fmt::format("Of the infected hosts {} had no patch", percent(among_infected));
  if (std::isnan(among_all)) return text + ".\n";
  text += fmt::format(", of all on which the worm can run {} at the start", percent(among_all));
  if (among_infected >= 1) {
    text += among_all < 1 ? ": none that had it fell" : "";
  } else if (among_all > 0 && among_all < 1) {
    const double times = among_infected / among_all * (1 - among_all) / (1 - among_infected);
    text += fmt::format(": one without it fell {} times as often as one with it",
                        readable(times < 10 ? times : std::round(times)));
  }
  return text + ".\n";
}

/// Whether it was only terminals.
std::string about_tiers(const Numbers& of) {
  const double infected = of.total("hosts_infected");
  return fmt::format(
      "Of the infected {} were terminals, {} servers, {} data-centre servers, {} medical devices. Some server fell "
      "in {} of {} plays, some data-centre server in {}.\n",
      percent(of.total("terminals_infected") / infected), percent(of.total("servers_infected") / infected),
      percent(of.total("data_centre_infected") / infected), percent(of.total("medical_devices_infected") / infected),
      of.above("servers_infected", 0), of.plays(), of.above("data_centre_infected", 0));
}

/// What copies lost and saved.
std::string about_copies(const Numbers& of) {
  const double encrypted = of.total("hosts_encrypted");
  if (encrypted == 0) return "No host was encrypted.\n";
  const double lost = of.total("data_lost");
  const double saved = of.total("data_saved");
  const auto plays = static_cast<double>(of.plays());
  const double without = of.total("hosts_without_copy");
  std::string text = fmt::format(
      "Of the encrypted hosts {} have no good copy. {} host-hours of work are lost on average, {} for each encrypted "
      "host",
      percent(without / encrypted), readable(std::round(lost / plays)), readable(lost / encrypted));
  if (saved > 0)
    text += fmt::format("; the good copies saved {}, {} of what was at stake", readable(std::round(saved / plays)),
                        percent(saved / (saved + lost)));
  else if (without < encrypted)
    text += "; the good copies saved nothing, being older than what a host without one loses";
  return text + fmt::format(". {} of the infected are back at the end.\n",
                            percent(of.total("hosts_restored") / of.total("hosts_infected")));
}

std::string sentences(const Results& results, const StrategyResults& strategy) {
  const Numbers of(results, strategy);
  std::string text;
  const Summary large = of("large_outbreak");
  const auto times = static_cast<std::size_t>(std::round(large.share_occurring * static_cast<double>(of.plays())));
  if (times == 0) {
    text += fmt::format("A large outbreak came in none of {} plays.\n", of.plays());
  } else {
    text += fmt::format("A large outbreak came in {} of {} plays; then half of them took at least {} of the hosts.\n",
                        times, of.plays(), percent(large.q50));
  }
  if (of.total("hosts_infected") == 0) return text + "No host was infected.\n";
  return text + about_patches(of) + about_tiers(of) + about_copies(of) + about_differences(results, strategy) +
         about_recovery(of) + about_services(of);
}

}  // namespace

std::string summary_text(const Results& results) {
  std::string text;
  for (std::size_t s = 0; s < results.strategies.size(); ++s) {
    const StrategyResults& strategy = results.strategies[s];
    text += fmt::format("{}: {} replicates, seed {}, {} hosts in {} organisation{}\n\n", results.manifest.scenario,
                        readable(static_cast<double>(strategy.outcomes.size())), results.manifest.seed,
                        readable(static_cast<double>(results.hosts)),
                        readable(static_cast<double>(results.organisations.size())),
                        results.organisations.size() == 1 ? "" : "s");
    text += table_of(results, strategy) + "\n" + sentences(results, strategy) + "\nReplays by hosts_infected:";
    for (const KeptTrace& kept : strategy.traces)
      text += fmt::format("  {} {}", percent(kept.percentile), replay_code(results, s, kept.replicate));
    text += "\n";
    if (std::any_of(strategy.traces.begin(), strategy.traces.end(), [](const KeptTrace& t) { return t.left_out; }))
      text += fmt::format(
          "Plays with more than {} infected hosts are not kept event by event; `trustfall replay` plays them "
          "again.\n",
          readable(most_hosts_traced));
  }
  return text;
}

}  // namespace trustfall
