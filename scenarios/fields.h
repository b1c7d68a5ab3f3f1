#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <vector>

namespace trustfall {

namespace schema {
class SystemMix;
}

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// What a file may write where: the schema's descriptors, as the reader, the settings and the reference see them.

bool is_message(const FieldDescriptor& field);

/// Whether the section stands behind a name, which is its first field; lists of it are mappings from name to section.
bool is_keyed(const Descriptor& type);
bool is_keyed(const FieldDescriptor& field);

/// Whether what stands behind the name is kept as written, to be read by another.
bool is_verbatim(const FieldDescriptor& field);

/// Sections that are exactly one of their fields: shapes of a distribution, kinds of an entry.
bool is_choice(const Descriptor& type);

/// The fields that a file may name in a section, in the schema's order: not what the reader sets itself, and not the
/// key of a keyed section, which stands before it.
std::vector<const FieldDescriptor*> fields_of(const Descriptor& type);

/// The one of these fields that has the name, or null.
const FieldDescriptor* find_field(const Descriptor& type, const std::string& name);

/// The field that a plain value sets in a section of this type, or null when it has to be written out.
const FieldDescriptor* plain_field(const Descriptor& type);

/// Whether `{value: ..., source: ...}` may stand for the section, as it may for every single value.
bool may_have_source(const Descriptor& type);

/// The unit of a field whose section stands under a field of the unit `inherited`; empty for texts and words.
std::string unit_of(const FieldDescriptor& field, const std::string& inherited);

enum class Limit { least, most };

/// The least or greatest value of a field, where it has one.
std::optional<double> limit_of(const FieldDescriptor& field, Limit which);

bool is_enum(const FieldDescriptor& field);
bool is_required(const FieldDescriptor& field);
const std::string& doc_of(const FieldDescriptor& field);
const std::string& fallback_of(const FieldDescriptor& field);
const std::string& source_of(const FieldDescriptor& field);
/// What a section is, in a sentence; may be empty.
const std::string& about(const Descriptor& type);
/// The shares of a mix, by schema::System.
std::vector<double> shares_of(const schema::SystemMix& mix);
std::vector<std::string> words_of(const google::protobuf::EnumDescriptor& type);

}  // namespace trustfall
