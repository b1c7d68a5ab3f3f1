#pragma once

#include <string>
#include <vector>

#include "sim/base/table.h"

namespace trustfall {

/// A curve of the replicate: hosts so far, at every sample.
struct GroundCurve {
  std::string name;
  std::vector<double> values;
};

/// What the people who run an exercise hold in their hands: the events list and what is true in the replicate behind
/// it, which players must not see.
struct FacilitatorSheet {
  std::string title;
  bool us = false;                   // US words and letter paper; UK words and A4 otherwise
  std::string list;                  // what the events list is called, in full
  std::string row;                   // what a row of it is called
  std::string controllers;           // who reads this
  std::vector<std::string> opening;  // paragraphs: the scenario, and how the replicate was chosen
  Table facts;                       // two columns: what, value
  std::vector<std::string> objectives;
  Table events;                     // as events_table makes it
  std::vector<double> event_hours;  // since the scenario's start, by event
  std::vector<GroundCurve> curves;
  double sample_hours = 0;            // between two values
  std::vector<Table> truth;           // each under its name
  std::vector<std::string> left_out;  // kinds of events that this replicate does not have
};

/// One page of HTML that needs nothing else: no script, no other file, nothing from outside.
std::string facilitator_html(const FacilitatorSheet& sheet);

}  // namespace trustfall
