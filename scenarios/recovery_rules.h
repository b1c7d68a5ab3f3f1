#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// Reports what does not go together in backups and recovery.
void check_recovery(Document& document);

}  // namespace trustfall
