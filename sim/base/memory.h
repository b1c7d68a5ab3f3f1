#pragma once

#include <cstddef>
#include <vector>

namespace trustfall {

/// Asks the system to keep these bytes in large pages, where it has them: random reads of a large table then find
/// their page in a small one. Changes no number; does nothing where there is no such call.
void prefer_large_pages(const void* from, std::size_t bytes);

template <class T>
void prefer_large_pages(const std::vector<T>& column) {
  prefer_large_pages(column.data(), column.size() * sizeof(T));
}

/// Has the memory of a value brought near before it is needed: by reading it, as nothing waits for what is read. (A
/// prefetch is dropped where the address of the page is not at hand, which in large tables is the rule.)
template <class T>
void touch(const T& value) {
  static_cast<void>(*static_cast<const volatile T*>(&value));
}

}  // namespace trustfall
