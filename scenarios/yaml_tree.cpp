#include "scenarios/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace trustfall {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

/// Builds the tree from the parser's events. Events come as the file is read, so that depth is cut before yaml-cpp
/// can recurse, and an alias is seen before it is expanded.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::vector<std::string>& lines) : lines_(lines) {}

  Tree tree;  // with the mistakes that leave the rest readable; others are thrown

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw TreeMistake{place(mark), "a scenario is one document; a second one starts here"};
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    const std::string_view word = word_at(mark);
    const bool said = word == "~" || word == "null" || word == "Null" || word == "NULL";
    if (said)
      add({.kind = Node::Kind::text, .place = place(mark, word), .text = std::string(word)});
    else
      add({.kind = Node::Kind::empty, .place = place(mark, word)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    tree.mistakes.push_back({place(mark, word_at(mark)), "an alias (*) is not read here; write the value out"});
    add({.kind = Node::Kind::broken, .place = place(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    const char first = rest_of_line(mark).empty() ? ' ' : rest_of_line(mark).front();
    const bool quoted = first == '"' || first == '\'';
    const bool block = first == '|' || first == '>';
    const std::string_view shown = quoted ? quoted_at(mark) : block ? "" : rest_of_line(mark).substr(0, value.size());
    add({.kind = Node::Kind::text, .place = place(mark, shown), .text = value, .plain = !quoted && !block});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::section);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  /// Where the innermost section or list that is still open began.
  Place innermost() const { return open_.empty() ? Place{1, 1, 1} : open_.back().place; }

  /// The place of a mark, whose columns count bytes, in characters; `shown` is what is to be underlined.
  Place place(const YAML::Mark& mark, std::string_view shown = "") const {
    const std::string_view line = line_of(mark);
    const auto bytes = std::min(line.size(), static_cast<std::size_t>(std::max(mark.column, 0)));
    const bool countable = line.size() <= 1000;  // a longer one is not shown, and counting takes long
    const int column = countable ? count_characters(line.substr(0, bytes)) : static_cast<int>(bytes);
    return {std::max(mark.line, 0) + 1, column + 1, std::max(1, count_characters(shown))};
  }

 private:
  std::string_view line_of(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    return line < lines_.size() ? std::string_view(lines_[line]) : std::string_view();
  }

  std::string_view rest_of_line(const YAML::Mark& mark) const {
    const std::string_view line = line_of(mark);
    return line.substr(std::min(line.size(), static_cast<std::size_t>(std::max(mark.column, 0))));
  }

  std::string_view word_at(const YAML::Mark& mark) const {
    const std::string_view rest = rest_of_line(mark);
    return rest.substr(0, rest.find_first_of(" \t,:]}#"));
  }

  /// The quoted text on its first line. A quote that no line closes is refused here: yaml-cpp closes it at the end.
  std::string_view quoted_at(const YAML::Mark& mark) const {
    const std::string_view first = rest_of_line(mark);
    const char quote = first.front();
    std::size_t from = 1;
    for (auto k = static_cast<std::size_t>(mark.line); k < lines_.size(); ++k, from = 0) {
      const std::string_view text = from == 1 ? first : std::string_view(lines_[k]);
      for (std::size_t i = from; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
          ++i;
        } else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote) {
          ++i;
        } else if (text[i] == quote) {
          return from == 1 ? first.substr(0, i + 1) : first;
        }
      }
    }
    throw TreeMistake{place(mark), "this quote is never closed"};
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const std::string_view rest = rest_of_line(mark);
    if (anchor != 0)
      tree.mistakes.push_back({place(mark, word_at(mark)), "an anchor (&) is not read here; write values out"});
    else if (!rest.empty() && rest.front() == '!')
      tree.mistakes.push_back({place(mark, word_at(mark)), "a tag (!) is not read here; the schema knows the types"});
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    refuse_anchor(mark, anchor);
    if (open_.size() >= deepest) throw TreeMistake{place(mark), fmt::format("more than {} levels deep", deepest)};
    open_.push_back({.kind = kind, .place = place(mark)});
  }

  void close() {
    Node done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done));
  }

  void add(Node node) {
    if (open_.empty()) {
      tree.root = std::move(node);
      return;
    }
    Node& parent = open_.back();
    const bool is_key = parent.is(Node::Kind::section) && parent.keys.size() == parent.parts.size();
    if (!is_key) {
      parent.parts.push_back(std::move(node));
      return;
    }
    if (!node.is(Node::Kind::text) && !node.is(Node::Kind::broken))
      tree.mistakes.push_back({node.place, "a key is one word"});
    parent.keys.push_back(std::move(node));
  }

  const std::vector<std::string>& lines_;
  std::vector<Node> open_;  // from the root inwards
  bool started_ = false;
};

/// yaml-cpp's words for what people get wrong most often, in ours.
std::string plainer(const std::string& message) {
  constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"illegal map value", "a second `:` on this line, or an indentation that does not fit the lines above"},
      {"end of map not found", "this line does not fit the indentation of the lines above"},
      {"end of sequence not found", "this line does not fit the indentation of the list above"},
      {"end of map flow not found", "this `{` has no `}`"},
      {"end of sequence flow not found", "this `[` has no `]`"},
      {"illegal flow end", "this bracket closes nothing"},
      {"illegal EOF in scalar", "the file ends within a text"},
      {"illegal block entry", "a list entry (`-`) cannot stand here"},
      {"the referenced anchor is not defined", "an alias (*) is not read here; write the value out"},
      {"illegal map key", "a key cannot stand here"}};
  for (const auto& [theirs, ours] : words)
    if (message == theirs) return std::string(ours);
  return message;
}

