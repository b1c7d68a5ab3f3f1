#include "viz_export/csv.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace trustfall {
namespace {

std::string escaped(const std::string& text) {
  const bool formula = !text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos;
  const std::string safe = formula ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

struct Print {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return std::isnan(value) ? std::string() : fmt::format("{}", value); }
  std::string operator()(const std::string& text) const { return escaped(text); }
};

}  // namespace

void write_csv(const Table& table, std::ostream& out, Header header) {
  if (header == Header::written) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) out << (c ? "," : "") << escaped(table.columns[c]);
    out << '\n';
  }
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) out << (c ? "," : "") << std::visit(Print{}, row[c]);
    out << '\n';
  }
}

}  // namespace trustfall
