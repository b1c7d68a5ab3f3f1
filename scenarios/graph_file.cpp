#include "scenarios/graph_file.h"

#include <csv.h>
#include <expat.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "scenarios/vertex_ids.h"

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
  Collected(std::string name, std::vector<Mistake>& mistakes) : name_(std::move(name)), mistakes_(mistakes) {}

  void report(std::size_t line, std::string message) {
    sound = false;
    if (reported_++ == most_mistakes) message = "there are more mistakes than are shown here";
    if (reported_ > most_mistakes + 1) return;
    mistakes_.push_back({name_, {static_cast<int>(line), 1, 1}, Severity::error, std::move(message), {}, {}});
  }
  void add(Edge edge, double weight) {
    if (weight != 1 && graph.weights.empty()) graph.weights.assign(graph.edges.size(), 1);
    graph.edges.push_back(edge);
    if (weight != 1 || !graph.weights.empty()) graph.weights.push_back(static_cast<float>(weight));
  }

  /// Whether more mistakes were found than are shown.
  bool full() const { return reported_ > most_mistakes; }

  EdgeList graph;
  bool sound = true;

 private:
  std::string name_;
  std::vector<Mistake>& mistakes_;
  std::size_t reported_ = 0;
};

/// What of a file is read in the way of its format.
class Format {
 public:
  virtual ~Format() = default;
  virtual void take(std::string_view piece) = 0;
  /// After the last piece; the number of vertices.
  virtual std::size_t finish() = 0;
};

