#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// Where a place is drawn: a disc, in units of the map.
struct Disc {
  double x, y;  // to the right and down, from 0
  double radius;
};

/// What stands at the edge of the map beside a row, or above a column.
struct MapLabel {
  double x, y;
  std::string text;
  bool column;  // stands above a column
};

/// The places of a playback and where they are drawn. No two discs overlap, and the same results give the same bytes.
struct Map {
  bool groups = false;  // places are the (site, network) groups of the only organisation; else the organisations
  double width = 0, height = 0;
  std::vector<std::uint32_t> place_of_segment;  // by segment
  std::vector<std::uint64_t> hosts;             // by place
  std::vector<std::string> names;               // by place
  std::vector<Disc> discs;                      // by place
  std::vector<MapLabel> labels;
};

/// Organisations by their coordinates, as a cartogram (after Dorling, Area Cartograms, 1996): discs grow with the
/// hosts and push each other aside. Those without coordinates stand around the centre of an area of their own. A
/// single organisation is shown as a matrix, networks by sites. Pseudonyms go with a tenth of a degree.
Map lay_out(const Results& results, Names names);

/// Moves discs apart until none overlap; those that still do after `rounds` shrink.
void push_apart(std::vector<Disc>& discs, int rounds);

}  // namespace trustfall
