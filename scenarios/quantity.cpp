#include "scenarios/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>

namespace trustfall {
namespace {

constexpr double least_above_zero = 1e-9;  // what the schema says where a value may be anything but 0

/// A unit as it is written after a number, which is multiplied and then divided.
struct Scale {
  std::string_view name;
  double multiply = 1;
  double divide = 1;
};

constexpr Scale durations[] = {{"w", 604800}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s"}, {"ms", 1, 1000}};
constexpr Scale rates[] = {{"/s"}, {"/min", 1, 60}, {"/h", 1, 3600}, {"/d", 1, 86400}};
constexpr Scale sizes[] = {{"B"},        {"kB", 1e3},   {"MB", 1e6},      {"GB", 1e9},      {"TB", 1e12},
                           {"PB", 1e15}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1 << 30}, {"TiB", 1099511627776.0}};

/// What people write for a unit, and what it is called here.
constexpr std::pair<std::string_view, std::string_view> spellings[] = {
    {"hours", "h"},      {"hour", "h"},    {"hrs", "h"},      {"hr", "h"},         {"minutes", "min"},
    {"minute", "min"},   {"mins", "min"},  {"m", "min"},      {"seconds", "s"},    {"second", "s"},
    {"secs", "s"},       {"sec", "s"},     {"days", "d"},     {"day", "d"},        {"weeks", "w"},
    {"week", "w"},       {"/sec", "/s"},   {"/second", "/s"}, {"ps", "/s"},        {"/m", "/min"},
    {"/minute", "/min"}, {"/hour", "/h"},  {"/day", "/d"},    {"persecond", "/s"}, {"perminute", "/min"},
    {"perhour", "/h"},   {"perday", "/d"}, {"/hr", "/h"},     {"b", "B"},          {"kb", "kB"},
    {"k", "kB"},         {"mb", "MB"},     {"m", "MB"},       {"gb", "GB"},        {"g", "GB"},
    {"tb", "TB"},        {"t", "TB"},      {"kib", "KiB"},    {"mib", "MiB"},      {"gib", "GiB"},
    {"tib", "TiB"},      {"percent", "%"}, {"bytes", "B"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the plain decimal number that the text starts with; 0 when there is none. A leading zero is none: what
/// one reader takes for 10 another takes for 8.
std::size_t end_of_number(std::string_view text) {
  const auto digits = [&](std::size_t i) {
    while (i < text.size() && is_digit(text[i])) ++i;
    return i;
  };
  std::size_t end = digits(0);
  if (end == 0 || (end > 1 && text[0] == '0')) return 0;
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) end = digits(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const std::size_t sign = end + 1 < text.size() && (text[end + 1] == '-' || text[end + 1] == '+') ? 1 : 0;
    const std::size_t power = digits(end + 1 + sign);
    if (power > end + 1 + sign) end = power;
  }
  return end;
}

std::optional<double> number_of(std::string_view text) {
  const std::string_view unsigned_part = text.substr(text.starts_with('-') ? 1 : 0);
  if (unsigned_part.empty() || end_of_number(unsigned_part) != unsigned_part.size()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

/// One number with one of the units behind it.
std::optional<double> scaled(std::string_view text, std::span<const Scale> scales) {
  for (const Scale& scale : scales) {
    if (!text.ends_with(scale.name)) continue;
    const std::optional<double> number = number_of(text.substr(0, text.size() - scale.name.size()));
    if (number) return *number * scale.multiply / scale.divide;
  }
  return std::nullopt;
}

/// Parts such as `1h30min`, each unit smaller than the one before it.
std::optional<double> duration_of(std::string_view text) {
  if (text == "0") return 0.0;
  if (text.empty() || text[0] == '-') return std::nullopt;
  double sum = 0;
  for (std::span<const Scale> units = durations; !text.empty();) {
    const std::size_t number = end_of_number(text);
    const std::size_t end = std::min(text.find_first_of("0123456789", number), text.size());
    const std::optional<double> count = number_of(text.substr(0, number));
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Scale& scale) {
      return scale.name == text.substr(number, end - number);
    });
    if (!count || unit == units.end()) return std::nullopt;
    sum += *count * unit->multiply / unit->divide;
    units = {unit + 1, units.end()};
    text.remove_prefix(end);
  }
  return sum;
}

std::optional<double> share_of(std::string_view text) {
  constexpr Scale percent[] = {{"%", 1, 100}};
  return text.ends_with('%') ? scaled(text, percent) : number_of(text);
}

/// Digits of a fixed width at `i`, or -1.
int digits_at(std::string_view text, std::size_t i, std::size_t width) {
  int value = 0;
  for (std::size_t k = i; k < i + width; ++k) {
    if (k >= text.size() || !is_digit(text[k])) return -1;
    value = value * 10 + (text[k] - '0');
  }
  return value;
}

/// The offset at the end of a date: `Z` or `+01:00`, in seconds.
std::optional<double> offset_of(std::string_view text) {
  if (text == "Z") return 0.0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits_at(text, 1, 2);
  const int minutes = digits_at(text, 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1.0 : 1.0) * (hours * 3600 + minutes * 60);
}

std::optional<double> moment_of(const std::string& text, const std::string& start) {
  if (text == "never") return std::numeric_limits<double>::infinity();
  if (!text.empty() && text[0] == '+') return duration_of(std::string_view(text).substr(1));
  const std::optional<double> date = parse_date(text);
  if (!date) return std::nullopt;
  return *date - parse_date(start).value_or(*date);  // a bad start is reported once, where it stands
}

std::optional<double> value_of(const std::string& text, const std::string& unit, const std::string& start) {
  if (unit == "share") return share_of(text);
  if (unit == "duration") return duration_of(text);
  if (unit == "moment") return moment_of(text, start);
  if (unit == "date") return parse_date(text);
  if (unit == "rate") return scaled(text, rates);
  if (unit == "size") return text == "0" ? std::optional(0.0) : scaled(text, sizes);
  const std::optional<double> number = number_of(text);
  const bool whole = unit != "count" || (number && *number == std::floor(*number));
  return whole ? number : std::nullopt;
}

/// The text without what only looks like part of a number, and with its unit as it is spelt here.
std::string tidied(const std::string& text, const std::string& unit) {
  const std::size_t comma = text.find(',');
  const bool decimal = comma != std::string::npos && text.find(',', comma + 1) == std::string::npos &&
                       (comma + 4 > text.size() || !is_digit(text[comma + 3]) || text[0] == '0');
  std::string plain;
  for (const char c : text)
    if (c == ',' && decimal)
      plain += '.';
    else if (c != ' ' && c != '_' && c != ',')
      plain += c;
  std::size_t zeros = 0;
  while (zeros + 1 < plain.size() && plain[zeros] == '0' && is_digit(plain[zeros + 1])) ++zeros;
  plain.erase(0, zeros);
  const std::size_t end = end_of_number(plain);
  std::string name = plain.substr(end);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const auto& [from, to] : spellings) {
    const bool of_size = to.back() == 'B';
    if (name == from && of_size == (unit == "size")) return plain.substr(0, end) + std::string(to);
  }
  return plain.substr(0, end) + name;
}

/// The text as a date with its gaps filled: `T` between date and time, the offset of the scenario's start.
std::string dated(std::string text, const std::string& start) {
  if (text.size() < 10 || digits_at(text, 0, 4) < 0) return "";
  if (text.size() == 10) text += "T00:00";
  if (text[10] == ' ' || text[10] == 't') text[10] = 'T';
  text.erase(std::remove(text.begin() + 11, text.end(), ' '), text.end());
  if (parse_date(text)) return text;
  const std::size_t sign = start.find_first_of("+-Z", 10);
  return text + (parse_date(start) ? start.substr(sign) : "Z");
}

/// A time of day such as `08:30` as the duration since midnight.
std::string since_midnight(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || text.size() != colon + 3) return "";
  const int hours = digits_at(text, 0, colon);
  const int minutes = digits_at(text, colon + 1, 2);
  if (hours < 0 || hours > 24 || minutes < 0) return "";
  return minutes == 0 ? fmt::format("{}h", hours) : fmt::format("{}h{}min", hours, minutes);
}

std::vector<std::string> candidates_for(const std::string& text, const std::string& unit, const std::string& start) {
  const std::string plain = tidied(text, unit);
  if (unit == "share") return {plain, plain + "%"};
  if (unit == "duration") return {since_midnight(text), plain, plain + "s", plain + "min", plain + "h", plain + "d"};
  if (unit == "rate") return {plain, plain + "/s", plain + "/min", plain + "/h"};
  if (unit == "size") return {plain, plain + "MB", plain + "GB"};
  if (unit == "moment") return {dated(text, start), "+" + plain, "+" + plain + "h"};
  if (unit == "date") return {dated(text, start)};
  return {plain};
}

std::string limit_text(const std::string& unit, double limit) {
  if (unit == "rate" && limit != 0) return fmt::format("{}/s", limit);
  if (unit == "size" && limit != 0) return fmt::format("{}B", limit);
  if (unit != "duration" || limit == 0) return fmt::format("{}", limit);
  for (const Scale& scale : std::span(durations).subspan(1)) {  // in days rather than weeks
    const double count = limit * scale.divide / scale.multiply;
    if (count == std::floor(count)) return fmt::format("{}{}", count, scale.name);
  }
  return fmt::format("{}s", limit);
}

}  // namespace

