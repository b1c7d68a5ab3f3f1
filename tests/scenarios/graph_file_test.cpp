#include "scenarios/graph_file.h"

#include <nlohmann/json.hpp>

#include "tests/scenarios/reading.h"
#include "tests/support/program.h"

using namespace trustfall;

namespace {

struct Read {
  EdgeList graph;
  std::vector<Mistake> mistakes;
};
/// The graph of a text that comes in pieces of so many bytes.
Read graph_of(const std::string& name, const std::string& text, std::size_t piece = 1 << 20) {
  Read read;
  GraphReader reader(name, read.mistakes);
  for (std::size_t at = 0; at < text.size(); at += piece) reader.take(std::string_view(text).substr(at, piece));
  read.graph = reader.finish();
  return read;
}
/// `line: message` of all mistakes.
std::string told(const Read& read) {
  std::string text;
  for (const Mistake& mistake : read.mistakes)
    text += std::to_string(mistake.place.line) + ": " + mistake.message + "\n";
  return text;
}
std::string graphml(const std::string& inner, const std::string& by_default = "undirected") {
  return "<?xml version='1.0'?>\n<graphml><key attr.name='weight' for='edge' id='w'/><graph edgedefault='" +
         by_default + "'>\n" + inner + "</graph></graphml>\n";
}
double total(const EdgeList& graph) {
  double sum = 0;
  for (std::size_t e = 0; e < graph.edges.size(); ++e) sum += graph.weights.empty() ? 1.0 : graph.weights[e];
  return sum;
}
const std::string three_nodes = "<node id='a'/><node id='b'/><node id='c'/>\n";

/// What `check` says of a plain scenario with this graph beside it.
Ran checked(const std::string& name, const std::string& content, const std::string& more = "") {
  const Folder own;
  std::ofstream(own / name, std::ios::binary) << content;
  std::ofstream(own / "s.yaml") << "name: plain\nstart: 2017-05-12T08:00:00Z\nplain:\n  graph: " << name
                                << "\n  transmission: 1/h\n  removal: 1/h\n"
                                << more;
  return program("check '" + (own / "s.yaml") + "'");
}
bool says(const Ran& ran, const std::string& part) {
  if ((ran.out + ran.err).find(part) != std::string::npos) return true;
  UNSCOPED_INFO(ran.out + ran.err);
  return false;
}

/// What `check` says of a plain scenario with this recipe.
Ran recipe(const std::string& graph, int hosts) {
  const Folder own;
  std::ofstream(own / "s.yaml") << "name: plain\nstart: 2017-05-12T08:00:00Z\nplain:\n  graph: " << graph
                                << "\n  hosts: " << hosts << "\n  transmission: 1/h\n  removal: 1/h\n";
  return program("check '" + (own / "s.yaml") + "'");
}

}  // namespace

TEST_CASE("Graphs of the Internet Topology Zoo are read as networkx reads them") {
  // g = networkx.read_graphml(file); g.number_of_nodes(), g.number_of_edges(), networkx.Graph(g).number_of_edges(),
  // and the highest degree of the latter, with networkx 2.8.8. None has a loop; the third is a multigraph.
  struct Counts {
    const char* file;
    std::size_t nodes, edges, pairs, highest;
  };
  for (const Counts& counts : {Counts{"Geant2012", 40, 61, 61, 10}, Counts{"Janetbackbone", 29, 45, 45, 10},
                               Counts{"KentmanJan2011", 38, 39, 38, 13}}) {
    INFO(counts.file);
    const std::string name = std::string(counts.file) + ".graphml";
    const std::string text = contents(folder / "graphs" / name);
    REQUIRE(!text.empty());
    const Read read = graph_of(name, text);
    CHECK(told(read).empty());
    CHECK(read.graph.vertices == counts.nodes);
    CHECK_FALSE(read.graph.directed);
    CHECK(read.graph.edges.size() == counts.pairs);
    CHECK(total(read.graph) == static_cast<double>(counts.edges));
    std::vector<std::size_t> degree(counts.nodes);
    for (const Edge& edge : read.graph.edges) {
      ++degree[edge.from];
      ++degree[edge.to];
    }
    CHECK(*std::max_element(degree.begin(), degree.end()) == counts.highest);
    CHECK(checked(name, text).code == 0);
  }
}

