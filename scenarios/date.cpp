#include "scenarios/date.h"

#include <cstdio>

namespace trustfall {
namespace {

struct Local {
  std::chrono::sys_days day;
  Duration of_day;
  std::string offset;
};

Local parse(const std::string& date) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  std::sscanf(date.c_str(), "%d-%d-%dT%d:%d%n:%d%n", &year, &month, &day, &hour, &minute, &used, &second, &used);
  const auto at = date.find_first_of("Z+-", static_cast<std::size_t>(used));
  const std::chrono::year_month_day calendar{std::chrono::year(year),
                                             std::chrono::month(static_cast<unsigned>(month)),
                                             std::chrono::day(static_cast<unsigned>(day))};
  return {std::chrono::sys_days(calendar),
          std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second),
          at == std::string::npos ? "Z" : date.substr(at)};
}

/// Hours and minutes of an offset from UTC: Z, +01:00, -05:30.
Duration offset_of(const std::string& text) {
  int hours = 0, minutes = 0;
  if (std::sscanf(text.c_str() + (text[0] == 'Z' ? 0 : 1), "%d:%d", &hours, &minutes) < 1) return {};
  const Duration offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[0] == '-' ? -offset : offset;
}

/// Since 1970, in UTC.
Duration since_epoch(const std::string& date) {
  const Local local = parse(date);
  return local.day.time_since_epoch() + local.of_day - offset_of(local.offset);
}

}  // namespace

Instant moment_of(const std::string& start, const std::string& date) {
  return Instant{} + (since_epoch(date) - since_epoch(start));
}

LocalStart local_start(const std::string& date) {
  const Local local = parse(date);
  const std::chrono::weekday weekday(local.day);
  return {static_cast<int>((weekday.c_encoding() + 6) % 7), local.of_day};
}

std::string date_at(const std::string& start, Instant moment) {
  const Local local = parse(start);
  const Duration since_midnight = local.of_day + moment.time_since_epoch();
  const auto days = std::chrono::floor<std::chrono::days>(since_midnight);
  const std::chrono::year_month_day calendar(local.day + days);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(since_midnight - days));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d%s", static_cast<int>(calendar.year()),
                static_cast<unsigned>(calendar.month()), static_cast<unsigned>(calendar.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), local.offset.c_str());
  return text;
}

}  // namespace trustfall
