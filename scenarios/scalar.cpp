#include "scenarios/scalar.h"

#include <google/protobuf/message.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "scenarios/quantity.h"

namespace trustfall {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// What is wrong with a date that looks like one.
std::string flaw(const Node& node) {
  const std::string& text = node.text;
  const bool like_one = text.size() > 10 && parse_date(text.substr(0, 5) + "01-01" + text.substr(10));
  return like_one && !parse_date(text) ? " that is in the calendar" : "";
}

void report_date(Document& document, const Node& node, const Spot& spot) {
  std::string suggestion;
  for (const std::string& candidate : parse_quantity(node.text, "date", document.scenario.start()).candidates) {
    const bool lacks_offset = candidate.back() == 'Z' && node.text.back() != 'Z';
    suggestion = candidate + (lacks_offset ? " or, in another zone, an offset such as +01:00" : "");
  }
  report(document, spot.path, spot.name + " is " + written("date") + flaw(node) + found(node), suggestion);
}

void read_text(Document& document, const Node& node, Message& message, const FieldDescriptor& field,
               const Spot& spot) {
  if (!node.is(Node::Kind::text) || node.text.empty())
    return report(document, spot.path, spot.name + " is a text" + found(node));
  if (spot.unit == "date" && !parse_date(node.text)) return report_date(document, node, spot);
  if (field.is_repeated())
    message.GetReflection()->AddString(&message, &field, node.text);
  else
    message.GetReflection()->SetString(&message, &field, node.text);
}

void read_bool(Document& document, const Node& node, Message& message, const FieldDescriptor& field,
               const Spot& spot) {
  const std::string& text = node.text;
  if (node.is(Node::Kind::text) && (text == "true" || text == "false"))
    return message.GetReflection()->SetBool(&message, &field, text == "true");
  std::string lower = text.substr(0, 10);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool yes = lower == "yes" || lower == "on" || lower == "y" || lower == "true" || lower == "1";
  const bool no = lower == "no" || lower == "off" || lower == "n" || lower == "false" || lower == "0";
  report(document, spot.path, spot.name + " is true or false" + found(node), yes ? "true" : no ? "false" : "");
}

void read_enum(Document& document, const Node& node, Message& message, const FieldDescriptor& field,
               const Spot& spot) {
  const EnumDescriptor& type = *field.enum_type();
  if (const EnumValueDescriptor* value = node.is(Node::Kind::text) ? type.FindValueByName(node.text) : nullptr) {
    if (field.is_repeated()) return message.GetReflection()->AddEnum(&message, &field, value);
    return message.GetReflection()->SetEnum(&message, &field, value);
  }
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  report(document, spot.path, spot.name + " is one of " + list_text(names, "or") + found(node),
         nearest(node.text, names));
}

/// Sets a numeric field. NaN, for a value that could not be read, keeps the field said without a rule of
/// `check_rules` finding fault with it.
void set_number(Message& message, const FieldDescriptor& field, double value) {
  const Reflection& reflection = *message.GetReflection();
  const double whole = std::isnan(value) ? 1 : value;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&message, &field, value);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(whole));
    default:
      return reflection.SetUInt64(&message, &field, static_cast<std::uint64_t>(whole));
  }
}

/// Whole numbers of 64 bits, which a double would round.
bool set_large(Message& message, const FieldDescriptor& field, const std::string& text) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_UINT64 || (text.size() > 1 && text[0] == '0')) return false;
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || error != std::errc{}) return false;
  message.GetReflection()->SetUInt64(&message, &field, value);
  return true;
}

bool fits(const FieldDescriptor& field, double value) {
  const bool representable = field.cpp_type() != FieldDescriptor::CPPTYPE_UINT64 || value < 18446744073709551615.0;
  return value >= limit_of(field, Limit::least).value_or(value) &&
         value <= limit_of(field, Limit::most).value_or(value) && representable;
}

/// Reports a number that is none, or is out of range, with what its writer may have meant.
void report_number(Document& document, const Node& node, const FieldDescriptor& field, const Spot& spot,
                   const Quantity& read) {
  const bool share = spot.unit == "share";
  const std::size_t most_meant = share ? 1 : 3;  // without a unit there is more to guess
  std::vector<std::string> meant;
  for (const std::string& candidate : read.value&& share ? std::vector{node.text + "%"} : read.candidates) {
    const std::optional<double> value = parse_quantity(candidate, spot.unit, document.scenario.start()).value;
    if (value && fits(field, *value) && meant.size() < most_meant) meant.push_back(candidate);
  }
  const bool by_range = read.value || share || spot.unit == "count" || spot.unit == "number";
  const std::string form = by_range ? accepted(spot.unit, limit_of(field, Limit::least), limit_of(field, Limit::most))
                                    : written(spot.unit);
  // A field that is called what it is needs no name.
  const std::string subject = spot.name == spot.unit ? "this" : spot.name;
  report(document, spot.path, subject + " is " + form + flaw(node) + found(node), list_text(meant, "or"));
}

void read_number(Document& document, const Node& node, Message& message, const FieldDescriptor& field,
                 const Spot& spot) {
  if (node.is(Node::Kind::text) && set_large(message, field, node.text)) return;
  Quantity read;
  if (node.is(Node::Kind::text)) read = parse_quantity(node.text, spot.unit, document.scenario.start());
  if (read.value && fits(field, *read.value)) return set_number(message, field, *read.value);
  report_number(document, node, field, spot, read);
  set_number(message, field, std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

void read_scalar(Document& document, const Node& node, Message& message, const FieldDescriptor& field,
                 const Spot& spot) {
  if (node.is(Node::Kind::broken)) return;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return read_text(document, node, message, field, spot);
    case FieldDescriptor::CPPTYPE_BOOL:
      return read_bool(document, node, message, field, spot);
    case FieldDescriptor::CPPTYPE_ENUM:
      return read_enum(document, node, message, field, spot);
    default:
      return read_number(document, node, message, field, spot);
  }
}

}  // namespace trustfall
