#include "viz_export/text.h"

#include <catch2/catch.hpp>
#include <limits>
#include <map>

#include "tests/support/small_results.h"

using namespace trustfall;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

using Values = std::map<std::string, std::vector<double>>;  // by metric, of three plays; each is taken three times

/// What every run tells, of three plays of four trusts: 100 hosts in all.
Values as_counted() {
  return {{"large_outbreak", {0.4, none, 0.6}},
          {"hosts_infected", {40, 0, 60}},
          {"infected_unpatched", {39, 0, 60}},
          {"unpatched_at_start", {0.5, 0.7, 0.6}},
          {"terminals_infected", {30, 0, 50}},
          {"servers_infected", {9, 0, 5}},
          {"data_centre_infected", {0, 0, 5}},
          {"medical_devices_infected", {1, 0, 0}},
          {"hosts_encrypted", {20, 0, 30}},
          {"hosts_without_copy", {10, 0, 30}},
          {"data_lost", {300, 0, 600}},
          {"data_saved", {300, 0, 0}},
          {"hosts_restored", {10, 0, 0}},
          {"compared_hit", {1, 0, 2}},
          {"compared_open", {3, 2, 3}},
          {"compared_hit_open", {1, 0, 2}},
          {"compared_reached_late", {1, 1, 0}},
          {"told_apart_by_exposure", {1, none, 0.75}},
          {"told_apart_by_coverage", {0.5, none, 0.5}},
          {"told_apart_by_size", {0, none, 0.5}}};
}

std::string text_of(const Values& values, const std::string& settings = "", std::size_t plays = 9) {
  Results results = small::results();
  schema::Scenario scenario;
  if (settings.find("no encryption") == std::string::npos) scenario.mutable_worm()->mutable_encryption();
  if (settings.find("kill switch") != std::string::npos) scenario.mutable_worm()->mutable_kill_switch();
  if (settings.find("signatures") != std::string::npos) scenario.mutable_detection()->mutable_antivirus();
  results.organisations.assign(4, {"R", "R", "trust", "g", "", "", 0, 0, 20});
  results.organisations.push_back({"P", "P", "practice", "g", "", "", 0, 0, 20});
  results.metrics.clear();
  results.strategies.resize(1);
  results.strategies[0].scenario = scenario.SerializeAsString();
  results.strategies[0].traces.clear();
  results.strategies[0].outcomes.assign(plays, {});
  results.strategies[0].replicates.clear();
  for (std::uint32_t r = 0; r < plays; ++r) results.strategies[0].replicates.push_back(r);
  for (const auto& [name, all] : values) {
    results.metrics.push_back({name, "", "", Better::neither});
    for (std::size_t r = 0; r < plays; ++r) results.strategies[0].outcomes[r].metrics.push_back(all[r % 3]);
  }
  return summary_text(results);
}

/// As counted, but for one metric.
Values with(const std::string& metric, std::vector<double> values) {
  Values changed = as_counted();
  changed[metric] = std::move(values);
  return changed;
}

#define TELLS(text, sentence) CHECK((text).find(sentence) != std::string::npos)

}  // namespace

TEST_CASE("The summary says what the patch, the tiers and the copies came to") {
  const std::string text = text_of(as_counted());
  TELLS(text, "A large outbreak came in 6 of 9 plays; then half of them took at least 40 % of the hosts.\n");
  // 99 % to 60 % against 1 % to 40 %: 1.65 over 0.025.
  TELLS(text,
        "Of the infected hosts 99 % had no patch, of all on which the worm can run 60 % at the start: one without it "
        "fell 66 times as often as one with it.\n");
  TELLS(
      text,
      "Of the infected 80 % were terminals, 14 % servers, 5 % data-centre servers, 1 % medical devices. Some server "
      "fell in 6 of 9 plays, some data-centre server in 3.\n");
  TELLS(text,
        "Of the encrypted hosts 80 % have no good copy. 300 host-hours of work are lost on average, 18 for each "
        "encrypted host; the good copies saved 100, 25 % of what was at stake. 10 % of the infected are back at the "
        "end.\n");
  TELLS(text_of(with("infected_unpatched", {40, 0, 60})), "60 % at the start: none that had it fell.\n");
  TELLS(text_of(with("data_saved", {0, 0, -3})),
        "; the good copies saved nothing, being older than what a host without one loses. 10 %");
  Values no_copies = with("hosts_without_copy", {20, 0, 30});
  no_copies["data_saved"] = {0, 0, 0};
  TELLS(text_of(no_copies),
        "100 % have no good copy. 300 host-hours of work are lost on average, 18 for each encrypted host. 10 %");
  Values no_patch = as_counted();
  no_patch.erase("unpatched_at_start");
  CHECK(text_of(no_patch).find("had no patch") == std::string::npos);
  TELLS(text_of(with("infected_unpatched", {39.999, 0, 60})), "Of the infected hosts over 99.9 % had no patch");
  TELLS(text_of(with("unpatched_at_start", {none, none, none})), "Of the infected hosts 99 % had no patch.\n");
}

