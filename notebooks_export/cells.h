#pragma once

#include <vector>

namespace trustfall {

/// A cell of the notebook; nothing in it comes from a scenario, so nothing needs escaping.
struct NotebookCell {
  enum class When { always, several_strategies, several_organisations, sweep };

  const char* id;
  bool code;  // else Markdown
  When when;
  const char* source;  // with a line break in front
};

/// All cells below the heading, in order.
const std::vector<NotebookCell>& notebook_cells();

}  // namespace trustfall
