#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/base/error.h"
#include "sim/schema/scenario.pb.h"

namespace trustfall {

constexpr std::size_t longest_name = 60;  // bytes of a name that a scenario gives to something

/// A scenario as it was read: the message, where each of its values stands, and what was found wrong.
///
/// A path names a value as `--set` does: `worm.attempts.segment.rate` (keyed lists by key, plain lists by index).
struct Document {
  schema::Scenario scenario;            // every fallback filled in
  std::string file;                     // as the user named it
  std::vector<std::string> lines;       // of the file, for messages
  std::vector<std::string> settings;    // each `path=value`, applied in this order
  std::map<std::string, Place> places;  // by path, for values that the file or a setting says
  std::vector<Mistake> mistakes;        // errors and warnings so far, in order of place
};

/// Adds a mistake at the value `path`; where the file does not say it, at its nearest enclosing section that it does.
void report(Document& document, const std::string& path, std::string message, std::string suggestion = {},
            Severity severity = Severity::error);

/// Adds a mistake at a place where no value of the schema stands.
void report_at(Document& document, Place place, std::string message, std::string suggestion = {},
               Severity severity = Severity::error);

/// Throws InputError with every mistake, sorted by place, when at least one is an error.
void throw_if_mistaken(const Document& document);

/// The path of a part of the section at `path`; the scenario itself has the empty path.
std::string path_to(const std::string& path, const std::string& part);

/// Words as a sentence has them: `trust, practice or council`.
std::string list_text(const std::vector<std::string>& words, const std::string& conjunction);

}  // namespace trustfall
