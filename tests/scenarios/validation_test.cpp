#include "scenarios/validation.h"

#include <limits>
#include <set>

#include "models/metrics.h"
#include "scenarios/experiment.h"
#include "scenarios/mean_field.h"
#include "sim/study/summary.h"
#include "tests/scenarios/reading.h"
#include "tests/support/statistics.h"

// The figures of `trustfall validate` themselves are checked where the program prints them (cli_test.cpp).

using namespace trustfall;

namespace {

std::shared_ptr<const Experiment> build(const std::string& text, const std::vector<std::string>& settings = {}) {
  Document document = read(text, settings);
  std::vector<InputFile> inputs;
  return build_experiment(document, files_beside("text.yaml"), inputs);
}

const std::string flat =
    "name: flat\n"
    "start: 2017-05-12T08:00:00Z\n"
    "horizon: 2h\n"
    "study: {sample_every: 10min}\n"
    "estate:\n"
    "  zones: {lan: {pool: everyone, addresses: 4000}}\n"
    "  organisations: {firm: {kind: company, count: 1, networks: {office: {hosts: 2000, segment_size: 2000, devices: "
    "{workstation: 100%}}}}}\n"
    "  systems: {workstation: {windows_7: 100%}}\n"
    "patching: {coverage: 25%}\n"
    "worm: {attempts: {lan: 8/h}, chances: {windows_7: 50%}}\n"
    "entries: {first: {hosts: {count: 40, at: +0s}}}\n";

}  // namespace

TEST_CASE("A figure holds within its tolerance and not beyond, and what is no number never does") {
  const auto row = [](double got) { return ValidationRow{"V0", "", "", 10, got, 0.5, ""}; };
  CHECK(row(10.5).holds());
  CHECK(row(9.5).holds());
  CHECK_FALSE(row(10.51).holds());
  CHECK_FALSE(row(9.49).holds());
  CHECK_FALSE(row(std::numeric_limits<double>::quiet_NaN()).holds());
}

TEST_CASE("Every part of the published table has figures, each with a source and a tolerance that can fail") {
  std::set<std::string> ids;
  for (const ValidationPart& part : validation_parts()) ids.emplace(part.id);
  CHECK(ids == std::set<std::string>{"V1", "V2", "V4", "V5", "V6", "V7", "V8", "V10", "V11", "A1", "A2", "A3", "A4",
                                     "A5", "A6"});
  for (const ValidationPart& part : validation_parts()) {
    if (part.id != "V4" && part.id != "V10" && part.id != "V7") continue;
    for (const ValidationRow& row : part.rows(1)) {
      INFO(row.what);
      CHECK(row.id == part.id);
      CHECK_FALSE(row.source.empty());
      CHECK(row.tolerance <= 0.05 * std::max(std::fabs(row.expected), 1e-9));
    }
  }
}

TEST_CASE("The mean field of a scenario is its equation with shares and chances put in") {
  // dI/dt = 8/h * 50 % * I * S / 4000, where S is 75 % of those not infected at the start.
  const auto curve = mean_field(build(flat)->model, analytic::Grouping::network);
  REQUIRE(curve.size() == 13);
  double infected = 40;
  double open = 0.75 * 1960;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    CHECK(curve[i] == Approx(infected).epsilon(0.002));
    for (int part = 0; part < 2000; ++part) {
      const double fallen = 1.0 / 6 / 2000 * 8 * 0.5 * infected * open / 4000;
      infected += fallen;
      open -= fallen;
    }
  }
  CHECK(curve.back() > 300);
}

TEST_CASE("What the equations do not know is named, all at once") {
  const auto refused = [](const std::vector<std::string>& settings) {
    try {
      mean_field(build(flat, settings)->model, analytic::Grouping::network);
    } catch (const InputError& error) {
      return error.mistakes().size();
    }
    return std::size_t{0};
  };
  CHECK(refused({}) == 0);
  CHECK(refused({"worm.latency={exponential: 5min}"}) == 0);
  CHECK(refused({"worm.latency=5min"}) == 1);
  CHECK(refused({"worm.active_for={lognormal: {median: 1h, sigma: 1}}"}) == 1);
  CHECK(refused({"entries.first.hosts.at=+1h"}) == 1);
  CHECK(refused({"patching.concentration=3", "worm.latency=5min", "worm.kill_switch={at: +1h}"}) == 3);
}
