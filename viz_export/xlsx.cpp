#include "viz_export/xlsx.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "sim/base/error.h"
#include "viz_export/comparison.h"
#include "viz_export/xlsx_tables.h"
#include "viz_export/xml_text.h"

namespace trustfall {
namespace {

constexpr std::size_t most_rows = 1048575;      // of a sheet, below its header
constexpr std::size_t most_characters = 32767;  // of a cell

void refuse_long(const std::string& sheet, std::size_t rows, const std::string& path) {
  if (rows <= most_rows) return;
  throw FileError(fmt::format("{}: sheet {} would have {} rows, and a spreadsheet holds {}; use --to tables", path,
                              sheet, rows + 1, most_rows + 1));
}

/// The part of a text that a cell holds, without splitting a character.
std::string cell_text(const std::string& text) {
  std::string valid = xml_text(text);
  if (valid.size() > most_characters) {
    std::size_t end = most_characters;
    while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xc0) == 0x80) --end;
    valid.resize(end);
  }
  return valid;
}

bool is_share(const std::string& column) { return column.rfind("chance_", 0) == 0 || column == "share_occurring"; }

/// A workbook that is written under a temporary name, and closed whatever happens.
class Workbook {
 public:
  explicit Workbook(const std::string& path) : path_(path), unfinished_(path + ".part") {
    book_ = workbook_new(unfinished_.c_str());
    if (book_ == nullptr) throw std::bad_alloc();
    header_ = workbook_add_format(book_);
    format_set_bold(header_);
    format_set_bottom(header_, LXW_BORDER_THIN);
    whole_ = number_format("#,##0");
    measure_ = number_format("#,##0.00");
    small_ = number_format("0.00##");
    share_ = number_format("0.0%");
    // The date of the archive's entries, so that the same results give the same bytes.
    lxw_doc_properties properties{};
    properties.created = 315532800;
    workbook_set_properties(book_, &properties);
  }
  ~Workbook() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  void add(const std::string& name, const Table& table) {
    refuse_long(name, table.rows.size(), path_);
    lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      worksheet_write_string(sheet, 0, column(c), cell_text(table.columns[c]).c_str(), header_);
      worksheet_set_column(sheet, column(c), column(c), width(table, c), nullptr);
    }
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      for (std::size_t c = 0; c < table.rows[r].size(); ++c)
        write(sheet, static_cast<lxw_row_t>(r + 1), column(c), table.rows[r][c], is_share(table.columns[c]));
    worksheet_freeze_panes(sheet, 1, 0);
    if (!table.rows.empty())
      worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(table.rows.size()), column(table.columns.size() - 1));
  }

  void finish() {
    const lxw_error failure = workbook_close(std::exchange(book_, nullptr));
    std::error_code error;
    if (failure == LXW_NO_ERROR) std::filesystem::rename(unfinished_, path_, error);
    if (failure == LXW_NO_ERROR && !error) return;
    std::error_code ignored;
    std::filesystem::remove(unfinished_, ignored);
    throw FileError(path_ + ": " + (error ? error.message() : lxw_strerror(failure)));
  }

 private:
  static lxw_col_t column(std::size_t c) { return static_cast<lxw_col_t>(c); }

  /// In characters: wide enough for texts up to a sentence, and for numbers of a million.
  static double width(const Table& table, std::size_t c) {
    std::size_t longest = std::max<std::size_t>(table.columns[c].size(), 8);
    for (const auto& row : table.rows)
      if (const auto* text = std::get_if<std::string>(&row[c])) longest = std::max(longest, text->size());
    return static_cast<double>(std::min<std::size_t>(longest, 64)) + 3;  // the filter's button
  }

  lxw_format* number_format(const char* pattern) {
    lxw_format* format = workbook_add_format(book_);
    format_set_num_format(format, pattern);
    return format;
  }

  void write(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t at, const Cell& cell, bool share) {
    if (const auto* text = std::get_if<std::string>(&cell))
      worksheet_write_string(sheet, row, at, cell_text(*text).c_str(), nullptr);
    else if (const auto* number = std::get_if<std::int64_t>(&cell))
      worksheet_write_number(sheet, row, at, static_cast<double>(*number), share ? share_ : whole_);
    else if (const auto* value = std::get_if<double>(&cell))
      worksheet_write_number(sheet, row, at, *value, share ? share_ : std::fabs(*value) < 1 ? small_ : measure_);
  }

  std::string path_;
  std::string unfinished_;
  lxw_workbook* book_;
  lxw_format *header_, *whole_, *measure_, *small_, *share_;
};

}  // namespace

void write_xlsx(const Results& results, Names names, const std::string& path) {
  // Before the tables are made, which may be large.
  std::size_t plays = 0;
  for (const StrategyResults& strategy : results.strategies) plays += strategy.outcomes.size();
  refuse_long("Outcomes", plays, path);
  refuse_long("Organisations", results.strategies.size() * results.organisations.size(), path);
  refuse_long("Time series", results.strategies.size() * results.series.size() * results.samples, path);

  Workbook book(path);
  book.add("Summary", summary_sheet(results));
  book.add("Outcomes", outcomes_sheet(results));
  book.add("Organisations", organisations_table(results, names));
  book.add("Time series", timeseries_table(results));
  if (results.strategies.size() > 1) book.add("Comparison", comparison_table(results));
  book.add("Manifest", manifest_sheet(results));
  book.finish();
}

}  // namespace trustfall
