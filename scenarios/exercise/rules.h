#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/exercise/moments.h"

namespace trustfall {

/// Whose words an exercise uses: MEL, serial, EXCON; or MSEL, inject, controller.
enum class Dialect { uk, us };

/// The texts of a rule.
enum class Field : std::uint8_t {
  type,
  phase,
  title,
  description,
  from,
  to,
  delivery_method,
  responsible_controller,
  expected_action,
  core_capability,
  critical_task,
  contingency,
  branch_condition,
  controller_notes,
  evaluator_instructions,
};
inline constexpr int rule_fields = 15;

/// What to tell the players when a detector finds its moment.
struct InjectRule {
  std::string id;
  Detector detector = Detector::exercise_starts;
  std::array<std::string, rule_fields> texts;  // by field; placeholders in braces still stand in them
  int objective = 0;                           // number of the exercise's objective, from 1
  std::string branch_target;                   // id of another rule, or empty
  std::string technique;                       // of MITRE ATT&CK, or empty

  const std::string& operator[](Field field) const { return texts[static_cast<std::size_t>(field)]; }
};

/// A file of rules, in the words of one dialect.
struct InjectRules {
  std::vector<std::string> objectives;
  std::vector<InjectRule> injects;
};

/// What may stand in braces in a text: `{place}`.
const std::vector<std::string>& placeholders();

/// Reads a file of rules. `[one|other]` in a text says one in UK words and the other in US words. Throws InputError
/// with every mistake: an unknown detector, placeholder, objective, target or key, a missing text, an id said twice.
InjectRules read_injects(const std::string& file, const std::string& text, Dialect dialect);

/// The file of rules that is shipped, scenarios/exercise/injects.yaml.
std::string_view shipped_injects();

}  // namespace trustfall
