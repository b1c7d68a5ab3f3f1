#include "scenarios/variants.h"

#include <algorithm>

namespace trustfall {
namespace {

/// Adds the mistakes of another reading that this one does not have, saying where they come from.
void add_mistakes(Document& document, const Document& other, const std::string& under, const std::string& path) {
  const std::vector<Mistake> known = document.mistakes;
  for (const Mistake& mistake : other.mistakes) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const Mistake& one) {
      return one.message == mistake.message && one.place.line == mistake.place.line &&
             one.place.column == mistake.place.column && one.place.in_setting == mistake.place.in_setting;
    });
    if (is_known) continue;
    const std::string message = mistake.message + " (" + under + ")";
    // A value of the sweep is read as a setting, which has no place in the file: its path has.
    if (mistake.place.in_setting)
      report(document, path, message, mistake.suggestion, mistake.severity);
    else
      report_at(document, mistake.place, message, mistake.suggestion, mistake.severity);
  }
}

}  // namespace

std::vector<std::string> strategy_names(const Document& document) {
  std::vector<std::string> names;
  for (const schema::Strategy& strategy : document.scenario.strategies()) names.push_back(strategy.name());
  return names;
}

void check_variants(Document& document, const Reread& reread) {
  for (const std::string& name : strategy_names(document))
    add_mistakes(document, reread({}, name), "under strategy '" + name + "'", "strategies." + name);
  int left = 1000;
  for (const schema::Axis& axis : document.scenario.sweep().over())
    for (const std::string& value : axis.values())
      if (left-- > 0)
        add_mistakes(document, reread({axis.path() + "=" + value}, ""), "with " + axis.path() + "=" + value,
                     "sweep.over." + axis.path());
}

}  // namespace trustfall
