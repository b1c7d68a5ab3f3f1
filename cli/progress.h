#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace trustfall {

/// Whether standard error is a terminal that can redraw a line.
bool can_redraw();

/// A bar with the time left, on standard error, when that is a terminal; silent elsewhere.
class Progress {
 public:
  explicit Progress(bool wanted, std::string_view of_what = "replicates");
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint32_t done, std::uint32_t of);

 private:
  bool shown_;
  std::string of_what_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace trustfall
