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

/// Whether replicates of both can be pairs: the same hosts in the same segments, whatever runs on them.
bool same_shape(const Estate& a, const Estate& b) {
  if (a.hosts() != b.hosts() || a.segments() != b.segments() || a.organisations() != b.organisations()) return false;
  for (std::uint32_t s = 0; s < a.segments(); ++s)
    if (a.first_host(SegmentId{s}) != b.first_host(SegmentId{s}) || a[SegmentId{s}].site != b[SegmentId{s}].site)
      return false;
  return true;
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

std::vector<Strategy> build_strategies(Document& document, const Experiment& base, const Reread& reread,
                                       const ReadFile& read_file) {
  std::vector<Strategy> strategies;
  for (const std::string& name : strategy_names(document)) {
    Strategy strategy{name, reread({}, name), nullptr};
    throw_if_mistaken(strategy.document);
    std::vector<InputFile> ignored;
    strategy.experiment = build_experiment(strategy.document, read_file, ignored, &base);
    if (!same_shape(base.estate, strategy.experiment->estate))
      report(
          document, "strategies." + name,
          "this strategy gives the estate other hosts or segments, so its replicates are not pairs of the others'");
    strategies.push_back(std::move(strategy));
  }
  return strategies;
}

}  // namespace trustfall
