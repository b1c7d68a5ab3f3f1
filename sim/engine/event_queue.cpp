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
  shift_ = 0;
  while (horizon.time_since_epoch().count() >> (shift_ + narrow_bits + wide_bits) != 0) ++shift_;
  open_at_ = last_narrow;
  open_.clear();
  late_.clear();
  narrow_.assign(last_narrow + 1, none);
  wide_.assign(std::size_t{1} << wide_bits, none);
  chunks_.clear();
  free_ = none;
}

void EventQueue::put(Bucket& bucket, const Event& event) {
  if (bucket == none || chunks_[bucket].size == Chunk::most) {
    std::uint32_t fresh = free_;
    if (fresh == none) {
      fresh = static_cast<std::uint32_t>(chunks_.size());
      chunks_.emplace_back();
    } else {
      free_ = chunks_[fresh].next;
    }
    chunks_[fresh].size = 0;
    chunks_[fresh].next = bucket;
    bucket = fresh;
  }
  Chunk& chunk = chunks_[bucket];
  chunk.events[chunk.size++] = event;
}

void EventQueue::take(Bucket& bucket) {
  while (bucket != none) {
    Chunk& chunk = chunks_[bucket];
    open_.insert(open_.end(), chunk.events, chunk.events + chunk.size);
    const std::uint32_t next = chunk.next;
    chunk.next = free_;
    free_ = bucket;
    bucket = next;
  }
}

void EventQueue::push(const Event& event) {
  if (event.time >= horizon_) return;
  const std::size_t bucket = bucket_of(event);
  if (bucket > open_at_)
    return put(bucket >> narrow_bits == open_at_ >> narrow_bits ? narrow_[bucket & last_narrow]
                                                                : wide_[bucket >> narrow_bits],
               event);
  late_.push_back(event);
  std::push_heap(late_.begin(), late_.end(), ComesLater{});
}

bool EventQueue::late_first() const {
  return !late_.empty() && (open_.empty() || comes_later(open_.back(), late_.front()));
}

/// Opens the next bucket, which may be empty; false when there is none.
bool EventQueue::open_next() {
  if ((open_at_ & last_narrow) != last_narrow) {
    take(narrow_[++open_at_ & last_narrow]);
  } else {
    const std::size_t next = (open_at_ >> narrow_bits) + 1;
    if (next == wide_.size()) return false;
    take(wide_[next]);
    open_at_ = (next << narrow_bits) + last_narrow;
    if (open_.size() > few) {
      for (const Event& event : open_) put(narrow_[bucket_of(event) & last_narrow], event);
      open_.clear();
      open_at_ = next << narrow_bits;
      take(narrow_[0]);
    }
  }
  std::sort(open_.begin(), open_.end(), ComesLater{});
  return true;
}

const Event* EventQueue::top() {
  while (open_.empty() && late_.empty())
    if (!open_next()) return nullptr;
  return late_first() ? &late_.front() : &open_.back();
}

void EventQueue::pop() {
  if (!late_first()) return open_.pop_back();
  std::pop_heap(late_.begin(), late_.end(), ComesLater{});
  late_.pop_back();
}

std::size_t EventQueue::bytes() const {
  return (open_.capacity() + late_.capacity()) * sizeof(Event) + chunks_.capacity() * sizeof(Chunk) +
         (narrow_.capacity() + wide_.capacity()) * sizeof(Bucket);
}

}  // namespace trustfall