TEST_CASE("The summary says why some trusts and not others, with what explains best first") {
  // Pairs: 1 * 3 in the first play, 2 * 2 in the third, so exposure 6 / 7; among the open 1 * 2 and 2 * 1.
  TELLS(
      text_of(as_counted(), "kill switch"),
      "Why some trusts were locked out and others not: exposure explains most. Of 100 pairs of one that was and one "
      "that was not in the same play, the first had more hosts open to others in 86 (50 is chance); 100 % of those "
      "locked out had any open, of the rest 60 %. Among those with any open, the first had fewer hosts in 75; it "
      "had a larger share without the patch in 50, which explains nothing. On average 0.67 of the rest were reached "
      "only when the kill switch stopped the worm at once: timing.\n");
  TELLS(text_of(with("told_apart_by_coverage", {1, none, 0.9})), "others not: patch coverage explains most. Of 100");
  CHECK(text_of(with("compared_open", {1, 0, 2})).find("Among those") == std::string::npos);
  Values by_chance = with("told_apart_by_exposure", {0.5, none, 0.51});
  by_chance["told_apart_by_size"] = {0.45, none, 0.45};
  TELLS(text_of(by_chance), "others not: neither exposure nor patch coverage nor size explains it. Of 100 pairs");
  // Where some open ones are spared in a few plays only, that says little of the rest.
  Values rare = with("compared_open", {1, 0, 4});
  rare["compared_hit_open"] = {1, 0, 2};
  rare["told_apart_by_size"] = {none, none, 0};
  rare["told_apart_by_coverage"] = {none, none, 0.5};
  TELLS(text_of(rare), "others not: exposure explains most. Of 100");
  by_chance["told_apart_by_size"] = {0.44, none, 0.44};
  TELLS(text_of(by_chance), "others not: size explains most. Of 100 pairs");
}

TEST_CASE("What stops the worm at once is named as the scenario has it") {
  TELLS(text_of(as_counted(), "signatures"), "only when signatures stopped the worm");
  TELLS(text_of(as_counted(), "kill switch, signatures"), "only when the kill switch or signatures stopped the worm");
  CHECK(text_of(as_counted()).find("timing") == std::string::npos);
  TELLS(text_of(with("compared_reached_late", {0, 0, 0}), "kill switch"),
        "Timing spared none: nowhere among the rest did the kill switch stop the worm.\n");
}

TEST_CASE("Where none or all were hit the summary says so, and without organisations nothing") {
  TELLS(text_of(with("compared_hit", {0, 0, 0})), "No trust was locked out.\n");
  TELLS(text_of(with("compared_hit", {4, 0, 4})),
        "Wherever any trust was locked out, all were: nothing tells them apart.\n");
  TELLS(text_of(with("hosts_encrypted", {0, 0, 0}), "no encryption"),
        "No host was encrypted.\nWhy some trusts were infected and others");
  Values nobody = with("compared_hit", {0, 0, 0});
  nobody["hosts_encrypted"] = {0, 0, 0};
  TELLS(text_of(nobody), "No host was encrypted.\nNo trust was locked out.\n");
  Values alone = as_counted();
  alone.erase("compared_hit");
  CHECK(text_of(alone).find("trusts") == std::string::npos);
}

TEST_CASE("Where all are open alike exposure is no reason, and few plays give none") {
  // Four trusts with a host open in every play.
  Values open = with("compared_open", {4, 4, 4});
  open["told_apart_by_exposure"] = {1, none, 1};
  open["told_apart_by_size"] = {1, none, 1};
  TELLS(text_of(open),
        "others not: size explains most. Of 100 pairs of one that was and one that was not in the same "
        "play, the first had more hosts in 100; it had a larger share without the patch in 50, which "
        "explains nothing (50 is chance); as many of both had any open to others.");
  TELLS(text_of(as_counted(), "", 6), "others not: too few plays to say, for 4 had both.\n");
  // One play for it and one against: far from even, and yet by chance.
  TELLS(text_of(with("told_apart_by_exposure", {1, none, 0.1})), "open to others in 49, which explains nothing");
  TELLS(text_of(with("told_apart_by_exposure", {1, none, 0.985})), "open to others in over 99 (50 is chance)");
  Values unpatchable = as_counted();
  unpatchable.erase("unpatched_at_start");
  CHECK(text_of(unpatchable).find("without the patch in") == std::string::npos);
}
