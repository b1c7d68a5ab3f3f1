#include "scenarios/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/quantity.h"
#include "sim/base/error.h"
#include "sim/schema/scenario.pb.h"

namespace trustfall {
namespace {

using google::protobuf::EnumDescriptor;

std::string join(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

// ---- the places of the schema

/// One place of the schema: a field, and the path that leads to it. Keys that a file chooses are in angle brackets.
struct Key {
  std::string path;
  const FieldDescriptor* field;
  std::string unit;
};

void collect(const Descriptor& type, const std::string& path, const std::string& inherited, std::vector<Key>& keys) {
  for (const FieldDescriptor* field : fields_of(type)) {
    const std::string own = path.empty() ? field->name() : path + "." + field->name();
    const std::string unit = unit_of(*field, inherited);
    keys.push_back({own, field, unit});
    if (!is_message(*field) || is_verbatim(*field)) continue;
    const Descriptor& part = *field->message_type();
    const std::string step = is_keyed(*field)       ? ".<" + part.field(0)->name() + ">"
                             : field->is_repeated() ? ".<index>"
                                                    : "";
    collect(part, own + step, unit, keys);
  }
}

std::vector<Key> all_keys() {
  std::vector<Key> keys;
  collect(*schema::Scenario::descriptor(), "", "", keys);
  return keys;
}

/// What a field takes, in a few words; `link` marks up the name of a section or a set of words.
template <class Link>
std::string takes(const FieldDescriptor& field, const std::string& unit, const Link& link) {
  std::string text;
  if (is_verbatim(field))
    return field.message_type()->field(1)->is_repeated() ? "by path: a list of values" : "by path: a value";
  if (is_keyed(field))
    return "by " + field.message_type()->field(0)->name() + ": " + link(field.message_type()->name());
  if (is_message(field)) {
    text = link(field.message_type()->name()) + (unit.empty() || unit == "inherit" ? "" : " (" + unit + ")");
  } else if (is_enum(field)) {
    text = "one of " + link(field.enum_type()->name());
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    text = "true or false";
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    const std::string& refers = field.options().GetExtension(schema::refers);
    text = !unit.empty()      ? written(unit)
           : refers.empty()   ? "a text"
           : refers == "list" ? "a CSV file"
                              : "name: " + refers;
  } else if (unit == "inherit") {
    text = "a value in the unit of the field above";
  } else {
    text = unit == "moment" ? written(unit)
                            : accepted(unit, limit_of(field, Limit::least), limit_of(field, Limit::most));
  }
  return field.is_repeated() ? "list: " + text : text;
}

// ---- the reference page

std::string cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.insert(i, 1, '\\');
  return text;
}

std::string anchor(const std::string& name) {
  std::string text = name;
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return "[" + name + "](#" + text + ")";
}

/// The unit is left open on the page where a section is used under several.
std::string row(const FieldDescriptor& field) {
  const std::string& own = field.options().GetExtension(schema::unit);
  const std::string fallback = is_required(field)           ? "required"
                               : fallback_of(field).empty() ? ""
                                                            : "`" + fallback_of(field) + "`";
  return fmt::format("| `{}` | {} | {} | {} | {} |\n", field.name(), cell(takes(field, own, anchor)), fallback,
                     cell(doc_of(field)), cell(source_of(field)));
}

std::string section_text(const Descriptor& type, const std::vector<std::string>& paths) {
  std::string text = "## " + type.name() + "\n\n";
  if (!about(type).empty()) text += about(type) + "\n\n";
  std::vector<std::string> quoted;
  for (const std::string& path : paths) quoted.push_back("`" + path + "`");
  if (!quoted.empty()) text += "At " + join(quoted, ", ") + ".\n\n";
  if (const FieldDescriptor* plain = plain_field(type)) text += "A plain value is its `" + plain->name() + "`.\n\n";
  text += "| key | value | when left out | meaning | source |\n|---|---|---|---|---|\n";
  for (const FieldDescriptor* field : fields_of(type)) text += row(*field);
  return text + "\n";
}

/// The types of sections in order of first use, or those of their words.
template <class Type, class Get>
std::vector<const Type*> types_in(const std::vector<Key>& keys, const Get& get) {
  std::vector<const Type*> types;
  for (const Key& key : keys)
    if (const Type* type = get(*key.field);
        type != nullptr && std::find(types.begin(), types.end(), type) == types.end())
      types.push_back(type);
  return types;
}

std::vector<const Descriptor*> section_types(const std::vector<Key>& keys) {
  return types_in<Descriptor>(
      keys, [](const FieldDescriptor& field) { return is_verbatim(field) ? nullptr : field.message_type(); });
}

/// Words are values of a field, or keys of a list.
std::vector<const EnumDescriptor*> word_types(const std::vector<Key>& keys) {
  return types_in<EnumDescriptor>(keys, [](const FieldDescriptor& field) {
    return is_keyed(field) ? field.message_type()->field(0)->enum_type() : field.enum_type();
  });
}

// ---- help

std::string plain_name(const std::string& name) { return name; }

std::string help_for_field(const Key& key) {
  const FieldDescriptor& field = *key.field;
  std::string text = key.path + "\n  " + takes(field, key.unit, plain_name) + "\n  " + doc_of(field) + "\n";
  if (is_required(field)) text += "  required\n";
  if (!fallback_of(field).empty()) text += "  when left out: " + fallback_of(field) + "\n";
  if (!source_of(field).empty()) text += "  source: " + source_of(field) + "\n";
  if (is_enum(field)) text += "  words: " + join(words_of(*field.enum_type()), ", ") + "\n";
  return text;
}

std::string help_for_section(const Descriptor& type, const std::string& unit) {
  std::string text;
  for (const FieldDescriptor* field : fields_of(type))
    text += fmt::format("  {:<20} {}\n", field->name(), takes(*field, unit_of(*field, unit), plain_name));
  return text;
}

std::string help_for_key(const Key& key) {
  std::string text = help_for_field(key);
  if (is_message(*key.field) && !is_verbatim(*key.field))
    text += help_for_section(*key.field->message_type(), key.unit);
  return text;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// Whether the path is the place, or a part of the keyed list that stands there.
bool leads_to(const std::vector<std::string>& path, const Key& key) {
  std::vector<std::string> place = split(key.path);
  if (is_keyed(*key.field) && path.size() == place.size() + 1) place.push_back("<>");
  const auto same = [](const std::string& mine, const std::string& own) { return own[0] == '<' || mine == own; };
  return path.size() == place.size() && std::equal(path.begin(), path.end(), place.begin(), same);
}

/// A name without what people leave out or change in it: `DeviceClass`, `device_class` and `deviceclass` are one.
std::string folded(const std::string& name) {
  std::string text;
  for (const char c : name)
    if (c != '_') text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string help_for_type(const std::vector<Key>& keys, const std::string& name) {
  for (const Descriptor* type : section_types(keys)) {
    if (folded(type->name()) != folded(name)) continue;
    std::string text = type->name() + "\n" + (about(*type).empty() ? "" : "  " + about(*type) + "\n");
    for (const Key& key : keys)
      if (key.field->message_type() == type) text += "  at " + key.path + "\n";
    return text + help_for_section(*type, "inherit");
  }
  for (const EnumDescriptor* type : word_types(keys))
    if (folded(type->name()) == folded(name)) return type->name() + "\n  " + join(words_of(*type), "\n  ") + "\n";
  return "";
}

[[noreturn]] void refuse(const std::vector<Key>& keys, const std::string& key) {
  std::vector<std::string> known;
  for (const Key& one : keys) known.push_back(key.find('.') == std::string::npos ? one.field->name() : one.path);
  for (const Descriptor* type : section_types(keys)) known.push_back(type->name());
  throw InputError(
      {{"trustfall help", {}, Severity::error, "there is no key '" + key + "'", nearest(key, known), ""}});
}

}  // namespace

std::string reference_page() {
  const std::vector<Key> keys = all_keys();
  std::string text =
      "# Reference of scenario files\n\n"
      "Made from `sim/schema/scenario.proto`; do not edit. Durations are written `90min`, `72h` or `1h30min`, shares "
      "`0.62` or `62%`, rates `4/s`, sizes `80GB`, moments `+6h`, `2017-05-12T08:44:00+01:00` or `never`. Any value "
      "may "
      "be written `{value: 42%, source: \"where it comes from\"}`. A list `by name` is written as a mapping from "
      "name to "
      "section.\n\n";
  text += section_text(*schema::Scenario::descriptor(), {});
  for (const Descriptor* type : section_types(keys)) {
    std::vector<std::string> paths;
    for (const Key& key : keys)
      if (key.field->message_type() == type) paths.push_back(key.path);
    text += section_text(*type, paths);
  }
  for (const EnumDescriptor* type : word_types(keys))
    text += "## " + type->name() + "\n\nOne of `" + join(words_of(*type), "`, `") + "`.\n\n";
  text.pop_back();
  return text;
}

std::string help_for(const std::string& key) {
  const std::vector<Key> keys = all_keys();
  const Descriptor& scenario = *schema::Scenario::descriptor();
  if (key.empty()) return about(scenario) + "\n" + help_for_section(scenario, "");
  const std::vector<std::string> path = split(key);
  for (const Key& one : keys)
    if (leads_to(path, one)) return help_for_key(one);
  std::string text;
  for (const Key& one : keys)
    if (path.size() == 1 && one.field->name() == key) text += (text.empty() ? "" : "\n") + help_for_field(one);
  if (text.empty()) text = help_for_type(keys, key);
  if (text.empty()) refuse(keys, key);
  return text;
}

}  // namespace trustfall
