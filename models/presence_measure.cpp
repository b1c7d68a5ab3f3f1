#include "models/measures.h"

namespace trustfall {
namespace {

constexpr Metric curve_table[] = {
    {"hosts_infected_now", "hosts",
     "Hosts that have the worm: of those infected so far, all that are not rid of it. Only where worm.reinfects is "
     "set; in a comparison or sweep, in the scenario itself.",
     Better::neither},
};

void take(const Played& play, Outcome& outcome) {
  Curves curves(play.model(), std::size(curve_table));
  play.each_step([&](const Step& step) {
    if (step.what == Transition::infected) curves.mark(0, step.time);
    if (step.what == Transition::cleared) curves.mark(0, step.time, -1u);
  });
  curves.append_to(outcome);
}

}  // namespace

const Measure presence_measure = {{}, curve_table, [](const Model& model) { return model.worm.again; }, take};

}  // namespace trustfall
