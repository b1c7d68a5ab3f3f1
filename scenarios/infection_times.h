#pragma once

#include <vector>

#include "models/played.h"

/// What can be read off the moments at which hosts were infected. Times are in seconds from the start and ascend.
namespace trustfall {

/// When each infected host was, of a worm under which none falls twice.
std::vector<double> infection_times(const Played& play);

/// When so many are infected, the first counting as one; NaN where fewer ever are.
double time_to(const std::vector<double>& times, double hosts);

/// How many are infected by then; NaN for NaN.
double infected_by(const std::vector<double>& times, double when);

/// In what time their number doubles while nearly all of `all` hosts are healthy: from when `from` are infected to
/// when `to` are, by the odds of being infected, which rise at an even pace on a logistic curve; NaN where fewer than
/// `to` ever are. An exponential curve has `all` = infinity.
double doubling_time(const std::vector<double>& times, double from, double to, double all);

/// Most that are infected within one step of the clock: from 0 to `step`, from there to twice that, and so on.
double most_in_a_step(const std::vector<double>& times, double step);

/// Between one count and the next: how many more there were in a unit of time.
std::vector<double> rates_between(const std::vector<double>& when, const std::vector<double>& counts);

}  // namespace trustfall
