#pragma once

#include <string>

#include "sim/study/results.h"
#include "viz_export/layout.h"
#include "viz_export/tables.h"

namespace trustfall {

/// What the page shows, as JSON in which every `<` is written as \u003c so that it may stand in a script element. Its
/// `summary` and `manifest` are those of summary.json and manifest.json; all else is in viz_export/page/src/data.ts.
std::string page_data(const Results& results, Names names);

/// A replicate's events, place by place, for a playback.
struct Playback {
  double bin_hours;    // events are counted in steps of this length
  std::string events;  // numbers as described at encode_playback
};

/// Counts a trace by place and time, in steps as fine as fit into `most` bytes. Numbers are unsigned, in groups of
/// seven bits, the lowest first, the eighth bit set on all but the last. For each step with events: how many steps
/// after the one before (the first: after -1), how many entries; for each of these, ascending: its place less the one
/// before (the first: its place), and 4 * (count - 1) + kind. Kinds: 0 infected, 1 encrypted, 2 restored before it
/// was encrypted, 3 restored after that.
Playback encode_playback(const Trace& trace, const std::vector<std::uint32_t>& place_of_host, double hours,
                         std::size_t most);

/// Base 64, as RFC 4648 section 4 has it.
std::string base64(const std::string& bytes);

}  // namespace trustfall
