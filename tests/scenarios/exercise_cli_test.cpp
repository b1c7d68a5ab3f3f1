#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

// The verb `exercise`, through the program.

namespace fs = std::filesystem;

namespace {

const std::string root = TRUSTFALL_SOURCE_DIR;
const std::string hospital = root + "/scenarios/district-hospital.yaml";

/// Rows of a CSV file by column name.
std::vector<std::map<std::string, std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.push_back({""});
    } else {
      rows.back().back() += c;
    }
  }
  std::vector<std::map<std::string, std::string>> named;
  for (std::size_t r = 1; r + 1 < rows.size(); ++r) {
    named.emplace_back();
    for (std::size_t c = 0; c < rows[r].size(); ++c) named.back()[rows[0].at(c)] = rows[r][c];
  }
  return named;
}

}  // namespace

TEST_CASE("Times in an events list are those of the replicate that its code replays") {
  const Folder folder;
  REQUIRE(program("exercise " + hospital + " --replicates 60 --seed 7 --quiet --out " + (folder / "pack")).code == 0);
  const auto list = read_csv(content(folder / "pack/events.csv"));
  REQUIRE(list.size() > 6);
  const std::string code = list.front().at("Replay Code");
  const Ran replay = program("replay " + code + " --events --from " + (folder / "pack/results.tfr"));
  REQUIRE(replay.code == 0);
  const auto steps = read_csv(replay.out);
  const auto first = [&](const std::string& what, const std::string& device) {
    for (const auto& step : steps)
      if (step.at("what") == what && (device.empty() || step.at("device") == device)) return step.at("time");
    return std::string();
  };
  const std::map<std::string, std::string> expected = {
      {"Service desk: a device does not work", first("detected", "")},
      {"A server in the data centre is encrypted", first("encrypted", "data_centre_server")},
      {"A backup server is encrypted", first("encrypted", "backup_server")},
      {"The first device is back in service", first("restored", "")},
  };
  std::size_t compared = 0;
  for (const auto& [title, time] : expected) {
    INFO(title);
    const auto row = std::find_if(list.begin(), list.end(),
                                  [&, wanted = title](const auto& each) { return each.at("Title") == wanted; });
    CHECK((row == list.end()) == time.empty());
    if (row == list.end()) continue;
    CHECK(row->at("Scenario Time (ISO 8601)") == time);
    CHECK(row->at("Replay Code") == code);
    ++compared;
  }
  CHECK(compared >= 3);
}

