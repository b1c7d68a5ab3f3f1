#include "sim/engine/link_wave.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "sim/base/memory.h"
#include "sim/base/numeric.h"
#include "sim/engine/link_time.h"

namespace trustfall {
namespace {

constexpr double no_end = std::numeric_limits<double>::infinity();
constexpr std::size_t batch_size = 32;
constexpr int lap_bits = 14;  // buckets in a lap
constexpr std::size_t slots = std::size_t{1} << lap_bits;
constexpr std::size_t cache = std::size_t{2} << 20;  // bytes: beyond it, waiting for memory is most of the time

/// So many more that there are whole lanes only: what is left over would be drawn one by one.
constexpr std::size_t lanes = 16;
std::size_t whole_lanes(std::size_t items) { return (items + lanes - 1) / lanes * lanes; }

std::int64_t raw(Instant time) { return time.time_since_epoch().count(); }

/// Parts of a link's typical time that buckets are long: so narrow that hardly any arrival comes for an open one, but
/// not so that most are empty.
double parts_for(const Links& links) { return std::clamp(static_cast<double>(links.hosts()) / 100, 16.0, 1024.0); }

/// At least such that the horizon has few laps, however unequal weights are; at most such that a lap is a time that
/// there is, however slow the links.
int width_for(const Links& links, const Distribution& transmission, Instant horizon) {
  constexpr double most_laps = 256;
  constexpr int widest = 62 - lap_bits;
  const double typical = to_seconds(from_seconds(transmission.at(0.5))) / links.heaviest() / parts_for(links);
  const double least = to_seconds(horizon.time_since_epoch()) / (most_laps * (1 << lap_bits));
  int width = 0;
  while (width < widest && static_cast<double>(std::int64_t{1} << width) < 1e9 * std::max(typical, least)) ++width;
  return width;
}

}  // namespace

LinkWave::LinkWave(const Links& links, Distribution transmission)
    : links_(&links),
      transmission_(std::move(transmission)),
      fetches_(links.bytes() + links.hosts() * 2 * sizeof(at_[0]) > cache),
      most_open_(static_cast<std::size_t>(parts_for(links) / 16)) {
  at_.resize(links.hosts());
  until_.resize(links.hosts());
  prefer_large_pages(at_);
  prefer_large_pages(until_);
}

void LinkWave::reset(Draws draws, Instant horizon) {
  draws_ = draws;
  horizon_ = raw(horizon);
  width_ = width_for(*links_, transmission_, horizon);
  infected_ = 0;
  at_.assign(links_->hosts(), raw(never));
  settled_.assign((links_->hosts() + 63) / 64, 0);
  entered_.clear();
  bucket_ = -1;
  later_.reset(slots);
  filled_.assign(slots / 64, 0);
  far_.clear();
  open_.clear();
  late_.clear();
}

std::size_t LinkWave::bytes() const {
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  return held(at_) + held(until_) + held(settled_) + later_.bytes() + held(far_) + held(open_) + held(late_);
}

// --- the order of arrivals ---

void LinkWave::push(const Arrival& arrival) {
  if (arrival.at >= horizon_) return;
  const std::int64_t bucket = arrival.at >> width_;
  if (bucket <= bucket_) {
    late_.push_back(arrival);
    std::push_heap(late_.begin(), late_.end(), [](const Arrival& a, const Arrival& b) { return precedes(b, a); });
  } else if (bucket >> lap_bits == bucket_ >> lap_bits) {
    const std::size_t slot = static_cast<std::size_t>(bucket) & (slots - 1);
    filled_[slot / 64] |= std::uint64_t{1} << slot % 64;
    later_.put(slot, arrival);
  } else {
    far_.push_back(arrival);
  }
}

/// Turns to the first lap in which something comes; false when nothing does.
bool LinkWave::next_lap() {
  if (far_.empty()) return false;
  const auto first = std::min_element(far_.begin(), far_.end(), precedes);
  // Its first bucket counts as open: what is in it comes as if it were late.
  bucket_ = first->at >> (width_ + lap_bits) << lap_bits;
  std::vector<Arrival> waiting;
  waiting.swap(far_);
  for (const Arrival& arrival : waiting) push(arrival);
  return true;
}

/// The first bucket from `slot` on that is not empty; `slots` when all are.
std::size_t LinkWave::next_filled(std::size_t slot) const {
  if (slot >= slots) return slots;
  std::size_t word = slot / 64;
  std::uint64_t bits = filled_[word] >> slot % 64 << slot % 64;
  while (bits == 0)
    if (++word == filled_.size())
      return slots;
    else
      bits = filled_[word];
  return word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
}

/// Opens the next buckets, so many that work is done in batches and memory is asked for well ahead, but not so many
/// that much comes for them meanwhile; false when nothing comes any more.
bool LinkWave::open_next() {
  open_.clear();
  const std::size_t enough = fetches_ ? 128 * batch_size : batch_size;
  for (;;) {
    std::size_t slot = bucket_ < 0 ? slots : (static_cast<std::size_t>(bucket_) & (slots - 1)) + 1;
    slot = next_filled(slot);
    for (const std::size_t last = slot + most_open_; slot < std::min(slots, last) && open_.size() < enough;
         slot = next_filled(slot + 1))
      open_bucket(slot);
    if (!open_.empty()) return true;
    if (!next_lap()) return false;
    if (!late_.empty()) return true;
  }
}

void LinkWave::open_bucket(std::size_t slot) {
  bucket_ = (bucket_ >> lap_bits << lap_bits) + static_cast<std::int64_t>(slot);
  filled_[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
  const std::size_t first = open_.size();
  later_.take(slot, open_);
  sort_open(first);
}

/// Sorts the bucket that begins at `first`: by the upper bits of the times within it, as many as there are arrivals,
/// and then by what little is still out of order.
void LinkWave::sort_open(std::size_t first) {
  const std::size_t size = open_.size() - first;
  if (size > 32) {
    int bits = 6;
    while (bits < 16 && std::size_t{1} << bits < 2 * size) ++bits;
    const int shift = std::max(0, width_ - bits);
    const std::size_t mask = (std::size_t{1} << bits) - 1;
    const auto part = [&](const Arrival& arrival) { return static_cast<std::size_t>(arrival.at >> shift) & mask; };
    starts_.assign(std::size_t{1} << bits, 0);
    for (std::size_t i = first; i < open_.size(); ++i) ++starts_[part(open_[i])];
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts_) sum += std::exchange(start, sum);
    sorted_.assign(open_.begin() + static_cast<std::ptrdiff_t>(first), open_.end());
    for (const Arrival& arrival : sorted_) open_[first + starts_[part(arrival)]++] = arrival;
  }
  for (std::size_t i = first + 1; i < open_.size(); ++i) {
    const Arrival arrival = open_[i];
    std::size_t at = i;
    for (; at > first && precedes(arrival, open_[at - 1]); --at) open_[at] = open_[at - 1];
    open_[at] = arrival;
  }
}

// --- arrivals ---

void LinkWave::enter(HostId host, Instant at) {
  entered_.push_back({host, at});
  arrive({raw(at), static_cast<std::uint32_t>(host)});
}

/// Only the earliest arrival at a host counts.
void LinkWave::arrive(const Arrival& arrival) {
  if (arrival.at >= at_[arrival.host]) return;
  at_[arrival.host] = arrival.at;
  push(arrival);
}

Instant LinkWave::entry_of(HostId host) const {
  const auto [first, last] = std::equal_range(entered_.begin(), entered_.end(), Entered{host, {}},
                                              [](const Entered& a, const Entered& b) { return a.host < b.host; });
  Instant entry = never;
  for (auto entered = first; entered != last; ++entered) entry = std::min(entry, entered->at);
  return entry;
}

bool LinkWave::from_outside(HostId host) const { return entry_of(host) == infected_at(host); }

/// Whether what arrives now infects. An immune host falls only to what comes from outside.
bool LinkWave::falls(const Arrival& arrival, const LinkHosts& hosts) {
  const HostId host{arrival.host};
  const Instant now = Instant{} + Duration(arrival.at);
  if (hosts.none_immune() || !hosts.immune(host, now)) return true;
  const Instant entry = entry_of(host);
  if (entry == now) return true;
  if (entry == never) {
    settle(arrival.host, immune);
  } else {
    at_[arrival.host] = raw(never);
    arrive({raw(entry), arrival.host});
  }
  return false;
}

// --- the spread ---

/// When the attempt of an infectious source over a link has an effect, if it does while it lasts.
std::optional<Instant> LinkWave::attempt(HostId source, std::uint32_t place, double wait,
                                         const Infectious& infectious, const LinkHosts& hosts) const {
  const HostId target{links_->row(source)[place]};
  const double weight = links_->weight(source, place);
  const double chance = hosts.all_fall() ? 1 : hosts.chance(target);
  if (chance <= 0) return std::nullopt;
  const auto from = static_cast<std::uint32_t>(source);
  const Instant end = std::min(infectious.until, Instant{} + Duration(horizon_));
  Instant at = infectious.from + link_delay(transmission_, wait, weight, chance);
  if (at >= end || raw(at) > at_[index(target)]) return std::nullopt;  // what stops it makes it no sooner
  if (!hosts.always_open())
    for (std::uint32_t k = 1; const auto next = hosts.refused(source, target, at); ++k) {
      if (*next == never || !repeats(transmission_)) return std::nullopt;
      const double u = draws_.both(Purpose::link, from, place / 2, k)[place % 2];
      at = *next + link_delay(transmission_, -natural_log(u), weight, chance);
      if (at >= end) return std::nullopt;
    }
  if (chance < 1 && !repeats(transmission_) && draws_.uniform(Purpose::link_effect, from, place) >= chance)
    return std::nullopt;
  return at;
}

/// Draws the links of hosts that fall soon, in lanes: none of it depends on what happens meanwhile.
void LinkWave::prepare(std::span<const Arrival> arrivals, const LinkHosts& hosts, Batch& batch) const {
  batch.hosts.clear();
  batch.at.clear();
  for (const Arrival& arrival : arrivals) {
    if (settled(arrival.host)) continue;  // something came earlier
    batch.hosts.push_back(HostId{arrival.host});
    batch.at.push_back(Instant{} + Duration(arrival.at));
  }
  batch.infectious.resize(batch.hosts.size());
  hosts.infectious(batch.hosts, batch.at, batch.infectious);
  gather(batch);
  draws_.both(Purpose::link, batch.from, batch.pair, batch.draws);
  find_least(batch);
  keep_timely(batch);
}

/// Puts the rows of all hosts one behind the other, in pairs of links.
void LinkWave::gather(Batch& batch) const {
  const std::size_t size = batch.hosts.size();
  batch.last.resize(size);
  batch.rows.resize(size);
  std::size_t all = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const Infectious& lasts = batch.infectious[i];
    const bool any = lasts.from < lasts.until && raw(lasts.from) < horizon_;
    batch.rows[i] = any ? links_->row(batch.hosts[i]) : std::span<const std::uint32_t>();
    all += (batch.rows[i].size() + 1) / 2;
    batch.last[i] = all;
  }
  const std::size_t padded = whole_lanes(all);
  batch.from.resize(padded);
  batch.pair.resize(padded);
  batch.draws.resize(2 * padded);
  std::uint32_t* const from = batch.from.data();
  std::uint32_t* const pairs = batch.pair.data();
  std::size_t at = 0;
  for (std::size_t i = 0; i < size; ++i)
    for (std::uint32_t pair = 0, last = static_cast<std::uint32_t>(batch.last[i] - at); pair < last; ++pair, ++at) {
      from[at] = static_cast<std::uint32_t>(batch.hosts[i]);
      pairs[at] = pair;
    }
}

