#pragma once

#include "scenarios/document.h"

namespace trustfall {

/// What the schema cannot say of matrices of networks.
void check_segmentation(Document& document);

}  // namespace trustfall
