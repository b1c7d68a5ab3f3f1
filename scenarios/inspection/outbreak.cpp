#include "scenarios/inspection/outbreak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/base/numeric.h"

namespace trustfall {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Attempts on each address of the zones of one segment, by the place of the zone among them.
using Attempts = std::array<double, 16>;

/// One segment, and what its hosts can do to each other and through its zones. Hosts are counted from its first.
class Home {
 public:
  Home(const Outset& outset, SegmentId segment)
      : outset_(outset),
        begin_(outset.vulnerable.first[index(segment)]),
        size_(outset.vulnerable.first[index(segment) + 1] - begin_) {
    const Estate& estate = *outset.model.estate;
    for (const ZoneOfSegment of : estate.zones_of(segment)) {
      const Zone& zone = estate[of.zone];
      const double rate = outset.model.worm.rates[zone.kind] / zone.addresses;
      if (rate <= 0) continue;
      memberships_.push_back(of.membership);
      const std::uint16_t lane = outset.openings.lane(zone.kind, estate[segment].network);
      zones_.push_back({rate, outset.openings.outbound(of.membership), outset.openings.inbound(of.membership, lane)});
    }
  }

  std::size_t size() const { return size_; }
  bool scanned() const { return !zones_.empty(); }
  std::span<const std::uint32_t> memberships() const { return memberships_; }
  const Vulnerable::Host& host(std::size_t h) const { return outset_.vulnerable.hosts[begin_ + h]; }
  double risk(std::size_t h) const { return outset_.risk[begin_ + h]; }
  const ActiveTimes::Sample& sample(std::size_t h, std::size_t course) const {
    return outset_.sample(begin_ + h, course);
  }

  /// Adds the attempts of one that is active for so long.
  void add(std::size_t h, double active, Attempts& attempts) const {
    for (std::size_t z = 0; z < zones_.size(); ++z)
      if ((zones_[z].out & only(host(h).device)) != 0) attempts[z] += zones_[z].rate * active;
  }
  /// Those on one host of the segment.
  double on(DeviceClass device, const Attempts& attempts) const {
    double sum = 0;
    for (std::size_t z = 0; z < zones_.size(); ++z)
      if ((zones_[z].in & only(device)) != 0) sum += attempts[z];
    return sum;
  }
  /// Calls take(other, hits) for those of the segment that one is in contact with, or beyond(other, hits) with the
  /// position among all vulnerable hosts.
  template <class Take, class Beyond>
  void each_contact(std::size_t h, double active, const Take& take, const Beyond& beyond) const {
    outset_.contacts.each(begin_ + h, active, [&](std::size_t to, double hits) {
      to - begin_ < size_ ? take(to - begin_, hits) : beyond(to, hits);
    });
  }

 private:
  struct Scanned {
    double rate;    // on each address
    DeviceSet out;  // who makes attempts
    DeviceSet in;   // whom these reach in the segment itself
  };
  const Outset& outset_;
  std::size_t begin_;
  std::size_t size_;
  std::vector<std::uint32_t> memberships_;  // in zones that are scanned
  std::vector<Scanned> zones_;              // likewise
};

constexpr auto nothing = [](std::size_t, double) {};

/// Draws outbreaks of one segment, whoever brought the worm there.
class SegmentOutbreak {
 public:
  explicit SegmentOutbreak(const Home& home) : home_(home) {}

  /// Draws one course: who falls in it.
  void draw(const Draws& luck, std::size_t course) {
    course_ = course;
    attempts_ = {};
    fallen_.clear();
    cut_ = infinite;
    down_.assign(home_.size(), 0);
    by_link_.assign(home_.size(), 0);
    draw_patience(luck);
    fall(first());
    for (std::size_t next = 0; next < fallen_.size();) {
      while (next < fallen_.size()) attack(fallen_[next++]);
      for (std::size_t h = 0; home_.scanned() && h < home_.size(); ++h) fall_if_due(h);
    }
  }
  /// What those who fell in it attempt until they are cut off.
  Attempts attempts() const {
    Attempts attempts{};
    for (const std::size_t h : fallen_) home_.add(h, active(h), attempts);
    return attempts;
  }
  /// Calls take(other, hits) for hosts of other segments.
  template <class Take>
  void each_beyond(const Take& take) const {
    for (const std::size_t h : fallen_) home_.each_contact(h, active(h), nothing, take);
  }

 private:
  double active(std::size_t h) const { return std::min(home_.sample(h, course_).active, cut_); }
  void draw_patience(const Draws& luck) {
    patience_.clear();
    for (std::size_t h = 0; h < home_.size(); ++h)
      patience_.push_back(-natural_log(luck.uniform(
          Purpose::threshold, static_cast<std::uint32_t>(home_.host(h).host), static_cast<std::uint32_t>(no_zone))));
  }
  /// Which of them is the first goes by their risks, and the rest begin anew there.
  std::size_t first() {
    std::size_t first = 0;
    double least = infinite;
    for (std::size_t h = 0; h < home_.size(); ++h)
      if (const double reached = patience_[h] / home_.risk(h); reached < least) first = h, least = reached;
    for (std::size_t h = 0; h < home_.size(); ++h) patience_[h] -= least * home_.risk(h);
    return first;
  }
  void fall(std::size_t h) {
    down_[h] = 1;
    fallen_.push_back(h);
  }
  void fall_if_due(std::size_t h) {
    const Vulnerable::Host& host = home_.host(h);
    if (!down_[h] && host.chance * home_.on(host.device, attempts_) + by_link_[h] >= patience_[h]) fall(h);
  }
  void attack(std::size_t h) {
    const ActiveTimes::Sample& sample = home_.sample(h, course_);
    cut_ = std::min(cut_, sample.cut);
    home_.add(h, sample.active, attempts_);
    home_.each_contact(
        h, sample.active,
        [&](std::size_t to, double hits) {
          by_link_[to] += hits;
          fall_if_due(to);
        },
        nothing);
  }

