#include "scenarios/lists.h"

#include <csv.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

namespace trustfall {
namespace {

constexpr std::size_t most_cells = 100;      // of a row that are kept
constexpr std::size_t most_mistakes = 1000;  // as in a scenario

struct Row {
  int line;
  std::vector<std::string> cells;
};

struct Collected {
  std::vector<Row> rows;
  std::vector<std::string> cells;
  int line = 1;
};

void on_cell(void* text, std::size_t length, void* data) {
  auto& cells = static_cast<Collected*>(data)->cells;
  if (cells.size() < most_cells) cells.emplace_back(static_cast<const char*>(text), length);
}

void on_row(int terminator, void* data) {
  auto& collected = *static_cast<Collected*>(data);
  int lines = terminator == '\n' ? 1 : 0;  // of "\r\n" the parser reports both
  for (const std::string& cell : collected.cells)
    lines += static_cast<int>(std::count(cell.begin(), cell.end(), '\n'));
  if (!collected.cells.empty()) collected.rows.push_back({collected.line, std::move(collected.cells)});
  collected.cells.clear();
  collected.line += lines;
}

/// The rows of a CSV file under its header.
class List {
 public:
  List(const std::string& name, const std::string& content, std::vector<std::string> wanted,
       std::vector<Mistake>& mistakes)
      : name_(name), mistakes_(mistakes) {
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) throw std::bad_alloc();
    Collected collected;
    const std::size_t mark = content.rfind("\xef\xbb\xbf", 0) == 0 ? 3 : 0;  // some programs begin a text with it
    const std::size_t size = content.size() - mark;
    const std::size_t parsed = csv_parse(&parser, content.data() + mark, size, on_cell, on_row, &collected);
    const bool broken = parsed != size || csv_fini(&parser, on_cell, on_row, &collected) != 0;
    csv_free(&parser);
    if (broken) report(collected.line, "a quoted cell is not closed, or a quote stands inside an unquoted one");
    rows_ = std::move(collected.rows);
    if (rows_.empty()) {
      report(1, "the list is empty");
      return;
    }
    header_ = rows_.front().cells;
    rows_.erase(rows_.begin());
    for (const std::string& column : wanted) {
      const auto at = std::find(header_.begin(), header_.end(), column);
      if (at == header_.end()) report(1, "there is no column '" + column + "'", nearest(column, header_));
      columns_.push_back(static_cast<std::size_t>(at - header_.begin()));
    }
    if (complete() && rows_.empty()) report(1, "the list has a header and no row");
  }

  bool complete() const {
    return !columns_.empty() &&
           std::all_of(columns_.begin(), columns_.end(), [&](std::size_t c) { return c < header_.size(); });
  }
  const std::vector<Row>& rows() const { return rows_; }

  bool sound(const Row& row) {
    if (row.cells.size() == header_.size()) return true;
    report(row.line, "the row has " + std::to_string(row.cells.size()) + " cells and the header " +
                         std::to_string(header_.size()));
    return false;
  }
  const std::string& text(const Row& row, std::size_t column) const { return row.cells[columns_[column]]; }

  double number(const Row& row, std::size_t column, double least, double most) {
    const std::string& cell = text(row, column);
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc{} && end == cell.data() + cell.size() && value >= least && value <= most) return value;
    std::ostringstream message;
    message << header_[columns_[column]] << " is a number from " << least << " to " << most << "; found '" << cell
            << "'";
    report(row.line, message.str());
    return std::nan("");
  }

  void report(int line, std::string message, std::string suggestion = {}) {
    if (mistakes_.size() > most_mistakes) return;
    if (mistakes_.size() == most_mistakes) message = "there are more mistakes than are shown here";
    mistakes_.push_back({name_, {line, 1, 1}, Severity::error, std::move(message), std::move(suggestion), {}});
  }

 private:
  std::string name_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> header_;
  std::vector<std::size_t> columns_;
  std::vector<Row> rows_;
};

}  // namespace

std::vector<OrganisationRow> read_organisations(const std::string& name, const std::string& content,
                                                std::vector<Mistake>& mistakes) {
  enum { code, title, type, region, community, latitude, longitude, size };
  List list(name, content, {"code", "name", "class", "region", "community", "latitude", "longitude", "size"},
            mistakes);
  std::vector<OrganisationRow> rows;
  if (!list.complete()) return rows;
  std::set<std::string> seen;
  for (const Row& row : list.rows()) {
    if (!list.sound(row)) continue;
    const std::string& key = list.text(row, code);
    if (key.empty()) list.report(row.line, "the row has no code");
    if (!seen.insert(key).second) list.report(row.line, "the code '" + key + "' stands in an earlier row too");
    rows.push_back({key, list.text(row, title), list.text(row, type), list.text(row, region),
                    list.text(row, community), list.number(row, latitude, -90, 90),
                    list.number(row, longitude, -180, 180), list.number(row, size, 0, 1e9)});
  }
  return rows;
}

std::vector<SiteRow> read_sites(const std::string& name, const std::string& content, std::vector<Mistake>& mistakes) {
  List list(name, content, {"organisation", "name"}, mistakes);
  std::vector<SiteRow> rows;
  if (!list.complete()) return rows;
  for (const Row& row : list.rows())
    if (list.sound(row)) rows.push_back({list.text(row, 0), list.text(row, 1)});
  return rows;
}

}  // namespace trustfall
