#pragma once

#include "models/model.h"

namespace trustfall {

/// What an infection comes to. Nothing that happens to others changes it, so it is known as soon as the host falls.
/// Each moment is `never` where it does not come.
struct Course {
  Instant infectious = never;  // scans, and tries its links, from here on
  Instant until = never;       // and no more from here on
  // The same two if nobody did anything about it.
  Instant ready = never;
  Instant spent = never;
  Instant encrypted = never;
  Instant detected = never;
  Instant isolated = never;  // by itself; wider isolations are nobody's own
  Instant restored = never;
};

/// Where a host that is infected at `infected` goes. `encrypted` is when all its data would be encrypted if nobody
/// stopped it; `episode` how often it has fallen before; `published` when signatures are, if the warning decides
/// that.
Course follow(const Model& model, HostId host, Instant infected, Instant encrypted, const Draws& draws,
              std::uint32_t episode = 0, Instant published = never);

}  // namespace trustfall
