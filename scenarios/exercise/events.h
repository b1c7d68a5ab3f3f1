#pragma once

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "models/happenings.h"
#include "scenarios/exercise/moments.h"
#include "scenarios/exercise/rules.h"
#include "sim/base/table.h"
#include "sim/study/results.h"

namespace trustfall {

/// The replicate that an exercise is made from, and what the others say of it.
struct Ground {
  const Results* results;  // one strategy, of which this is a replicate
  const Model* model;
  std::string code;                   // its replay code
  Trace trace;                        // its events, in order
  std::vector<Happening> happenings;  // beside them
  std::vector<Moments> moments;       // of every replicate of the study
  std::uint32_t replicate = 0;        // which of them
  // What these are called; players read it.
  std::function<std::string(SegmentId)> place;
  std::function<std::string(OrganisationId)> organisation;

  const Estate& estate() const { return *model->estate; }
  const Moment& moment(Detector detector) const { return moments[replicate][static_cast<std::size_t>(detector)]; }
};

/// Tells the first step of a kind on a host from those of later falls, so that hosts are counted and not falls.
class Firsts {
 public:
  bool take(const Step& step) {
    return taken_.insert(index(step.host) * transitions + static_cast<std::size_t>(step.what)).second;
  }

 private:
  std::unordered_set<std::size_t> taken_;
};

/// Words that the two dialects have for the same.
struct Words {
  const char* list;  // of the events
  const char* short_list;
  const char* row;
  const char* controllers;
};
const Words& words(Dialect dialect);

/// As a text speaks of it: `emergency department`.
std::string words_of(ServiceKind kind);

/// A number with a comma at the thousands.
std::string grouped(std::size_t value);

/// A text of this program as the dialect spells it.
std::string spelled(std::string text, Dialect dialect);

/// One row of the events list: a rule whose detector found something, and when to play it.
struct ExerciseEvent {
  const InjectRule* rule;
  Moment moment;
  int minute;  // of the exercise
};

/// The rules that apply to the replicate, paced into `minutes`; the start first, the end last.
std::vector<ExerciseEvent> schedule_events(const InjectRules& rules, const Ground& ground, int minutes);

/// The events list, a column for each of its 26 headings, ready to be written.
Table events_table(const std::vector<ExerciseEvent>& events, const Ground& ground, Dialect dialect);

/// The ids of rules whose detectors found nothing in this replicate, with how often they find something in others.
std::vector<std::string> left_out(const InjectRules& rules, const Ground& ground, Dialect dialect);

/// `T+03:40` of a moment.
std::string clock_text(Instant moment);
/// The same of a minute of the exercise.
std::string clock_text(int minute);

}  // namespace trustfall
