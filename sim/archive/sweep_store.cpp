#include "sim/archive/sweep_store.h"

#include <sqlite3.h>

#include <variant>

#include "sim/base/error.h"

namespace trustfall {
namespace {

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string columns_of(const Table& table) {
  std::string text;
  for (const std::string& column : table.columns) text += (text.empty() ? "" : ", ") + quoted(column);
  return text;
}

/// A prepared statement; steps through its rows.
class Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) {
    sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool good() const { return statement_ != nullptr; }
  void bind(int at, const Cell& cell) {
    if (const auto* count = std::get_if<std::int64_t>(&cell)) {
      sqlite3_bind_int64(statement_, at, *count);
    } else if (const auto* measure = std::get_if<double>(&cell)) {
      sqlite3_bind_double(statement_, at, *measure);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      sqlite3_bind_text(statement_, at, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
    } else {
      sqlite3_bind_null(statement_, at);
    }
  }
  /// SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return sqlite3_step(statement_); }
  void reset() { sqlite3_reset(statement_); }
  int columns() const { return sqlite3_column_count(statement_); }
  std::string name(int column) const { return sqlite3_column_name(statement_, column); }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  Cell cell(int column) const {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_INTEGER:
        return static_cast<std::int64_t>(sqlite3_column_int64(statement_, column));
      case SQLITE_FLOAT:
        return sqlite3_column_double(statement_, column);
      case SQLITE_NULL:
        return std::monostate{};
      default: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
      }
    }
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

void SweepStore::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

void SweepStore::fail() const {
  const int code = sqlite3_errcode(database_.get());
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    throw InputError({{path_, {}, Severity::error, "is not the store of a sweep, or it is damaged", {}, {}}});
  throw FileError(path_ + ": " + sqlite3_errmsg(database_.get()));
}

void SweepStore::run(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

SweepStore::SweepStore(const std::string& path) : path_(path) {
  sqlite3* database = nullptr;
  const int opened = sqlite3_open(path.c_str(), &database);
  database_.reset(database);
  if (opened != SQLITE_OK) fail();
  sqlite3_busy_timeout(database, 10000);
  claim();
  // With a write-ahead log a transaction is there as a whole or not at all, however the program ends.
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = NORMAL");
  run("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, text TEXT NOT NULL)");
  run("CREATE TABLE IF NOT EXISTS done (sweep_point INTEGER PRIMARY KEY)");
}

/// Says in the file whose it is, and leaves other people's alone.
void SweepStore::claim() {
  constexpr std::int64_t mine = 0x54467377;  // "TFsw"
  const auto number = [&](const char* sql) {
    Statement ask(database_.get(), sql);
    if (!ask.good() || ask.step() != SQLITE_ROW) fail();
    return ask.integer(0);
  };
  if (number("PRAGMA application_id") == mine) return;
  if (number("SELECT count(*) FROM sqlite_master") > 0)
    throw InputError({{path_, {}, Severity::error, "is a database, and not the store of a sweep", {}, {}}});
  run("PRAGMA application_id = " + std::to_string(mine));
}

std::string SweepStore::note(const std::string& name) {
  Statement find(database_.get(), "SELECT text FROM notes WHERE name = ?");
  if (!find.good()) fail();
  find.bind(1, name);
  const int step = find.step();
  if (step == SQLITE_DONE) return {};
  if (step != SQLITE_ROW) fail();
  return std::get<std::string>(find.cell(0));
}

void SweepStore::keep_note(const std::string& name, const std::string& text) {
  Statement keep(database_.get(), "INSERT OR REPLACE INTO notes VALUES (?, ?)");
  if (!keep.good()) fail();
  keep.bind(1, name);
  keep.bind(2, text);
  if (keep.step() != SQLITE_DONE) fail();
}

std::vector<std::uint32_t> SweepStore::done() {
  std::vector<std::uint32_t> done;
  Statement all(database_.get(), "SELECT sweep_point FROM done ORDER BY sweep_point");
  if (!all.good()) fail();
  int step = SQLITE_DONE;
  while ((step = all.step()) == SQLITE_ROW) done.push_back(static_cast<std::uint32_t>(all.integer(0)));
  if (step != SQLITE_DONE) fail();
  return done;
}

// Columns have no type, so that a cell comes back as what it was.
void SweepStore::create(const Table& table) {
  run("CREATE TABLE IF NOT EXISTS " + quoted(table.name) + " (" + columns_of(table) + ")");
  run("CREATE INDEX IF NOT EXISTS " + quoted(table.name + "_by_point") + " ON " + quoted(table.name) +
      " (sweep_point)");
}

void SweepStore::insert(const Table& table) {
  std::string marks;
  for (std::size_t c = 0; c < table.columns.size(); ++c) marks += c == 0 ? "?" : ", ?";
  Statement insert(database_.get(),
                   "INSERT INTO " + quoted(table.name) + " (" + columns_of(table) + ") VALUES (" + marks + ")");
  if (!insert.good()) fail();
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) insert.bind(static_cast<int>(c) + 1, row[c]);
    if (insert.step() != SQLITE_DONE) fail();
    insert.reset();
  }
}

void SweepStore::add(std::uint32_t point, const std::vector<Table>& tables) {
  for (const Table& table : tables) create(table);
  run("BEGIN IMMEDIATE");
  for (const Table& table : tables) {
    // Another process may have played the same point meanwhile: its rows are the same.
    run("DELETE FROM " + quoted(table.name) + " WHERE sweep_point = " + std::to_string(point));
    insert(table);
  }
  run("INSERT OR REPLACE INTO done VALUES (" + std::to_string(point) + ")");
  run("COMMIT");
}

Table SweepStore::rows(const std::string& table, std::uint32_t point) {
  Statement select(database_.get(), "SELECT * FROM " + quoted(table) + " WHERE sweep_point = ? ORDER BY rowid");
  if (!select.good()) fail();
  select.bind(1, static_cast<std::int64_t>(point));
  Table found{table, {}, {}};
  for (int c = 0; c < select.columns(); ++c) found.columns.push_back(select.name(c));
  int step = SQLITE_DONE;
  while ((step = select.step()) == SQLITE_ROW) {
    found.rows.emplace_back();
    for (int c = 0; c < select.columns(); ++c) found.rows.back().push_back(select.cell(c));
  }
  if (step != SQLITE_DONE) fail();
  return found;
}

}  // namespace trustfall
