#include "sim/archive/sweep_store.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sim/base/error.h"
#include "tests/support/program.h"

using namespace trustfall;

namespace {

Table table_of(std::int64_t point, const std::string& text) {
  return {"outcomes",
          {"sweep_point", "text \"quoted\"", "value"},
          {{point, text, 0.1}, {point, std::monostate{}, std::int64_t{3}}, {point, "", 3.0}}};
}

}  // namespace

TEST_CASE("Cells come back as what they were, in order, also after the file was closed") {
  const Folder folder;
  const std::string path = folder / "cells.db";
  {
    SweepStore store(path);
    store.add(4, {table_of(4, "four; 'x'\n")});
    store.add(1, {table_of(1, "\xF0\x9F\x98\x80")});
  }
  SweepStore store(path);
  CHECK(store.done() == std::vector<std::uint32_t>{1, 4});
  CHECK(store.rows("outcomes", 4).rows == table_of(4, "four; 'x'\n").rows);
  CHECK(store.rows("outcomes", 4).columns == table_of(4, "").columns);
  CHECK(store.rows("outcomes", 1).rows == table_of(1, "\xF0\x9F\x98\x80").rows);
  CHECK(store.rows("outcomes", 2).rows.empty());
}

TEST_CASE("A point that is added again is there once") {
  const Folder folder;
  const std::string path = folder / "again.db";
  SweepStore store(path);
  store.add(0, {table_of(0, "a")});
  store.add(0, {table_of(0, "b")});
  CHECK(store.rows("outcomes", 0).rows == table_of(0, "b").rows);
}

TEST_CASE("Notes are kept") {
  const Folder folder;
  const std::string path = folder / "notes.db";
  SweepStore store(path);
  CHECK(store.note("seed").empty());
  store.keep_note("seed", "7");
  store.keep_note("seed", "8");
  CHECK(store.note("seed") == "8");
}

TEST_CASE("What is no store is refused and left as it is") {
  const Folder folder;
  const std::string path = folder / "other.db";
  const std::string text =
      "This is a letter, and it is longer than the header of a database file would be, by far.\n";
  std::ofstream(path) << text + text;
  CHECK_THROWS_AS(SweepStore(path), InputError);
  CHECK(content(path) == text + text);
  const std::string other = folder / "foreign.db";
  REQUIRE(std::system(("/usr/bin/python3 -c \"import sqlite3; sqlite3.connect('" + other +
                       "').execute('CREATE TABLE mine (x)')\"")
                          .c_str()) == 0);
  const std::string before = content(other);
  CHECK_THROWS_AS(SweepStore(other), InputError);
  CHECK(content(other) == before);
  CHECK_THROWS_AS(SweepStore("/nowhere/at/all.db"), FileError);
}
