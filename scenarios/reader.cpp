#include "scenarios/reader.h"

#include <filesystem>
#include <fstream>

#include "scenarios/names.h"
#include "scenarios/plain.h"
#include "scenarios/quantity.h"
#include "scenarios/rules.h"
#include "scenarios/section.h"
#include "scenarios/setting.h"

namespace trustfall {
namespace {

constexpr std::size_t largest_file = 1 << 19;  // bytes; the largest scenario known has a twentieth of it

/// The tree of the document's lines, or a broken node when it is none of a scenario.
Node read_tree(Document& document) {
  auto [root, mistakes] = parse_yaml(document.lines);
  for (const TreeMistake& mistake : mistakes) report_at(document, mistake.place, mistake.message);
  if (root.is(Node::Kind::empty))
    report_at(document, {}, "the file says nothing");
  else if (!root.is(Node::Kind::section) && !root.is(Node::Kind::broken))
    report_at(document, root.place, "a scenario consists of lines `key: value`" + found(root));
  if (!root.is(Node::Kind::section)) root.kind = Node::Kind::broken;
  return std::move(root);
}

/// The start as written, which moments are counted from wherever in the file they stand; empty when it is no date.
std::string start_of(const Node& root) {
  const Node* start = root.find("start");
  if (start != nullptr && start->is(Node::Kind::section)) start = start->find("value");
  return start != nullptr && parse_date(start->text) ? start->text : "";
}

}  // namespace

Document read_scenario_text(std::string file_name, std::string text, const std::vector<std::string>& settings,
                            const std::string& strategy) {
  Document document;
  document.file = std::move(file_name);
  document.settings = settings;
  if (text.size() > largest_file) {
    report(document, "", "the file is larger than 512 KiB, which no scenario is");
    return document;
  }
  document.lines = lines_of(std::move(text));
  Node root = read_tree(document);
  if (root.is(Node::Kind::broken)) return document;
  apply_settings(document, root);
  if (!strategy.empty()) apply_strategy(document, root, strategy);

  const Spot whole{"", "the scenario", ""};
  document.scenario.set_start(start_of(root));
  read_section(document, root, document.scenario, whole);
  document.scenario.mutable_study();  // a study that the file does not mention has its fallbacks all the same
  fill_fallbacks(document, document.scenario, whole);
  expand_plain(document);
  fill_fallbacks(document, document.scenario, whole);
  check_names(document, [&](const std::string& list) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(std::filesystem::path(document.file).parent_path() / list, ignored);
  });
  check_rules(document);
  return document;
}

Document read_scenario(const std::string& path, const std::vector<std::string>& settings,
                       const std::string& strategy) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw FileError(path + ": there is no such file");
  if (std::filesystem::is_directory(status)) throw FileError(path + " is a directory, not a scenario");
  if (!std::filesystem::is_regular_file(status)) throw FileError(path + " is not a plain file");

  std::ifstream in(path, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) throw FileError(path + ": cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return read_scenario_text(path, std::move(text), settings, strategy);
}

}  // namespace trustfall
