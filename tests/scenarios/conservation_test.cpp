#include "models/play.h"
#include "scenarios/experiment.h"
#include "tests/scenarios/reading.h"

using namespace trustfall;

namespace {

/// A host is in one state at a time, goes from each only to what can follow it, and comes back only once it was lost.
void check_courses(const Play& play) {
  std::vector<std::uint8_t> infected(play.model().estate->hosts());
  std::size_t lost = 0, back = 0, wrong = 0;
  for (const Step& step : play.trace()) {
    std::uint8_t& has_worm = infected[index(step.host)];
    switch (step.what) {
      case Transition::infected:
        wrong += has_worm;
        has_worm = 1;
        ++lost;
        break;
      case Transition::stopped:
      case Transition::crashed:
        wrong += has_worm;
        break;
      case Transition::encrypted:
      case Transition::detected:
        wrong += !has_worm;
        break;
      case Transition::restored:
        wrong += !has_worm;
        has_worm = 0;
        ++back;
        break;
      case Transition::cleared:  // after a restoring, or by itself
        has_worm = 0;
        break;
      case Transition::recovered:
      case Transition::isolated:
        break;
    }
  }
  CHECK(wrong == 0);
  CHECK(back <= lost);
  CHECK(play.consistent());
}

}  // namespace

TEST_CASE("In every shipped scenario, under every strategy, hosts, people and lines are conserved", "[slow]") {
  const std::filesystem::path scenarios = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "scenarios";
  std::size_t plays = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scenarios)) {
    if (entry.path().extension() != ".yaml") continue;
    std::vector<InputFile> inputs;
    const ReadFile read_file = files_beside(entry.path().string());
    Document plain = read_scenario(entry.path().string(), {}, {});
    std::shared_ptr<const Experiment> like = build_experiment(plain, read_file, inputs);
    std::vector<std::string> strategies = {""};
    for (const auto& strategy : plain.scenario.strategies()) strategies.push_back(strategy.name());
    for (const std::string& strategy : strategies) {
      INFO(entry.path().filename().string() << ", " << strategy);
      Document document = read_scenario(entry.path().string(), {}, strategy);
      const auto experiment = build_experiment(document, read_file, inputs, like.get());
      const bool large = experiment->estate.hosts() > 100000;
      Play play(experiment->model, Draws(401, 0));
      for (std::uint32_t r = 0; r < (large ? 1u : 10u); ++r) {
        play.reset(Draws(401, r));
        play.run();
        check_courses(play);
        ++plays;
      }
    }
  }
  CHECK(plays > 100);
}
