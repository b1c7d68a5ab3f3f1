#include "viz_export/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/schema/scenario.pb.h"
#include "viz_export/numbers.h"
#include "viz_export/wording.h"

namespace trustfall {
namespace {

/// No farther from even than this, in pairs of 100, and something explains nothing; assumed.
constexpr double even = 5;
/// Plays with some hit and some not that it takes to say why.
constexpr std::size_t fewest_plays = 6;

/// Organisations that it takes: of two, everything tells one from the other.
constexpr std::size_t fewest_compared = 3;

/// What may tell those that were hit from the others.
struct Factor {
  const char* name;
  const char* metric;
  const char* more;   // what one that was hit had, in so many pairs
  const char* less;   // or one that was not
  double pairs = 50;  // of 100
  double error = 0;   // standard, over plays

  double distance() const { return std::fabs(pairs - 50); }
  bool tells() const { return distance() > even && distance() > 2 * error; }
};

/// Those that are compared: trusts, where there are two or more.
struct Compared {
  const char* one = "organisation";
  const char* several = "organisations";
  std::size_t count;

  explicit Compared(const Results& results) : count(results.organisations.size()) {
    const auto trusts = std::count_if(results.organisations.begin(), results.organisations.end(),
                                      [](const OrganisationInfo& of) { return of.kind == "trust"; });
    if (trusts < 2) return;
    one = "trust";
    several = "trusts";
    count = static_cast<std::size_t>(trusts);
  }
};

/// What stops a worm as it starts; empty where nothing does.
std::string stopper(const schema::Scenario& scenario) {
  const bool signatures = scenario.detection().has_antivirus();
  if (!scenario.worm().has_kill_switch()) return signatures ? "signatures" : "";
  return signatures ? "the kill switch or signatures" : "the kill switch";
}

/// By play: pairs of one hit and one not hit.
std::vector<double> pairs_of(const std::vector<double>& hit, const std::vector<double>& all) {
  std::vector<double> pairs(hit.size());
  for (std::size_t r = 0; r < hit.size(); ++r) pairs[r] = hit[r] * (all[r] - hit[r]);
  return pairs;
}

std::size_t plays_with(const std::vector<double>& pairs) {
  return static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [](double count) { return count > 0; }));
}

/// Finds in how many of 100 pairs the metric tells them apart, over all plays.
void weigh(Factor& factor, const std::vector<double>& shares, const std::vector<double>& pairs) {
  double sum = 0, all = 0, squares = 0;
  for (std::size_t r = 0; r < shares.size(); ++r) {
    if (std::isnan(shares[r])) continue;
    sum += shares[r] * pairs[r];
    all += pairs[r];
  }
  if (all == 0) return;
  const double mean = sum / all;
  for (std::size_t r = 0; r < shares.size(); ++r)
    if (!std::isnan(shares[r])) squares += std::pow(pairs[r] * (shares[r] - mean), 2);
  const auto plays = static_cast<double>(std::max<std::size_t>(plays_with(pairs), 2));
  factor.pairs = 100 * mean;
  factor.error = 100 * std::sqrt(squares * plays / (plays - 1)) / all;
}

/// Pairs of 100; all of them only where none is missing.
std::string number_of(double pairs) {
  if (pairs > 99 && pairs < 100) return "over 99";
  if (pairs > 0 && pairs < 1) return "less than 1";
  return fmt::format("{:.0f}", pairs);
}

std::string told(const Factor& factor) {
  const bool fewer = factor.tells() && factor.pairs < 50;
  return fmt::format("{} in {}{}", fewer ? factor.less : factor.more,
                     number_of(fewer ? 100 - factor.pairs : factor.pairs),
                     factor.tells() ? "" : ", which explains nothing");
}

/// Organisations in the plays with some hit and some not.
struct Standing {
  double hit = 0;
  double hit_open = 0;
  double others = 0;
  double others_open = 0;

  Standing(const Numbers& of, const std::vector<double>& pairs, double count) {
    const std::vector<double> hits = of.all("compared_hit"), open = of.all("compared_open");
    const std::vector<double> both = of.all("compared_hit_open");
    for (std::size_t r = 0; r < pairs.size(); ++r) {
      if (pairs[r] == 0) continue;
      hit += hits[r];
      hit_open += both[r];
      others += count - hits[r];
      others_open += open[r] - both[r];
    }
  }
  /// Whether there is a difference in being open at all; else exposure is but another word for size.
  bool differs() const { return 100 * std::fabs(hit_open / hit - others_open / others) > even; }
};

