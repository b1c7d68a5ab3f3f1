#include "viz_export/events_list.h"

#include <xlsxwriter.h>

#include <algorithm>

#include "viz_export/workbook.h"

namespace trustfall {
namespace {

/// Width of a column in characters, by how much its longest text is.
double width_of(const Table& table, std::size_t column) {
  std::size_t longest = 0;
  for (const auto& row : table.rows)
    if (const auto* text = std::get_if<std::string>(&row[column])) longest = std::max(longest, text->size());
  return longest > 200  ? 52
         : longest > 60 ? 32
         : longest > 26 ? 24
                        : std::max<double>(9, static_cast<double>(longest) + 2);
}

class Book {
 public:
  explicit Book(const std::string& path) : file_(path) {
    header_ = workbook_add_format(file_.get());
    format_set_bold(header_);
    format_set_text_wrap(header_);
    format_set_align(header_, LXW_ALIGN_VERTICAL_TOP);
    format_set_bg_color(header_, 0xe4e9ee);
    format_set_bottom(header_, LXW_BORDER_THIN);
    text_ = workbook_add_format(file_.get());
    format_set_text_wrap(text_);
    format_set_align(text_, LXW_ALIGN_VERTICAL_TOP);
    format_set_bottom(text_, LXW_BORDER_HAIR);
  }

  lxw_worksheet* add(const std::string& name, const Table& table) {
    lxw_worksheet* sheet = workbook_add_worksheet(file_.get(), name.c_str());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const auto column = static_cast<lxw_col_t>(c);
      worksheet_write_string(sheet, 0, column, table.columns[c].c_str(), header_);
      worksheet_set_column(sheet, column, column, width_of(table, c), nullptr);
    }
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      for (std::size_t c = 0; c < table.rows[r].size(); ++c)
        write(sheet, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(c), table.rows[r][c]);
    return sheet;
  }

  void finish() { file_.finish(); }

 private:
  void write(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      worksheet_write_string(sheet, row, column, cell_text(*text).c_str(), text_);
    } else if (const auto* count = std::get_if<std::int64_t>(&cell)) {
      worksheet_write_number(sheet, row, column, static_cast<double>(*count), text_);
    } else if (const auto* value = std::get_if<double>(&cell)) {
      worksheet_write_number(sheet, row, column, *value, text_);
    } else {
      worksheet_write_blank(sheet, row, column, text_);
    }
  }

  WorkbookFile file_;
  lxw_format *header_, *text_;
};

}  // namespace

void write_events_workbook(const Table& events, const std::string& sheet, const Table& about, bool us_paper,
                           const std::string& path) {
  Book book(path);
  lxw_worksheet* const list = book.add(sheet, events);
  worksheet_freeze_panes(list, 1, 1);
  worksheet_autofilter(list, 0, 0, static_cast<lxw_row_t>(events.rows.size()),
                       static_cast<lxw_col_t>(events.columns.size() - 1));
  lxw_worksheet* const notes = book.add("About", about);
  for (lxw_worksheet* const each : {list, notes}) {
    worksheet_set_landscape(each);
    worksheet_set_paper(each, us_paper ? 1 : 9);  // letter, A4
    worksheet_fit_to_pages(each, 1, 0);
    worksheet_repeat_rows(each, 0, 0);
    worksheet_set_footer(each, "&L&A&RPage &P of &N");
  }
  book.finish();
}

}  // namespace trustfall
