#include "scenarios/organisation_lists.h"

#include <algorithm>
#include <set>

namespace trustfall {

const std::string& Lists::content(const std::string& name) {
  for (const InputFile& input : inputs_)
    if (input.name == name && input.whole()) return input.content;
  inputs_.push_back(read_list(read_file_, name));
  return inputs_.back().content;
}

std::vector<OrganisationRow> Lists::organisations(const schema::OrganisationGroup& group) {
  std::vector<OrganisationRow> rows;
  if (!group.has_list()) {
    for (std::uint32_t i = 1; i <= group.count(); ++i) {
      const std::string number = group.count() > 1 ? " " + std::to_string(i) : "";
      rows.push_back({group.name() + (group.count() > 1 ? "-" + std::to_string(i) : ""), group.name() + number, "",
                      "", "", 0, 0, 1});
    }
    return rows;
  }
  std::set<std::string> known;
  for (OrganisationRow& row : read_organisations(group.list(), content(group.list()), document_.mistakes)) {
    known.insert(row.type);
    const auto& wanted = group.classes();
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), row.type) != wanted.end())
      rows.push_back(std::move(row));
  }
  for (int i = 0; i < group.classes_size(); ++i)
    if (known.count(group.classes(i)) == 0)
      report(document_, "estate.organisations." + group.name() + ".classes." + std::to_string(i),
             "no organisation of " + group.list() + " has the class '" + group.classes(i) + "'",
             nearest(group.classes(i), {known.begin(), known.end()}));
  return rows;
}

const std::map<std::string, std::vector<std::string>>& Lists::sites(const std::string& name) {
  const auto [found, fresh] = sites_.try_emplace(name);
  if (fresh)
    for (const SiteRow& row : read_sites(name, content(name), document_.mistakes))
      found->second[row.organisation].push_back(row.name);
  return found->second;
}

}  // namespace trustfall