/// Below these draws a link comes after its source has ended; a little less, so that rounding decides nothing.
void LinkWave::find_least(Batch& batch) const {
  batch.least.assign(batch.hosts.size(), -no_end);
  if (repeats(transmission_))
    for (std::size_t i = 0; i < batch.hosts.size(); ++i)
      if (const Infectious& lasts = batch.infectious[i]; lasts.until != never)
        batch.least[i] = -to_seconds(lasts.until - lasts.from) * links_->heaviest() / transmission_.scale;
  exponentials(batch.least);
  for (double& least : batch.least) least *= 1 - 1e-9;
}

/// Leaves out the links that are certain to come too late: their targets are never touched, and their logarithms
/// never taken.
void LinkWave::keep_timely(Batch& batch) const {
  batch.links.resize(batch.draws.size() + 1);
  batch.draws.resize(batch.draws.size() + lanes, 1);
  Batch::Link* const links = batch.links.data();
  double* const kept_draws = batch.draws.data();  // never ahead of what is read
  const std::uint64_t* const settled_bits = settled_.data();
  std::size_t kept = 0;
  const double* draws = batch.draws.data();
  for (std::size_t i = 0; i < batch.hosts.size(); ++i) {
    const double least = batch.least[i];
    const std::uint32_t* const row = batch.rows[i].data();
    const auto size = static_cast<std::uint32_t>(batch.rows[i].size());
    for (std::uint32_t k = 0; k < size; ++k) {
      const std::uint32_t to = row[k];
      const double draw = draws[k];
      const bool is_settled = (settled_bits[to / 64] >> to % 64 & 1) != 0;
      links[kept] = {to, k};
      kept_draws[kept] = draw;
      kept += (draw >= least) & !is_settled;
    }
    draws += (size + 1) / 2 * 2;
    batch.last[i] = kept;
  }
  natural_logs(std::span(batch.draws).first(whole_lanes(kept)));
  // One behind the other, so that many are under way at the same time.
  if (fetches_)
    for (std::size_t l = 0; l < kept; ++l) touch(at_[links[l].to]);
}

