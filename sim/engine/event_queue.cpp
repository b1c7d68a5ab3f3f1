#include "sim/engine/event_queue.h"

#include <algorithm>

namespace trustfall {

namespace {

/// A type, so that the heap's comparisons are inlined.
struct ComesLater {
  bool operator()(const Event& a, const Event& b) const { return comes_later(a, b); }
};

}  // namespace

void EventQueue::reset(Instant horizon) {
  horizon_ = horizon;
  width_ = horizon.time_since_epoch().count() / static_cast<std::int64_t>(bucket_count) + 1;
  current_ = 0;
  open_.clear();
  late_.clear();
  buckets_.resize(bucket_count);
  for (auto& bucket : buckets_) bucket.clear();
}

void EventQueue::push(const Event& event) {
  if (event.time >= horizon_) return;
  const auto bucket = static_cast<std::size_t>(event.time.time_since_epoch().count() / width_);
  if (bucket > current_) {
    buckets_[bucket].push_back(event);
  } else {
    late_.push_back(event);
    std::push_heap(late_.begin(), late_.end(), ComesLater{});
  }
}

bool EventQueue::late_first() const {
  return !late_.empty() && (open_.empty() || comes_later(open_.back(), late_.front()));
}

const Event* EventQueue::top() {
  while (open_.empty() && late_.empty() && current_ + 1 < bucket_count) {
    open_.swap(buckets_[++current_]);
    std::sort(open_.begin(), open_.end(), ComesLater{});
  }
  if (late_first()) return &late_.front();
  return open_.empty() ? nullptr : &open_.back();
}

void EventQueue::pop() {
  if (!late_first()) return open_.pop_back();
  std::pop_heap(late_.begin(), late_.end(), ComesLater{});
  late_.pop_back();
}

}  // namespace trustfall
