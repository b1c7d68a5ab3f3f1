#pragma once

#include "scenarios/document.h"
#include "scenarios/fields.h"
#include "scenarios/yaml_tree.h"

namespace trustfall {

/// One value on its way in: where it stands, what messages call it, and the unit that it inherits.
struct Spot {
  std::string path;
  std::string name;
  std::string unit;

  Spot under(const std::string& part, std::string called) const {
    return {path_to(path, part), std::move(called), unit};
  }
};

/// Reads a text, word, truth or number into the field of the message (at the end, when it is repeated). Moments count
/// from the scenario's start, where the document has one already.
void read_scalar(Document& document, const Node& node, google::protobuf::Message& message,
                 const FieldDescriptor& field, const Spot& spot);

}  // namespace trustfall
