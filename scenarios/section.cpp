#include "scenarios/section.h"

#include <fmt/format.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <unordered_map>

namespace trustfall {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

std::string last_part(const std::string& path) {
  return path.empty() ? "the scenario" : path.substr(path.rfind('.') + 1);  // npos + 1 is 0
}

/// The first clause of a field's documentation, to go on a sentence with.
std::string meaning(const FieldDescriptor& field) {
  std::string doc = field.options().GetExtension(schema::doc);
  doc.resize(std::min(doc.find_first_of(":;."), doc.size()));
  if (doc.size() > 1 && !(doc[1] >= 'A' && doc[1] <= 'Z')) doc[0] = static_cast<char>(std::tolower(doc[0]));
  return doc;
}

std::vector<std::string> names_of(const Descriptor& type) {
  std::vector<std::string> names;
  for (const FieldDescriptor* field : fields_of(type)) names.push_back(field->name());
  return names;
}

bool has_value(const Node& node) { return node.is(Node::Kind::section) && node.find("value") != nullptr; }

/// Whether a section of plain field `plain` is written as that field's own section: `server: {lognormal: ...}`, or as
/// its list, by name or not.
bool is_written_as(const FieldDescriptor& plain, const Node& node) {
  if (!is_message(plain)) return plain.is_repeated() && node.is(Node::Kind::list);
  if (node.keys.empty()) return false;
  const std::string& first = node.keys[0].text;
  return find_field(*plain.containing_type(), first) == nullptr &&
         (is_keyed(plain) || find_field(*plain.message_type(), first) != nullptr);
}

class SectionReader {
 public:
  explicit SectionReader(Document& document) : document_(document) {}

  void read_section(const Node& node, Message& message, const Spot& spot);

 private:
  void read_field(const Node& key, const Node& node, Message& message, const FieldDescriptor& field, Spot spot);
  void read_keyed(const Node& node, Message& message, const FieldDescriptor& field, const Spot& spot);
  void read_named(const Node& key, const Node& body, Message& part, const Spot& spot);
  void read_verbatim(const Node& node, Message& message, const FieldDescriptor& field, const Spot& spot);
  void read_list(const Node& node, Message& message, const FieldDescriptor& field, const Spot& spot);
  void read_body(const Node& key, const Node& node, Message& message, const Spot& spot);
  const Node& without_source(const Node& node, const Spot& spot);
  void read_source(const Node& node, const Spot& spot);

  std::string refuse_unknown(const Node& key, const Descriptor& type, const Spot& spot);
  void check_section(const Message& message, const std::set<std::string>& said, const Spot& spot);
  void check_choice(const Descriptor& type, const std::set<std::string>& said, const Spot& spot);
  void check_not_empty(const Message& message, const FieldDescriptor& field, const Spot& spot);
  bool first_time(const Node& key, std::unordered_map<std::string, int>& lines, const Spot& spot);

