#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/table.h"

struct sqlite3;

namespace trustfall {

/// The results of a sweep, point by point, in one SQLite file: what is done is kept when the program is stopped in
/// whatever way, and nothing of a point is there before all of it is.
///
/// Tables that are added keep their names and columns, so that the file can be queried as it is; their column
/// `sweep_point` says to which point a row belongs. All functions throw FileError when the file cannot be used.
class SweepStore {
 public:
  /// Opens the file, which may be new. Throws InputError when it is something else.
  explicit SweepStore(const std::string& path);

  /// A text kept under a name; empty when there is none.
  std::string note(const std::string& name);
  void keep_note(const std::string& name, const std::string& text);

  /// The points that are done, ascending.
  std::vector<std::uint32_t> done();
  /// Keeps the rows of a point, and that it is done. Tables with other columns than before are our mistake.
  void add(std::uint32_t point, const std::vector<Table>& tables);
  /// The rows of a point, as they were added.
  Table rows(const std::string& table, std::uint32_t point);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };

  void claim();
  void run(const std::string& sql);
  void create(const Table& table);
  void insert(const Table& table);
  [[noreturn]] void fail() const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace trustfall
