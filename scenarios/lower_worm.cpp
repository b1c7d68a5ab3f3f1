#include <algorithm>
#include <cmath>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"
#include "sim/base/numeric.h"

namespace trustfall {
namespace {

static_assert(static_cast<int>(Uplink::Of::host) == schema::Uplink::host &&
              static_cast<int>(Uplink::Of::site) == schema::Uplink::site &&
              static_cast<int>(Uplink::Of::organisation) == schema::Uplink::organisation);

double mean_of(const Distribution& of) {
  switch (of.shape) {
    case Distribution::Shape::lognormal:
      return of.scale * exponential(of.spread * of.spread / 2);
    case Distribution::Shape::weibull:
      return of.scale * std::tgamma(1 + 1 / of.spread);
    case Distribution::Shape::discrete: {
      double sum = 0;
      for (std::size_t i = 0; i < of.values.size(); ++i)
        sum += of.values[i] * (of.cumulated[i] - (i == 0 ? 0 : of.cumulated[i - 1]));
      return sum;
    }
    default:
      return of.scale;
  }
}

std::uint16_t swept_kind(const Parts& parts, const schema::Attempts& attempts) {
  constexpr std::size_t most = 65536;
  const std::uint16_t kind = parts.zone_kind(attempts.zone());
  for (std::uint32_t z = 0; z < parts.estate().zones(); ++z)
    if (const Zone& zone = parts.estate()[ZoneId{z}]; zone.kind == kind && zone.hosts > most)
      report(parts.document(), "worm.attempts." + attempts.zone() + ".order",
             "a swept zone has at most 65,536 hosts, and one of these has " + std::to_string(zone.hosts));
  return kind;
}

Pacing pacing(const Parts& parts, const schema::Worm& said) {
  Pacing pacing;
  if (said.has_pace()) {
    pacing.pace = lower(said.pace());
    const double mean = mean_of(*pacing.pace);
    if (!(mean > 0)) report(parts.document(), "worm.pace", "the mean of the pace is 0: nobody would scan");
    pacing.pace->scale /= mean;
    for (double& value : pacing.pace->values) value /= mean;
  }
  for (const auto& uplink : said.uplinks()) {
    Uplink lowered{static_cast<Uplink::Of>(uplink.of()), lower(uplink.cap()), {}};
    lowered.beyond.resize(parts.estate().zone_kinds().size());
    for (const auto& zone : uplink.beyond()) lowered.beyond[parts.zone_kind(zone)] = 1;
    pacing.uplinks.push_back(std::move(lowered));
  }
  std::sort(pacing.uplinks.begin(), pacing.uplinks.end(),
            [](const Uplink& a, const Uplink& b) { return a.of < b.of; });
  if (said.has_attempt_limit()) pacing.limit = said.attempt_limit();
  for (const auto& attempts : said.attempts())
    if (attempts.order() == schema::Attempts::sweep) pacing.swept = swept_kind(parts, attempts);
  return pacing;
}

Ransom ransom(const schema::Ransom& said) {
  Ransom ransom{said.amount(), from_seconds(said.doubles_after()), from_seconds(said.expires_after())};
  if (!said.has_paying()) return ransom;
  const schema::Paying& paying = said.paying();
  ransom.paying = Paying{paying.organisations(), paying.only_without_copy(), lower(paying.decides_after()),
                         paying.returns(),       lower(paying.decrypts()),   paying.pounds_per_dollar()};
  return ransom;
}

}  // namespace

Worm lower_worm(const Parts& parts) {
  const schema::Worm& said = parts.scenario().worm();
  Worm worm;
  worm.rates.assign(parts.estate().zone_kinds().size(), 0);
  for (const auto& attempts : said.attempts()) worm.rates[parts.zone_kind(attempts.zone())] = attempts.rate();
  for (const auto& of : said.scanning().shares())
    worm.rates[parts.zone_kind(of.zone())] = said.scanning().rate() * of.share();
  worm.pacing = pacing(parts, said);
  worm.transmissions.resize(parts.estate().zone_kinds().size());
  worm.by_credential.resize(parts.estate().zone_kinds().size());
  for (const auto& links : said.links()) {
    worm.transmissions[parts.zone_kind(links.links())] = lower(links.time());
    worm.by_credential[parts.zone_kind(links.links())] = !links.needs_exploit();
  }
  for (const auto& chance : said.chances()) {
    worm.infects[static_cast<std::size_t>(chance.system())] = chance.infect();
    worm.crashes[static_cast<std::size_t>(chance.system())] = chance.crash();
  }
  if (said.has_latency()) worm.latency = lower(said.latency());
  if (said.has_active_for()) worm.activity = lower(said.active_for());
  if (said.has_dormancy()) worm.dormancy = Dormancy{lower(said.dormancy().after()), lower(said.dormancy().lasts())};
  worm.again = said.reinfects();
  worm.crash_downtime = lower(said.crash_downtime());
  if (said.has_encryption()) {
    worm.encryption.emplace();
    worm.encryption->throughput = said.encryption().throughput();
    for (const auto& data : said.encryption().data())
      worm.encryption->data[static_cast<std::size_t>(data.device())] = lower(data.size());
  }
  if (said.has_kill_switch()) {
    worm.kill_switch = KillSwitch{moment_at(said.kill_switch().at()), said.kill_switch().proxied()};
    for (const auto& variant : said.kill_switch().variants())
      worm.kill_switch->variants.push_back(
          {moment_at(variant.from()), variant.share(), moment_at(variant.kill_switch()), luck_of(variant.name())});
  }
  if (said.has_ransom()) worm.ransom = ransom(said.ransom());
  return worm;
}

}  // namespace trustfall