  Document& document_;
};

/// Whether the key is new in its section; the second use of one is reported with the line of the first.
bool SectionReader::first_time(const Node& key, std::unordered_map<std::string, int>& lines, const Spot& spot) {
  const auto [first, is_new] = lines.emplace(key.text, key.place.line);
  if (!is_new)
    report_at(document_, key.place,
              fmt::format("{} is said twice in {}; the first is in line {}", key.text, last_part(spot.path),
                          first->second));
  return is_new;
}

/// Reports a key that the section does not have; the field that was probably meant, if any, so that it is not
/// reported as missing as well.
std::string SectionReader::refuse_unknown(const Node& key, const Descriptor& type, const Spot& spot) {
  const std::size_t colon = std::min(key.text.find(':'), key.text.size());
  const std::string before = key.text.substr(0, colon);
  if (key.text == "<<") {
    report_at(document_, key.place, "a merge key (<<) is not read here; write the values out");
    return "";
  }
  if (colon < key.text.size() && find_field(type, before) != nullptr) {
    report_at(document_, key.place, "a space is missing after the colon",
              before + ": " + key.text.substr(colon + 1, longest_name));
    return before;
  }
  const std::vector<std::string> known = names_of(type);
  const std::string meant = nearest(key.text, known);
  const std::string others = meant.empty() && known.size() <= 12 ? "; it has " + list_text(known, "and") : "";
  report_at(document_, key.place,
            fmt::format("{} has no key '{}'{}", last_part(spot.path), key.text.substr(0, longest_name), others),
            meant);
  return meant;
}

/// A list that has to say something, and whose parts were not refused one by one, does.
void SectionReader::check_not_empty(const Message& message, const FieldDescriptor& field, const Spot& spot) {
  const bool required = field.options().GetExtension(schema::required);
  if (required && field.is_repeated() && message.GetReflection()->FieldSize(message, &field) == 0)
    report(document_, path_to(spot.path, field.name()),
           fmt::format("{} is empty, and {} needs at least one", field.name(), last_part(spot.path)));
}

/// A section that is exactly one of its fields.
void SectionReader::check_choice(const Descriptor& type, const std::set<std::string>& said, const Spot& spot) {
  if (!is_choice(type) || said.size() == 1) return;
  report(document_, spot.path,
         fmt::format("{} is exactly one of {}; found {}", spot.name, list_text(names_of(type), "or"),
                     said.empty() ? "none" : list_text({said.begin(), said.end()}, "and")));
}

/// What is required has been said, and of values by weight at least one has some.
void SectionReader::check_section(const Message& message, const std::set<std::string>& said, const Spot& spot) {
  for (const FieldDescriptor* field : fields_of(*message.GetDescriptor()))
    if (field->options().GetExtension(schema::required) && said.count(field->name()) == 0)
      report(document_, spot.path,
             fmt::format("{} lacks {}: {}", last_part(spot.path), field->name(), meaning(*field)));
  const auto* distribution = dynamic_cast<const schema::Distribution*>(&message);
  if (distribution == nullptr || distribution->discrete().empty()) return;
  const auto has_none = [](const schema::Weighted& value) { return value.weight() == 0; };
  if (std::all_of(distribution->discrete().begin(), distribution->discrete().end(), has_none))
    report(document_, spot.path + ".discrete", "all weights are 0: no value can be drawn");
}

void SectionReader::read_section(const Node& node, Message& message, const Spot& spot) {
  const Descriptor& type = *message.GetDescriptor();
  std::unordered_map<std::string, int> lines;
  std::set<std::string> said;
  bool all_known = true;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    if (!key.is(Node::Kind::text)) continue;
    const FieldDescriptor* field = find_field(type, key.text);
    if (field == nullptr) {
      said.insert(refuse_unknown(key, type, spot));
      all_known = false;
    } else if (!node.parts[i].is(Node::Kind::removed) && first_time(key, lines, spot)) {
      said.insert(key.text);
      const std::size_t mistakes = document_.mistakes.size();
      read_field(key, node.parts[i], message, *field, spot.under(key.text, key.text));
      if (document_.mistakes.size() == mistakes) check_not_empty(message, *field, spot);
    }
  }
  if (all_known) check_choice(type, said, spot);
  check_section(message, said, spot);
}

void SectionReader::read_source(const Node& node, const Spot& spot) {
  const std::string path = path_to(spot.path, "source");
  document_.places[path] = node.place;
  if (!node.is(Node::Kind::text) || node.text.empty())
    return report(document_, path, "source is a text that says where the value comes from");
  schema::Provenance& entry = *document_.scenario.add_ledger();
  entry.set_path(spot.path);
  entry.set_source(node.text);
}