  const Home& home_;
  std::size_t course_ = 0;
  Attempts attempts_{};              // by all that fell, as if never cut off
  double cut_ = infinite;            // seconds until the segment is
  std::vector<double> patience_;     // hits that a host stands
  std::vector<double> by_link_;      // hits that it has had over links
  std::vector<std::uint8_t> down_;   // by host
  std::vector<std::size_t> fallen_;  // in their order
};

/// What single hosts of a segment do to the others of it.
class ByThemselves {
 public:
  ByThemselves(const Outset& outset, const Home& home) : outset_(outset), home_(home) {
    for (std::size_t h = 0; h < home.size(); ++h) {
      const Vulnerable::Host& host = home.host(h);
      const auto alike = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
        return group.device == host.device && group.chance == host.chance;
      });
      if (alike == groups_.end())
        groups_.push_back({host.device, host.chance, 1});
      else
        ++alike->hosts;
    }
  }

  /// Others of the segment that one infects.
  double infected(std::size_t h, std::size_t course) const {
    Attempts attempts{};
    const double active = home_.sample(h, course).active;
    home_.add(h, active, attempts);
    const auto spared = [&](DeviceClass device, double chance) {
      return std::exp(-chance * home_.on(device, attempts));
    };
    const Vulnerable::Host& itself = home_.host(h);
    double sum = spared(itself.device, itself.chance) - 1;
    for (const Group& group : groups_) sum += group.hosts * (1 - spared(group.device, group.chance));
    home_.each_contact(
        h, active,
        [&](std::size_t to, double hits) {
          const Vulnerable::Host& other = home_.host(to);
          sum -= spared(other.device, other.chance) * std::expm1(-hits);
        },
        nothing);
    return sum;
  }
  /// Of these the one that it has the worm from, in an estate of one segment.
  double back(std::size_t h, std::size_t course) const {
    double sum = 0;
    home_.each_contact(
        h, home_.sample(h, course).active,
        [&](std::size_t to, double hits) {
          sum += std::expm1(-hits) * std::expm1(-outset_.contacts.hits(to, h, home_.sample(to, course).active));
        },
        nothing);
    return sum / home_.risk(h);
  }

 private:
  struct Group {
    DeviceClass device;
    double chance;
    double hosts;
  };
  const Outset& outset_;
  const Home& home_;
  std::vector<Group> groups_;  // of equal hosts
};

}  // namespace

Outbreaks draw_outbreaks(const Outset& outset, std::size_t courses, std::uint64_t seed) {
  const Estate& estate = *outset.model.estate;
  Outbreaks drawn{courses, std::vector<double>(estate.memberships().size() * courses), {}};
  std::vector<double> hits_on(estate.segments());
  std::vector<std::uint32_t> touched;
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Home home(outset, SegmentId{s});
    if (home.size() == 0) continue;
    SegmentOutbreak outbreak(home);
    for (std::uint32_t course = 0; course < courses; ++course) {
      outbreak.draw(Draws(seed, course), course);
      const Attempts attempts = outbreak.attempts();
      for (std::size_t z = 0; z < home.memberships().size(); ++z)
        drawn.attempts[home.memberships()[z] * courses + course] = attempts[z];
      outbreak.each_beyond([&](std::size_t to, double hits) {
        const auto segment = static_cast<std::uint32_t>(outset.vulnerable.hosts[to].segment);
        if (hits > 0 && hits_on[segment] == 0) touched.push_back(segment);
        hits_on[segment] += hits;
      });
      for (const std::uint32_t target : touched)
        drawn.direct.push_back({s, course, target, std::exchange(hits_on[target], 0)});
      touched.clear();
    }
  }
  return drawn;
}

double infected_within(const Outset& outset) {
  const Estate& estate = *outset.model.estate;
  const std::size_t hosts = outset.vulnerable.hosts.size();
  double within = 0;
  for (std::uint32_t s = 0; s < estate.segments(); ++s) {
    const Home home(outset, SegmentId{s});
    if (home.size() == 0) continue;
    const ByThemselves alone(outset, home);
    double infected = 0;
    double risk = 0;
    for (std::size_t h = 0; h < home.size(); ++h) {
      if (!(home.risk(h) > 0)) continue;
      risk += home.risk(h);
      for (std::size_t course = 0; course < outset.courses; ++course)
        infected += home.risk(h) * (alone.infected(h, course) - (estate.segments() == 1 ? alone.back(h, course) : 0));
    }
    within += infected / static_cast<double>(outset.courses) / risk * static_cast<double>(home.size()) /
              static_cast<double>(hosts);
  }
  return within;
}

}  // namespace trustfall
