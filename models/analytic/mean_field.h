#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "sim/estate/estate.h"

namespace trustfall::analytic {

/// Which hosts are taken together; those of different systems never are.
enum class Grouping { network, organisation_and_network };

/// A worm as rates. Times are exponential, of these means in seconds.
struct Spread {
  std::vector<double> rates;              // attempts per second of one infectious host, by kind of zone
  std::array<double, systems> infects{};  // chance that an attempt infects a vulnerable host
  std::array<double, systems> crashes{};  // chance that it takes it away instead
  double latency = 0;                     // from infected to infectious; 0: at once
  double activity = std::numeric_limits<double>::infinity();  // infectious; to the end when infinite
};

/// What the hosts are at the start, each by host, as chances.
struct Beginning {
  std::vector<double> vulnerable;  // that it has no patch
  std::vector<double> infected;    // that it is infected, vulnerable or not
};

/// Hosts ever infected at 0, `step`, 2 `step`, ... seconds, `samples` in all, by the mean-field equations of an
/// estate: for each class c of hosts (a group's hosts of one system), with P the share of a class that is in a zone,
///   dS_c = -(infects + crashes) S_c F_c,  infections infects S_c F_c, then latent, infectious, removed,
///   F_c = sum over zones z of P_zc rate_z / addresses_z sum over classes k of P_zk I_k.
///
/// The limit of many hosts in every class. Where a zone holds only part of a class, the class counts as spread evenly
/// over its zones, which is too fast for outbreaks that stay in a few of many small segments.
std::vector<double> mean_field(const Estate& estate, Grouping grouping, const Spread& spread,
                               const Beginning& beginning, double step, std::size_t samples);

}  // namespace trustfall::analytic