std::optional<double> parse_date(const std::string& text) {
  const auto field = [&](std::size_t i, std::size_t width) { return digits_at(text, i, width); };
  const auto mark = [&](std::size_t i, char c) { return i < text.size() && text[i] == c; };
  if (!mark(4, '-') || !mark(7, '-') || !mark(10, 'T') || !mark(13, ':')) return std::nullopt;
  const bool with_seconds = mark(16, ':');
  const int second = with_seconds ? field(17, 2) : 0;
  const std::optional<double> offset =
      offset_of(std::string_view(text).substr(std::min<std::size_t>(with_seconds ? 19 : 16, text.size())));
  const std::chrono::year_month_day date{std::chrono::year{field(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(field(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(field(8, 2))}};
  const int hour = field(11, 2);
  const int minute = field(14, 2);
  const auto within = [](int value, int most) { return value >= 0 && value <= most; };
  if (field(0, 4) < 1900 || !date.ok() || !offset) return std::nullopt;
  if (!within(hour, 23) || !within(minute, 59) || !within(second, 59)) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return static_cast<double>(days) * 86400 + hour * 3600 + minute * 60 + second - *offset;
}

Quantity parse_quantity(const std::string& text, const std::string& unit, const std::string& start) {
  Quantity result{value_of(text, unit, start), {}};
  if (result.value) return result;
  for (const std::string& candidate : candidates_for(text.substr(0, 40), unit, start))
    if (value_of(candidate, unit, start)) result.candidates.push_back(candidate);
  return result;
}

std::string written(const std::string& unit) {
  if (unit == "moment") return "a moment such as +6h, 2017-05-12T08:44:00+01:00 or never";
  if (unit == "date") return "a date with time and offset such as 2017-05-12T08:44:00+01:00";
  if (unit == "duration") return "a duration such as 90min, 72h or 5d";
  if (unit == "rate") return "a rate such as 4/s or 30/min";
  if (unit == "size") return "a size such as 20MB or 512KiB";
  return unit == "share" ? "a share such as 0.62 or 62%" : unit == "count" ? "a whole number" : "a number";
}

std::string accepted(const std::string& unit, std::optional<double> min, std::optional<double> max) {
  if (unit == "share") {
    const double least = min.value_or(0);
    const double most = max.value_or(1);
    return fmt::format("a share from {} to {} (or {}% to {}%)", least, most, least * 100, most * 100);
  }
  const std::string noun = unit == "count" ? "a whole number" : "a " + unit;
  if (min && max) return noun + " from " + limit_text(unit, *min) + " to " + limit_text(unit, *max);
  if (min && *min > 0 && *min <= least_above_zero) return noun + " above 0";
  if (min) return noun + (*min == 0 ? " not below " : " of at least ") + limit_text(unit, *min);
  if (max) return noun + " up to " + limit_text(unit, *max);
  return noun;
}

}  // namespace trustfall
