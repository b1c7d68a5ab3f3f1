// The JSON Schema of scenario files, for editors.
#include <nlohmann/json.hpp>

#include "scenarios/fields.h"
#include "scenarios/reference.h"
#include "sim/schema/scenario.pb.h"

namespace trustfall {
namespace {

using Json = nlohmann::ordered_json;

const std::string number_pattern = "(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";
const std::string duration_pattern = "(" + number_pattern + "(w|d|h|min|s|ms))+";
const std::string date_pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})";

/// The texts that a unit is written as; empty for those that are plain numbers alone.
std::string pattern_of(const std::string& unit) {
  if (unit == "share") return "^" + number_pattern + "%$";
  if (unit == "duration") return "^" + duration_pattern + "$";
  if (unit == "moment") return "^(never|\\+" + duration_pattern + "|\\+0|" + date_pattern + ")$";
  if (unit == "date") return "^" + date_pattern + "$";
  if (unit == "rate") return "^" + number_pattern + "/(s|min|h|d)$";
  if (unit == "size") return "^" + number_pattern + "(B|kB|MB|GB|TB|PB|KiB|MiB|GiB|TiB)$";
  return "";
}

Json number_schema(const FieldDescriptor& field, const std::string& unit) {
  Json number = {{"type", unit == "count" ? "integer" : "number"}};
  if (unit == "duration" || unit == "size") number = {{"const", 0}};
  const bool plain = unit == "share" || unit == "count" || unit == "number";
  if (const auto least = limit_of(field, Limit::least); plain && least) number["minimum"] = *least;
  if (const auto most = limit_of(field, Limit::most); plain && most) number["maximum"] = *most;
  const std::string pattern = pattern_of(unit);
  if (pattern.empty()) return number;
  const Json text = {{"type", "string"}, {"pattern", pattern}};
  if (unit == "moment" || unit == "rate") return text;
  return {{"anyOf", {number, text}}};
}

Json scalar_schema(const FieldDescriptor& field, const std::string& unit) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return {{"enum", words_of(*field.enum_type())}};
    case FieldDescriptor::CPPTYPE_STRING:
      return unit.empty() ? Json{{"type", "string"}, {"minLength", 1}}
                          : Json{{"type", "string"}, {"pattern", pattern_of(unit)}};
    default:
      return number_schema(field, unit);
  }
}

/// `{value: ..., source: ...}`.
Json sourced(const Json& plain) {
  return {{"type", "object"},
          {"properties", {{"value", plain}, {"source", {{"type", "string"}, {"minLength", 1}}}}},
          {"required", {"value", "source"}},
          {"additionalProperties", false}};
}

Json with_or_without_source(const Json& plain) { return {{"anyOf", {plain, sourced(plain)}}}; }

/// Collects the sections' schemas under `$defs`: one for each type, unit that it inherits, and place of its key.
class SchemaWriter {
 public:
  Json write();

 private:
  Json section(const Descriptor& type, const std::string& unit);
  Json section_body(const Descriptor& type, const std::string& unit);
  Json value(const FieldDescriptor& field, const std::string& inherited);
  Json keyed_list(const FieldDescriptor& field, const std::string& unit);
  Json short_form(const FieldDescriptor& plain, const std::string& unit);

  Json definitions_ = Json::object();
};

Json SchemaWriter::section_body(const Descriptor& type, const std::string& unit) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const FieldDescriptor* field : fields_of(type)) {
    properties[field->name()] = value(*field, unit);
    if (is_required(*field)) required.push_back(field->name());
  }
  Json body = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) body["required"] = required;
  if (is_choice(type)) body["minProperties"] = body["maxProperties"] = 1;
  return body;
}

/// A reference to the section's schema, which is made when it is first asked for.
Json SchemaWriter::section(const Descriptor& type, const std::string& unit) {
  const std::string name = type.name() + (unit.empty() ? "" : "_" + unit);
  const Json reference = {{"$ref", "#/$defs/" + name}};
  if (definitions_.contains(name)) return reference;
  definitions_[name] = nullptr;  // keeps its place before what it refers to
  Json body = section_body(type, unit);
  if (const FieldDescriptor* plain = plain_field(type)) {
    body = {{"anyOf", {body, short_form(*plain, unit_of(*plain, unit))}}};
    if (may_have_source(type)) body["anyOf"].push_back(sourced(reference));
  }
  if (!about(type).empty()) body["description"] = about(type);
  definitions_[name] = body;
  return reference;
}

Json SchemaWriter::keyed_list(const FieldDescriptor& field, const std::string& unit) {
  const Descriptor& type = *field.message_type();
  const Json body = section(type, unit);
  Json list = {{"type", "object"}};
  if (is_required(field)) list["minProperties"] = 1;
  if (is_enum(*type.field(0))) {
    for (const std::string& word : words_of(*type.field(0)->enum_type())) list["properties"][word] = body;
    list["additionalProperties"] = false;
  } else {
    list["propertyNames"] = {{"pattern", "^[^.=\\r\\n\\t]{1,60}$"}};
    list["additionalProperties"] = body;
  }
  return list;
}

/// What may stand for a section of which only this field is said.
Json SchemaWriter::short_form(const FieldDescriptor& plain, const std::string& unit) {
  if (is_keyed(plain)) return keyed_list(plain, unit);
  if (is_message(plain)) return section(*plain.message_type(), unit);
  const Json one = scalar_schema(plain, unit);
  return plain.is_repeated() ? Json{{"anyOf", {one, {{"type", "array"}, {"items", one}}}}} : one;
}

Json SchemaWriter::value(const FieldDescriptor& field, const std::string& inherited) {
  const std::string unit = unit_of(field, inherited);
  Json result;
  if (is_verbatim(field)) {
    const bool list = field.message_type()->field(1)->is_repeated();
    result = {{"type", "object"},
              {"additionalProperties", list ? Json{{"type", "array"}, {"minItems", 1}} : Json(true)}};
  } else if (is_keyed(field)) {
    result = keyed_list(field, unit);
  } else {
    const Json one = is_message(field) ? section(*field.message_type(), unit) : scalar_schema(field, unit);
    Json list = {{"type", "array"}, {"items", one}};
    if (is_required(field)) list["minItems"] = 1;
    result = !field.is_repeated() ? (is_message(field) ? one : with_or_without_source(one))
             : is_message(field)  ? list
                                  : with_or_without_source({{"anyOf", {one, list}}});
  }
  result["description"] = doc_of(field) + (source_of(field).empty() ? "" : " Source: " + source_of(field) + ".");
  if (!fallback_of(field).empty()) result["default"] = fallback_of(field);
  return result;
}

Json SchemaWriter::write() {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"title", "Trustfall scenario"},
               {"description", about(*schema::Scenario::descriptor())}};
  root.update(section_body(*schema::Scenario::descriptor(), ""));
  root["$defs"] = definitions_;
  return root;
}

}  // namespace

std::string json_schema() { return SchemaWriter().write().dump(2) + "\n"; }

}  // namespace trustfall
