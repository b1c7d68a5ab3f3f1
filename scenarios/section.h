#pragma once

#include "scenarios/scalar.h"

namespace trustfall {

/// Reads the keys of a section into the fields of the message, the sections in it included. What the schema does not
/// know, what is missing and what cannot be read is reported; places and sources go to the document.
void read_section(Document& document, const Node& node, google::protobuf::Message& message, const Spot& spot);

/// Gives every absent scalar field of the message and of the sections in it what its `fallback` says.
void fill_fallbacks(Document& document, google::protobuf::Message& message, const Spot& spot);

}  // namespace trustfall