TEST_CASE("Nodes have names, and edges may come before them, with weights and directions") {
  const Read named =
      graph_of("g.graphml", graphml("<edge source='x y' target='b'/>" + three_nodes + "<node id='x y'/>"));
  CHECK(told(named).empty());
  CHECK(named.graph.vertices == 4);
  REQUIRE(named.graph.edges.size() == 1);
  CHECK(named.graph.edges[0].from == 1);
  CHECK(named.graph.edges[0].to == 3);

  const Read heavy =
      graph_of("g.graphml", graphml(three_nodes + "<edge source='a' target='b'><data key='w'>2.5</data></edge>"
                                                  "<edge source='b' target='a'/><edge source='c' target='b'/>"
                                                  "<edge source='c' target='c'/>"));
  CHECK(heavy.graph.edges.size() == 2);
  CHECK(heavy.graph.weights == std::vector<float>{3.5f, 1});

  const Read arrows = graph_of("g.graphml", graphml(three_nodes + "<edge source='b' target='a'/>"
                                                                  "<edge directed='false' source='c' target='b'/>",
                                                    "directed"));
  CHECK(arrows.graph.directed);
  REQUIRE(arrows.graph.edges.size() == 3);
  CHECK(arrows.graph.edges[0].from == 1);
  CHECK(arrows.graph.edges[0].to == 0);
  CHECK(arrows.graph.edges[1].to == 2);
  CHECK(arrows.graph.edges[2].from == 2);

  CHECK(graph_of("g.graphml", "<g:graphml xmlns:g='u'><g:graph><g:node id='a'/></g:graph></g:graphml>")
            .graph.vertices == 1);
}

TEST_CASE("What is wrong with GraphML is told with its line") {
  const auto says_of = [](const std::string& text) { return told(graph_of("g.graphml", text)); };
  CHECK(says_of("<graphml><graph>\n<node id='a'/>\n<edge") == "3: not well-formed XML: unclosed token\n");
  CHECK(says_of("<graphml><graph>\n<node id='a'/>\n") == "3: not well-formed XML: no element found\n");
  CHECK(says_of("") == "1: not well-formed XML: no element found\n");
  CHECK(says_of(graphml("<node id='a'/>\n<node id='a'/>\n")) == "4: the id 'a' belongs to an earlier <node>\n");
  CHECK(says_of(graphml(three_nodes + "<edge source='a'\n target='z'/>\n")) ==
        "4: the edge leads to 'z', which is no <node>\n");
  CHECK(says_of(graphml(three_nodes + "<edge source='a'/>")) == "4: an <edge> lacks source or target\n");
  CHECK(says_of(graphml("<node/>" + three_nodes)) == "3: a <node> has no id\n");
  CHECK(says_of(graphml(three_nodes + "<hyperedge/>")) ==
        "4: a <hyperedge> joins more than two nodes: write its pairs as edges\n");
  for (const std::string weight : {"heavy", "0", "-1", "nan", "inf", "", "1e9", "1 2"})
    CHECK(says_of(graphml(three_nodes + "<edge source='a' target='b'><data key='w'>" + weight + "</data></edge>")) ==
          "4: the weight of an edge is a number above 0; found '" + weight + "'\n");
  CHECK(says_of("<graphml><graph><node id='a'/></graph>\n<graph/></graphml>") ==
        "2: a second <graph>: one graph to a file\n");
  CHECK(says_of("<html/>") == "1: there is no <graph> in the file: it is not GraphML\n");
  CHECK(says_of(graphml("")) == "1: the graph has no vertex\n");
  // A lot of mistakes is cut.
  const Read many = graph_of("g.graphml", graphml(three_nodes + repeated("<edge source='a' target='q'/>\n", 5000)));
  CHECK(many.mistakes.size() == 101);
  CHECK(many.mistakes.back().message == "there are more mistakes than are shown here");
}

TEST_CASE("Entities are not read, so that none can multiply") {
  std::string bomb = "<?xml version='1.0'?>\n<!DOCTYPE g [\n<!ENTITY a 'aaaaaaaaaa'>\n";
  for (char c = 'b'; c < 'k'; ++c)
    bomb += std::string("<!ENTITY ") + c + " '" + repeated(std::string("&") + static_cast<char>(c - 1) + ";", 10) +
            "'>\n";
  bomb += "]>\n<graphml><graph><node id='&j;'/></graph></graphml>";
  const auto start = std::chrono::steady_clock::now();
  CHECK(told(graph_of("g.graphml", bomb)) ==
        "3: the file declares an entity: GraphML needs none, and none is read\n");
  CHECK(seconds_since(start) < 1);
  const Ran ran = checked("bomb.graphml", bomb);
  CHECK(ran.code == 3);
  CHECK(says(ran, "bomb.graphml:3:1: error: the file declares an entity"));
}

