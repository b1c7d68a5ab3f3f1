#include "scenarios/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "scenarios/fields.h"

namespace trustfall {
namespace {

/// A `path=value` on its way into the tree: a node of it, and what the schema says is there.
class Setting {
 public:
  /// `place` is that of the path.
  Setting(Document& document, const Place& place, Node& root)
      : document_(document), place_(place), node_(&root), type_(schema::Scenario::descriptor()) {}

  /// Puts `value` at the path, making what is missing on the way. Steps that the schema does not know are made as
  /// well: the reader then reports them as it does those of the file.
  void apply(const std::string& path, Node value);

 private:
  bool enter(const std::string& part, const Place& place, bool last, bool removing);
  bool enter_list(const std::string& part, const Place& place);
  void open_section(const std::string& part);
  void follow_schema(const std::string& part);

  Document& document_;
  Place place_;
  Node* node_;
  const Descriptor* type_;  // of the section at node_, or of those that it lists; null where the schema has none
  bool by_name_ = false;    // node_ is a list of such sections by name
};

void Setting::apply(const std::string& path, Node value) {
  const bool removing = value.is(Node::Kind::removed);
  if (std::count(path.begin(), path.end(), '.') >= deepest)
    return report_at(document_, place_, fmt::format("more than {} levels deep", deepest));
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t end = std::min(path.find('.', from), path.size());
    const std::string part = path.substr(from, end - from);
    const Place place{place_.line, place_.column + static_cast<int>(from), std::max(1, count_characters(part)),
                      place_.in_setting};
    if (!enter(part, place, end == path.size(), removing)) return;
    from = end + 1;
  }
  *node_ = std::move(value);
}

/// Goes one step down; false when there is nothing more to do.
bool Setting::enter(const std::string& part, const Place& place, bool last, bool removing) {
  if (node_->is(Node::Kind::list)) return enter_list(part, place);
  open_section(part);
  const std::size_t at = node_->index_of(part);
  const bool is_new = at == node_->keys.size();
  const bool known = by_name_ || (type_ != nullptr && find_field(*type_, part) != nullptr);
  // A name that is new and only entered is a slip of the pen; one that is meant is said as a whole.
  const bool slip = is_new && by_name_ && !last && type_ != nullptr && type_->field(0)->enum_type() == nullptr;
  std::vector<std::string> names;
  for (const Node& key : node_->keys) names.push_back(key.text);
  if (slip && !removing) {
    report_at(document_, place, fmt::format("there is no '{0}'; to add one, say it whole: {0}={{...}}", part),
              nearest(part, names));
    return false;
  }
  if (is_new && removing && known) {
    const FieldDescriptor* field = by_name_ ? nullptr : find_field(*type_, part);
    if (by_name_) report_at(document_, place, "there is no '" + part + "' to remove", nearest(part, names));
    if (field != nullptr && is_keyed(*field) && !last)
      report_at(document_, place, "there are no " + part + " to remove one from");
    return false;
  }
  if (is_new) {
    node_->keys.push_back({.kind = Node::Kind::text, .place = place, .text = part});
    node_->parts.push_back({.kind = Node::Kind::empty, .place = place});
  } else if (last) {
    node_->keys[at].place = place;
  }
  follow_schema(part);
  node_ = &node_->parts[at];
  return true;
}

bool Setting::enter_list(const std::string& part, const Place& place) {
  const std::size_t size = node_->parts.size();
  std::size_t index = 0;
  const char* const part_end = part.data() + part.size();
  const auto [end, error] = std::from_chars(part.data(), part_end, index);
  if (error != std::errc{} || end != part_end || index > size) {
    report_at(document_, place, fmt::format("this is a list: its parts are numbered from 0, and {} adds one", size));
    return false;
  }
  if (index == size) node_->parts.push_back({.kind = Node::Kind::empty, .place = place});
  node_ = &node_->parts[index];
  return true;
}

/// Makes the node a section that `part` can be a key of: a plain value becomes the field that it stands for.
void Setting::open_section(const std::string& part) {
  const Descriptor* type = by_name_ ? nullptr : type_;
  const bool sourced = type != nullptr && may_have_source(*type) && part != "value" &&
                       node_->is(Node::Kind::section) && node_->find("value") != nullptr;
  if (sourced) {
    Node inner = *node_->find("value");
    *node_ = std::move(inner);
  }
  if (!node_->is(Node::Kind::section)) {
    Node section{.kind = Node::Kind::section, .place = node_->place};
    if (type != nullptr && plain_field(*type) != nullptr && node_->is(Node::Kind::text)) {
      section.keys.push_back({.kind = Node::Kind::text, .place = node_->place, .text = plain_field(*type)->name()});
      section.parts.push_back(std::move(*node_));
    }
    *node_ = std::move(section);
  }
  const bool other_shape = type != nullptr && is_choice(*type) && !is_keyed(*type) && node_->find(part) == nullptr;
  if (other_shape) node_->keys.clear(), node_->parts.clear();  // the new replaces the old, except under a name
}

void Setting::follow_schema(const std::string& part) {
  const bool was_name = by_name_;
  by_name_ = false;
  if (was_name) return;  // type_ is already that of the section with this name
  const FieldDescriptor* field = type_ == nullptr ? nullptr : find_field(*type_, part);
  type_ = field == nullptr ? nullptr : field->message_type();
  by_name_ = field != nullptr && is_keyed(*field);
}

/// The value of a setting: YAML in brackets or quotes, and otherwise a text as it stands.
Tree value_of(const std::string& text) {
  const bool yaml = !text.empty() && std::string_view("{[\"'").find(text[0]) != std::string_view::npos;
  return yaml ? parse_yaml(lines_of(text)) : take_as_text(text);
}

/// Moves a place from the value alone to the whole setting.
Place moved(const Place& place, int number, int columns) {
  return {number, place.column + columns, place.width, true};
}

void move_to(Node& node, int number, int columns) {
  node.place = moved(node.place, number, columns);
  for (Node& key : node.keys) move_to(key, number, columns);
  for (Node& part : node.parts) move_to(part, number, columns);
}

bool is_null(const Node& value) {
  return value.is(Node::Kind::text) && value.plain && (value.text == "null" || value.text == "~");
}

void apply(Document& document, Node& root, const std::string& text, int number) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return report_at(document, {number, 1, 1, true},
                     "a setting is written path=value, such as patching.coverage=62%");
  const int columns = count_characters(text.substr(0, equals + 1));
  auto [value, mistakes] = value_of(text.substr(equals + 1));
  for (const TreeMistake& mistake : mistakes)
    report_at(document, moved(mistake.place, number, columns), mistake.message);
  if (!mistakes.empty()) return;
  if (is_null(value)) value.kind = Node::Kind::removed;
  move_to(value, number, columns);
  Setting(document, {number, 1, 1, true}, root).apply(text.substr(0, equals), std::move(value));
}