TEST_CASE("An exercise is a list as CSV and workbook, a sheet, and the results it came from") {
  const Folder folder;
  const std::string exercise =
      "exercise " + hospital + " --replicates 20 --seed 7 --dialect us --out " + (folder / "pack");
  const Ran ran = program(exercise + " --json");
  REQUIRE(ran.code == 0);
  const auto summary = nlohmann::json::parse(ran.out);
  const auto list = read_csv(content(folder / "pack/events.csv"));
  CHECK(summary["events"] == list.size());
  CHECK(list.front().size() == 26);
  CHECK(list.front().at("Replay Code") == summary["replay_code"]);
  CHECK(fs::exists(folder / "pack/results.tfr"));
  for (const auto& entry : fs::directory_iterator(folder / "pack")) CHECK(entry.path().extension() != ".part");

  const std::string html = content(folder / "pack/facilitator.html");
  for (const std::string part :
       {"default-src 'none'", "Master scenario events list (MSEL)", "Ground truth", "STARTEX"})
    CHECK(html.find(part) != std::string::npos);
  for (const std::string part : {"<script", "http://", "https://", "url(", "@import", "src=", "href="}) {
    INFO(part);
    CHECK(html.find(part) == std::string::npos);
  }
  for (const auto& row : list) CHECK(html.find(row.at("Exercise Time (T+hh:mm)")) != std::string::npos);

  // The workbook as another program reads it: rows of the list under its header, 26 columns, letter paper.
  const std::string python =
      "/usr/bin/python3 -c \"import re,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); "
      "s=z.read('xl/worksheets/sheet1.xml').decode(); "
      "print(s.count('<row '), len(re.findall('<c r=.[A-Z]+1. ', s)), 'paperSize' not in s or 'paperSize=\\\"1\\\"' "
      "in s, "
      "'name=\\\"MSEL\\\"' in z.read('xl/workbook.xml').decode())\" " +
      (folder / "pack/events.xlsx") + " >" + (folder / "read");
  REQUIRE(std::system(python.c_str()) == 0);
  CHECK(content(folder / "read") == std::to_string(list.size() + 1) + " 26 True True\n");

  // The same again is the same, to the byte; what is there is not overwritten by another.
  const std::string before = content(folder / "pack/events.csv");
  const std::string book = content(folder / "pack/events.xlsx");
  const Ran refused = program(exercise + " --percentile 20");
  CHECK(refused.code == 4);
  CHECK(refused.err.find("--replace") != std::string::npos);
  CHECK(content(folder / "pack/events.csv") == before);
  CHECK(program(exercise + " --quiet --replace --threads 1").code == 0);
  CHECK(content(folder / "pack/events.csv") == before);
  CHECK(content(folder / "pack/events.xlsx") == book);
  CHECK(content(folder / "pack/facilitator.html") == html);
  CHECK(program(exercise + " --quiet --replace --percentile 20").code == 0);
  CHECK(content(folder / "pack/events.csv") != before);
  const std::string monday = ", its first day played as a Monday";
  CHECK(html.find(monday) == std::string::npos);
  CHECK(program(exercise + " --quiet --replace --set weekday=monday").code == 0);
  CHECK(content(folder / "pack/facilitator.html").find(monday) != std::string::npos);
}

TEST_CASE("An exercise names real organisations only when it is told to") {
  const Folder folder;
  const std::string exercise = "exercise " + root + "/scenarios/nhs-2017.yaml --replicates 2 --seed 7 --quiet --out ";
  REQUIRE(program(exercise + (folder / "pseudonyms")).code == 0);
  REQUIRE(program(exercise + (folder / "real") + " --real-names").code == 0);
  const std::string page = content(folder / "pseudonyms/facilitator.html");
  const std::string real = content(folder / "real/facilitator.html");
  CHECK(page.find("network of trust ") != std::string::npos);
  CHECK(page.find(" NHS Foundation Trust") == std::string::npos);
  CHECK(real.find("network of trust ") == std::string::npos);
  CHECK(real.size() > 1000);
}

TEST_CASE("An exercise tells of hosts that fall once") {
  const Folder folder;
  const Ran ran = program("exercise " + root + "/scenarios/plain-si.yaml --set worm.active_for=1h --set " +
                          "worm.reinfects=true --out " + (folder / "out"));
  CHECK(ran.code == 3);
  CHECK(ran.err.find("an exercise tells of hosts that fall once") != std::string::npos);
  CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("Wrong arguments and files of an exercise are refused before anything is played") {
  const Folder folder;
  const std::string exercise = "exercise " + hospital + " --replicates 2 --seed 1 --quiet --out " + (folder / "pack");
  CHECK(program("exercise " + hospital).code == 2);
  CHECK(program(exercise + " --percentile 101").code == 2);
  CHECK(program(exercise + " --dialect fr").code == 2);
  for (const std::string duration : {"5min", "90", "8d", "90.5min", "never"}) {
    INFO(duration);
    CHECK(program(exercise + " --duration " + duration).code == 2);
  }
  CHECK(program(exercise + " --injects " + (folder / "none.yaml")).code == 4);
  std::ofstream(folder / "own.yaml") << "objectives: [Contain]\ninjects:\n  first: {detector: first_detecton}\n";
  const Ran ran = program(exercise + " --injects " + (folder / "own.yaml"));
  CHECK(ran.code == 3);
  CHECK(ran.err.find("own.yaml:3:21: error: unknown detector 'first_detecton'") != std::string::npos);
  CHECK(ran.err.find("did you mean first_detection?") != std::string::npos);
  CHECK_FALSE(fs::exists(folder / "pack/events.csv"));
}
