#include "scenarios/quantity.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace trustfall;

TEST_CASE("Units are read as they are written") {
  struct Row {
    const char* unit;
    const char* text;
    double value;
  };
  const Row rows[] = {{"share", "0.62", 0.62},
                      {"share", "62%", 0.62},
                      {"share", "0", 0},
                      {"share", "1e-3", 0.001},
                      {"share", "0.5%", 0.005},
                      {"duration", "90min", 5400},
                      {"duration", "72h", 259200},
                      {"duration", "1h30min", 5400},
                      {"duration", "5d", 432000},
                      {"duration", "30s", 30},
                      {"duration", "200ms", 0.2},
                      {"duration", "2w", 1209600},
                      {"duration", "1.5h", 5400},
                      {"duration", "1w2d3h4min5s6ms", 788645.006},
                      {"duration", "0", 0},
                      {"duration", "0s", 0},
                      {"moment", "+6h", 21600},
                      {"moment", "+1d6h", 108000},
                      {"moment", "+0", 0},
                      {"moment", "2017-05-12T08:44:00+01:00", 0},
                      {"moment", "2017-05-12T07:44:30Z", 30},
                      {"moment", "2017-05-12T09:44+02:00", 0},
                      {"moment", "2017-05-11T23:44:00-08:00", 0},
                      {"moment", "2017-05-11T07:44:00Z", -86400},
                      {"moment", "never", HUGE_VAL},
                      {"date", "1970-01-01T00:00:00Z", 0},
                      {"date", "2016-02-29T00:00:00Z", 1456704000},
                      {"date", "2000-02-29T12:00:00+00:00", 951825600},
                      {"rate", "4/s", 4},
                      {"rate", "30/min", 0.5},
                      {"rate", "2/h", 2 / 3600.0},
                      {"rate", "1/d", 1 / 86400.0},
                      {"size", "80GB", 80e9},
                      {"size", "20MB", 20e6},
                      {"size", "512KiB", 524288},
                      {"size", "1.5TiB", 1.5 * 1099511627776.0},
                      {"size", "0", 0},
                      {"count", "65536", 65536},
                      {"count", "1e6", 1e6},
                      {"count", "1.5e3", 1500},
                      {"number", "-2.5", -2.5}};
  for (const Row& row : rows) {
    INFO(row.unit << " " << row.text);
    const Quantity quantity = parse_quantity(row.text, row.unit, "2017-05-12T08:44:00+01:00");
    REQUIRE(quantity.value.has_value());
    CHECK(*quantity.value == row.value);
  }
}

TEST_CASE("What is not in the unit is refused, and never becomes another number") {
  const std::pair<const char*, std::vector<const char*>> tables[] = {
      {"share",
       {"", "%", ".5", "5.", "1,5", "62 %", "62%%", "+5%", "0x1p-1", "nan", "inf", ".inf", "-", "1e", "1e999"}},
      {"duration",
       {"", "72", "h", "72H", "4 h", "30min1h", "1h1h", "1h30", "-4h", "+4h", "1:30", "4hours", "h4", "1e400h"}},
      {"moment", {"", "+", "6h", "+6", "-6h", "++6h", "Never", "2017-05-12", "2017-05-12T08:44:00", "now", "+never"}},
      {"date",
       {"", "2017-05-12", "2017-05-12T08:44:00", "2017-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2017-13-01T00:00:00Z", "2017-04-31T00:00:00Z", "2017-05-12T24:00:00Z", "2017-05-12T08:60:00Z",
        "2017-05-12T08:44:60Z", "2017-05-12T08:44:00+0100", "2017-05-12T08:44:00+25:00", "2017-05-12 08:44:00Z",
        "2017-5-12T08:44:00Z", "0000-01-01T00:00:00Z", "2017-00-10T00:00:00Z", "+2017-05-12T08:44:00Z",
        "2017-05-12T08:44:00ZZ"}},
      {"rate", {"", "4", "/s", "4/", "4/w", "4 / s", "4/sec", "4s"}},
      {"size", {"", "80", "GB", "80gb", "80 GB", "80G", "80KB", "80Mib"}},
      {"count", {"", "010", "1_000", "1,000", "0x10", "0b1", "0o17", "4.5", "1e-3", "+5", " 5", "5 ", "٥"}},
      {"number", {"", "1e", "e5", "1..5", "--1", "1_0", "infinity", "NaN"}}};
  for (const auto& [unit, texts] : tables)
    for (const char* text : texts) {
      INFO(unit << " '" << text << "'");
      CHECK_FALSE(parse_quantity(text, unit, "2017-05-12T08:44:00+01:00").value.has_value());
    }
}

TEST_CASE("Another spelling that would be right comes first") {
  const auto first = [](const char* text, const char* unit) {
    const auto candidates = parse_quantity(text, unit, "2017-05-12T08:44:00+01:00").candidates;
    return candidates.empty() ? "" : candidates.front();
  };
  CHECK(first("62 %", "share") == "62%");
  CHECK(first("0,62", "share") == "0.62");
  CHECK(first("4 hours", "duration") == "4h");
  CHECK(first("90m", "duration") == "90min");
  CHECK(first("08:30", "duration") == "8h30min");
  CHECK(first("4 per second", "rate") == "4/s");
  CHECK(first("80 gb", "size") == "80GB");
  CHECK(first("65_536", "count") == "65536");
  CHECK(first("1,000", "count") == "1000");
  CHECK(first("010", "count") == "10");
  CHECK(first("6h", "moment") == "+6h");
  CHECK(first("2017-05-12 10:00", "moment") == "2017-05-12T10:00+01:00");
  CHECK(first("zebra", "duration") == "");
}
