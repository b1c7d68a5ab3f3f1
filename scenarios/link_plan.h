#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/files.h"
#include "sim/estate/builder.h"
#include "sim/study/results.h"

namespace trustfall {

/// The contacts that a scenario gives one by one.
class LinkPlan {
 public:
  /// Reads the files of graphs; reports what is wrong with them.
  LinkPlan(Document& document, const ReadFile& read_file, std::vector<InputFile>& inputs);

  /// Gives networks that have as many hosts as a file has vertices their number.
  void size_networks();
  /// Adds all links to an estate whose hosts are complete; reports what does not fit them.
  void add(EstateBuilder& builder);

 private:
  EdgeList graph_of(const schema::LinkGroup& links, const Estate& estate, const std::vector<HostId>& chosen);

  Document& document_;
  std::map<std::string, EdgeList> files_;  // by name of the links
};

}  // namespace trustfall
