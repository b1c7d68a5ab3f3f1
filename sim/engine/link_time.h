#pragma once

#include "sim/base/distribution.h"
#include "sim/base/numeric.h"
#include "sim/base/time.h"

namespace trustfall {

/// Time from a source's first infectious moment to its attempt over a link. `wait` is exponential with mean 1: the
/// negative logarithm of a draw. Twice the weight is twice as fast.
///
/// Exponential links try again and again: `chance` thins their attempts, so that this is the first that has an
/// effect.
inline Duration link_delay(const Distribution& transmission, double wait, double weight, double chance) {
  if (transmission.shape == Distribution::Shape::exponential)
    return from_seconds(transmission.scale / (weight * chance) * wait);
  return from_seconds(transmission.at(1 - exponential(-wait)) / weight);
}

/// Whether a link tries again after an attempt that failed; otherwise it fires once each time its source is infected.
inline bool repeats(const Distribution& transmission) {
  return transmission.shape == Distribution::Shape::exponential;
}

}  // namespace trustfall
