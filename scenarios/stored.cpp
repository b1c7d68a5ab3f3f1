#include "scenarios/stored.h"

#include <algorithm>

#include "scenarios/fields.h"
#include "scenarios/names.h"
#include "scenarios/quantity.h"
#include "scenarios/rules.h"

namespace trustfall {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

double number_in(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    default:
      return static_cast<double>(reflection.GetUInt64(message, &field));
  }
}

bool is_number(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE || field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

/// Whether a value is there that has to be, and within its limits; NaN is within none.
bool sound(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const bool said =
      field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
  const bool due = field.options().GetExtension(schema::required) ||
                   (!field.options().GetExtension(schema::fallback).empty() && !field.is_repeated());
  if (!said) return !due;
  if (field.is_repeated() || !is_number(field)) return true;
  const double value = number_in(message, field);
  return value >= limit_of(field, Limit::least).value_or(value) &&
         value <= limit_of(field, Limit::most).value_or(value);
}

bool sound(const Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  int said = 0;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!sound(message, field)) return false;
    if (field.is_repeated() && is_message(field)) {
      said += reflection.FieldSize(message, &field) > 0;
      for (int k = 0; k < reflection.FieldSize(message, &field); ++k)
        if (!sound(reflection.GetRepeatedMessage(message, &field, k))) return false;
    } else if (!field.is_repeated() && reflection.HasField(message, &field)) {
      const bool key = i == 0 && is_keyed(type);
      said += !key;
      if (is_message(field) && !sound(reflection.GetMessage(message, &field))) return false;
    }
  }
  return !is_choice(type) || said == 1;
}

}  // namespace

Document stored_scenario(const std::string& file_name, const std::string& scenario,
                         const std::vector<InputFile>& inputs) {
  Document document;
  document.file = file_name;
  if (!document.scenario.ParseFromString(scenario) || !sound(document.scenario) ||
      !parse_date(document.scenario.start())) {
    report(document, "", "the file is damaged: the scenario in it could not have been read from a scenario file");
  } else {
    check_names(document, [&](const std::string& list) {
      return std::any_of(inputs.begin(), inputs.end(), [&](const InputFile& input) { return input.name == list; });
    });
    check_rules(document);
  }
  throw_if_mistaken(document);
  return document;
}

}  // namespace trustfall
