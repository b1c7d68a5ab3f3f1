#include "scenarios/variants.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "scenarios/experiment.h"
#include "scenarios/reader.h"
#include "scenarios/sweep.h"
#include "sim/study/summary.h"
#include "tests/scenarios/reading.h"

using namespace trustfall;

namespace {

const std::string hospital = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/district-hospital.yaml";

std::shared_ptr<const Experiment> build(const std::vector<std::string>& settings) {
  Document document = read_scenario(hospital, settings);
  std::vector<InputFile> inputs;
  return build_experiment(document, files_beside(hospital), inputs);
}

/// The hospital without its own strategies and sweep.
std::string without_variants() {
  const std::string text = contents(hospital);
  return text.substr(0, text.find("\nstrategies:"));
}

/// A valid scenario with something more at its end.
Document with(const std::string& more, const std::string& strategy = "",
              const std::vector<std::string>& settings = {}) {
  return read_scenario_text(hospital, without_variants() + more, settings, strategy);
}

double variance(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value, squares += value * value;
  const auto n = static_cast<double>(values.size());
  return (squares - sum * sum / n) / (n - 1);
}

}  // namespace

TEST_CASE("A strategy changes what it sets and nothing else") {
  const std::string more =
      "\nstrategies:\n  plain: {}\n  other:\n    set:\n      patching.coverage: 91%\n      firewalls.guest-inwards: "
      "null\n      worm.latency: {fixed: 5min}\n";
  Document base = with(more);
  REQUIRE(told(base).empty());
  CHECK(strategy_names(base) == std::vector<std::string>{"plain", "other"});
  Document plain = with(more, "plain");
  Document other = with(more, "other");
  REQUIRE(told(other).empty());
  CHECK(played_scenario(plain) == played_scenario(base));
  CHECK(other.scenario.patching().coverage() == 0.91);
  CHECK(other.scenario.firewalls_size() == base.scenario.firewalls_size() - 1);
  CHECK(other.scenario.worm().latency().fixed() == 300);
  other.scenario.mutable_patching()->set_coverage(base.scenario.patching().coverage());
  *other.scenario.mutable_firewalls() = base.scenario.firewalls();
  *other.scenario.mutable_worm() = base.scenario.worm();
  CHECK(played_scenario(other) == played_scenario(base));
}

TEST_CASE("A mistake in a strategy is reported where it stands") {
  const std::string more =
      "\nstrategies:\n  odd:\n    set:\n      patching.coverage: 140%\n      patching.coverge: 1%\n      study.seed: "
      "3\n";
  Document base = with(more);
  check_variants(base, [&](const std::vector<std::string>&, const std::string& name) { return with(more, name); });
  REQUIRE(base.mistakes.size() == 3);
  const int first = base.mistakes[0].place.line;
  CHECK(base.lines[static_cast<std::size_t>(first) - 1] == "      patching.coverage: 140%");
  CHECK(base.mistakes[1].place.line == first + 1);
  CHECK(base.mistakes[1].suggestion == "coverage");
  CHECK(base.mistakes[2].message.find("share their luck") != std::string::npos);
}

TEST_CASE("A mistake in a sweep is reported where its path stands") {
  const std::string more = "\nsweep:\n  over:\n    patching.coverage: [40%, 200%]\n    worm.active_for: 3\n";
  Document base = with(more);
  REQUIRE(base.mistakes.size() == 1);  // not a list
  CHECK(base.mistakes[0].message.find("worm.active_for") != std::string::npos);
  check_variants(
      base, [&](const std::vector<std::string>& settings, const std::string&) { return with(more, "", settings); });
  const auto found = std::find_if(base.mistakes.begin(), base.mistakes.end(), [](const Mistake& mistake) {
    return mistake.message.find("with patching.coverage=200%") != std::string::npos;
  });
  REQUIRE(found != base.mistakes.end());
  CHECK(base.lines[static_cast<std::size_t>(found->place.line) - 1] == "    patching.coverage: [40%, 200%]");
}

