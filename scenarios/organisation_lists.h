#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/files.h"
#include "scenarios/lists.h"

namespace trustfall {

/// The lists that a scenario names: each is read once and remembered.
class Lists {
 public:
  Lists(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs)
      : document_(document), read_file_(read_file), inputs_(inputs) {}

  /// The organisations of a group: those of its list that it asks for, or as many as it counts.
  std::vector<OrganisationRow> organisations(const schema::OrganisationGroup& group);
  /// The names of the sites in a list, by the code of their organisation.
  const std::map<std::string, std::vector<std::string>>& sites(const std::string& name);

 private:
  const std::string& content(const std::string& name);

  Document& document_;
  const ReadFile& read_file_;
  std::vector<InputFile>& inputs_;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> sites_;
};

}  // namespace trustfall
