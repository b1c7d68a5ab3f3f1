#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "models/played.h"
#include "models/services.h"

namespace trustfall {

/// Something that people did or that became of services, beside what happened to hosts.
struct Happening {
  enum class What : std::uint8_t {
    reported,      // the organisation told that it was hit
    warned,        // everybody was: the national warning
    cut_off,       // the segment, or some of its devices, from one of its zones or from all, on purpose
    reconnected,   // the segment: nothing of it is cut off any more
    service_down,  // one of the organisation
    service_up,    // that service is above the capacity below which it is down
    diverting,     // the organisation's emergency department sends ambulances elsewhere
    receiving,     // it does so no more
  };

  Instant time;
  What what;
  std::optional<OrganisationId> organisation;  // none of the warning
  std::optional<SegmentId> segment;            // of cuts
  std::optional<ServiceKind> service;          // that is down or up
};
inline constexpr int happening_kinds = 8;

/// `cut_off` and so on.
std::string_view name_of(Happening::What what);

/// All of them in a replicate that has been played to its horizon, in order.
std::vector<Happening> happenings_of(const Played& play);

}  // namespace trustfall
