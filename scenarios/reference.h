#pragma once

#include <string>

namespace trustfall {

/// The JSON Schema (draft 2020-12) of scenario files, for completion and checking in editors. The same text each
/// time.
std::string json_schema();

/// The reference in Markdown: a table for each section, a list for each set of words. The same text each time.
std::string reference_page();

/// What `trustfall help KEY` prints. The key is a path (`worm.attempts`), the name of a field at any place
/// (`coverage`), or of a section or set of words (`Firewall`, `Pool`); empty for the scenario itself.
/// Throws InputError with a suggestion when there is no such key.
std::string help_for(const std::string& key);

}  // namespace trustfall