std::string lower(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

// --- GraphML ---

class GraphMl final : public Format {
 public:
  explicit GraphMl(Collected& collected) : collected_(collected), parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
  }

  void take(std::string_view piece) override { parse(piece, false); }
  std::size_t finish() override {
    parse({}, true);
    if (graphs_ == 0 && collected_.sound) collected_.report(1, "there is no <graph> in the file: it is not GraphML");
    resolve();
    return nodes_;
  }

 private:
  static constexpr std::uint32_t no_node = 0xffffffff;

  /// An end of an edge that stands before its node, or has none.
  struct Early {
    std::uint32_t id;
    std::uint32_t line;
  };

  void parse(std::string_view piece, bool last) {
    if (broken_) return;
    broken_ = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last) != XML_STATUS_OK;
    if (broken_ && collected_.sound)
      collected_.report(line(),
                        std::string("not well-formed XML: ") + XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

  std::size_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }

  static const char* attribute(const char** attributes, const char* name) {
    for (; *attributes != nullptr; attributes += 2)
      if (std::strcmp(*attributes, name) == 0) return attributes[1];
    return nullptr;
  }
  /// Element names may carry the prefix of a namespace.
  static std::string_view local(const char* name) {
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

  void start(std::string_view name, const char** attributes) {
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
      start_node(attributes);
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
  void start_node(const char** attributes) {
    const char* id = attribute(attributes, "id");
    if (id == nullptr) return collected_.report(line(), "a <node> has no id");
    std::uint32_t& node = node_of_[number(id)];
    if (node == no_node)
      node = nodes_++;
    else
      collected_.report(line(),
                        "the id '" + std::string(id).substr(0, longest_shown) + "' belongs to an earlier <node>");
  }
  void start_edge(const char** attributes) {
    const char* source = attribute(attributes, "source");
    const char* target = attribute(attributes, "target");
    if (source == nullptr || target == nullptr) return collected_.report(line(), "an <edge> lacks source or target");
    const char* own = attribute(attributes, "directed");
    one_way_.push_back(own == nullptr ? directed_ : std::strcmp(own, "true") == 0);
    edge_.from = number(source);
    edge_.to = number(target);
    for (const std::uint32_t end : {edge_.from, edge_.to})
      if (node_of_[end] == no_node) early_.push_back({end, static_cast<std::uint32_t>(line())});
    weight_ = 1;
    in_edge_ = true;
  }
  void end(std::string_view name) {
    if (name == "edge" && std::exchange(in_edge_, false)) collected_.add(edge_, weight_);
    if (name != "data" || !std::exchange(in_weight_, false)) return;
    const auto weight = weight_in(text_);
    if (!weight) return collected_.report(line(), "the weight of an edge is a number above 0; found '" + text_ + "'");
    weight_ = *weight;
  }

  /// An id's number, whether a node or an edge names it first.
  std::uint32_t number(const char* id) {
    const auto [number, fresh] = ids_.number(id);
    if (fresh) node_of_.push_back(no_node);
    return number;
  }

  /// Edges may stand before the nodes that they join: only now their ends are known.
  void resolve() {
    for (const Early& end : early_)
      if (node_of_[end.id] == no_node && !collected_.full())
        collected_.report(end.line, "the edge leads to '" + std::string(ids_.id_of(end.id).substr(0, longest_shown)) +
                                        "', which is no <node>");
    if (!collected_.sound) return;
    EdgeList& graph = collected_.graph;
    graph.directed = std::find(one_way_.begin(), one_way_.end(), 1) != one_way_.end();
    const std::size_t edges = graph.edges.size();
    for (std::size_t e = 0; e < edges; ++e) {
      const auto [from, to] = graph.edges[e] = {node_of_[graph.edges[e].from], node_of_[graph.edges[e].to]};
      if (graph.directed && one_way_[e] == 0)
        collected_.add({to, from}, graph.weights.empty() ? 1.0 : double{graph.weights[e]});
    }
  }

  Collected& collected_;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  bool broken_ = false;
  int graphs_ = 0;
  bool directed_ = false;
  bool in_edge_ = false;
  bool in_weight_ = false;
  Edge edge_{};
  double weight_ = 1;
  std::string weight_key_;
  std::string text_;
  VertexIds ids_;
  std::uint32_t nodes_ = 0;
  std::vector<std::uint32_t> node_of_;  // by number of the id
  std::vector<std::uint8_t> one_way_;   // by edge: whether it is directed
  std::vector<Early> early_;
};

// --- lists of edges ---

class EdgeRows final : public Format {
 public:
  explicit EdgeRows(Collected& collected) : collected_(collected) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) throw std::bad_alloc();
  }
  ~EdgeRows() override { csv_free(&parser_); }
  EdgeRows(const EdgeRows&) = delete;
  EdgeRows& operator=(const EdgeRows&) = delete;

  void take(std::string_view piece) override {
    if (!broken_ && piece.find('\0') != std::string_view::npos) {
      broken_ = true;
      collected_.report(line_, "a byte of zero: the list is no text in UTF-8");
    }
    if (begun_) return parse(piece);
    start_ += piece;
    if (start_.size() >= mark.size()) begin();
  }
  std::size_t finish() override {
    if (!begun_) begin();
    if (!broken_ && csv_fini(&parser_, on_cell, on_row, this) != 0) refuse();
    return ids_.size();
  }

 private:
  static constexpr std::string_view mark = "\xef\xbb\xbf";  // some programs begin a text with it

  void begin() {
    begun_ = true;
    std::string_view start = start_;
    if (start.starts_with(mark)) start.remove_prefix(mark.size());
    parse(start);
    start_ = {};
  }
  void parse(std::string_view piece) {
    if (broken_) return;
    if (csv_parse(&parser_, piece.data(), piece.size(), on_cell, on_row, this) != piece.size()) refuse();
  }
  void refuse() {
    broken_ = true;
    collected_.report(line_, "a quoted cell is not closed, or a quote stands inside an unquoted one");
  }

  static void on_cell(void* text, std::size_t size, void* self) {
    auto& rows = *static_cast<EdgeRows*>(self);
    const std::string_view cell(static_cast<const char*>(text), size);
    if (rows.cells_ < 3) rows.cell_[rows.cells_] = cell;
    ++rows.cells_;
    rows.breaks_ += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
  }
  static void on_row(int terminator, void* self) {
    auto& rows = *static_cast<EdgeRows*>(self);
    if (rows.cells_ > 0) rows.row();
    rows.cells_ = 0;
    rows.line_ += std::exchange(rows.breaks_, 0) + (terminator == '\n');  // of "\r\n" the parser reports both
  }

  /// Whether this line, the first, says what the columns are instead of an edge.
  bool names_columns() const {
    if (cells_ < 2) return false;
    const std::string from = lower(cell_[0]);
    const std::string to = lower(cell_[1]);
    return (from == "source" && to == "target") || (from == "from" && to == "to") || (from == "src" && to == "dst");
  }

  void row() {
    if (std::exchange(first_, false) && names_columns()) return;
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
    const std::uint32_t from = ids_.number(cell_[0]).first;
    const std::uint32_t to = ids_.number(cell_[1]).first;
    collected_.add({from, to}, weight);
  }

  Collected& collected_;
  csv_parser parser_;
  bool broken_ = false;
  bool begun_ = false;
  std::string start_;  // of the text, until it is known whether it has a mark
  VertexIds ids_;
  std::string cell_[3];
  std::size_t cells_ = 0;
  std::size_t breaks_ = 0;  // of lines, within the row's cells
  std::size_t line_ = 1;
  bool first_ = true;
};

}  // namespace

struct GraphReader::Parts {
  Collected collected;
  std::unique_ptr<Format> format;
};

GraphReader::GraphReader(const std::string& name, std::vector<Mistake>& mistakes)
    : parts_(new Parts{Collected(name, mistakes), nullptr}) {
  const std::string suffix = lower(name.substr(name.find_last_of('.') + 1));
  if (suffix != "csv" && suffix != "graphml" && suffix != "xml")
    parts_->collected.report(1, "a graph is GraphML (.graphml, .xml) or a list of edges (.csv)");
  if (suffix == "csv")
    parts_->format = std::make_unique<EdgeRows>(parts_->collected);
  else
    parts_->format = std::make_unique<GraphMl>(parts_->collected);
}
GraphReader::~GraphReader() = default;

void GraphReader::take(std::string_view piece) { parts_->format->take(piece); }

EdgeList GraphReader::finish() {
  Collected& collected = parts_->collected;
  const std::size_t vertices = parts_->format->finish();
  parts_->format.reset();  // of a large graph the ids take more memory than the edges
  if (vertices == 0 && collected.sound) collected.report(1, "the graph has no vertex");
  if (!collected.sound) return {};
  collected.graph.vertices = vertices;
  merge_parallel(collected.graph);
  return std::move(collected.graph);
}

}  // namespace trustfall