void LinkWave::spread(const Batch& batch, std::size_t source, const LinkHosts& hosts) {
  const Arrival arrival{raw(batch.at[source]), static_cast<std::uint32_t>(batch.hosts[source])};
  if (settled(arrival.host) || !falls(arrival, hosts)) return;
  ++infected_;
  settle(arrival.host, raw(batch.infectious[source].until));
  spread_over(batch, source, hosts);
}

void LinkWave::spread_over(const Batch& batch, std::size_t source, const LinkHosts& hosts) {
  const HostId host = batch.hosts[source];
  const Infectious infectious = batch.infectious[source];
  const std::int64_t end = std::min(raw(infectious.until), horizon_);
  for (std::size_t l = source == 0 ? 0 : batch.last[source - 1]; l < batch.last[source]; ++l) {
    const Batch::Link& link = batch.links[l];
    if (plain_) {
      const std::int64_t at = raw(infectious.from) + link_delay(transmission_, -batch.draws[l], 1, 1).count();
      if (at < end) arrive({at, link.to});
    } else {
      if (const auto at = attempt(host, link.place, -batch.draws[l], infectious, hosts)) arrive({raw(*at), link.to});
    }
  }
}

/// The earliest of those that came for the open buckets since they were opened.
void LinkWave::spread_late(const LinkHosts& hosts) {
  std::pop_heap(late_.begin(), late_.end(), [](const Arrival& a, const Arrival& b) { return precedes(b, a); });
  const Arrival arrival = late_.back();
  late_.pop_back();
  prepare({&arrival, 1}, hosts, one_);
  if (!one_.hosts.empty()) spread(one_, 0, hosts);
}