/// The node behind `{value: ..., source: ...}`; the source goes to the ledger.
const Node& SectionReader::without_source(const Node& node, const Spot& spot) {
  std::unordered_map<std::string, int> lines;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    if (!key.is(Node::Kind::text) || !first_time(key, lines, spot)) continue;
    if (key.text == "source")
      read_source(node.parts[i], spot);
    else if (key.text != "value")
      report_at(document_, key.place,
                fmt::format("beside a value stands its source, and nothing else; found '{}'",
                            key.text.substr(0, longest_name)),
                nearest(key.text, {"value", "source"}));
  }
  if (node.find("source") == nullptr)
    report(document_, spot.path, spot.name + " is said as a section with a value, but no source");
  return *node.find("value");
}

void SectionReader::read_field(const Node& key, const Node& node, Message& message, const FieldDescriptor& field,
                               Spot spot) {
  spot.unit = unit_of(field, spot.unit);
  const bool opens_section = is_message(field) || !node.is(Node::Kind::text);
  document_.places[spot.path] = opens_section ? key.place : node.place;
  if (node.is(Node::Kind::broken) || node.is(Node::Kind::removed)) return;
  if (node.is(Node::Kind::empty))
    return report(document_, spot.path, spot.name + " is empty; give it a value or leave it out");
  if (is_verbatim(field)) return read_verbatim(node, message, field, spot);
  if (is_keyed(field)) return read_keyed(node, message, field, spot);
  if (is_message(field) && !field.is_repeated())
    return read_body(key, node, *message.GetReflection()->MutableMessage(&message, &field), spot);
  const bool sourced = !is_message(field) && has_value(node);
  const Node& inner = sourced ? without_source(node, spot) : node;
  if (sourced) document_.places[spot.path] = inner.place;
  if (field.is_repeated()) return read_list(inner, message, field, spot);
  read_scalar(document_, inner, message, field, spot);
}

/// A list that is written as a mapping from the first field of its parts to the rest of them.
void SectionReader::read_keyed(const Node& node, Message& message, const FieldDescriptor& field, const Spot& spot) {
  if (!node.is(Node::Kind::section))
    return report_at(document_, node.place,
                     fmt::format("{} is a section with a line for each, `{}: ...`{}", spot.name,
                                 field.message_type()->field(0)->name(), found(node)));
  std::unordered_map<std::string, int> lines;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    if (!key.is(Node::Kind::text)) continue;
    const bool nameable = !key.text.empty() && key.text.size() <= longest_name &&
                          key.text.find_first_of(".\n\r\t=") == std::string::npos;
    if (!nameable)
      report_at(document_, key.place, "a name has 1 to 60 characters, and no dot, equals sign or line break");
    else if (!node.parts[i].is(Node::Kind::removed) && first_time(key, lines, spot))
      read_named(key, node.parts[i], *message.GetReflection()->AddMessage(&message, &field),
                 spot.under(key.text, key.text));
  }
}

/// One part of such a list: its name, then what stands behind it.
void SectionReader::read_named(const Node& key, const Node& body, Message& part, const Spot& spot) {
  const FieldDescriptor& field = *part.GetDescriptor()->field(0);
  const Spot name = spot.under(field.name(), field.name());
  document_.places[spot.path] = document_.places[name.path] = key.place;
  read_scalar(document_, key, part, field, name);
  read_body(key, body, part, spot);
}

/// A mapping from paths to whatever may stand there, or to lists of it.
void SectionReader::read_verbatim(const Node& node, Message& message, const FieldDescriptor& field,
                                  const Spot& spot) {
  if (!node.is(Node::Kind::section))
    return report_at(document_, node.place,
                     spot.name + " is a section with a line for each, `path: ...`" + found(node));
  const FieldDescriptor& path = *field.message_type()->field(0);
  const FieldDescriptor& value = *field.message_type()->field(1);
  std::unordered_map<std::string, int> lines;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    const Node& body = node.parts[i];
    if (!key.is(Node::Kind::text) || body.is(Node::Kind::removed) || !first_time(key, lines, spot)) continue;
    document_.places[path_to(spot.path, key.text)] = key.place;
    if (body.is(Node::Kind::empty) || (value.is_repeated() && (!body.is(Node::Kind::list) || body.parts.empty()))) {
      report_at(document_, key.place,
                key.text + (value.is_repeated() ? " has a list of values, such as [40%, 60%]" : " has no value"));
      continue;
    }
    Message& part = *message.GetReflection()->AddMessage(&message, &field);
    part.GetReflection()->SetString(&part, &path, key.text);
    if (!value.is_repeated()) part.GetReflection()->SetString(&part, &value, flow_text(body));
    if (value.is_repeated())
      for (const Node& one : body.parts) part.GetReflection()->AddString(&part, &value, flow_text(one));
  }
}