TEST_CASE("Lists of edges are read with and without header, with any end of line and a mark of Unicode") {
  const std::string rows = "a,b\nb,\"c, d\"\na,a\n";
  const auto same_as = [](const std::string& text) {
    const Read read = graph_of("g.csv", text);
    INFO(told(read));
    return read.mistakes.empty() && read.graph.vertices == 3 && read.graph.edges.size() == 2 &&
           read.graph.weights.empty() && !read.graph.directed;
  };
  CHECK(same_as(rows));
  CHECK(same_as("source,target\n" + rows));
  CHECK(same_as("source,target,weight\n" + rows));
  CHECK(same_as("\xef\xbb\xbfsource,target\r\na,b\r\n\r\nb,\"c, d\"\r\na,a"));
  const Read heavy = graph_of("g.csv", "source,target,weight\na,b,2\nb,a,0.5\nc,a,1\n");
  CHECK(heavy.graph.weights == std::vector<float>{2.5f, 1});
}

TEST_CASE("What is wrong with a list of edges is told with its line") {
  const auto says_of = [](const std::string& text) { return told(graph_of("g.csv", text)); };
  CHECK(says_of("a,b\nc\n") == "2: a row is source, target and perhaps weight; found 1 cell\n");
  CHECK(says_of("a,b\r\nc\r\n") == "2: a row is source, target and perhaps weight; found 1 cell\n");
  CHECK(says_of("a,b,1,2\n") == "1: a row is source, target and perhaps weight; found 4 cells\n");
  CHECK(says_of("a,b\n\na,b,x\n") == "3: a weight is a number above 0; found 'x'\n");
  CHECK(says_of("a,b,0\n") == "1: a weight is a number above 0; found '0'\n");
  CHECK(says_of("a,b\n,b\n") == "2: an edge lacks its source or target\n");
  CHECK(says_of("source,target\n") == "1: the graph has no vertex\n");
  CHECK(says_of("") == "1: the graph has no vertex\n");
  CHECK(says_of("\"a\nb\",\"c\r\n\nd\"\nc\n") == "5: a row is source, target and perhaps weight; found 1 cell\n");
  CHECK(says_of("a,b\n\"c,d\n").find("a quoted cell is not closed") != std::string::npos);
  CHECK(says_of("a,b\nc\"d,e\n").find("2: a quoted cell is not closed, or a quote") != std::string::npos);
}

TEST_CASE("It does not matter in which pieces a graph comes") {
  const std::string marked =
      "\xef\xbb\xbfsource,target,weight\r\nalpha,\"b, \"\"c\"\"\",2.5\r\n\"x\ny\",alpha,1\r\nb,b,1";
  const std::string xml = graphml("<edge source='x y' target='b'><data key='w'>2.5</data></edge>" + three_nodes +
                                      "<node id='x y'/><edge directed='false' source='c' target='b'/>",
                                  "directed");
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"g.csv", marked},
      {"g.csv", "a,b"},
      {"g.csv", "a,b\n\xef\xbb\xbf,b\nc\n"},
      {"g.csv", "a,b\n\"c,d\n"},
      {"g.csv", "\xef\xbb"},
      {"g.graphml", xml},
      {"g.graphml", graphml(three_nodes + "<edge source='a'\n target='z'/>")},
      {"g.graphml", "<graphml><graph>\n<node"},
      {"g.graphml", ""}};
  for (const auto& [name, text] : texts) {
    INFO(text);
    const Read whole = graph_of(name, text);
    for (std::size_t piece = 1; piece < 8; ++piece) {
      INFO(piece);
      const Read read = graph_of(name, text, piece);
      CHECK(told(read) == told(whole));
      CHECK(read.graph.vertices == whole.graph.vertices);
      CHECK(read.graph.directed == whole.graph.directed);
      CHECK(read.graph.weights == whole.graph.weights);
      CHECK(std::equal(read.graph.edges.begin(), read.graph.edges.end(), whole.graph.edges.begin(),
                       whole.graph.edges.end(), [](Edge a, Edge b) { return a.from == b.from && a.to == b.to; }));
    }
  }
  const Read whole = graph_of("g.csv", marked);
  CHECK(whole.graph.vertices == 4);
  CHECK(whole.graph.edges.size() == 2);
  CHECK(graph_of("g.graphml", xml).graph.edges.size() == 3);
}

