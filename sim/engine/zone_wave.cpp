#include "sim/engine/zone_wave.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/base/memory.h"
#include "sim/base/numeric.h"

namespace trustfall {
namespace {

constexpr double no_end = std::numeric_limits<double>::infinity();
constexpr std::size_t chunk = 4096;  // hosts drawn at once
constexpr std::uint16_t no_bucket = 0xffff;

/// So many that a bucket is sorted in the nearest cache, and all of their ends fit in the next one.
std::size_t bucket_count(std::size_t hosts) { return std::clamp<std::size_t>(hosts / 256, 1, 8192); }

/// Limits between which nearly equal numbers of hosts fall: quantiles of each kind's exponential, all together.
std::vector<double> limits_for(std::size_t hosts, const std::vector<HostKind>& kinds) {
  std::vector<double> limits;
  for (const HostKind& kind : kinds) {
    const std::size_t parts = hosts == 0 || kind.chance <= 0 ? 0 : bucket_count(hosts) * kind.hosts / hosts;
    for (std::size_t i = 1; i < parts; ++i)
      limits.push_back(-natural_log(1 - static_cast<double>(i) / static_cast<double>(parts)) / kind.chance);
  }
  std::sort(limits.begin(), limits.end());
  limits.push_back(no_end);
  return limits;
}

}  // namespace

ZoneWave::ZoneWave(ZoneId zone, double addresses, double rate, std::size_t hosts, std::vector<HostKind> kinds)
    : zone_(zone), addresses_(addresses), rate_(rate_from(rate)), limits_(limits_for(hosts, kinds)), at_(hosts) {
  prefer_large_pages(at_);
  double least = 1;
  double most = 0;
  for (const HostKind& kind : kinds) {
    deals_.push_back(deal_for(kind.chance));
    if (kind.chance <= 0) continue;
    least = std::min(least, kind.chance);
    most = std::max(most, kind.chance);
  }
  if (least == most) only_chance_ = most;
}

/// A host falls after -ln(u) / chance attempts. Bounds leave room for rounding on the early side: a host that comes a
/// bucket too early is passed on when its threshold is reckoned.
ZoneWave::Deal ZoneWave::deal_for(double chance) const {
  Deal deal{chance, {}, {}};
  if (chance <= 0) return deal;
  for (const double limit : limits_)
    deal.behind.push_back(limit == no_end ? 0 : exponential(-chance * limit) * (1 - 1e-9));
  const auto cells = static_cast<double>(limits_.size());
  std::uint16_t bucket = 0;
  for (std::size_t cell = 0; cell <= limits_.size(); ++cell) {
    const double most = 1 - static_cast<double>(cell) / cells + 1e-12;
    while (deal.behind[bucket] >= most) ++bucket;
    deal.first.push_back(bucket);
  }
  return deal;
}

void ZoneWave::reset(Draws draws, Instant horizon) {
  draws_ = draws;
  horizon_ = horizon;
  clock_ = ZoneClock{};
  infected_ = 0;
  at_.assign(at_.size(), raw(never));
  entered_.clear();
  outside_.clear();
  queue_.reset(horizon);
  pending_ = 0;
  bucket_ = 0;
  due_.clear();
  next_ = 0;
  hosts_.clear();
}

std::size_t ZoneWave::bytes() const {
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  return held(at_) + held(bucket_of_) + held(order_) + queue_.bytes() + held(due_) + held(sorted_);
}

void ZoneWave::schedule(Instant time, EventKind kind, std::uint32_t subject) {
  if (time >= horizon_) return;
  queue_.push({std::max(time, Instant{}), kind, subject, 0});
  ++pending_;
}

void ZoneWave::set_outside(Instant at, double attempts_per_second) {
  schedule(at, EventKind::outside, static_cast<std::uint32_t>(outside_.size()));
  outside_.push_back(rate_from(attempts_per_second));
}

// --- the order of thresholds ---

void ZoneWave::find_buckets(const ZoneHosts& hosts) {
  const auto cells = static_cast<double>(limits_.size());
  for (std::size_t first = 0; first < at_.size(); first += chunk) {
    const std::size_t size = std::min(chunk, at_.size() - first);
    const auto start = static_cast<std::uint32_t>(first);
    kinds_.resize(size);
    uniforms_.resize(size);
    hosts.kinds(HostId{start}, kinds_);
    draws_.uniforms(Purpose::threshold, start, static_cast<std::uint32_t>(zone_), 0, uniforms_);
    for (std::size_t i = 0; i < size; ++i) {
      const Deal& deal = deals_[kinds_[i]];
      std::uint16_t bucket = no_bucket;
      if (deal.chance > 0) {
        const double u = uniforms_[i];
        bucket = deal.first[static_cast<std::size_t>((1 - u) * cells)];
        while (u <= deal.behind[bucket]) ++bucket;
        ++last_[bucket];
      }
      bucket_of_[first + i] = bucket;
    }
  }
}

void ZoneWave::deal(const ZoneHosts& hosts) {
  bucket_of_.resize(at_.size());
  order_.resize(at_.size());
  last_.assign(limits_.size(), 0);
  find_buckets(hosts);
  std::size_t sum = 0;
  for (std::size_t& last : last_) sum += std::exchange(last, sum);
  for (std::uint32_t host = 0; host < bucket_of_.size(); ++host)
    if (bucket_of_[host] != no_bucket) order_[last_[bucket_of_[host]]++] = host;
}

/// The bucket's hosts, and those passed on to it, get their thresholds; false when there is no further bucket.
bool ZoneWave::open_next(const ZoneHosts& hosts) {
  due_.clear();
  next_ = 0;
  if (bucket_ == limits_.size()) return false;
  const auto at = [&](std::size_t place) { return order_.begin() + static_cast<std::ptrdiff_t>(place); };
  hosts_.insert(hosts_.end(), at(bucket_ == 0 ? 0 : last_[bucket_ - 1]), at(last_[bucket_]));
  reckon(hosts);
  sort_due();
  ++bucket_;
  return true;
}

void ZoneWave::reckon(const ZoneHosts& hosts) {
  zones_.assign(hosts_.size(), static_cast<std::uint32_t>(zone_));
  uniforms_.resize(2 * hosts_.size());
  draws_.both(Purpose::threshold, hosts_, zones_, uniforms_);
  for (std::size_t i = 0; i < hosts_.size(); ++i) uniforms_[i] = uniforms_[2 * i];
  natural_logs(std::span(uniforms_).first(hosts_.size()));
  std::size_t passed_on = 0;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    double chance = only_chance_;
    if (chance <= 0) {
      std::uint8_t kind = 0;
      hosts.kinds(HostId{hosts_[i]}, {&kind, 1});
      chance = deals_[kind].chance;
    }
    const double attempts = -uniforms_[i] / chance;
    if (attempts < limits_[bucket_])
      due_.push_back({attempts, hosts_[i]});
    else
      hosts_[passed_on++] = hosts_[i];
  }
  hosts_.resize(passed_on);
}

