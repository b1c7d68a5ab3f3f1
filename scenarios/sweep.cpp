#include "scenarios/sweep.h"

#include <algorithm>

namespace trustfall {
namespace {

constexpr std::size_t most_points = 100000;

[[noreturn]] void refuse(const std::string& file, const std::string& message, const std::string& suggestion = {},
                         const std::string& text = {}) {
  throw InputError(
      {{file, text.empty() ? Place{} : Place{1, 1, 1, true}, Severity::error, message, suggestion, text}});
}

/// At the commas that stand in no bracket and no quotes.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      quote = c == quote ? 0 : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else {
      depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    }
    if (c == ',' && depth == 0 && quote == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

SweepAxis axis_from(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    refuse("--over", "an axis is written path=a,b,c", "patching.coverage=40%,60%,80%", text);
  SweepAxis axis{text.substr(0, equals), split(text.substr(equals + 1))};
  for (std::string& value : axis.values) {
    value.erase(0, value.find_first_not_of(' '));
    value.erase(value.find_last_not_of(' ') + 1);
    if (value.empty()) refuse("--over", "a value of " + axis.path + " is empty", {}, text);
  }
  return axis;
}

/// Every point sets its paths once, to what no other point does, and not the luck.
void check(const Sweep& sweep, const std::string& file) {
  double points = 1;
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    const SweepAxis& axis = sweep.axes[a];
    points *= static_cast<double>(axis.values.size());
    const std::string first = axis.path.substr(0, axis.path.find('.'));
    if (first == "study" || first == "strategies" || first == "sweep")
      refuse(file, "all points share their luck, so a sweep cannot go over " + axis.path);
    for (std::size_t b = 0; b < a; ++b)
      if (sweep.axes[b].path == axis.path) refuse(file, "the sweep goes over " + axis.path + " twice");
    std::vector<std::string> sorted = axis.values;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) refuse(file, axis.path + " has the value " + *twice + " twice");
  }
  if (points > most_points) refuse(file, "a sweep has at most 100,000 points");
}

}  // namespace

std::size_t Sweep::points() const {
  std::size_t points = 1;
  for (const SweepAxis& axis : axes) points *= axis.values.size();
  return points;
}

std::vector<std::string> Sweep::settings(std::size_t point) const {
  std::vector<std::string> settings(axes.size());
  for (std::size_t a = axes.size(); a-- > 0;) {
    settings[a] = axes[a].path + "=" + axes[a].values[point % axes[a].values.size()];
    point /= axes[a].values.size();
  }
  return settings;
}

Sweep sweep_of(const Document& document) {
  Sweep sweep;
  for (const schema::Axis& axis : document.scenario.sweep().over())
    sweep.axes.push_back({axis.path(), {axis.values().begin(), axis.values().end()}});
  if (sweep.axes.empty())
    refuse(document.file, "there is nothing to sweep over: the file has no `sweep`, and there is no --over",
           "sweep: {over: {patching.coverage: [40%, 60%, 80%]}}");
  check(sweep, document.file);
  return sweep;
}

Sweep sweep_from(const std::vector<std::string>& over) {
  Sweep sweep;
  for (const std::string& text : over) sweep.axes.push_back(axis_from(text));
  check(sweep, "--over");
  return sweep;
}

Table points_table(const Sweep& sweep, std::size_t point) {
  Table table{"points", {"sweep_point", "path", "value"}, {}};
  const std::vector<std::string> settings = sweep.settings(point);
  for (std::size_t a = 0; a < settings.size(); ++a) {
    const std::string& path = sweep.axes[a].path;
    table.rows.push_back({static_cast<std::int64_t>(point), path, settings[a].substr(path.size() + 1)});
  }
  return table;
}

}  // namespace trustfall
