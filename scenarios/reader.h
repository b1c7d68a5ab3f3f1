#pragma once

#include <string>
#include <vector>

#include "scenarios/document.h"

namespace trustfall {

/// Reads a scenario file and applies the settings (`path=value`, as for --set) on top of it, in order, and then what
/// the strategy of that name changes.
///
/// Every mistake is collected in the document, those of `check_rules` included; the caller decides when to throw.
/// Throws FileError when there is no such file, or it is not a plain file.
Document read_scenario(const std::string& path, const std::vector<std::string>& settings = {},
                       const std::string& strategy = {});

/// The same for text that is already in memory; lists are looked for beside `file_name`.
Document read_scenario_text(std::string file_name, std::string text, const std::vector<std::string>& settings = {},
                            const std::string& strategy = {});

}  // namespace trustfall
