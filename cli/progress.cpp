#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>

namespace trustfall {
namespace {

std::string span_text(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

bool can_redraw() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) && term != nullptr && std::strcmp(term, "dumb") != 0;
}

Progress::Progress(bool wanted, std::string_view of_what) : shown_(wanted && can_redraw()), of_what_(of_what) {}

Progress::~Progress() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
}

void Progress::show(std::uint32_t done, std::uint32_t of) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || (done < of && now - last_ < std::chrono::milliseconds(100))) return;
  last_ = now;
  constexpr int width = 32;
  const int full = static_cast<int>(std::uint64_t{done} * width / of);
  const double spent = std::chrono::duration<double>(now - start_).count();
  const double left = spent / done * (of - done);
  std::cerr << "\r\033[K[" << std::string(static_cast<std::size_t>(full), '=')
            << std::string(static_cast<std::size_t>(width - full), ' ')
            << fmt::format("] {} of {} {}, {} left", done, of, of_what_, span_text(left)) << std::flush;
}

}  // namespace trustfall