/// Deals them out once more, to twice as many parts as there are hosts, and mends what little is still out of order.
void ZoneWave::sort_due() {
  if (due_.empty()) return;
  const auto fewer = [](const Due& a, const Due& b) { return a.attempts < b.attempts; };
  const auto [least, most] = std::minmax_element(due_.begin(), due_.end(), fewer);
  const double from = least->attempts;
  const std::size_t parts = 2 * due_.size();
  const double scale = static_cast<double>(parts - 1) / std::max(most->attempts - from, 1e-300);
  const auto part = [&](const Due& due) { return static_cast<std::size_t>((due.attempts - from) * scale); };
  starts_.assign(parts, 0);
  for (const Due& due : due_) ++starts_[part(due)];
  std::uint32_t sum = 0;
  for (std::uint32_t& start : starts_) sum += std::exchange(start, sum);
  sorted_.resize(due_.size());
  for (const Due& due : due_) sorted_[starts_[part(due)]++] = due;
  due_.swap(sorted_);
  for (std::size_t i = 1; i < due_.size(); ++i) {
    const Due due = due_[i];
    std::size_t at = i;
    for (; at > 0 && fewer(due, due_[at - 1]); --at) due_[at] = due_[at - 1];
    due_[at] = due;
  }
}

// --- the spread ---

/// `never` when none comes before the horizon.
Instant ZoneWave::next_attempt(const ZoneHosts& hosts) {
  if (clock_.rate == 0) return never;
  while (next_ == due_.size())
    if (!open_next(hosts)) return never;
  return clock_.time_of(pressure_for(due_[next_].attempts, addresses_), horizon_);
}

void ZoneWave::run(const ZoneHosts& hosts) {
  none_immune_ = hosts.none_immune();
  scan_to_the_end_ = hosts.scan_to_the_end();
  deal(hosts);
  for (;;) {
    const Instant event = pending_ == 0 ? never : queue_.next();
    const Instant attempt = next_attempt(hosts);
    // At the same moment an attempt goes last.
    if (std::min(event, attempt) >= horizon_) return;
    if (event <= attempt) {
      --pending_;
      on(queue_.pop(), hosts);
      continue;
    }
    const std::uint32_t host = due_[next_++].host;
    if (next_ + 16 < due_.size()) __builtin_prefetch(&at_[due_[next_ + 16].host], 1);
    if (infected(HostId{host}) || (!none_immune_ && hosts.immune(HostId{host}, attempt))) continue;
    infect(host, attempt, hosts);
  }
}

void ZoneWave::on(const Event& event, const ZoneHosts& hosts) {
  const HostId host{event.subject};
  if (event.kind == EventKind::outside) {
    change_rate(event.time, outside_[event.subject] - clock_.outside);
    clock_.outside = outside_[event.subject];
  } else if (event.kind == EventKind::infectious) {
    change_rate(event.time, rate_);
  } else if (event.kind == EventKind::inactive) {
    change_rate(event.time, -rate_);
  } else if (!infected(host)) {
    entered_.insert(std::lower_bound(entered_.begin(), entered_.end(), host), host);
    infect(event.subject, event.time, hosts);
  }
}

void ZoneWave::infect(std::uint32_t host, Instant now, const ZoneHosts& hosts) {
  at_[host] = raw(now);
  ++infected_;
  if (scan_to_the_end_) return change_rate(now, rate_);
  const Infectious scans = hosts.infectious(HostId{host}, now);
  if (scans.from >= scans.until) return;
  if (scans.from == now)
    change_rate(now, rate_);
  else
    schedule(scans.from, EventKind::infectious, host);
  schedule(scans.until, EventKind::inactive, host);
}

/// Unsigned arithmetic wraps, so that adding a negative number subtracts it.
void ZoneWave::change_rate(Instant now, Rate by) {
  clock_.settle(now);
  clock_.rate += by;
}

}  // namespace trustfall
