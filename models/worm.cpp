#include "models/worm.h"

#include <algorithm>

namespace trustfall {

Duration span_of(const Distribution& seconds, Purpose purpose, HostId host, const Draws& draws, std::uint32_t which) {
  if (seconds.constant()) return from_seconds(seconds.scale);
  return from_seconds(seconds.at(draws.uniform(purpose, static_cast<std::uint32_t>(host), which)));
}

std::array<Duration, 2> phase_of(const Dormancy& dormancy, HostId host, const Draws& draws, std::uint32_t phase) {
  const auto [active, silent] = draws.both(Purpose::dormancy, static_cast<std::uint32_t>(host), phase);
  return {from_seconds(dormancy.after.at(active)), from_seconds(dormancy.lasts.at(silent))};
}

bool Worm::crashes_host(HostId host, System system, const Draws& draws) const {
  const double infect = infects[static_cast<int>(system)];
  if (effect(system) == infect) return false;
  return draws.uniform(Purpose::fate, static_cast<std::uint32_t>(host)) * effect(system) >= infect;
}

std::optional<Duration> Worm::encryption_time(HostId host, DeviceClass device, const Draws& draws) const {
  if (!encryption) return std::nullopt;
  const auto& data = encryption->data[static_cast<std::size_t>(device)];
  if (!data) return std::nullopt;
  const double u = draws.uniform(Purpose::data_size, static_cast<std::uint32_t>(host));
  return from_seconds(data->at(u) / encryption->throughput);
}

bool Worm::stopped(OrganisationId organisation, Instant now, const Draws& draws, VariantId variant) const {
  if (!kill_switch || now < answered(variant)) return false;
  return draws.uniform(Purpose::proxied, static_cast<std::uint32_t>(organisation)) >= kill_switch->proxied;
}

VariantId Worm::variant_from_outside(HostId host, Instant now, std::uint32_t stops, const Draws& draws) const {
  const auto& variants = kill_switch->variants;
  for (std::size_t v = variants.size(); v-- > 0;)
    if (now >= variants[v].from && draws.uniform(Purpose::variant, static_cast<std::uint32_t>(host), variants[v].luck,
                                                 stops) < variants[v].share)
      return static_cast<VariantId>(v + 1);
  return 0;
}

Instant Worm::runs_again(Instant now) const {
  if (now < kill_switch->at) return now;
  Instant first = never;
  for (const Variant& variant : kill_switch->variants) {
    const Instant from = std::max(now, variant.from);
    if (from < variant.answered) first = std::min(first, from);
  }
  return first;
}

}  // namespace trustfall
