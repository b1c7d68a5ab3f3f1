#include "sim/engine/blocks.h"

#include <algorithm>

namespace trustfall {

void BlockLedger::change(std::uint64_t key, DeviceSet devices, Instant now, Pressure pressure) {
  std::vector<Block>& blocks = blocks_[key];
  if (!blocks.empty() && blocks.back().to == no_limit) blocks.back().to = pressure;
  if (devices != 0) blocks.push_back({now, pressure, no_limit, devices});
}

void BlockLedger::collect(std::uint64_t key, DeviceClass device, Instant since, std::vector<Block>& found) const {
  const auto entry = blocks_.find(key);
  if (entry == blocks_.end()) return;
  for (const Block& block : entry->second)
    if (block.began >= since && (block.devices & only(device)) != 0) found.push_back(block);
}

Pressure blocked_pressure(std::vector<Block>& blocks, Pressure now) {
  std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.from < b.from; });
  Pressure sum = 0;
  Pressure covered = 0;  // everything below is counted
  for (const Block& block : blocks) {
    const Pressure from = std::max(block.from, covered);
    const Pressure to = std::min(block.to, now);
    if (to > from) sum += to - from;
    covered = std::max(covered, to);
  }
  return sum;
}

}  // namespace trustfall
