#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/reader.h"

// What the tests of the reader share: small scenarios, and what the user is told about them.

namespace trustfall {

const std::filesystem::path folder = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "tests" / "scenarios";

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The least that is a scenario; `more` goes to its end.
inline std::string minimal(const std::string& more = "") {
  return "name: minimal\n"
         "start: 2017-05-12T08:44:00+01:00\n"
         "estate:\n"
         "  zones: {lan: {pool: everyone, addresses: 256}}\n"
         "  organisations:\n"
         "    hospital: {kind: trust, count: 1, networks: {wards: {hosts: 40, devices: {workstation: 100%}}}}\n"
         "  systems: {workstation: {windows_7: 100%}}\n"
         "worm: {attempts: {lan: 4/s}, chances: {windows_7: 60%}}\n"
         "entries: {first: {hosts: {count: 1}}}\n" +
         more;
}

inline Document read(const std::string& text, const std::vector<std::string>& settings = {}) {
  return read_scenario_text((folder / "text.yaml").string(), text, settings);
}

/// All that was found wrong, as the user sees it, with the file called by its name alone.
inline std::string told(const Document& document) {
  std::string text;
  for (Mistake mistake : document.mistakes) {
    mistake.file = std::filesystem::path(mistake.file).filename().string();
    text += describe(mistake) + "\n";
  }
  return text;
}

inline bool tells(const Document& document, const std::string& part) {
  const bool found = told(document).find(part) != std::string::npos;
  if (!found) UNSCOPED_INFO(told(document));
  return found;
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace trustfall
