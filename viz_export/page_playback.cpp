#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "viz_export/page_data.h"

namespace trustfall {
namespace {

struct Change {
  std::uint64_t bin;
  std::uint32_t place;
  std::uint32_t kind;
  auto operator<=>(const Change&) const = default;
};

/// The changes that are shown, in the finest bins.
std::vector<Change> changes_of(const Trace& trace, const std::vector<std::uint32_t>& place_of_host,
                               double bin_hours) {
  std::vector<Change> changes;
  std::unordered_map<std::uint32_t, bool> encrypted;  // by host
  for (const Step& step : trace) {
    const auto host = static_cast<std::uint32_t>(step.host);
    std::uint32_t kind = 0;
    if (step.what == Transition::encrypted) {
      encrypted[host] = true;
      kind = 1;
    } else if (step.what == Transition::restored) {
      kind = encrypted[host] ? 3 : 2;
    } else if (step.what != Transition::infected) {
      continue;
    }
    // As in the curves, a bin holds what happened up to and at its end.
    const double bin = std::max(0.0, std::ceil(to_hours(step.time) / bin_hours - 1e-9));
    changes.push_back({static_cast<std::uint64_t>(bin), place_of_host[host], kind});
  }
  std::sort(changes.begin(), changes.end());
  return changes;
}

void append(std::string& bytes, std::uint64_t number) {
  for (; number >= 128; number >>= 7) bytes += static_cast<char>(128 | (number & 127));
  bytes += static_cast<char>(number);
}

std::string encode(const std::vector<Change>& changes) {
  std::string bytes, entries;
  std::uint64_t previous_bin = ~std::uint64_t{0};  // one before the first
  for (std::size_t i = 0; i < changes.size();) {
    const std::uint64_t bin = changes[i].bin;
    std::uint32_t previous_place = 0, entry_count = 0;
    entries.clear();
    while (i < changes.size() && changes[i].bin == bin) {
      const Change& change = changes[i];
      std::uint64_t count = 0;
      for (; i < changes.size() && changes[i] == change; ++i) ++count;
      append(entries, change.place - previous_place);
      append(entries, 4 * (count - 1) + change.kind);
      previous_place = change.place;
      ++entry_count;
    }
    append(bytes, bin - previous_bin);
    append(bytes, entry_count);
    bytes += entries;
    previous_bin = bin;
  }
  return bytes;
}

}  // namespace

Playback encode_playback(const Trace& trace, const std::vector<std::uint32_t>& place_of_host, double hours,
                         std::size_t most) {
  // Some two thousand steps, in whole minutes: more than a screen is wide.
  double bin_hours = std::max(1.0, std::ceil(hours * 60 / 2400)) / 60;
  std::vector<Change> changes = changes_of(trace, place_of_host, bin_hours);
  std::string events = encode(changes);
  while (events.size() > most && bin_hours < hours) {
    bin_hours *= 2;
    for (Change& change : changes) change.bin = (change.bin + 1) / 2;
    std::sort(changes.begin(), changes.end());
    events = encode(changes);
  }
  return {bin_hours, std::move(events)};
}

std::string base64(const std::string& bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace trustfall