void LinkWave::run(const LinkHosts& hosts) {
  plain_ = hosts.all_fall() && hosts.always_open() && !links_->weighted() && repeats(transmission_);
  std::sort(entered_.begin(), entered_.end(), [](const Entered& a, const Entered& b) { return a.host < b.host; });
  while (open_next()) {
    // The links of the next batch are drawn, and their targets' memory is asked for, before this one's are followed.
    prepare(batch_at(0), hosts, batch_);
    for (std::size_t i = 0; i < open_.size(); i += batch_size) {
      if (fetches_) fetch_ahead(i);
      prepare(batch_at(i + batch_size), hosts, next_);
      for (std::size_t k = 0; k < batch_.hosts.size(); ++k) {
        const Arrival arrival{raw(batch_.at[k]), static_cast<std::uint32_t>(batch_.hosts[k])};
        while (!late_.empty() && precedes(late_.front(), arrival)) spread_late(hosts);
        spread(batch_, k, hosts);
      }
      std::swap(batch_, next_);
    }
    while (!late_.empty()) spread_late(hosts);
  }
}

std::span<const LinkWave::Arrival> LinkWave::batch_at(std::size_t at) const {
  const std::size_t first = std::min(at, open_.size());
  return std::span(open_).subspan(first, std::min(batch_size, open_.size() - first));
}

/// Most of a host's time would go by waiting for its memory: asked for some batches before its turn.
void LinkWave::fetch_ahead(std::size_t at) const {
  for (const Arrival& arrival : batch_at(at + 3 * batch_size))
    if (!settled(arrival.host)) {
      links_->touch_place(HostId{arrival.host});
      touch(until_[arrival.host]);
    }
  for (const Arrival& arrival : batch_at(at + 2 * batch_size))
    if (!settled(arrival.host)) links_->touch_row(HostId{arrival.host});
}

}  // namespace trustfall
