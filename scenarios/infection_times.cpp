#include "scenarios/infection_times.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trustfall {

std::vector<double> infection_times(const Played& play) {
  std::vector<double> times;
  play.each_step([&](const Step& step) {
    if (step.what == Transition::infected) times.push_back(to_seconds(step.time.time_since_epoch()));
  });
  std::sort(times.begin(), times.end());
  return times;
}

double time_to(const std::vector<double>& times, double hosts) {
  const double which = std::ceil(hosts);
  if (!(which <= static_cast<double>(times.size()))) return std::numeric_limits<double>::quiet_NaN();
  return which < 1 ? 0 : times[static_cast<std::size_t>(which) - 1];
}

double infected_by(const std::vector<double>& times, double when) {
  if (std::isnan(when)) return when;
  return static_cast<double>(std::upper_bound(times.begin(), times.end(), when) - times.begin());
}

double doubling_time(const std::vector<double>& times, double from, double to, double all) {
  // ln(to / (all - to)) - ln(from / (all - from)), in a form that infinity does not spoil
  const double rise = std::log(to / from) - std::log1p(-to / all) + std::log1p(-from / all);
  return (time_to(times, to) - time_to(times, from)) * std::log(2) / rise;
}

double most_in_a_step(const std::vector<double>& times, double step) {
  double most = 0;
  double here = 0;
  double last = -1;
  for (const double time : times) {
    const double which = std::floor(time / step);
    here = which == last ? here + 1 : 1;
    last = which;
    most = std::max(most, here);
  }
  return most;
}

std::vector<double> rates_between(const std::vector<double>& when, const std::vector<double>& counts) {
  std::vector<double> rates;
  for (std::size_t i = 1; i < when.size(); ++i)
    rates.push_back((counts[i] - counts[i - 1]) / (when[i] - when[i - 1]));
  return rates;
}

}  // namespace trustfall
