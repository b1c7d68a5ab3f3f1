#include "scenarios/exercise/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <regex>
#include <set>

#include "scenarios/yaml_tree.h"

namespace trustfall {
namespace {

constexpr std::size_t largest_file = 1 << 19;  // bytes, as of a scenario

struct FieldInfo {
  const char* key;
  bool required;
};
constexpr FieldInfo field_table[] = {
    {"type", true},
    {"phase", true},
    {"title", true},
    {"description", true},
    {"from", true},
    {"to", true},
    {"delivery_method", true},
    {"responsible_controller", true},
    {"expected_action", true},
    {"core_capability", false},
    {"critical_task", false},
    {"contingency", false},
    {"branch_condition", false},
    {"controller_notes", false},
    {"evaluator_instructions", false},
};
static_assert(std::size(field_table) == rule_fields);

std::vector<std::string> known_keys() {
  std::vector<std::string> keys = {"detector", "objective", "branch_target", "attack_id"};
  for (const FieldInfo& field : field_table) keys.emplace_back(field.key);
  return keys;
}

std::vector<std::string> detector_names() {
  std::vector<std::string> names;
  for (int d = 0; d < detectors; ++d) names.emplace_back(info(static_cast<Detector>(d)).name);
  return names;
}

class Reader {
 public:
  Reader(const std::string& file, const std::string& text, Dialect dialect)
      : file_(file), dialect_(dialect), lines_(lines_of(text)) {
    if (text.size() > largest_file) report({}, "the file is larger than 512 KiB");
  }

  InjectRules take() {
    if (mistakes_.empty()) read_file();
    if (!mistakes_.empty()) throw InputError(std::move(mistakes_));
    return std::move(rules_);
  }

 private:
  void report(Place place, std::string message, std::string suggestion = {}) {
    const auto line = static_cast<std::size_t>(place.line);
    mistakes_.push_back({file_, place, Severity::error, std::move(message), std::move(suggestion),
                         line >= 1 && line <= lines_.size() ? lines_[line - 1] : std::string()});
  }

  void read_file() {
    const Tree tree = parse_yaml(lines_);
    for (const TreeMistake& mistake : tree.mistakes) report(mistake.place, mistake.message);
    if (!tree.root.is(Node::Kind::section)) {
      if (tree.mistakes.empty()) report(tree.root.place, "a file of injects has the sections objectives and injects");
      return;
    }
    check_keys(tree.root, {"objectives", "injects"}, "the file");
    if (const Node* objectives = part(tree.root, "objectives", Node::Kind::list, "the file"))
      for (const Node& objective : objectives->parts) rules_.objectives.push_back(text_of(objective, "an objective"));
    const Node* injects = part(tree.root, "injects", Node::Kind::section, "the file");
    if (injects == nullptr) return;
    check_twice(*injects, "injects");
    for (std::size_t i = 0; i < injects->parts.size(); ++i) ids_.push_back(injects->keys[i].text);
    for (std::size_t i = 0; i < injects->parts.size(); ++i) read_inject(injects->keys[i], injects->parts[i]);
    for (const Detector detector : {Detector::exercise_starts, Detector::exercise_ends})
      if (std::none_of(rules_.injects.begin(), rules_.injects.end(),
                       [&](const InjectRule& rule) { return rule.detector == detector; }))
        report(injects->place, fmt::format("there is no inject with the detector {}", info(detector).name));
  }

  void check_twice(const Node& section, const std::string& name) {
    std::set<std::string> seen;
    for (const Node& key : section.keys)
      if (!seen.insert(key.text).second) report(key.place, fmt::format("{} is said twice in {}", key.text, name));
  }

  void check_keys(const Node& section, const std::vector<std::string>& known, const std::string& name) {
    check_twice(section, name);
    for (const Node& key : section.keys)
      if (std::find(known.begin(), known.end(), key.text) == known.end())
        report(key.place, fmt::format("unknown key '{}' in {}", key.text, name), nearest(key.text, known));
  }

  /// The part of a section, reported when it is missing or something else.
  const Node* part(const Node& section, const std::string& key, Node::Kind kind, const std::string& name) {
    const Node* node = section.find(key);
    if (node == nullptr) {
      report(section.place, fmt::format("{} has no {}", name, key));
      return nullptr;
    }
    if (node->is(kind)) return node;
    const char* const wanted = kind == Node::Kind::list ? "list" : kind == Node::Kind::section ? "section" : "text";
    report(node->place, fmt::format("{} is a {}{}", key, wanted, found(*node)));
    return nullptr;
  }

