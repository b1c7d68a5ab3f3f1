#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trustfall {

struct HistoryRequest {
  std::string scenario;             // of May 2017; the one in scenarios/ when empty
  std::string sets;                 // one JSON object of settings a line; those beside the scenario when empty
  std::vector<std::string> tables;  // H1, H5, ...; all when empty
  std::uint32_t replicates = 40;
  int threads = 0;
  bool json = false;
};

/// Plays what is known of 12 May 2017, and other worms of history, and holds it against what was counted.
int validate_history(const HistoryRequest& request);

/// The tables that there are.
const std::vector<std::string>& history_tables();

}  // namespace trustfall