/// Whether strategies may differ in what the path names: not in their luck, their length or one another.
bool may_differ(const std::string& path) {
  const std::string first = path.substr(0, path.find('.'));
  const auto fixed = {"name", "start", "time_zone", "horizon", "study", "strategies", "sweep"};
  return std::find(fixed.begin(), fixed.end(), first) == fixed.end();
}

}  // namespace

void apply_settings(Document& document, Node& root) {
  int number = 0;
  for (const std::string& text : document.settings) apply(document, root, text, ++number);
}

void apply_strategy(Document& document, Node& root, const std::string& name) {
  const Node* strategies = root.find("strategies");
  const Node* strategy = strategies == nullptr ? nullptr : strategies->find(name);
  const Node* found = strategy == nullptr ? nullptr : strategy->find("set");
  if (found == nullptr || !found->is(Node::Kind::section)) return;
  const Node set = *found;  // a copy, because the tree around it changes
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const Node& key = set.keys[i];
    Node value = set.parts[i];
    if (!key.is(Node::Kind::text) || value.is(Node::Kind::empty)) continue;
    if (!may_differ(key.text)) {
      report_at(document, key.place, "strategies share their luck, so a strategy cannot change " + key.text);
      continue;
    }
    if (is_null(value)) value.kind = Node::Kind::removed;
    Setting(document, key.place, root).apply(key.text, std::move(value));
  }
}

}  // namespace trustfall
