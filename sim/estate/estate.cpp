#include "sim/estate/estate.h"

namespace trustfall {

std::size_t Estate::bytes() const {
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  return held(organisations_) + held(sites_) + held(segments_) + held(device_) + held(system_) + held(model_) +
         held(first_host_) + held(first_segment_) + held(segment_of_block_) + held(zones_) + held(memberships_) +
         held(zones_of_segment_) + held(first_zone_);
}

}  // namespace trustfall
