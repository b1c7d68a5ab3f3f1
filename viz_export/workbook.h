#pragma once

#include <string>

struct lxw_workbook;

namespace trustfall {

/// An XLSX file in the making, under a temporary name until it is finished, and closed whatever happens. It carries
/// no date of its own, so that the same content gives the same bytes.
class WorkbookFile {
 public:
  explicit WorkbookFile(const std::string& path);
  ~WorkbookFile();
  WorkbookFile(const WorkbookFile&) = delete;
  WorkbookFile& operator=(const WorkbookFile&) = delete;

  lxw_workbook* get() const { return book_; }
  const std::string& path() const { return path_; }

  /// Writes it and gives it its name. Throws FileError.
  void finish();

 private:
  std::string path_;
  std::string unfinished_;
  lxw_workbook* book_;
};

/// The part of a text that a cell holds, valid in XML, without splitting a character.
std::string cell_text(const std::string& text);

}  // namespace trustfall
