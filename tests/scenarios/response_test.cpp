#include "scenarios/experiment.h"
#include "tests/scenarios/reading.h"

// Orders, warnings, entries and recovery against the estate that they are for.

using namespace trustfall;

namespace {

struct Built {
  std::shared_ptr<const Experiment> experiment;
  std::string told;
};

/// 300 desks, 6 cameras and 4 servers with Windows, and 10 telephones without.
Built build(const std::string& more) {
  Document document = read(
      "name: small\n"
      "start: 2017-05-12T08:00:00Z\n"
      "estate:\n"
      "  zones: {lan: {pool: everyone, addresses: 512}}\n"
      "  organisations:\n"
      "    hospital: {kind: trust, count: 1, networks: {desks: {hosts: 300, devices: {workstation: 100%}}, "
      "yard: {hosts: 6, devices: {camera: 100%}}, room: {hosts: 4, devices: {server: 100%}}, "
      "phones: {hosts: 10, devices: {mobile: 100%}}}}\n"
      "  systems: {workstation: {windows_7: 100%}, camera: {windows_7: 100%}, server: {server_2012: 100%}, "
      "mobile: {no_windows: 100%}}\n"
      "worm: {attempts: {lan: 4/s}, chances: {windows_7: 60%, server_2012: 0%}}\n"
      "detection: {dwell: 1h}\n" +
      more);
  INFO(told(document));
  std::vector<InputFile> inputs;
  Built built{build_experiment(document, files_beside("text.yaml"), inputs), ""};
  built.told = told(document);
  return built;
}

bool tells(const Built& built, const std::string& part) {
  UNSCOPED_INFO(built.told);
  return built.told.find(part) != std::string::npos;
}

const std::string first = "entries: {first: {hosts: {count: 1}}}\n";
const std::string procedures = "  procedures: {all: {devices: [workstation, camera, server], work: 1h}}\n";

}  // namespace

TEST_CASE("Technicians for so many hosts are counted by the hosts that no team before serves") {
  const Built built = build(first + "recovery:\n" + procedures +
                            "  teams:\n"
                            "    desks: {where: {networks: [desks]}, technicians: 3}\n"
                            "    rest: {hosts_per_technician: 10}\n");
  CHECK(built.told.empty());
  const std::vector<Team>& teams = built.experiment->model.recovery->teams;
  CHECK(teams[0].hosts == std::vector<std::uint32_t>{300});
  CHECK(teams[1].hosts == std::vector<std::uint32_t>{20});
}

TEST_CASE("Hosts that nobody brings back are told of, where the worm can come to them") {
  const Built no_team =
      build(first + "recovery:\n" + procedures + "  teams: {desks: {where: {networks: [desks]}, technicians: 3}}\n");
  CHECK(tells(no_team, "no team serves 10 hosts with Windows"));
  const Built no_procedure = build(first +
                                   "recovery:\n  procedures: {desks: {devices: [workstation, server], work: 1h}}\n"
                                   "  teams: {all: {technicians: 3}}\n");
  CHECK(tells(no_procedure, "camera has no procedure"));
  CHECK_FALSE(tells(no_procedure, "mobile"));
}

TEST_CASE("What can never act is told of: orders, a warning, mail and sticks that concern nobody") {
  CHECK(tells(build(first + "orders: {x: {from: +1h, isolate: {devices: [imaging]}}}\n"),
              "this order concerns no host"));
  CHECK(build(first + "orders: {x: {from: +1h, isolate: {devices: [imaging, camera]}}}\n").told.empty());
  CHECK(tells(build(first + "warning: {reporting: 1h, after_reports: 2}\n"), "each organisation reports once"));
  CHECK(build(first + "warning: {reporting: 1h, after_reports: 1}\n").told.empty());
  CHECK(tells(build("entries: {m: {mail: {messages: 3, click: 10%, from: +1h, where: {networks: [phones]}}}}\n"),
              "the worm comes to nobody this way"));
  CHECK(tells(
      build("entries: {s: {sticks: {sticks: 3, from: +1h, runs: 10%, carry: 1h, where: {networks: [phones]}}}}\n"),
      "the worm comes to nobody this way"));
}

TEST_CASE("An order may be for a region") {
  const std::string text =
      "name: regions\n"
      "start: 2017-05-12T08:00:00Z\n"
      "estate:\n"
      "  zones: {n3: {pool: everyone, addresses: 512}}\n"
      "  organisations:\n"
      "    practices: {kind: practice, list: broken/groups.csv, classes: [gp], networks: {desks: {hosts: 3, devices: "
      "{workstation: 100%}}}}\n"
      "  systems: {workstation: {windows_7: 100%}}\n"
      "worm: {attempts: {n3: 4/s}, chances: {windows_7: 60%}}\n" +
      first + "orders: {off: {from: +1h, where: {regions: [REGION]}, power_down: {}}}\n";
  const ReadFile list = [](const std::string& name, std::uint64_t, const TakePiece&) {
    return InputFile{name,
                     "code,name,class,region,community,latitude,longitude,size\n"
                     "P1,one,gp,North,,54,-1,1\n"
                     "P2,two,gp,South,,51,-1,1\n"
                     "P3,three,gp,North,,54,-1,1\n"};
  };
  const auto build_with = [&](const std::string& region) {
    std::string said = text;
    said.replace(said.find("REGION"), 6, region);
    Document document = read(said);
    std::vector<InputFile> inputs;
    return build_experiment(document, list, inputs);
  };
  const auto experiment = build_with("North");
  const Selector& where = experiment->model.orders[0].where;
  for (std::uint32_t s = 0; s < 3; ++s) CHECK(where.covers(SegmentId{s}) == (s != 1));
  CHECK_THROWS_WITH(build_with("Nort"), Catch::Contains("there is no region 'Nort'"));
}
