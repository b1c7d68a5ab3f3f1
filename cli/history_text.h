#pragma once

#include <vector>

#include "scenarios/history.h"
#include "scenarios/history_changes.h"

namespace trustfall {

/// Rows of history as a table for people, with its heading.
void print_history(const std::vector<HistoryRow>& rows);
void print_history(const std::vector<HistoryChangeRow>& rows);

/// Likewise as JSON, an object a line.
void print_history_json(const std::vector<HistoryRow>& rows);
void print_history_json(const std::vector<HistoryChangeRow>& rows);

}  // namespace trustfall
