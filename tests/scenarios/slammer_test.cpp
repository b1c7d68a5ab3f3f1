#include <cmath>

#include "scenarios/experiment.h"
#include "scenarios/files.h"
#include "scenarios/infection_times.h"
#include "tests/scenarios/reading.h"

using namespace trustfall;

namespace {

struct Found {
  std::vector<double> nine_tenths;  // seconds
  std::vector<double> peak;         // attempts per second
};

Found play_slammer(const std::vector<std::string>& settings, std::uint32_t replicates) {
  const auto path = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "scenarios" / "slammer.yaml";
  Document document = read_scenario_text(path.string(), contents(path), settings);
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path.string()), inputs);
  Found found;
  const auto player = player_maker(experiment, [&](const Played& play) {
    found.nine_tenths.push_back(time_to(infection_times(play), 67500));
    found.peak.push_back(play.peak_attempts_per_second());
    return Outcome{};
  })();
  for (std::uint32_t r = 0; r < replicates; ++r) player->play(r);
  return found;
}

}  // namespace

// With these lines it does as it was observed to: history_worms_test.cpp.
TEST_CASE("Without the lines of organisations Slammer would make 350 million attempts a second") {
  // The mean of one host is 26,000 x 15 % + 3,000 x 20 % + 260 x 65 % = 4,669; of 75,000 it is known to 5 million.
  const Found found = play_slammer({"worm.uplinks.organisation=null"}, 4);
  const Found limited = play_slammer({}, 4);
  for (const double peak : found.peak) CHECK(std::fabs(peak - 350.2e6) < 5 * 2.5e6);
  for (std::size_t r = 0; r < 4; ++r) CHECK(found.nine_tenths[r] < limited.nine_tenths[r] - 60);
}

TEST_CASE("Shares of a scanner become rates by zone, and a pace keeps the mean") {
  std::string text = minimal();
  const std::string attempts = "attempts: {lan: 4/s}";
  text.replace(text.find(attempts), attempts.size(),
               "scanning: {rate: 4/s, shares: {lan: 75%, wan: 25%}}, pace: {lognormal: {median: 7, sigma: 1.2}}, "
               "uplinks: {organisation: {cap: 9/s, beyond: [wan]}, host: {cap: 2/s, beyond: [lan, wan]}}");
  const std::string zones = "zones: {lan: {pool: everyone, addresses: 256}}";
  text.replace(text.find(zones), zones.size(),
               "zones: {lan: {pool: everyone, addresses: 256}, wan: {pool: everyone, addresses: 5000}}");
  Document document = read(text);
  REQUIRE(told(document).empty());
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside("text.yaml"), inputs);
  const Worm& worm = experiment->model.worm;
  CHECK(worm.rates == std::vector<double>{3, 1});
  // The mean of a lognormal is median exp(sigma^2 / 2).
  CHECK(worm.pacing.pace->scale == Approx(std::exp(-0.72)));
  REQUIRE(worm.pacing.uplinks.size() == 2);
  CHECK(worm.pacing.uplinks[0].of == Uplink::Of::host);  // from the inside out
  CHECK(worm.pacing.uplinks[0].beyond == std::vector<std::uint8_t>{1, 1});
  CHECK(worm.pacing.uplinks[1].beyond == std::vector<std::uint8_t>{0, 1});
}
