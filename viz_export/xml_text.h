#pragma once

#include <string>

namespace trustfall {

/// The text without what XML 1.0 forbids: bytes that are no UTF-8, control characters, and U+FFFE and U+FFFF.
std::string xml_text(const std::string& text);

}  // namespace trustfall
