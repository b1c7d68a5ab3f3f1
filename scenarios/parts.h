#pragma once

#include <set>
#include <string>
#include <vector>

#include "models/hours.h"
#include "scenarios/document.h"
#include "sim/estate/selector.h"

namespace trustfall {

/// Finds the parts of an estate that a scenario speaks of, and reports those that there are not.
class Parts {
 public:
  Parts(Document& document, const Estate& estate);

  Document& document() const { return *document_; }
  const schema::Scenario& scenario() const { return document_->scenario; }
  const Estate& estate() const { return *estate_; }

  /// A part of the estate, all of it when it is not `said`; warns when nothing is in it.
  Selector selector(bool said, const schema::Where& where, const std::string& path) const;
  /// When the scenario starts, as office hours count it.
  LocalStart start() const;
  /// Index in Estate::zone_kinds.
  std::uint16_t zone_kind(const std::string& name) const;

 private:
  std::vector<std::string> known(const google::protobuf::RepeatedPtrField<std::string>& said,
                                 const std::set<std::string>& names, const std::string& path,
                                 const std::string& what) const;
  bool any_host(const Selector& selector) const;

  Document* document_;
  const Estate* estate_;
  std::set<std::string> sites_;    // names
  std::set<std::string> codes_;    // of organisations
  std::set<std::string> regions_;  // likewise
};

}  // namespace trustfall
