#include "scenarios/document.h"

#include <algorithm>
#include <tuple>

namespace trustfall {
namespace {

constexpr std::size_t most_mistakes = 1000;  // more help nobody, and a hostile file could make millions
constexpr std::size_t longest_line = 1000;   // bytes of a source line that is kept with each mistake

/// Where `path` stands, or the nearest section around it that the file names; line 0 when there is none.
Place place_of(const Document& document, std::string path) {
  while (true) {
    const auto found = document.places.find(path);
    if (found != document.places.end()) return found->second;
    if (path.empty()) return Place{};
    const std::size_t dot = path.rfind('.');
    path.resize(dot == std::string::npos ? 0 : dot);
  }
}

/// The line or the setting that the place is in; empty when there is none, or it is too long to show.
std::string text_at(const Document& document, const Place& place) {
  const std::vector<std::string>& texts = place.in_setting ? document.settings : document.lines;
  const auto index = static_cast<std::size_t>(place.line) - 1;  // of line 0: past every end
  return index < texts.size() && texts[index].size() <= longest_line ? texts[index] : "";
}

auto order(const Mistake& mistake) {
  return std::make_tuple(mistake.place.in_setting, mistake.place.line, mistake.place.column);
}

bool comes_before(const Mistake& a, const Mistake& b) { return order(a) < order(b); }

}  // namespace

void report(Document& document, const std::string& path, std::string message, std::string suggestion,
            Severity severity) {
  report_at(document, place_of(document, path), std::move(message), std::move(suggestion), severity);
}

void report_at(Document& document, Place place, std::string message, std::string suggestion, Severity severity) {
  std::vector<Mistake>& mistakes = document.mistakes;
  if (mistakes.size() > most_mistakes) return;
  Mistake mistake{place.in_setting ? "--set" : document.file,
                  place,
                  severity,
                  std::move(message),
                  std::move(suggestion),
                  text_at(document, place)};
  if (mistakes.size() == most_mistakes)
    mistake = {document.file, Place{}, Severity::error, "there are more mistakes than are shown here", "", ""};

  const auto [first, last] = std::equal_range(mistakes.begin(), mistakes.end(), mistake, comes_before);
  const auto same = [&](const Mistake& other) { return other.message == mistake.message; };
  if (std::none_of(first, last, same)) mistakes.insert(last, std::move(mistake));
}

void throw_if_mistaken(const Document& document) {
  const auto is_error = [](const Mistake& mistake) { return mistake.severity == Severity::error; };
  if (std::none_of(document.mistakes.begin(), document.mistakes.end(), is_error)) return;
  std::vector<Mistake> sorted = document.mistakes;
  std::stable_sort(sorted.begin(), sorted.end(), comes_before);
  throw InputError(std::move(sorted));
}

std::string path_to(const std::string& path, const std::string& part) {
  return path.empty() ? part : path + "." + part;
}

std::string list_text(const std::vector<std::string>& words, const std::string& conjunction) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " " + conjunction + " " : ", ") + words[i];
  return text;
}

}  // namespace trustfall
