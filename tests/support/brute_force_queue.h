#pragma once

#include <cstddef>

// What is still to come in the brute-force oracle.

namespace trustfall::oracle {

enum class What {
  attempt,
  link,
  outside,
  entry,
  infectious,
  inactive,
  detected,
  isolate,
  reconnect,
  restore,
  cut,
  uncut,
  power_on
};

struct Happening {
  double time;
  What what;
  std::size_t subject;
  std::size_t detail;
  bool operator<(const Happening& other) const { return time > other.time; }  // earliest on top
};

}  // namespace trustfall::oracle
