#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "scenarios/exercise/events.h"
#include "scenarios/exercise/pacing.h"
#include "scenarios/exercise/rules.h"
#include "sim/base/error.h"

// The file of injects, and the pace of an exercise.

using namespace trustfall;

namespace {

InjectRules shipped_rules(Dialect dialect) {
  return read_injects("injects.yaml", std::string(shipped_injects()), dialect);
}

/// The least that is a file of injects; `more` is added to its second inject.
std::string small_file(const std::string& more = "") {
  const std::string rest =
      ", type: administrative, phase: Start, title: A, description: B, from: C, to: D, delivery_method: E, "
      "responsible_controller: F, expected_action: G";
  return "objectives: [Contain]\n"
         "injects:\n"
         "  start: {detector: exercise_starts" +
         rest +
         "}\n"
         "  end: {detector: exercise_ends" +
         rest + more + "}\n";
}

/// What the user is told about a file of injects.
std::string told_of(const std::string& text) {
  try {
    read_injects("own.yaml", text, Dialect::uk);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

void check_mistake(const std::string& text, const std::vector<std::string>& parts) {
  const std::string told = told_of(text);
  INFO(told);
  for (const std::string& part : parts) {
    INFO(part);
    CHECK(told.find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("Pacing keeps the order, the gaps and the exercise's length") {
  std::mt19937 random(11);
  for (const int minutes : {10, 20, 30, 60, 90, 240, 1440})
    for (std::size_t count = 1; count <= 40; ++count) {
      std::vector<Instant> moments;
      for (std::size_t i = 0; i < count; ++i) moments.push_back(Instant{} + std::chrono::seconds(random() % 600000));
      if (count > 4) moments[2] = moments[3] = moments[1];  // several at once
      std::sort(moments.begin(), moments.end());
      const std::vector<int> paced = pace(moments, minutes);
      INFO(count << " events in " << minutes << " minutes");
      REQUIRE(paced.size() == count);
      CHECK(paced == pace(moments, minutes));
      CHECK(paced.front() >= 1);
      CHECK(paced.front() <= 15);
      CHECK(paced.back() < minutes);
      const auto wanted = static_cast<int>(static_cast<std::size_t>(minutes) / (3 * count));
      for (std::size_t i = 1; i < count; ++i) {
        CHECK(paced[i] - paced[i - 1] >= wanted);
        if (count <= static_cast<std::size_t>(minutes) - 1) CHECK(paced[i] > paced[i - 1]);
        CHECK(paced[i] >= paced[i - 1]);
      }
    }
}

TEST_CASE("A longer wait in the scenario is never a shorter one in the exercise") {
  const std::vector<int> paced =
      pace({Instant{} + 1h, Instant{} + 2h, Instant{} + 6h, Instant{} + 30h, Instant{} + 31h}, 90);
  CHECK(paced[2] - paced[1] > paced[1] - paced[0]);
  CHECK(paced[3] - paced[2] > paced[2] - paced[1]);
  CHECK(paced[4] - paced[3] < paced[3] - paced[2]);
  CHECK(pace({}, 90).empty());
}

TEST_CASE("The dialects have their own words") {
  std::string texts[2];
  for (const Dialect dialect : {Dialect::uk, Dialect::us})
    for (const InjectRule& rule : shipped_rules(dialect).injects)
      for (const std::string& text : rule.texts) texts[static_cast<int>(dialect)] += text + "\n";
  for (const std::string word : {"EXCON", "DISTAFF", "METHANE", "SITREP", "hot debrief"}) {
    INFO(word);
    CHECK(texts[0].find(word) != std::string::npos);
    CHECK(texts[1].find(word) == std::string::npos);
  }
  for (const std::string word :
       {"Controller", "situation report", "hot wash", "organization", "Operational Coordination"}) {
    INFO(word);
    CHECK(texts[1].find(word) != std::string::npos);
    CHECK(texts[0].find(word) == std::string::npos);
  }
  CHECK(std::string(words(Dialect::uk).short_list) == "MEL");
  CHECK(std::string(words(Dialect::us).short_list) == "MSEL");
}

TEST_CASE("A broken file of injects is answered with line and suggestion") {
  CHECK(told_of(small_file()).empty());
  const std::string good = small_file();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  check_mistake(with("exercise_starts", "exercise_start"),
                {"own.yaml:3:21: error: unknown detector 'exercise_start'", "did you mean exercise_starts?"});
  check_mistake(with("detector: exercise_starts", "detector: first_restore"),
                {"there is no inject with the detector exercise_starts"});
  check_mistake(with("description: B", "description: \"{plaec}\""),
                {"own.yaml:3:", "unknown placeholder '{plaec}' in description", "did you mean place?"});
  check_mistake(with("description: B", "description: \"{place\""), {"own.yaml:3:", "unknown placeholder"});
  check_mistake(with("description: B, ", ""), {"own.yaml:3:3: error: start has no description"});
  check_mistake(with("  end:", "  start:"), {"own.yaml:4:3: error: start is said twice in injects"});
  check_mistake(with("phase: Start", "phse: Start"), {"unknown key 'phse' in start", "did you mean phase?"});
  check_mistake(with("type: administrative", "type: administrativ"), {"own.yaml:3:", "did you mean administrative?"});
  check_mistake(with("title: A", "title: \"[one|two|three]\""), {"own.yaml:3:", "[UK words|US words]"});
  check_mistake(with("title: A", "title: \"[one\""), {"own.yaml:3:", "[UK words|US words]"});
  check_mistake(small_file(", attack_id: 1486"), {"own.yaml:4:", "such as T1486; found '1486'"});
  check_mistake(small_file(", objective: 2"), {"own.yaml:4:", "one of the 1 objectives; found '2'"});
  check_mistake(small_file(", branch_target: strat"), {"own.yaml:4:", "there is no 'strat'", "did you mean start?"});
  check_mistake("injects: []\n",
                {"own.yaml:1:1: error: the file has no objectives", "injects is a section; found a list"});
  check_mistake("", {"own.yaml"});
  check_mistake("objectives: [\n", {"own.yaml:"});
}

TEST_CASE("A choice of words takes the words of the dialect") {
  const std::string text = small_file(", controller_notes: \"the [serial|inject] of [EXCON|the controller]\"");
  const auto notes = [&](Dialect dialect) {
    return read_injects("own.yaml", text, dialect).injects.back()[Field::controller_notes];
  };
  CHECK(notes(Dialect::uk) == "the serial of EXCON");
  CHECK(notes(Dialect::us) == "the inject of the controller");
}