/// What explains most, and what each explains.
std::string about_factors(const Numbers& of, const std::vector<double>& pairs, double count, const char* hit) {
  const std::vector<double> pairs_open = pairs_of(of.all("compared_hit_open"), of.all("compared_open"));
  const Standing standing(of, pairs, count);
  std::vector<Factor> factors = {{"size", "told_apart_by_size", "had more hosts", "had fewer hosts"}};
  if (of.has("unpatched_at_start") && of("unpatched_at_start").mean > 0)
    factors.push_back({"patch coverage", "told_apart_by_coverage", "had a larger share without the patch",
                       "had a smaller share without the patch"});
  for (Factor& factor : factors) weigh(factor, of.all(factor.metric), pairs_open);
  std::stable_sort(factors.begin(), factors.end(),
                   [](const Factor& a, const Factor& b) { return a.distance() > b.distance(); });

  Factor exposure = {"exposure", "told_apart_by_exposure", "had more hosts open to others",
                     "had fewer hosts open to others"};
  weigh(exposure, of.all(exposure.metric), pairs);
  // What tells them apart in a few plays only, where some that are open are spared, explains little of all.
  const std::size_t plays_open = plays_with(pairs_open);
  const bool rare = 2 * plays_open <= plays_with(pairs);
  const bool exposure_tells = standing.differs() && exposure.tells();
  const bool by_exposure = exposure_tells && (rare || exposure.distance() >= factors[0].distance());
  const Factor& best = by_exposure ? exposure : factors[0];
  std::string text = best.tells() && (by_exposure || !rare)
                         ? fmt::format("{} explains most", best.name)
                         : std::string("neither exposure nor patch coverage nor size explains it");
  text += ". Of 100 pairs of one that was and one that was not in the same play, the first ";
  if (standing.differs())
    text +=
        fmt::format("{} (50 is chance); {} of those {} had any open, of the rest {}.", told(exposure),
                    percent(standing.hit_open / standing.hit), hit, percent(standing.others_open / standing.others));
  if (plays_open == 0) return text;
  if (standing.differs()) text += " Among those with any open, the first ";
  text += told(factors[0]);
  if (factors.size() > 1) text += "; it " + told(factors[1]);
  if (rare) text += fmt::format(", in the {} plays in which some with any were spared", plays_open);
  return text + (standing.differs() ? "." : " (50 is chance); as many of both had any open to others.");
}

}  // namespace

std::string about_differences(const Results& results, const StrategyResults& strategy) {
  const Numbers of(results, strategy);
  const Compared compared(results);
  if (!of.has("compared_hit") || compared.count < fewest_compared) return "";
  schema::Scenario scenario;
  scenario.ParseFromString(strategy.scenario);
  const char* hit = scenario.worm().has_encryption() ? "locked out" : "infected";
  if (of.total("compared_hit") == 0) return fmt::format("No {} was {}.\n", compared.one, hit);

  const auto count = static_cast<double>(compared.count);
  const std::vector<double> hits = of.all("compared_hit");
  const std::vector<double> pairs = pairs_of(hits, std::vector<double>(hits.size(), count));
  const std::size_t plays = plays_with(pairs);
  if (plays == 0)
    return fmt::format("Wherever any {} was {}, all were: nothing tells them apart.\n", compared.one, hit);
  const std::string why = fmt::format("Why some {} were {} and others not: ", compared.several, hit);
  if (plays < fewest_plays) return why + fmt::format("too few plays to say, for {} had both.\n", plays);

  std::string text = why + about_factors(of, pairs, count, hit);
  const std::string by = stopper(scenario);
  if (!by.empty() && of.has("compared_reached_late")) {
    const double late = of.total("compared_reached_late") / static_cast<double>(of.plays());
    text += late > 0 ? fmt::format(
                           " On average {} of the rest were reached only when {} stopped the worm at once: timing.",
                           readable(late), by)
                     : fmt::format(" Timing spared none: nowhere among the rest did {} stop the worm.", by);
  }
  return text + "\n";
}

}  // namespace trustfall
