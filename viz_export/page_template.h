#pragma once

#include <string_view>

namespace trustfall {

/// viz_export/page/template.html, as it was when the program was built.
std::string_view page_template();

}  // namespace trustfall
