#include "scenarios/names.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "scenarios/fields.h"

namespace trustfall {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

/// The key that a part of a keyed list has in the file; empty when it was not one that the schema knows.
std::string key_of(const Message& part) {
  const FieldDescriptor* field = part.GetDescriptor()->field(0);
  const Reflection& reflection = *part.GetReflection();
  if (!reflection.HasField(part, field)) return "";
  return field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM ? reflection.GetEnum(part, field)->name()
                                                            : reflection.GetString(part, field);
}

/// Calls `visit(field, text, path)` for every text in the message that refers to something.
template <class Visit>
void visit_references(const Message& message, const std::string& path, const Visit& visit) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string own = path_to(path, field->name());
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    const bool refers = !field->options().GetExtension(schema::refers).empty();
    for (int i = 0; i < count && (is_message(*field) || refers); ++i) {
      const bool repeated = field->is_repeated();
      if (!is_message(*field)) {
        const std::string text =
            repeated ? reflection.GetRepeatedString(message, field, i) : reflection.GetString(message, field);
        visit(*field, text, repeated ? path_to(own, std::to_string(i)) : own);
        continue;
      }
      const Message& part =
          repeated ? reflection.GetRepeatedMessage(message, field, i) : reflection.GetMessage(message, field);
      visit_references(part, !repeated ? own : path_to(own, is_keyed(*field) ? key_of(part) : std::to_string(i)),
                       visit);
    }
  }
}

/// The names that the scenario gives, by what a reference may be to; a vector for suggestions, in order.
std::unordered_map<std::string, std::vector<std::string>> names_of(const schema::Scenario& scenario) {
  std::unordered_map<std::string, std::vector<std::string>> names;
  for (const auto& zone : scenario.estate().zones()) names["zone"].push_back(zone.name());
  names["zone or links"] = names["zone"];
  for (const auto& links : scenario.estate().links()) {
    names["links"].push_back(links.name());
    names["zone or links"].push_back(links.name());
  }
  for (const auto& connection : scenario.estate().connections()) names["connection"].push_back(connection.name());
  for (const auto& group : scenario.estate().organisations()) {
    names["organisations"].push_back(group.name());
    for (const auto& network : group.networks()) names["network"].push_back(network.name());
  }
  for (const auto& service : scenario.services()) names["service"].push_back(service.name());
  for (auto& [kind, list] : names) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return names;
}

void check_list(Document& document, const std::string& text, const std::string& path, const HasList& has_list) {
  namespace fs = std::filesystem;
  const fs::path list(text);
  const bool leaves = std::find(list.begin(), list.end(), "..") != list.end();
  if (list.is_absolute() || leaves || text.find('\0') != std::string::npos)
    return report(document, path, "a list lies beside the scenario: a relative path without `..`; found " + text);
  if (!has_list(text)) report(document, path, "there is no file " + text + " beside the scenario");
}

}  // namespace

void check_names(Document& document, const HasList& has_list) {
  const auto names = names_of(document.scenario);
  const std::vector<std::string> none;
  visit_references(
      document.scenario, "", [&](const FieldDescriptor& field, const std::string& text, const std::string& path) {
        const std::string& kind = field.options().GetExtension(schema::refers);
        if (kind == "list") return check_list(document, text, path, has_list);
        const auto found = names.find(kind);
        const std::vector<std::string>& known = found == names.end() ? none : found->second;
        if (std::binary_search(known.begin(), known.end(), text)) return;
        const bool few = document.mistakes.size() < 100;  // suggestions for thousands of names would take minutes
        const std::string noun = kind == "organisations" ? "group of organisations" : kind;
        report(document, path,
               "there is no " + noun + " '" + text.substr(0, longest_name) + "' in the " +
                   (kind == "service" ? "scenario" : "estate"),
               few ? nearest(text, known) : "");
      });
}

}  // namespace trustfall
