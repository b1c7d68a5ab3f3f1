#include "viz_export/workbook.h"

#include <xlsxwriter.h>

#include <filesystem>
#include <new>
#include <utility>

#include "sim/base/error.h"
#include "viz_export/xml_text.h"

namespace trustfall {
namespace {

constexpr std::size_t most_characters = 32767;  // of a cell

}  // namespace

WorkbookFile::WorkbookFile(const std::string& path)
    : path_(path), unfinished_(path + ".part"), book_(workbook_new(unfinished_.c_str())) {
  if (book_ == nullptr) throw std::bad_alloc();
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
    lxw_workbook_free(book_);
    throw FileError(path + ": is there, and not a file");
  }
  lxw_doc_properties properties{};
  properties.created = 315532800;  // the date of the archive's entries, 1980
  workbook_set_properties(book_, &properties);
}

WorkbookFile::~WorkbookFile() {
  if (book_ != nullptr) lxw_workbook_free(book_);
}

void WorkbookFile::finish() {
  const lxw_error failure = workbook_close(std::exchange(book_, nullptr));
  std::error_code error;
  if (failure == LXW_NO_ERROR) std::filesystem::rename(unfinished_, path_, error);
  if (failure == LXW_NO_ERROR && !error) return;
  std::error_code ignored;
  std::filesystem::remove(unfinished_, ignored);
  throw FileError(path_ + ": " + (error ? error.message() : lxw_strerror(failure)));
}

std::string cell_text(const std::string& text) {
  std::string valid = xml_text(text);
  if (valid.size() > most_characters) {
    std::size_t end = most_characters;
    while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xc0) == 0x80) --end;
    valid.resize(end);
  }
  return valid;
}

}  // namespace trustfall