TEST_CASE("The program refuses a wrong graph with file and line, and exit code 3") {
  Ran ran = checked("g.csv", "source,target\na,b\nb\n");
  CHECK(ran.code == 3);
  CHECK(says(ran, "g.csv:3:1: error: a row is source, target"));
  ran = checked("g.graphml", "<graphml><graph>\n<node id='a'/>");
  CHECK(ran.code == 3);
  CHECK(says(ran, "g.graphml:2:1: error: not well-formed XML"));
  CHECK(checked("g.csv", "a,b\n").code == 0);
  ran = checked("g.csv", "a,b\n", "  seeds: 3\n");
  CHECK(ran.code == 3);

  const Folder own;
  std::ofstream(own / "g.csv") << "a,b\nb,c\n";
  std::ofstream(own / "s.yaml")
      << "name: links\nstart: 2017-05-12T08:44:00+01:00\nestate:\n"
         "  organisations:\n    all: {kind: company, count: 1, networks: {flat: {hosts: 40, "
         "devices: {workstation: 100%}}}}\n"
         "  systems: {workstation: {windows_7: 100%}}\n  links: {shares: {graph: g.csv}}\n"
         "worm: {links: {shares: {exponential: 1h}}, chances: {windows_7: 60%}}\n"
         "entries: {first: {hosts: {count: 1}}}\n";
  ran = program("check '" + (own / "s.yaml") + "'");
  CHECK(ran.code == 3);
  CHECK(says(ran, "the graph has 3 vertices, and there are 40 hosts"));
}

TEST_CASE("A recipe that does not fit its hosts is refused") {
  const auto refused = [](const std::string& graph, int hosts, const std::string& why) {
    const Ran ran = recipe(graph, hosts);
    return ran.code == 3 && says(ran, why);
  };
  CHECK(refused("{erdos_renyi: 10}", 10, "10 contacts of 10 hosts"));
  CHECK(refused("{watts_strogatz: {neighbours: 3, rewired: 10%}}", 20, "neighbours are an even number"));
  CHECK(refused("{watts_strogatz: {neighbours: 20, rewired: 10%}}", 20, "20 neighbours of 20 hosts"));
  CHECK(refused("{rmat: {degree: 4, a: 50%, b: 30%, c: 30%}}", 100, "a, b and c sum to more than 100%"));
  CHECK(refused("{rmat: {degree: 50}}", 100, "50 contacts of 100 hosts"));
  CHECK(refused("{blocks: {blocks: 30, within: 1, between: 1}}", 20, "30 blocks of 20 hosts"));
  CHECK(refused("{blocks: {blocks: 4, within: 5, between: 1}}", 20, "5 contacts within a block of 5 hosts"));
  CHECK(refused("{blocks: {blocks: 4, within: 4, between: 16}}", 20,
                "16 contacts with other blocks, which have 15 hosts"));
  CHECK(refused("{hub_and_site: 21}", 20, "21 hubs of 20 hosts"));
  CHECK(refused("{complete: {}}", 100000, "more than 4 billion links"));
  // At the edge they fit.
  for (const char* fits : {"{erdos_renyi: 19}", "{erdos_renyi: 0}", "{barabasi_albert: 30}",
                           "{watts_strogatz: {neighbours: 18, rewired: 100%}}", "{rmat: {degree: 9}}",
                           "{blocks: {blocks: 4, within: 4, between: 15}}", "{hub_and_site: 20}", "{star: {}}",
                           "{line: {}}", "{complete: {}}"}) {
    INFO(fits);
    CHECK(recipe(fits, 20).code == 0);
  }
}

TEST_CASE("A first line that names columns is no edge, however it is written, and other formats are told") {
  for (const std::string first :
       {"source,target\n", "Source,Target\n", "from,to\n", "SRC,DST\n", "\xef\xbb\xbfsource,target\n", ""}) {
    const Ran ran = checked("g.csv", first + "a,b\nb,c\n");
    INFO(first << ran.out << ran.err);
    CHECK(says(ran, "3 hosts"));
  }
  CHECK(says(checked("g.csv", std::string("a\0,\0b\0\n", 7)), "no text in UTF-8"));
  CHECK(says(checked("g.txt", "a b\n"), "a graph is GraphML (.graphml, .xml) or a list of edges (.csv)"));
}

