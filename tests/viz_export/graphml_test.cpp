#include "viz_export/graphml.h"

#include <catch2/catch.hpp>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "sim/archive/replay_code.h"
#include "tests/support/small_results.h"
#include "viz_export/xml_text.h"

using namespace trustfall;

namespace {

/// What a reader sees: the graph, its nodes and edges, each with its attributes by name.
struct Graph {
  std::string direction;
  std::map<std::string, std::string> of;
  std::map<std::string, std::map<std::string, std::string>> nodes;
  std::vector<std::map<std::string, std::string>> edges;
};

Graph read(const std::string& text) {
  pugi::xml_document document;
  REQUIRE(document.load_string(text.c_str()));
  const pugi::xml_node root = document.child("graphml");
  std::map<std::string, std::string> names;
  for (const pugi::xml_node& key : root.children("key"))
    names[key.attribute("id").value()] = key.attribute("attr.name").value();
  const auto values = [&](const pugi::xml_node& element) {
    std::map<std::string, std::string> all;
    for (const pugi::xml_node& data : element.children("data"))
      all[names.at(data.attribute("key").value())] = data.text().get();
    return all;
  };
  const pugi::xml_node graph = root.child("graph");
  Graph result{graph.attribute("edgedefault").value(), values(graph), {}, {}};
  for (const pugi::xml_node& node : graph.children("node"))
    CHECK(result.nodes.emplace(node.attribute("id").value(), values(node)).second);
  for (const pugi::xml_node& edge : graph.children("edge")) {
    auto all = values(edge);
    all["source"] = edge.attribute("source").value();
    all["target"] = edge.attribute("target").value();
    result.edges.push_back(all);
  }
  return result;
}

Graph network(const Results& results, Names names) {
  std::ostringstream out;
  write_network_graphml(results, names, out);
  return read(out.str());
}

Graph tree(const Results& results, Names names) {
  std::ostringstream out;
  write_tree_graphml(results, 0, results.strategies[0].traces[0], names, out);
  return read(out.str());
}

using Values = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("The network has a node for each organisation, with its chances under every strategy") {
  const Graph graph = network(small::results(), Names::pseudonyms);
  CHECK(graph.direction == "undirected");
  CHECK(graph.of.at("seed") == "18446744073709551615");
  REQUIRE(graph.nodes.size() == 3);
  const std::string third = "0.3333333333333333";
  CHECK(graph.nodes.at("o0") == Values{{"label", "trust 1"},
                                       {"kind", "trust"},
                                       {"type", "acute"},
                                       {"group", "=group"},
                                       {"region", "North"},
                                       {"latitude", "51.5"},
                                       {"longitude", "-0.1"},
                                       {"hosts", "4"},
                                       {"chance_infected_baseline", third},
                                       {"chance_locked_out_baseline", third},
                                       {"mean_hosts_infected_baseline", "0.6666666666666666"},
                                       {"chance_infected_=HYPERLINK(\"x\")", third},
                                       {"chance_locked_out_=HYPERLINK(\"x\")", "0"},
                                       {"mean_hosts_infected_=HYPERLINK(\"x\")", third}});
  CHECK(graph.nodes.at("o1").count("latitude") == 0);
  REQUIRE(graph.edges.size() == 2);
  CHECK(graph.edges[0] == Values{{"source", "o0"}, {"target", "o1"}, {"connection", "shared <VPN>"}});
  CHECK(graph.edges[1] == Values{{"source", "o0"}, {"target", "o2"}, {"connection", "community"}});
}

TEST_CASE("A tree has a node for each infected host and an edge from the one that infected it") {
  const Results results = small::results();
  const Graph graph = tree(results, Names::pseudonyms);
  CHECK(graph.direction == "directed");
  CHECK(graph.of.at("scenario") == "A <b> & \"c\" \xf0\x9f\x8f\xa5");
  CHECK(graph.of.at("strategy") == "baseline");
  CHECK(graph.of.at("replicate") == "0");
  CHECK(graph.of.at("percentile") == "0.95");
  CHECK(graph.of.at("replay") == replay_code(results, 0, 0));
  REQUIRE(graph.nodes.size() == 3);
  CHECK(graph.nodes.at("h0") == Values{{"organisation", "trust 1"},
                                       {"site", "site 1"},
                                       {"network", "wards"},
                                       {"infected_h", "0.25"},
                                       {"encrypted_h", "1.5"},
                                       {"detected_h", "2.5"},
                                       {"restored_h", "30"}});
  CHECK(graph.nodes.at("h4") ==
        Values{{"organisation", "trust 2"}, {"site", "site 1"}, {"network", "wards"}, {"infected_h", "1"}});
  REQUIRE(graph.edges.size() == 2);
  CHECK(graph.edges[0] == Values{{"source", "h0"}, {"target", "h4"}, {"t_hours", "1"}});
  CHECK(graph.edges[1] == Values{{"source", "h4"}, {"target", "h1"}, {"t_hours", "2"}});
}

TEST_CASE("A host that falls again stands in the tree as it fell first") {
  Results results = small::results();
  const Graph once = tree(results, Names::pseudonyms);
  Trace& trace = results.strategies[0].traces[0].trace;
  const Step first =
      *std::find_if(trace.begin(), trace.end(), [](const Step& step) { return step.what == Transition::infected; });
  trace.push_back({trace.back().time, 0, first.host, no_host, no_zone, Transition::cleared});
  trace.push_back({trace.back().time, 0, first.host, first.source, first.zone, Transition::infected});
  const Graph twice = tree(results, Names::pseudonyms);
  CHECK(twice.nodes == once.nodes);
  CHECK(twice.edges == once.edges);
}

TEST_CASE("The last host of a segment and the first of the next stand where they belong") {
  Results results = small::results();
  results.strategies[0].traces[0].trace = {small::step(1, 2, Transition::infected),
                                           small::step(1, 3, Transition::infected),
                                           small::step(1, 6, Transition::infected)};
  const Graph graph = tree(results, Names::pseudonyms);
  CHECK(graph.nodes.at("h2").at("site") == "site 1");
  CHECK(graph.nodes.at("h3").at("site") == "site 2");
  CHECK(graph.nodes.at("h3").at("network") == "offices");
  CHECK(graph.nodes.at("h6").at("organisation") == "practice 3");
}

TEST_CASE("Graphs give no real organisation away unless they are asked to") {
  const Results results = small::results();
  for (const bool real : {false, true}) {
    const Names names = real ? Names::real : Names::pseudonyms;
    std::ostringstream out;
    write_network_graphml(results, names, out);
    write_tree_graphml(results, 0, results.strategies[0].traces[0], names, out);
    for (const char* secret : {"Trust\"", "RX1", "51.4993", "St Mary"}) {
      INFO(secret);
      CHECK((out.str().find(secret) != std::string::npos) == real);
    }
  }
}

TEST_CASE("Names that XML forbids are cut down to what it allows") {
  CHECK(network(small::results(), Names::real).nodes.at("o2").at("label") == "Dr One");
  CHECK(xml_text("a\tb\nc") == "a\tb\nc");
  CHECK(xml_text(std::string("a\0b\x1f\x7f", 5)) == "ab\x7f");
  CHECK(xml_text("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") == "\xef\xbf\xbd");  // U+FFFE, U+FFFF, U+FFFD
  CHECK(xml_text("\xed\xa0\x80|\xc0\xaf|\xe2\x82|\xf4\x90\x80\x80|\xf0\x9f") == "||||");
  CHECK(xml_text("\xf4\x8f\xbf\xbf\xc3\xa9") == "\xf4\x8f\xbf\xbf\xc3\xa9");
}

TEST_CASE("Trees of different strategies have different files") {
  Results results = small::results();
  const KeptTrace kept = {0, 0.05, {}};
  CHECK(tree_file(results, 0, kept) == "tree-baseline-05.graphml");
  CHECK(tree_file(results, 1, kept) == "tree--HYPERLINK--x---05.graphml");
  results.strategies[0].name = "a/b";
  results.strategies[1].name = "a b";
  CHECK(tree_file(results, 0, kept) == "tree-a-b-1-05.graphml");
  CHECK(tree_file(results, 1, kept) == "tree-a-b-2-05.graphml");
}
