#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what does not go together in what becomes of an infected host: its silence, and its second infection.
void check_course(Document& document);

}  // namespace trustfall