TEST_CASE("What does not go together in plain is told") {
  const auto plain = [](const std::string& lines, const std::string& more = "") {
    return read("name: plain\nstart: 2017-05-12T08:00:00Z\nplain: {" + lines + "}\n" + more);
  };
  const std::string whole = "graph: {star: {}}, hosts: 5, transmission: 1/h";
  CHECK(told(plain(whole + ", removal: 1/h")).empty());
  CHECK(told(plain(whole + ", model: si")).empty());
  CHECK(told(plain(whole + ", model: seir, removal: 1/h, incubation: 1/h")).empty());
  CHECK(tells(plain(whole + ", removal: 1/h", "entries: {first: {hosts: {count: 1}}}\n"),
              "`plain` stands for `entries` too: leave one of them out"));
  CHECK(tells(plain(whole + ", removal: 1/h", "worm: {attempts: {}, chances: {windows_7: 60%}}\n"),
              "`plain` stands for `worm` too"));
  CHECK(tells(plain(whole + ", removal: 1/h",
                    "estate:\n  organisations: {a: {kind: company, count: 1, networks: {n: {hosts: 4, devices: "
                    "{workstation: 100%}}}}}\n  systems: {workstation: {windows_7: 100%}}\n"),
              "`plain` stands for `estate` too"));
  CHECK(tells(plain("graph: graphs/Geant2012.graphml, hosts: 5, transmission: 1/h, removal: 1/h"),
              "the file of the graph says how many hosts there are"));
  CHECK(tells(plain("graph: {star: {}}, transmission: 1/h, removal: 1/h"), "plain lacks hosts"));
  CHECK(tells(plain(whole), "plain lacks removal"));
  CHECK(tells(plain(whole + ", model: si, removal: 1/h"), "hosts of the model si are not removed"));
  CHECK(tells(plain(whole + ", model: seir, removal: 1/h"), "plain lacks incubation"));
  CHECK(told(plain(whole + ", model: sis, removal: 1/h")).empty());
  CHECK(told(plain(whole + ", model: siidr, removal: 1/h, dormancy: 2/h, awakening: 3/h")).empty());
  CHECK(tells(plain(whole + ", model: siidr, removal: 1/h, dormancy: 2/h"), "plain lacks awakening"));
  CHECK(tells(plain(whole + ", removal: 1/h, dormancy: 2/h"), "only hosts of the model siidr fall dormant"));
  CHECK(tells(plain(whole + ", model: sis, removal: 1/h", "detection: {dwell: 1h}\n"),
              "leave out either detection or reinfects"));
  CHECK(tells(plain(whole + ", removal: 1/h, incubation: 1/h"), "only hosts of the model seir have an incubation"));
}

TEST_CASE("What a file says of its hosts is kept with the results, and inspected") {
  const Folder own;
  std::ofstream(own / "g.csv") << "a,b\nb,c\n";
  std::ofstream(own / "s.yaml") << "name: plain\nstart: 2017-05-12T08:00:00Z\nplain:\n  graph: g.csv\n"
                                   "  transmission: 1/h\n  removal: 1/h\n";
  REQUIRE(
      program("run '" + (own / "s.yaml") + "' --replicates 3 --seed 1 --quiet --out '" + (own / "out") + "'").code ==
      0);
  const std::string summary = content(own / "out/summary.json");
  const std::string mark = "\"code\":\"";
  const std::string code = summary.substr(summary.find(mark) + mark.size(), 12);
  CHECK(program("replay " + code + " --from '" + (own / "out/results.tfr") + "'").code == 0);
  const Ran inspected = program("inspect '" + (own / "s.yaml") + "'");
  CHECK(inspected.code == 0);
  // Of a line of three the middle is reached from either end, and each end from the middle, without a further way.
  CHECK(says(inspected, "From one host, 1 of the 3 hosts"));
  CHECK(says(inspected, "infects 0.25 ("));
}

TEST_CASE("Controls stand beside plain") {
  const auto infected = [](const std::string& controls) {
    const Folder own;
    std::ofstream(own / "s.yaml")
        << "name: plain\nstart: 2017-05-12T08:00:00Z\nplain: {graph: {erdos_renyi: 10}, hosts: "
           "2000, transmission: 0.5/h, removal: 1/h, seeds: 20}\n"
        << controls;
    const Ran ran = program("run '" + (own / "s.yaml") + "' --replicates 20 --seed 1 --json");
    REQUIRE(ran.code == 0);
    const auto strategies = nlohmann::json::parse(ran.out)["strategies"];
    return strategies[0]["metrics"]["hosts_infected"]["q50"].get<double>();
  };
  // With 92 % patched, a host has 0.8 contacts that can fall at all.
  // on.
  CHECK(infected("") > 1500);
  CHECK(infected("patching: {coverage: 92%}\n") < 100);
  CHECK(infected("firewalls: {shut: {zone: contacts, direction: both}}\n") == 20);
}
