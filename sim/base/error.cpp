#include "sim/base/error.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace trustfall {
namespace {

constexpr int widest = 100;  // characters of a source line that are shown at most

/// Length in bytes of the UTF-8 character at `text[i]`, or 0 when there is none.
std::size_t length_at(const std::string& text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(k < text.size() ? text[k] : 0); };
  const unsigned char first = byte(i);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (first > 0xf4) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(i + k) & 0xc0) != 0x80) return 0;
  return length;
}

/// Whether the character would move the cursor, colour the terminal or reverse the text around it.
bool unprintable(const std::string& glyph) {
  if (glyph.size() == 1) return static_cast<unsigned char>(glyph[0]) < 0x20 || glyph[0] == 0x7f;
  if (glyph.size() == 2) return glyph[0] == '\xc2' && static_cast<unsigned char>(glyph[1]) < 0xa0;
  const auto among = [&](const char* low, const char* high) { return glyph >= low && glyph <= high; };
  return among("\u200b", "\u200f") || among("\u2028", "\u202e") || among("\u2060", "\u206f") || glyph == "\ufeff";
}

/// The characters of a text, one string each; what cannot be shown is `?`, a tab is a space.
std::vector<std::string> glyphs(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = length_at(text, i);
    const std::string glyph = text.substr(i, std::max<std::size_t>(length, 1));
    i += glyph.size();
    result.push_back(glyph == "\t" ? " " : length == 0 || unprintable(glyph) ? "?" : glyph);
  }
  return result;
}

std::string join(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
  std::string result;
  for (std::size_t i = from; i < to; ++i) result += parts[i];
  return result;
}

std::string printable(const std::string& text) {
  const std::vector<std::string> parts = glyphs(text);
  return join(parts, 0, parts.size());
}

/// The source line with a caret below the place: only the part around it when the line is long.
std::string show_line(const Mistake& mistake, const std::string& hint) {
  const std::vector<std::string> parts = glyphs(mistake.source_line);
  const int size = static_cast<int>(parts.size());
  const int caret = std::clamp(mistake.place.column - 1, 0, size);
  int from = 0;
  int to = size;
  if (size > widest) {
    from = std::clamp(caret - widest / 2, 0, size - widest);
    to = from + widest;
  }
  const std::string before = from > 0 ? "..." : "";
  const std::string after = to < size ? "..." : "";
  const int tail = std::clamp(mistake.place.width - 1, 0, std::max(to - caret - 1, 0));

  char number[16];
  std::snprintf(number, sizeof number, "%5d", mistake.place.line);
  const auto blank = static_cast<std::size_t>(caret - from) + before.size();
  return std::string(number) + " | " + before +
         join(parts, static_cast<std::size_t>(from), static_cast<std::size_t>(to)) + after + "\n      | " +
         std::string(blank, ' ') + "^" + std::string(static_cast<std::size_t>(tail), '~') +
         (hint.empty() ? "" : " " + hint);
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> older(b.size() + 1), old(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], older[j - 2] + 1);
    }
    older.swap(old);
    old.swap(row);
  }
  return old[b.size()];
}

}  // namespace

std::string describe(const Mistake& mistake) {
  const std::string kind = mistake.severity == Severity::error ? "error" : "warning";
  std::string hint;
  if (!mistake.suggestion.empty()) hint.append("did you mean ").append(printable(mistake.suggestion)).append("?");
  const bool placed = mistake.place.line > 0;
  const bool shown = placed && !mistake.source_line.empty();

  std::string head = printable(mistake.file);
  if (placed) {
    head.append(":").append(std::to_string(mistake.place.line));
    head.append(":").append(std::to_string(mistake.place.column));
  }
  head.append(": ").append(kind).append(": ").append(printable(mistake.message));
  if (shown) return head + "\n" + show_line(mistake, hint);
  return hint.empty() ? head : head + "; " + hint;
}

InputError::InputError(std::vector<Mistake> mistakes) : mistakes_(std::move(mistakes)) {
  for (const Mistake& mistake : mistakes_) text_.append(text_.empty() ? "" : "\n").append(describe(mistake));
}

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  const auto allowed = [](std::size_t length) { return length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3; };
  std::string best;
  std::size_t least = 4;
  for (const std::string& candidate : known) {
    const std::size_t shorter = std::min(word.size(), candidate.size());
    const std::size_t longer = std::max(word.size(), candidate.size());
    const auto limit = static_cast<std::size_t>(allowed(longer));
    if (longer - shorter > limit) continue;  // also keeps a megabyte of garbage from being compared
    const std::size_t distance = edit_distance(word, candidate);
    if (distance > limit || distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

}  // namespace trustfall
