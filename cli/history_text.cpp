// Tables of history, and the same as JSON.
#include "cli/history_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

namespace trustfall {
namespace {

const char* word(HistoryCount::Use use) {
  switch (use) {
    case HistoryCount::Use::fitted:
      return "fitted";
    case HistoryCount::Use::predicted:
      return "predicted";
    case HistoryCount::Use::told:
      return "told only";
    case HistoryCount::Use::input:
      return "input";
  }
  return "";
}

const char* word(HistoryChange::Expects expects) {
  switch (expects) {
    case HistoryChange::Expects::more:
      return "more";
    case HistoryChange::Expects::less:
      return "less";
    case HistoryChange::Expects::none:
      return "none";
    case HistoryChange::Expects::nearly:
      return "within 10 %";
    case HistoryChange::Expects::in_band:
      return "in band";
  }
  return "";
}

const char* verdict(const HistoryRow& row) {
  if (!row.judged() || std::isnan(row.q50)) return "-";
  return row.holds() ? "inside" : "OUTSIDE";
}

const char* verdict(const HistoryChangeRow& row) {
  if (!row.possible) return "-";
  return row.holds ? "holds" : "FAILS";
}

/// Four digits, as a person writes them.
std::string number(double value) {
  if (std::isnan(value)) return "-";
  return std::fabs(value) >= 1e4 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::string band(double low, double high) { return number(low) + " to " + number(high); }

nlohmann::ordered_json json_of(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

}  // namespace

void print_history(const std::vector<HistoryRow>& rows) {
  constexpr const char* form = "{:<4} {:<40} {:<11} {:>8} {:>16} {:>8} {:>8} {:>8}  {:<9}  {:<7} {:>7} {:>6}  {}\n";
  std::cout << fmt::format(form, "", "", "unit", "observed", "accepted", "5 %", "median", "95 %", "", "verdict",
                           "sets", "occurs", "source");
  for (const HistoryRow& row : rows) {
    const HistoryCount& count = *row.count;
    std::cout << fmt::format(form, count.id, count.what, count.unit, number(count.observed),
                             row.judged() ? band(count.low, count.high) : "-", number(row.q05), number(row.q50),
                             number(row.q95), word(count.use), verdict(row),
                             row.judged() ? fmt::format("{}/{}", row.inside, row.sets) : "-",
                             row.occurs < 0.995 ? fmt::format("{:.0f} %", 100 * row.occurs) : "", count.source);
  }
}

void print_history(const std::vector<HistoryChangeRow>& rows) {
  constexpr const char* form = "{:<4} {:<44} {:>11} {:>9} {:>11} {:>9}  {}\n";
  std::cout << fmt::format(form, "", "", "as it was", "changed", "expected", "verdict", "source");
  for (const HistoryChangeRow& row : rows) {
    const HistoryChange& change = *row.change;
    const bool banded = change.expects == HistoryChange::Expects::in_band;
    std::cout << fmt::format(form, change.id, change.what, number(row.before), number(row.after),
                             banded ? band(change.low, change.high) : word(change.expects), verdict(row),
                             change.source);
  }
}

void print_history_json(const std::vector<HistoryRow>& rows) {
  for (const HistoryRow& row : rows) {
    const HistoryCount& count = *row.count;
    const nlohmann::ordered_json line = {{"id", count.id},
                                         {"what", count.what},
                                         {"unit", count.unit},
                                         {"observed", json_of(count.observed)},
                                         {"low", json_of(count.low)},
                                         {"high", json_of(count.high)},
                                         {"q05", json_of(row.q05)},
                                         {"q50", json_of(row.q50)},
                                         {"q95", json_of(row.q95)},
                                         {"use", word(count.use)},
                                         {"occurs", row.occurs},
                                         {"sets", row.sets},
                                         {"inside", row.inside},
                                         {"verdict", !row.judged() || std::isnan(row.q50) ? "none"
                                                     : row.holds()                        ? "inside"
                                                                                          : "outside"},
                                         {"source", count.source}};
    std::cout << line.dump() << '\n';
  }
}

void print_history_json(const std::vector<HistoryChangeRow>& rows) {
  for (const HistoryChangeRow& row : rows) {
    const HistoryChange& change = *row.change;
    const nlohmann::ordered_json line = {{"id", change.id},
                                         {"what", change.what},
                                         {"settings", change.settings},
                                         {"before", json_of(row.before)},
                                         {"after", json_of(row.after)},
                                         {"expected", word(change.expects)},
                                         {"verdict", !row.possible ? "none"
                                                     : row.holds   ? "holds"
                                                                   : "fails"},
                                         {"source", change.source}};
    std::cout << line.dump() << '\n';
  }
}

}  // namespace trustfall
