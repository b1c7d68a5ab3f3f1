#include "sim/engine/event_queue.h"

#include <algorithm>

namespace trustfall {

bool EventQueue::ComesLater::operator()(const Entry& a, const Entry& b) const {
  if (a.key != b.key) return a.key > b.key;
  return a.subject != b.subject ? a.subject > b.subject : a.detail > b.detail;
}

void EventQueue::reset(Instant horizon) {
  horizon_ = horizon;
  shift_ = 0;
  while (horizon.time_since_epoch().count() >> (shift_ + narrow_bits + wide_bits) != 0) ++shift_;
  open_at_ = last_narrow;
  open_.clear();
  late_.clear();
  later_.reset(first_wide + last_wide + 1);
}

void EventQueue::push(const Event& event) {
  if (event.time >= horizon_) return;
  const auto ticks = static_cast<std::uint64_t>(event.time.time_since_epoch().count());
  const Entry entry{(ticks << kind_bits) | static_cast<std::uint64_t>(event.kind), event.subject, event.detail};
  const std::size_t bucket = bucket_of(entry);
  if (bucket > open_at_)
    return later_.put(bucket >> narrow_bits == open_at_ >> narrow_bits ? bucket & last_narrow
                                                                       : first_wide + (bucket >> narrow_bits),
                      entry);
  late_.push_back(entry);
  std::push_heap(late_.begin(), late_.end(), ComesLater{});
}

bool EventQueue::late_first() const {
  return !late_.empty() && (open_.empty() || ComesLater{}(open_.back(), late_.front()));
}

/// Opens the next bucket, which may be empty; false when there is none.
bool EventQueue::open_next() {
  if ((open_at_ & last_narrow) != last_narrow) {
    later_.take(++open_at_ & last_narrow, open_);
  } else {
    const std::size_t next = (open_at_ >> narrow_bits) + 1;
    if (next > last_wide) return false;
    later_.take(first_wide + next, open_);
    open_at_ = (next << narrow_bits) + last_narrow;
    if (open_.size() > few) {
      for (const Entry& entry : open_) later_.put(bucket_of(entry) & last_narrow, entry);
      open_.clear();
      open_at_ = next << narrow_bits;
      later_.take(0, open_);
    }
  }
  std::sort(open_.begin(), open_.end(), ComesLater{});
  return true;
}

Instant EventQueue::next() {
  while (open_.empty() && late_.empty())
    if (!open_next()) return never;
  const Entry& first = late_first() ? late_.front() : open_.back();
  return Instant{} + Duration(static_cast<std::int64_t>(first.key >> kind_bits));
}

Event EventQueue::pop() {
  Entry first;
  if (late_first()) {
    first = late_.front();
    std::pop_heap(late_.begin(), late_.end(), ComesLater{});
    late_.pop_back();
  } else {
    first = open_.back();
    open_.pop_back();
  }
  return {Instant{} + Duration(static_cast<std::int64_t>(first.key >> kind_bits)),
          static_cast<EventKind>(first.key & ((1u << kind_bits) - 1)), first.subject, first.detail};
}

std::size_t EventQueue::bytes() const {
  return (open_.capacity() + late_.capacity()) * sizeof(Entry) + later_.bytes();
}

}  // namespace trustfall
