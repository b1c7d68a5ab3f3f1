#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// What the schema cannot say of how hosts are patched.
void check_patching(Document& document);

}  // namespace trustfall
