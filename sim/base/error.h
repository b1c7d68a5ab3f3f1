#pragma once

#include <exception>
#include <string>
#include <vector>

namespace trustfall {

/// A position in what a user wrote; lines and columns count from 1, a line of 0 means the file as a whole.
struct Place {
  int line = 0;
  int column = 0;
  int width = 1;            // characters to underline
  bool in_setting = false;  // of the command line: the line is then that of the list of settings
};

enum class Severity { error, warning };

/// One thing that is wrong in the input, where it stands, and what to do about it.
struct Mistake {
  std::string file;  // as the user named it
  Place place;
  Severity severity = Severity::error;
  std::string message;
  std::string suggestion;   // completes "did you mean ...?"; may be empty
  std::string source_line;  // the text of the line; may be empty
};

/// `file:line:column: error: message`, then the line with a caret and the suggestion below it.
std::string describe(const Mistake& mistake);

/// The user's input is wrong: thrown with everything that was found at once, caught once, in `main`.
class InputError : public std::exception {
 public:
  explicit InputError(std::vector<Mistake> mistakes);
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::vector<Mistake> mistakes_;
  std::string text_;
};

/// The file system would not do what was asked; the message names the file and says why.
class FileError : public std::exception {
 public:
  explicit FileError(std::string message) : message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
};

/// The word among `known` nearest to `word` by edit distance, or empty when none is near enough to suggest.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace trustfall