/// Length of the UTF-8 character at `text[i]`; 0 for what no text file holds: control characters, other encodings.
std::size_t character_length(std::string_view text, std::size_t i) {
  const auto first = static_cast<unsigned char>(text[i]);
  if (first < 0x80) return (first < 0x20 && first != '\t') || first == 0x7f ? 0 : 1;
  const std::size_t length = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  for (std::size_t k = 1; k < length; ++k)
    if (i + k >= text.size() || (text[i + k] & 0xc0) != 0x80) return 0;
  return length;
}

/// Refuses what is not text, and brackets in such heaps that yaml-cpp would keep 200 MB of them in mind.
void refuse_garbage(const std::vector<std::string>& lines) {
  int brackets = 0;  // in a row
  for (std::size_t k = 0; k < lines.size(); ++k) {
    int column = 0;
    for (std::size_t i = 0; i < lines[k].size(); ++column) {
      const Place here{static_cast<int>(k) + 1, column + 1, 1};
      const std::size_t length = character_length(lines[k], i);
      if (length == 0) throw TreeMistake{here, "this is not a text file: a byte that UTF-8 text does not have"};
      const char c = lines[k][i];
      if (c == '[' || c == '{')
        ++brackets;
      else if (c != ' ')
        brackets = 0;
      if (brackets > deepest) throw TreeMistake{here, fmt::format("more than {} levels deep", deepest)};
      i += length;
    }
  }
}

/// Puts the blame on a tab where there is one: yaml-cpp's own words for it are about what comes after.
TreeMistake explain(const YAML::Exception& problem, const TreeBuilder& builder,
                    const std::vector<std::string>& lines) {
  const int at = std::max(problem.mark.line, 0);
  for (int line = at; line >= std::max(at - 1, 0) && at < static_cast<int>(lines.size()); --line) {
    const std::string& text = lines[static_cast<std::size_t>(line)];
    const std::size_t tab = text.find_first_not_of(' ');
    if (tab != std::string::npos && text[tab] == '\t')
      return {{line + 1, static_cast<int>(tab) + 1, 1}, "a tab cannot indent; use spaces"};
  }
  const bool never_closed = problem.msg.find("flow not found") != std::string::npos;
  return {never_closed ? builder.innermost() : builder.place(problem.mark), plainer(problem.msg)};
}

void parse(const std::vector<std::string>& lines, TreeBuilder& builder) {
  refuse_garbage(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  std::istringstream in(text);
  try {
    YAML::Parser parser(in);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& problem) {
    throw explain(problem, builder, lines);
  }
}

Tree broken(TreeMistake mistake) { return {{.kind = Node::Kind::broken}, {std::move(mistake)}}; }

}  // namespace

std::size_t Node::index_of(const std::string& key) const {
  const auto same = [&](const Node& other) { return other.text == key; };
  return static_cast<std::size_t>(std::find_if(keys.begin(), keys.end(), same) - keys.begin());
}

const Node* Node::find(const std::string& key) const {
  const std::size_t index = index_of(key);
  return index < keys.size() ? &parts[index] : nullptr;
}

namespace {

/// Quoted where a list or a section around it would take its signs for their own.
std::string flow_scalar(const Node& node) {
  const bool safe = !node.text.empty() && node.text.find_first_of("{}[]\"'#&*!|>%@`\n\t\\") == std::string::npos &&
                    node.text.find(", ") == std::string::npos && node.text.find(": ") == std::string::npos;
  const bool share = node.text.size() > 1 && node.text.find_first_not_of("0123456789.%") == std::string::npos;
  if (node.plain && (safe || share)) return node.text;
  std::string quoted = "\"";
  for (const char c : node.text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? std::string("\\n") : c == '\t' ? std::string("\\t") : std::string(1, c);
  }
  return quoted + "\"";
}

std::string flow_part(const Node& node) {
  if (node.is(Node::Kind::text)) return flow_scalar(node);
  if (!node.is(Node::Kind::list) && !node.is(Node::Kind::section)) return "null";
  std::string text;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    text += i > 0 ? ", " : "";
    if (node.is(Node::Kind::section)) text += flow_scalar(node.keys[i]) + ": ";
    text += flow_part(node.parts[i]);
  }
  return node.is(Node::Kind::list) ? "[" + text + "]" : "{" + text + "}";
}

}  // namespace

std::string flow_text(const Node& node) {
  return node.is(Node::Kind::text) && node.plain ? node.text : flow_part(node);
}

std::string found(const Node& node) {
  if (node.is(Node::Kind::list)) return "; found a list";
  if (node.is(Node::Kind::section)) return "; found a section";
  const std::string shown = node.text.size() > 40 ? node.text.substr(0, 40) + "..." : node.text;
  return "; found " + (shown.empty() ? "an empty text" : shown);
}

Tree parse_yaml(const std::vector<std::string>& lines) {
  TreeBuilder builder(lines);
  try {
    parse(lines, builder);
  } catch (TreeMistake& mistake) {
    return broken(std::move(mistake));
  }
  return std::move(builder.tree);
}

Tree take_as_text(const std::string& text) {
  try {
    refuse_garbage(split(text));
  } catch (TreeMistake& mistake) {
    return broken(std::move(mistake));
  }
  const Place place{1, 1, std::max(1, count_characters(text))};
  return {{.kind = text.empty() ? Node::Kind::empty : Node::Kind::text, .place = place, .text = text}, {}};
}

std::vector<std::string> lines_of(std::string text) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') clean += text[i];
    if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) clean += '\n';
  }
  return split(clean);
}

int count_characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace trustfall
