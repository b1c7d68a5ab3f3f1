#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what does not go together in the controls.
void check_controls(Document& document);

}  // namespace trustfall
