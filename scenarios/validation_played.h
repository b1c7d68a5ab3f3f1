#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/experiment.h"
#include "sim/engine/outcome.h"

/// What the rows of `validate` with plays share.
namespace trustfall {

/// A scenario that was played.
struct PlayedStudy {
  std::shared_ptr<const Experiment> experiment;
  std::vector<Outcome> outcomes;
};

/// Of an `estate`: so many hosts in one segment, all vulnerable.
std::string equal_hosts(std::uint32_t hosts);

PlayedStudy play_text(const std::string& scenario, std::uint32_t replicates, int threads);

/// Hosts infected by the end, play by play: the last sample of the first curve.
std::vector<double> totals(const PlayedStudy& played);

double mean(const std::vector<double>& values);
double standard_error(const std::vector<double>& values);
/// Standard error of a share of so many plays.
double standard_error(double chance, double plays);

}  // namespace trustfall
