#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace fs = std::filesystem;

namespace {

const fs::path root = TRUSTFALL_SOURCE_DIR;

/// What each room may include, beside itself.
const std::map<std::string, std::set<std::string>> floors = {
    {"sim/base", {}},
    {"sim/schema", {}},
    {"sim/estate", {"sim/base"}},
    {"sim/engine", {"sim/base", "sim/estate"}},
    {"sim/study", {"sim/base", "sim/estate", "sim/engine"}},
    {"models", {"sim/base", "sim/estate", "sim/engine"}},
    {"models/analytic", {"sim/base", "sim/estate"}},
    {"sim/archive", {"sim/base", "sim/study", "sim/schema"}},
    {"viz_export", {"sim/base", "sim/estate", "sim/study", "sim/archive", "sim/schema"}},
    {"notebooks_export", {"sim/base", "sim/estate", "sim/study", "sim/archive", "sim/schema"}},
    {"scenarios",
     {"sim/base", "sim/estate", "sim/engine", "sim/study", "sim/archive", "sim/schema", "models", "models/analytic"}},
    {"cli",
     {"sim/base", "sim/estate", "sim/engine", "sim/study", "sim/archive", "sim/schema", "models", "models/analytic",
      "scenarios", "viz_export", "notebooks_export"}},
};

/// Rooms that are also compiled for the browser.
const std::set<std::string> portable_core = {"sim/base", "sim/estate", "sim/engine", "models"};

std::string room_of(const std::string& path) {
  std::string deepest;  // the map is in order, and a room within a room comes after it
  for (const auto& [room, allowed] : floors)
    if (path.rfind(room + "/", 0) == 0) deepest = room;
  return deepest;
}

struct Line {
  std::string file;
  int number;
  std::string text;
};

std::vector<Line> lines_of(const std::string& room) {
  std::vector<Line> lines;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / room))
    if (room_of(fs::relative(entry.path(), root).string()) == room &&
        (entry.path().extension() == ".h" || entry.path().extension() == ".cpp"))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::ifstream in(file);
    std::string text;
    for (int number = 1; std::getline(in, text); ++number)
      lines.push_back({fs::relative(file, root).string(), number, text});
  }
  return lines;
}

}  // namespace

TEST_CASE("No room includes one that it may not") {
  const std::regex include(R"re(^\s*#include "([^"]+)")re");
  std::size_t seen = 0;
  for (const auto& [room, allowed] : floors)
    for (const Line& line : lines_of(room)) {
      std::smatch found;
      if (!std::regex_search(line.text, found, include)) continue;
      ++seen;
      const std::string other = room_of(found[1]);
      INFO(line.file << ":" << line.number << ": " << line.text);
      CHECK_FALSE(other.empty());
      CHECK((other == room || allowed.count(other) == 1));
    }
  CHECK(seen > 100);
}

TEST_CASE("The portable core keeps to what a browser's standard library has") {
  const std::regex forbidden(
      R"(#include <(iostream|fstream|sstream|filesystem|thread|mutex|atomic|future|ranges|format|source_location|random)>)"
      R"(|std::(ranges|format|bit_cast|jthread|from_chars|source_location|cout|cerr|ifstream|ofstream)\b)"
      R"(|std::(log|exp|pow|sin|cos|tan|log1p|expm1|erf|erfc|lgamma|tgamma|cbrt)\()"
      R"(|std::\w+_distribution\b|\bthrow\b)");
  for (const std::string& room : portable_core)
    for (const Line& line : lines_of(room)) {
      INFO(line.file << ":" << line.number << ": " << line.text);
      CHECK_FALSE(std::regex_search(line.text, forbidden));
    }
}

TEST_CASE("Only the study has a parallel loop") {
  for (const auto& [room, allowed] : floors)
    for (const Line& line : lines_of(room))
      if (line.text.find("#pragma omp") != std::string::npos) {
        INFO(line.file << ":" << line.number);
        CHECK(room == "sim/study");
      }
}
