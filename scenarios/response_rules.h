#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what does not go together in detection, the warning, orders and variants of the worm.
void check_response(Document& document);

}  // namespace trustfall
