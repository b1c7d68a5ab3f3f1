#include "scenarios/vertex_ids.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "sim/base/memory.h"

namespace trustfall {

std::pair<std::uint32_t, bool> VertexIds::number(std::string_view id) {
  if (4 * (std::size_t{count_} + 1) > 3 * slots_.size()) grow();
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(id));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].text != nullptr; at = (at + 1) & mask)
    if (slots_[at].hash == hash && id_in(slots_[at]) == id) return {slots_[at].number, false};
  slots_[at] = {keep(id), hash, count_};
  return {count_++, true};
}

std::string_view VertexIds::id_of(std::uint32_t number) const {
  return id_in(*std::find_if(slots_.begin(), slots_.end(),
                             [=](const Slot& slot) { return slot.text != nullptr && slot.number == number; }));
}

std::string_view VertexIds::id_in(const Slot& slot) {
  std::uint32_t size = 0;
  std::memcpy(&size, slot.text, sizeof size);
  return {slot.text + sizeof size, size};
}

const char* VertexIds::keep(std::string_view id) {
  const auto size = static_cast<std::uint32_t>(id.size());
  char* text = static_cast<char*>(texts_.allocate(sizeof size + id.size(), 1));
  std::memcpy(text, &size, sizeof size);
  std::copy(id.begin(), id.end(), text + sizeof size);
  return text;
}

void VertexIds::grow() {
  std::vector<Slot> larger(std::max<std::size_t>(2 * slots_.size(), 64));
  prefer_large_pages(larger);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.text == nullptr) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].text != nullptr) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace trustfall