void SectionReader::read_list(const Node& node, Message& message, const FieldDescriptor& field, const Spot& spot) {
  if (!is_message(field) && node.is(Node::Kind::text)) {
    document_.places[spot.path + ".0"] = node.place;
    return read_scalar(document_, node, message, field, spot.under("0", spot.name));
  }
  if (!node.is(Node::Kind::list)) return report_at(document_, node.place, spot.name + " is a list" + found(node));
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const Node& part = node.parts[i];
    const Spot own = spot.under(std::to_string(i), spot.name);
    document_.places[own.path] = part.place;
    if (part.is(Node::Kind::broken) || part.is(Node::Kind::removed)) continue;
    if (is_message(field))
      read_body(part, part, *message.GetReflection()->AddMessage(&message, &field), own);
    else
      read_scalar(document_, has_value(part) ? without_source(part, own) : part, message, field, own);
  }
}

/// What stands behind the name of a section: the section, or a plain value for the one field that matters.
void SectionReader::read_body(const Node& key, const Node& node, Message& message, const Spot& spot) {
  const Descriptor& type = *message.GetDescriptor();
  const bool sourced = may_have_source(type) && has_value(node);
  const Node& inner = sourced ? without_source(node, spot) : node;
  const FieldDescriptor* plain = plain_field(type);
  const bool is_text = inner.is(Node::Kind::text);
  if (plain != nullptr && (is_text || is_written_as(*plain, inner)))
    return read_field(is_text ? inner : key, inner, message, *plain, spot.under(plain->name(), spot.name));
  if (inner.is(Node::Kind::broken)) return;
  if (inner.is(Node::Kind::empty))
    return report(document_, spot.path, spot.name + " is empty; give it a value, write {} or leave it out");
  if (!inner.is(Node::Kind::section))
    return report_at(document_, inner.place, spot.name + " is a section" + found(inner));
  read_section(inner, message, spot);
}

}  // namespace

void read_section(Document& document, const Node& node, Message& message, const Spot& spot) {
  SectionReader(document).read_section(node, message, spot);
}

void fill_fallbacks(Document& document, Message& message, const Spot& spot) {
  const Reflection& reflection = *message.GetReflection();
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    Spot own = spot.under(field.name(), field.name());
    own.unit = unit_of(field, spot.unit);
    const std::string& fallback = field.options().GetExtension(schema::fallback);
    if (is_message(field) && field.is_repeated()) {
      for (int k = 0; k < reflection.FieldSize(message, &field); ++k)
        fill_fallbacks(document, *reflection.MutableRepeatedMessage(&message, &field, k), own);
    } else if (is_message(field)) {
      if (!fallback.empty() && !reflection.HasField(message, &field)) {
        Message& part = *reflection.MutableMessage(&message, &field);
        read_scalar(document, {.kind = Node::Kind::text, .text = fallback}, part, *plain_field(*part.GetDescriptor()),
                    own);
      } else if (reflection.HasField(message, &field))
        fill_fallbacks(document, *reflection.MutableMessage(&message, &field), own);
    } else if (!fallback.empty() && !reflection.HasField(message, &field)) {
      read_scalar(document, {.kind = Node::Kind::text, .text = fallback}, message, field, own);
    }
  }
}

}  // namespace trustfall
