#include "viz_export/xlsx.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "viz_export/comparison.h"
#include "viz_export/workbook.h"
#include "viz_export/xlsx_tables.h"

namespace trustfall {
namespace {

constexpr std::size_t most_rows = 1048575;  // of a sheet, below its header

void refuse_long(const std::string& sheet, std::size_t rows, const std::string& path) {
  if (rows <= most_rows) return;
  throw FileError(fmt::format("{}: sheet {} would have {} rows, and a spreadsheet holds {}; use --to tables", path,
                              sheet, rows + 1, most_rows + 1));
}

bool is_share(const std::string& column) { return column.rfind("chance_", 0) == 0 || column == "share_occurring"; }

class Workbook {
 public:
  explicit Workbook(const std::string& path) : file_(path) {
    header_ = workbook_add_format(file_.get());
    format_set_bold(header_);
    format_set_bottom(header_, LXW_BORDER_THIN);
    whole_ = number_format("#,##0");
    measure_ = number_format("#,##0.00");
    small_ = number_format("0.00##");
    share_ = number_format("0.0%");
  }

  void add(const std::string& name, const Table& table) {
    refuse_long(name, table.rows.size(), file_.path());
    lxw_worksheet* sheet = workbook_add_worksheet(file_.get(), name.c_str());
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

  void finish() { file_.finish(); }

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
    lxw_format* format = workbook_add_format(file_.get());
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

  WorkbookFile file_;
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
