#include "viz_export/graphml_writer.h"

#include <fmt/format.h>

#include <ostream>
#include <pugixml.hpp>

#include "viz_export/xml_text.h"

namespace trustfall {
namespace {

struct Text {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const std::string& text) const { return xml_text(text); }
  template <class Number>
  std::string operator()(Number number) const {
    return fmt::format("{}", number);
  }
};

void add_values(pugi::xml_node element, char kind, const GraphmlWriter::Values& values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::string text = std::visit(Text{}, values[k]);
    if (text.empty()) continue;
    pugi::xml_node data = element.append_child("data");
    data.append_attribute("key") = fmt::format("{}{}", kind, k).c_str();
    data.text() = text.c_str();
  }
}

void print(const pugi::xml_node& element, std::ostream& out) {
  element.print(out, "", pugi::format_raw, pugi::encoding_utf8);
  out << '\n';
}

void declare(const std::vector<GraphmlKey>& keys, const char* of, std::ostream& out) {
  for (std::size_t k = 0; k < keys.size(); ++k) {
    pugi::xml_document document;
    pugi::xml_node key = document.append_child("key");
    key.append_attribute("id") = fmt::format("{}{}", of[0], k).c_str();
    key.append_attribute("for") = of;
    key.append_attribute("attr.name") = xml_text(keys[k].name).c_str();
    key.append_attribute("attr.type") = keys[k].type;
    print(key, out);
  }
}

}  // namespace

GraphmlWriter::GraphmlWriter(std::ostream& out, bool directed, const Keys& keys, const Values& of_graph) : out_(out) {
  out_ << R"(<?xml version="1.0" encoding="UTF-8"?>)" << '\n'
       << R"(<graphml xmlns="http://graphml.graphdrawing.org/xmlns">)" << '\n';
  declare(keys.graph, "graph", out_);
  declare(keys.node, "node", out_);
  declare(keys.edge, "edge", out_);
  out_ << R"(<graph id="G" edgedefault=")" << (directed ? "directed" : "undirected") << "\">\n";
  pugi::xml_document document;
  add_values(document.append_child("graph"), 'g', of_graph);
  for (const pugi::xml_node& data : document.first_child()) print(data, out_);
}

void GraphmlWriter::node(const std::string& id, const Values& values) {
  pugi::xml_document document;
  pugi::xml_node element = document.append_child("node");
  element.append_attribute("id") = id.c_str();
  add_values(element, 'n', values);
  print(element, out_);
}

void GraphmlWriter::edge(const std::string& source, const std::string& target, const Values& values) {
  pugi::xml_document document;
  pugi::xml_node element = document.append_child("edge");
  element.append_attribute("source") = source.c_str();
  element.append_attribute("target") = target.c_str();
  add_values(element, 'e', values);
  print(element, out_);
}

void GraphmlWriter::finish() { out_ << "</graph>\n</graphml>\n"; }

}  // namespace trustfall
