#include "viz_export/xlsx.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sim/archive/digest.h"
#include "sim/base/error.h"
#include "tests/support/program.h"
#include "tests/support/small_results.h"
#include "viz_export/xlsx_tables.h"

using namespace trustfall;
namespace fs = std::filesystem;

namespace {

Cell whole(std::int64_t value) { return value; }

}  // namespace

TEST_CASE("The summary sheet has a row for each strategy and metric") {
  const Table table = summary_sheet(small::results());
  REQUIRE(table.rows.size() == 4);
  const auto& row = table.rows[1];
  REQUIRE(row.size() == table.columns.size());
  CHECK(row[0] == Cell("baseline"));
  CHECK(row[1] == Cell("time_to_peak"));
  CHECK(row[2] == Cell("h"));
  CHECK(std::get<double>(row[4]) == Approx(2.0 / 3));
  CHECK(row[5] == Cell(0.875));
  CHECK(row[6] == Cell(0.5));    // 5 % of two values: the lower
  CHECK(row[10] == Cell(1.25));  // 95 %: the upper
}

TEST_CASE("The outcomes sheet is wide, and empty where a metric did not occur") {
  const Table table = outcomes_sheet(small::results());
  CHECK(table.columns == std::vector<std::string>{"strategy", "replicate", "hosts_infected", "time_to_peak"});
  REQUIRE(table.rows.size() == 6);
  CHECK(table.rows[0] == std::vector<Cell>{"baseline", whole(0), whole(3), 1.25});
  CHECK(table.rows[2] == std::vector<Cell>{"baseline", whole(2), whole(0), std::monostate{}});
  CHECK(table.rows[3][0] == Cell("=HYPERLINK(\"x\")"));
}

TEST_CASE("The manifest sheet keeps every digit of the seed, and the hashes of the inputs") {
  const Table table = manifest_sheet(small::results());
  const auto value = [&](const char* entry) -> Cell {
    for (const auto& row : table.rows)
      if (row[0] == Cell(entry)) return row[1];
    return {};
  };
  CHECK(value("seed") == Cell("18446744073709551615"));
  CHECK(value("setting") == Cell("worm.latency=1min"));
  CHECK(value("SHA-256 of small.yaml") == Cell(sha256("name: small\n")));
}

TEST_CASE("A workbook is written whole, and the same again for the same results") {
  const Folder folder;
  write_xlsx(small::results(), Names::pseudonyms, folder / "a.xlsx");
  write_xlsx(small::results(), Names::pseudonyms, folder / "b.xlsx");
  CHECK(content(folder / "a.xlsx").rfind("PK", 0) == 0);
  CHECK(content(folder / "a.xlsx") == content(folder / "b.xlsx"));
  CHECK_FALSE(fs::exists(folder / "a.xlsx.part"));
}

TEST_CASE("A workbook that cannot be written is an error that names it") {
  const Folder folder;
  CHECK_THROWS_AS(write_xlsx(small::results(), Names::pseudonyms, folder / "none/a.xlsx"), FileError);
  fs::create_directory(folder / "folder.xlsx");
  fs::create_directory(folder / "folder.xlsx/full");
  CHECK_THROWS_AS(write_xlsx(small::results(), Names::pseudonyms, folder / "folder.xlsx"), FileError);
  CHECK_FALSE(fs::exists(folder / "folder.xlsx.part"));
}

TEST_CASE("A sheet longer than a spreadsheet is refused, and nothing is written") {
  const Folder folder;
  Results results = small::results();
  results.samples = 524288;  // of one curve, under two strategies: a row too many with the header
  try {
    write_xlsx(results, Names::pseudonyms, folder / "long.xlsx");
    FAIL("written");
  } catch (const FileError& error) {
    CHECK(std::string(error.what()).find("sheet Time series would have 1048577 rows") != std::string::npos);
  }
  CHECK(fs::is_empty(folder / ""));
}
