#include "scenarios/fields.h"

#include <cstdint>
#include <limits>

#include "sim/schema/scenario.pb.h"

namespace trustfall {
namespace {

bool may_be_named(const FieldDescriptor& field) {
  const bool is_key = is_keyed(*field.containing_type()) && field.index() == 0;
  return !is_key && !field.options().GetExtension(schema::hidden);
}

}  // namespace

bool is_message(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

bool is_keyed(const Descriptor& type) { return type.options().GetExtension(schema::keyed); }

bool is_keyed(const FieldDescriptor& field) { return is_message(field) && is_keyed(*field.message_type()); }

bool is_verbatim(const FieldDescriptor& field) {
  return is_message(field) && field.message_type()->options().GetExtension(schema::verbatim);
}

bool is_choice(const Descriptor& type) { return type.options().GetExtension(schema::choice); }

std::vector<const FieldDescriptor*> fields_of(const Descriptor& type) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < type.field_count(); ++i)
    if (may_be_named(*type.field(i))) fields.push_back(type.field(i));
  return fields;
}

const FieldDescriptor* find_field(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  return field != nullptr && may_be_named(*field) ? field : nullptr;
}

const FieldDescriptor* plain_field(const Descriptor& type) {
  return type.FindFieldByName(type.options().GetExtension(schema::scalar));
}

bool may_have_source(const Descriptor& type) {
  return plain_field(type) != nullptr && type.FindFieldByName("value") == nullptr;
}

std::string unit_of(const FieldDescriptor& field, const std::string& inherited) {
  const std::string& unit = field.options().GetExtension(schema::unit);
  if (unit != "inherit") return unit;
  return inherited == "count" ? "number" : inherited;  // a mean number of devices need not be whole
}

std::optional<double> limit_of(const FieldDescriptor& field, Limit which) {
  const bool upper = which == Limit::most;
  const auto& options = field.options();
  if (upper ? options.HasExtension(schema::max) : options.HasExtension(schema::min))
    return upper ? options.GetExtension(schema::max) : options.GetExtension(schema::min);
  if (upper && field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) return std::numeric_limits<std::uint32_t>::max();
  if (!upper && field.cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE) return 0.0;
  return std::nullopt;
}

bool is_enum(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM; }
bool is_required(const FieldDescriptor& field) { return field.options().GetExtension(schema::required); }
const std::string& doc_of(const FieldDescriptor& field) { return field.options().GetExtension(schema::doc); }
const std::string& fallback_of(const FieldDescriptor& field) {
  return field.options().GetExtension(schema::fallback);
}
const std::string& source_of(const FieldDescriptor& field) { return field.options().GetExtension(schema::source); }
const std::string& about(const Descriptor& type) { return type.options().GetExtension(schema::about); }

std::vector<double> shares_of(const schema::SystemMix& mix) {
  std::vector<double> shares;
  for (int system = 0; system < schema::System_ARRAYSIZE; ++system) {
    const FieldDescriptor* field =
        mix.GetDescriptor()->FindFieldByName(schema::System_Name(static_cast<schema::System>(system)));
    shares.push_back(mix.GetReflection()->GetDouble(mix, field));
  }
  return shares;
}

std::vector<std::string> words_of(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) words.push_back(type.value(i)->name());
  return words;
}

}  // namespace trustfall
