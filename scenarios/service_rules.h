#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what does not go together in services, and those that need one another in a circle.
void check_services(Document& document);

}  // namespace trustfall
