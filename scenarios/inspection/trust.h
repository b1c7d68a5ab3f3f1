#pragma once

#include "models/analytic/choke_points.h"
#include "models/model.h"

namespace trustfall {

/// Of the trust network between organisations. Links of the worm are ways around it, and no connections that could be
/// named: bridges are positions in TrustNetwork::edges.
analytic::ChokePoints choke_points_of_trust(const Model& model);

}  // namespace trustfall