  void read_inject(const Node& key, const Node& node) {
    InjectRule rule;
    rule.id = key.text;
    if (!node.is(Node::Kind::section)) return report(key.place, rule.id + " is a section" + found(node));
    check_keys(node, known_keys(), rule.id);
    for (std::size_t f = 0; f < rule_fields; ++f) {
      const FieldInfo& field = field_table[f];
      const Node* text = node.find(field.key);
      if (text == nullptr && field.required) report(key.place, fmt::format("{} has no {}", rule.id, field.key));
      if (text != nullptr) rule.texts[f] = text_of(*text, field.key);
    }
    if (const Node* detector = part(node, "detector", Node::Kind::text, rule.id))
      rule.detector = detector_of(*detector);
    if (const Node* type = node.find("type")) check_type(*type);
    if (const Node* objective = node.find("objective")) rule.objective = objective_of(*objective);
    if (const Node* target = node.find("branch_target")) rule.branch_target = target_of(*target);
    if (const Node* technique = node.find("attack_id")) rule.technique = technique_of(*technique);
    rules_.injects.push_back(std::move(rule));
  }

  Detector detector_of(const Node& node) {
    const std::vector<std::string> names = detector_names();
    const auto at = std::find(names.begin(), names.end(), node.text);
    if (at != names.end()) return static_cast<Detector>(at - names.begin());
    report(node.place, fmt::format("unknown detector '{}'; there are {}", node.text, fmt::join(names, ", ")),
           nearest(node.text, names));
    return Detector::exercise_starts;
  }

  void check_type(const Node& node) {
    static const std::vector<std::string> types = {"contextual", "expected action", "administrative"};
    if (std::find(types.begin(), types.end(), node.text) == types.end())
      report(node.place, fmt::format("type is one of {}; found '{}'", fmt::join(types, ", "), node.text),
             nearest(node.text, types));
  }

  int objective_of(const Node& node) {
    int number = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, number);
    const auto most = static_cast<int>(rules_.objectives.size());
    if (error != std::errc{} || stop != end || number < 1 || number > most)
      report(node.place,
             fmt::format("objective is the number of one of the {} objectives; found '{}'", most, node.text));
    return number;
  }

  std::string target_of(const Node& node) {
    if (std::find(ids_.begin(), ids_.end(), node.text) == ids_.end())
      report(node.place, fmt::format("branch_target names another inject; there is no '{}'", node.text),
             nearest(node.text, ids_));
    return node.text;
  }

  std::string technique_of(const Node& node) {
    static const std::regex form(R"(T\d{4}(\.\d{3})?)");
    if (!std::regex_match(node.text, form))
      report(node.place, fmt::format("attack_id is an ATT&CK technique such as T1486; found '{}'", node.text));
    return node.text;
  }

  /// The node's text in the dialect's words, with its placeholders checked.
  std::string text_of(const Node& node, const std::string& name) {
    if (!node.is(Node::Kind::text) || node.text.empty()) {
      report(node.place, fmt::format("{} is a text{}", name, found(node)));
      return {};
    }
    const std::string text = in_dialect(node);
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const std::size_t end = text.find('}', at);
      const std::string word = text.substr(at + 1, end == std::string::npos ? end : end - at - 1);
      const auto& known = placeholders();
      if (end == std::string::npos || std::find(known.begin(), known.end(), word) == known.end())
        report(node.place,
               fmt::format("unknown placeholder '{{{}}}' in {}; there are {}", word.substr(0, 40), name,
                           fmt::join(known, ", ")),
               nearest(word, known));
    }
    return text;
  }

  std::string in_dialect(const Node& node) {
    std::string text;
    std::size_t done = 0;
    for (std::size_t at = node.text.find('['); at != std::string::npos; at = node.text.find('[', done)) {
      const std::size_t bar = node.text.find('|', at);
      const std::size_t end = node.text.find(']', at);
      if (end == std::string::npos || bar > end || node.text.find('|', bar + 1) < end) {
        report(node.place, "[ begins a choice of words, [UK words|US words]; here it has no ], or not one |");
        return {};
      }
      text += node.text.substr(done, at - done);
      text +=
          dialect_ == Dialect::uk ? node.text.substr(at + 1, bar - at - 1) : node.text.substr(bar + 1, end - bar - 1);
      done = end + 1;
    }
    return text + node.text.substr(done);
  }

  std::string file_;
  Dialect dialect_;
  std::vector<std::string> lines_;
  std::vector<std::string> ids_;
  std::vector<Mistake> mistakes_;
  InjectRules rules_;
};

}  // namespace

const std::vector<std::string>& placeholders() {
  static const std::vector<std::string> known = {
      "scenario", "time",   "place",         "host_class", "count",  "infected",       "encrypted",    "detected",
      "restored", "places", "kind_of_place", "quiet",      "ransom", "ransom_doubled", "organisation", "service"};
  return known;
}

InjectRules read_injects(const std::string& file, const std::string& text, Dialect dialect) {
  return Reader(file, text, dialect).take();
}

}  // namespace trustfall
