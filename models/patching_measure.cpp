#include <algorithm>

#include "models/measures.h"

namespace trustfall {
namespace {

constexpr Metric table[] = {
    {"hosts_patched", "hosts",
     "Windows hosts on which the patch holds at the horizon. This metric and the next three only where patching has "
     "rings or an adoption curve; in a comparison or sweep, in the scenario itself.",
     Better::higher},
    {"hosts_patched_during", "hosts", "Those of them on which it did not hold at the start.", Better::higher},
    {"practices_patched", "organisations",
     "GP practices that have the patch at the horizon on 90 % of their Windows hosts that can have it.",
     Better::higher},
    {"patching_downtime", "host-hours", "Work that installations by rings cost by the horizon, failed ones too."},
};

enum Curve : std::size_t { hosts, practices, curves };

constexpr Metric curve_table[] = {
    {"hosts_patched", "hosts", "Windows hosts on which the patch holds.", Better::neither},
    {"practices_patched", "organisations", "GP practices with the patch on 90 % of their hosts that can have it.",
     Better::neither},
};
static_assert(std::size(curve_table) == curves);

class Count {
 public:
  explicit Count(const Played& play)
      : play_(play), estate_(*play.model().estate), horizon_(play.model().horizon), curves_(play.model(), curves) {}

  void take(Outcome& outcome) {
    for (std::uint32_t o = 0; o < estate_.organisations(); ++o) add(OrganisationId{o});
    curves_.mark(hosts, Instant{}, at_start_);
    outcome.metrics.insert(outcome.metrics.end(),
                           {static_cast<double>(at_start_ + during_), static_cast<double>(during_),
                            static_cast<double>(practices_), static_cast<double>(downtime_.count()) / 3.6e6});
    curves_.append_to(outcome);
  }

 private:
  void add(OrganisationId organisation) {
    later_.clear();
    can_ = 0;
    const std::uint32_t before = at_start_;
    for (SegmentId s = estate_.first_segment(organisation); s < estate_.last_segment(organisation);
         s = SegmentId{static_cast<std::uint32_t>(s) + 1})
      add(s);
    if (estate_[organisation].kind == OrganisationKind::practice) add_practice(at_start_ - before);
  }

  void add(SegmentId segment) {
    const auto first = static_cast<std::uint32_t>(estate_.first_host(segment));
    courses_.assign(static_cast<std::uint32_t>(estate_.last_host(segment)) - first, {});
    play_.patched().courses(segment, courses_);
    for (std::uint32_t i = 0; i < courses_.size(); ++i) {
      const PatchCourse& course = courses_[i];
      if (!course.can || estate_.system(HostId{first + i}) == System::no_windows) continue;
      ++can_;
      if (course.install <= horizon_)
        downtime_ += std::chrono::duration_cast<std::chrono::milliseconds>(course.downtime);
      if (course.from == Instant{}) {
        ++at_start_;
      } else if (course.from <= horizon_) {
        ++during_;
        curves_.mark(hosts, course.from);
        later_.push_back(course.from);
      }
    }
  }

  void add_practice(std::uint32_t at_start) {
    const std::uint32_t needed = (9 * can_ + 9) / 10;  // rounded up
    if (can_ == 0 || at_start + later_.size() < needed) return;
    ++practices_;
    if (at_start >= needed) return curves_.mark(practices, Instant{});
    const auto last = later_.begin() + static_cast<std::ptrdiff_t>(needed - at_start - 1);
    std::nth_element(later_.begin(), last, later_.end());
    curves_.mark(practices, *last);
  }

  const Played& play_;
  const Estate& estate_;
  Instant horizon_;
  Curves curves_;
  std::vector<PatchCourse> courses_;  // of a segment
  std::vector<Instant> later_;        // of an organisation: when hosts get the patch after the start
  std::uint32_t can_ = 0;             // of an organisation: hosts that can have it
  std::uint32_t at_start_ = 0;
  std::uint32_t during_ = 0;
  std::uint32_t practices_ = 0;
  std::chrono::milliseconds downtime_{};  // an integer, so that its sum does not depend on the order
};

bool goes_on(const Model& model) { return model.patching.adoption || !model.patching.rings.empty(); }

}  // namespace

const Measure patching_measure = {table, curve_table, goes_on,
                                  [](const Played& play, Outcome& outcome) { Count(play).take(outcome); }};

}  // namespace trustfall
