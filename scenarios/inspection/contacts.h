#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/inspection/exposure.h"

namespace trustfall {

/// Links over which hosts that may fall may infect each other at the start of one replicate: closed ones, and those
/// to hosts that are protected, are left out. Hosts are known by their position in Vulnerable::hosts.
class Contacts {
 public:
  Contacts(const Model& model, const Openings& openings, const Vulnerable& vulnerable);

  bool any() const { return !contacts_.empty(); }
  /// Calls take(other, hits) for each host that this one is in contact with: while it is active for so many seconds,
  /// the other is spared with the chance exp(-hits). Infinite where it never is.
  template <class Take>
  void each(std::size_t host, double active, const Take& take) const {
    if (!any()) return;
    for (std::size_t c = first_[host]; c < first_[host + 1];) {
      const std::uint32_t to = contacts_[c].to;
      double hits = 0;
      for (; c < first_[host + 1] && contacts_[c].to == to; ++c) hits += this->hits(contacts_[c], active);
      take(std::size_t{to}, hits);
    }
  }
  /// The hits of one host on another; 0 where no link leads there.
  double hits(std::size_t from, std::size_t to, double active) const;

 private:
  struct Contact {
    std::uint32_t to;
    std::uint32_t time;  // index in `times_`
    double weight;
    double chance;  // that an attempt has an effect
  };
  /// Of an attempt. Without quantiles exponential, and then it comes again and again.
  struct Time {
    double mean;
    std::vector<double> quantiles;  // in the middle of equal parts, ascending
  };
  struct Used;

  Time time_of(const Distribution& transmission) const;
  void add(const Used& used, const Vulnerable& vulnerable, std::size_t host);
  double hits(const Contact& contact, double active) const;

  const Model* model_;
  const Openings* openings_;
  std::vector<Time> times_;
  std::vector<std::uint32_t> place_of_;  // by host: its position, or `absent`
  std::vector<std::size_t> first_;       // by position, one more than there are
  std::vector<Contact> contacts_;        // row by row, by `to`
};

}  // namespace trustfall
