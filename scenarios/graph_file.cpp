#include "scenarios/graph_file.h"

#include <csv.h>
#include <expat.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace trustfall {
namespace {

constexpr std::size_t most_mistakes = 100;
constexpr std::size_t longest_shown = 60;

std::optional<double> weight_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || !(value < 1e9)) return std::nullopt;
  return value;
}

/// A graph while its file is read.
class Collected {
 public:
  Collected(const std::string& name, std::vector<Mistake>& mistakes) : name_(name), mistakes_(mistakes) {}

  void report(std::size_t line, std::string message) {
    sound = false;
    if (reported_++ == most_mistakes) message = "there are more mistakes than are shown here";
    if (reported_ > most_mistakes + 1) return;
    mistakes_.push_back({name_, {static_cast<int>(line), 1, 1}, Severity::error, std::move(message), {}, {}});
  }
  std::optional<std::uint32_t> find(const std::string& id) const {
    const auto found = ids_.find(id);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }
  /// The vertex's number, and whether it is new.
  std::pair<std::uint32_t, bool> number(const std::string& id) {
    const auto [found, fresh] = ids_.try_emplace(id, static_cast<std::uint32_t>(ids_.size()));
    return {found->second, fresh};
  }
  void add(Edge edge, double weight) {
    if (weight != 1 && graph.weights.empty()) graph.weights.assign(graph.edges.size(), 1);
    graph.edges.push_back(edge);
    if (weight != 1 || !graph.weights.empty()) graph.weights.push_back(static_cast<float>(weight));
  }
  EdgeList take() {
    if (ids_.empty() && sound) report(1, "the graph has no vertex");
    graph.vertices = ids_.size();
    merge_parallel(graph);
    return std::move(graph);
  }

  EdgeList graph;
  bool sound = true;

 private:
  const std::string& name_;
  std::vector<Mistake>& mistakes_;
  std::size_t reported_ = 0;
  std::unordered_map<std::string, std::uint32_t> ids_;
};

// --- GraphML ---

class GraphMl {
 public:
  explicit GraphMl(Collected& collected) : collected_(collected), parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
  }

  void read(const std::string& content) {
    // In pieces: the parser takes no more than an int can say.
    constexpr std::size_t piece = std::size_t{1} << 24;
    for (std::size_t at = 0;; at += piece) {
      const std::size_t size = std::min(piece, content.size() - at);
      const bool last = at + size == content.size();
      if (XML_Parse(parser_.get(), content.data() + at, static_cast<int>(size), last) != XML_STATUS_OK) {
        if (collected_.sound)
          collected_.report(line(),
                            std::string("not well-formed XML: ") + XML_ErrorString(XML_GetErrorCode(parser_.get())));
        return;
      }
      if (last) break;
    }
    if (graphs_ == 0 && collected_.sound) collected_.report(1, "there is no <graph> in the file: it is not GraphML");
    resolve();
  }

 private:
  struct Pending {
    std::string source, target;
    double weight;
    bool directed;
    std::size_t line;
  };

  std::size_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }

  static const char* attribute(const char** attributes, const char* name) {
    for (; *attributes != nullptr; attributes += 2)
      if (std::strcmp(*attributes, name) == 0) return attributes[1];
    return nullptr;
  }
  /// Element names may carry the prefix of a namespace.
  static std::string local(const char* name) {
    const char* colon = std::strrchr(name, ':');
    return colon == nullptr ? name : colon + 1;
  }

  static void on_start(void* self, const char* name, const char** attributes) {
    static_cast<GraphMl*>(self)->start(local(name), attributes);
  }
  static void on_end(void* self, const char* name) { static_cast<GraphMl*>(self)->end(local(name)); }
  static void on_text(void* self, const char* text, int size) {
    auto& reader = *static_cast<GraphMl*>(self);
    if (reader.in_weight_ && reader.text_.size() < longest_shown)
      reader.text_.append(text, static_cast<std::size_t>(size));
  }
  static void on_entity(void* self, const char*, int, const char*, int, const char*, const char*, const char*,
                        const char*) {
    auto& reader = *static_cast<GraphMl*>(self);
    reader.collected_.report(reader.line(), "the file declares an entity: GraphML needs none, and none is read");
    XML_StopParser(reader.parser_.get(), XML_FALSE);
  }

  void start(const std::string& name, const char** attributes) {
    if (name == "graph") {
      if (++graphs_ == 2) collected_.report(line(), "a second <graph>: one graph to a file");
      const char* by_default = attribute(attributes, "edgedefault");
      directed_ = by_default != nullptr && std::strcmp(by_default, "directed") == 0;
    } else if (name == "key") {
      const char* title = attribute(attributes, "attr.name");
      const char* id = attribute(attributes, "id");
      const char* of = attribute(attributes, "for");
      const bool edges = of == nullptr || std::strcmp(of, "edge") == 0 || std::strcmp(of, "all") == 0;
      if (title != nullptr && id != nullptr && edges && std::strcmp(title, "weight") == 0) weight_key_ = id;
    } else if (name == "node") {
      const char* id = attribute(attributes, "id");
      if (id == nullptr) return collected_.report(line(), "a <node> has no id");
      if (!collected_.number(id).second)
        collected_.report(line(),
                          "the id '" + std::string(id).substr(0, longest_shown) + "' belongs to an earlier <node>");
    } else if (name == "edge") {
      start_edge(attributes);
    } else if (name == "hyperedge") {
      collected_.report(line(), "a <hyperedge> joins more than two nodes: write its pairs as edges");
    } else if (name == "data" && in_edge_) {
      const char* key = attribute(attributes, "key");
      in_weight_ = key != nullptr && !weight_key_.empty() && weight_key_ == key;
      text_.clear();
    }
  }
  void start_edge(const char** attributes) {
    const char* source = attribute(attributes, "source");
    const char* target = attribute(attributes, "target");
    if (source == nullptr || target == nullptr) return collected_.report(line(), "an <edge> lacks source or target");
    const char* own = attribute(attributes, "directed");
    const bool directed = own == nullptr ? directed_ : std::strcmp(own, "true") == 0;
    any_directed_ = any_directed_ || directed;
    edges_.push_back({source, target, 1, directed, line()});
    in_edge_ = true;
  }
  void end(const std::string& name) {
    if (name == "edge") in_edge_ = false;
    if (name != "data" || !in_weight_) return;
    in_weight_ = false;
    const auto weight = weight_in(text_);
    if (!weight) return collected_.report(line(), "the weight of an edge is a number above 0; found '" + text_ + "'");
    edges_.back().weight = *weight;
  }

  /// Edges may stand before the nodes that they join.
  void resolve() {
    collected_.graph.directed = any_directed_;
    for (const Pending& edge : edges_) {
      const auto from = collected_.find(edge.source);
      const auto to = collected_.find(edge.target);
      for (const auto& [end, id] : {std::pair(from, &edge.source), std::pair(to, &edge.target)})
        if (!end)
          collected_.report(edge.line,
                            "the edge leads to '" + id->substr(0, longest_shown) + "', which is no <node>");
      if (!from || !to) continue;
      collected_.add({*from, *to}, edge.weight);
      if (any_directed_ && !edge.directed) collected_.add({*to, *from}, edge.weight);
    }
  }

  Collected& collected_;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  int graphs_ = 0;
  bool directed_ = false;
  bool any_directed_ = false;
  bool in_edge_ = false;
  bool in_weight_ = false;
  std::string weight_key_;
  std::string text_;
  std::vector<Pending> edges_;
};