TEST_CASE("A grid has each value with each of the others, the last path fastest") {
  const Sweep sweep = sweep_from({"a.b=1,2", "c={x: [1, 2], y: \"p,q\"}, 7 ,z"});
  REQUIRE(sweep.points() == 6);
  CHECK(sweep.settings(0) == std::vector<std::string>{"a.b=1", "c={x: [1, 2], y: \"p,q\"}"});
  CHECK(sweep.settings(1) == std::vector<std::string>{"a.b=1", "c=7"});
  CHECK(sweep.settings(5) == std::vector<std::string>{"a.b=2", "c=z"});
  CHECK(points_table(sweep, 5).rows ==
        std::vector<std::vector<Cell>>{{std::int64_t{5}, "a.b", "2"}, {std::int64_t{5}, "c", "z"}});
}

TEST_CASE("Sweeps that make no sense are refused") {
  CHECK_THROWS_AS(sweep_from({"patching.coverage"}), InputError);
  CHECK_THROWS_AS(sweep_from({"=1,2"}), InputError);
  CHECK_THROWS_AS(sweep_from({"a=1,,2"}), InputError);
  CHECK_THROWS_AS(sweep_from({"a=1,2", "a=3"}), InputError);
  CHECK_THROWS_AS(sweep_from({"a=1,1"}), InputError);
  CHECK_THROWS_AS(sweep_from({"study.seed=1,2"}), InputError);
  CHECK_THROWS_AS(sweep_of(with("")), InputError);
}

TEST_CASE("A sweep of the file is read with its values as they are written") {
  const Document document =
      with("\nsweep: {over: {patching.coverage: [40%, 0.6], worm.latency: [{fixed: 5min}, 20s]}}\n");
  REQUIRE(told(document).empty());
  const Sweep sweep = sweep_of(document);
  REQUIRE(sweep.points() == 4);
  CHECK(sweep.settings(2) == std::vector<std::string>{"patching.coverage=0.6", "worm.latency={fixed: 5min}"});
  for (std::size_t point = 0; point < 4; ++point) CHECK(told(read_scenario(hospital, sweep.settings(point))).empty());
}

TEST_CASE("Variants with the same estate share it") {
  const auto base = build({});
  std::vector<InputFile> inputs;
  Document same = read_scenario(hospital, {"patching.coverage=90%"});
  CHECK(build_experiment(same, files_beside(hospital), inputs, base.get())->shared == base->shared);
  Document other = read_scenario(hospital, {"estate.seed=9"});
  CHECK(build_experiment(other, files_beside(hospital), inputs, base.get())->shared != base->shared);
}

TEST_CASE("On the same luck a difference has less than a fifth of the variance it has on independent luck",
          "[slow]") {
  const auto sizes = [](const std::vector<std::string>& settings) {
    const auto experiment = build(settings);
    const auto player = player_maker(experiment)();
    std::vector<double> infected;
    for (std::uint32_t r = 0; r < 1000; ++r) infected.push_back(player->play(r).metrics[0]);
    return infected;
  };
  const std::vector<double> at_60 = sizes({"patching.coverage=60%"});
  const std::vector<double> at_65 = sizes({"patching.coverage=65%"});
  std::vector<double> differences;
  for (std::size_t r = 0; r < at_60.size(); ++r) differences.push_back(at_65[r] - at_60[r]);
  const double independent = variance(at_60) + variance(at_65);
  INFO("paired " << variance(differences) << ", independent " << independent);
  CHECK(independent > 5 * variance(differences));
}

TEST_CASE("A strategy that changes the hosts is found when strategies are built, before anything is played") {
  const auto told_of = [](const std::string& strategies) {
    Document document = with(strategies);
    const std::string text = strategies;
    std::vector<InputFile> inputs;
    const auto base = build_experiment(document, files_beside(hospital), inputs);
    const std::vector<Strategy> built = build_strategies(
        document, *base,
        [&](const std::vector<std::string>&, const std::string& strategy) { return with(text, strategy); },
        files_beside(hospital));
    CHECK(built.size() == 2);
    return told(document);
  };
  CHECK(told_of("\nstrategies:\n  plain: {}\n  patched: {set: {patching.coverage: 91%}}\n").empty());
  CHECK(told_of("\nstrategies:\n  plain: {}\n  smaller: {set: {estate.organisations.hospital.networks.wards.hosts: "
                "1000}}\n")
            .find("this strategy gives the estate other hosts") != std::string::npos);
}
