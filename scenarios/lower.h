#pragma once

#include "models/model.h"
#include "scenarios/document.h"

namespace trustfall {

/// The plain value behind a section of the schema: units were checked at the door and are gone.
Distribution lower(const schema::Distribution& distribution);

/// The hosts that match; warns when there are none.
Selector select(Document& document, const Estate& estate, const schema::Where& where, const std::string& path);

/// Resolves the worm, the controls and the entries of a scenario against its estate. What turns out to be wrong only
/// now (a part of the estate in which there is no host, say) is added to the document's mistakes.
Model lower(Document& document, const Estate& estate);

}  // namespace trustfall