// --- lists of edges ---

class EdgeRows {
 public:
  explicit EdgeRows(Collected& collected) : collected_(collected) {}

  void read(const std::string& content) {
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) throw std::bad_alloc();
    const std::size_t mark = content.rfind("\xef\xbb\xbf", 0) == 0 ? 3 : 0;  // some programs begin a text with it
    const std::size_t size = content.size() - mark;
    const bool whole = csv_parse(&parser, content.data() + mark, size, on_cell, on_row, this) == size &&
                       csv_fini(&parser, on_cell, on_row, this) == 0;
    csv_free(&parser);
    if (!whole) collected_.report(line_, "a quoted cell is not closed, or a quote stands inside an unquoted one");
  }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    auto& rows = *static_cast<EdgeRows*>(self);
    if (rows.cells_ < 3) rows.cell_[rows.cells_].assign(static_cast<const char*>(text), size);
    ++rows.cells_;
  }
  static void on_row(int terminator, void* self) {
    auto& rows = *static_cast<EdgeRows*>(self);
    if (rows.cells_ > 0) rows.row();
    rows.cells_ = 0;
    rows.line_ += terminator == '\n';  // of "\r\n" the parser reports both
  }

  void row() {
    if (std::exchange(first_, false) && cell_[0] == "source" && cells_ > 1 && cell_[1] == "target") return;
    if (cells_ < 2 || cells_ > 3)
      return collected_.report(line_, "a row is source, target and perhaps weight; found " + std::to_string(cells_) +
                                          (cells_ == 1 ? " cell" : " cells"));
    double weight = 1;
    if (cells_ == 3) {
      const auto said = weight_in(cell_[2]);
      if (!said) return collected_.report(line_, "a weight is a number above 0; found '" + cell_[2] + "'");
      weight = *said;
    }
    if (cell_[0].empty() || cell_[1].empty()) return collected_.report(line_, "an edge lacks its source or target");
    const std::uint32_t from = collected_.number(cell_[0]).first;
    const std::uint32_t to = collected_.number(cell_[1]).first;
    collected_.add({from, to}, weight);
  }

  Collected& collected_;
  std::string cell_[3];
  std::size_t cells_ = 0;
  std::size_t line_ = 1;
  bool first_ = true;
};

}  // namespace

EdgeList read_graph(const std::string& name, const std::string& content, std::vector<Mistake>& mistakes) {
  Collected collected(name, mistakes);
  if (name.size() > 4 && name.compare(name.size() - 4, 4, ".csv") == 0)
    EdgeRows(collected).read(content);
  else
    GraphMl(collected).read(content);
  return collected.take();
}

}  // namespace trustfall
