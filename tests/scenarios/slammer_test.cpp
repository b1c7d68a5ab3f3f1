#include "models/metrics.h"
#include "scenarios/experiment.h"
#include "scenarios/files.h"
#include "tests/scenarios/reading.h"
#include "tests/support/statistics.h"

using namespace trustfall;

// Observed: doubling every 8.5 s at first, 55 million attempts a second at the peak, more than 90 % of at least
// 75,000 hosts within ten minutes (Moore and others, IEEE Security & Privacy 1(4), 2003, and the press on it). The
// first is what the lines of the hosts were chosen for, the second what those of the organisations were chosen for.

namespace {

struct Found {
  std::vector<double> doubling;     // seconds, between 375 and 3,000 hosts
  std::vector<double> nine_tenths;  // seconds from 375 hosts on
  std::vector<double> peak;         // attempts per second
};

Found play_slammer(const std::vector<std::string>& settings, std::uint32_t replicates) {
  const auto path = std::filesystem::path(TRUSTFALL_SOURCE_DIR) / "scenarios" / "slammer.yaml";
  Document document = read_scenario_text(path.string(), contents(path), settings);
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path.string()), inputs);
  const auto player = player_maker(experiment)();
  Found found;
  for (std::uint32_t r = 0; r < replicates; ++r) {
    found.peak.push_back(player->play(r).metrics.back());
    std::vector<double> times;
    for (const Step& step : player->trace())
      if (step.what == Transition::infected) times.push_back(to_seconds(step.time.time_since_epoch()));
    REQUIRE(times.size() > 67500);
    found.doubling.push_back((times[3000] - times[375]) / 3);
    found.nine_tenths.push_back(times[67500]);
  }
  return found;
}

}  // namespace

TEST_CASE("Slammer doubles, saturates its lines and takes nine tenths as it was observed") {
  const Found found = play_slammer({}, 12);
  CHECK(stats::median(found.doubling) > 7.5);
  CHECK(stats::median(found.doubling) < 9.5);
  for (const double peak : found.peak) {
    CHECK(peak > 40e6);
    CHECK(peak < 70e6);
  }
  for (const double seconds : found.nine_tenths) CHECK(seconds < 600);
}

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
