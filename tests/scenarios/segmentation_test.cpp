#include <algorithm>
#include <set>

#include "models/metrics.h"
#include "models/play.h"
#include "scenarios/experiment.h"
#include "scenarios/files.h"
#include "tests/scenarios/reading.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

// Matrices of networks, web entries and bans, from the scenario to what is played.

using namespace trustfall;
using namespace trustfall::small;

namespace {

std::shared_ptr<const Experiment> build(const std::string& text) {
  Document document = read(text);
  INFO(told(document));
  std::vector<InputFile> inputs;
  return build_experiment(document, files_beside("text.yaml"), inputs);
}

/// Ten wards' hosts, ten in offices, ten in a server room, in each of so many trusts.
std::string hospital(const std::string& more, const std::string& rate = "4/s", int trusts = 1) {
  return "name: hospital\n"
         "start: 2017-05-12T08:44:00+01:00\n"
         "estate:\n"
         "  zones: {lan: {pool: each_organisation, addresses: 64}}\n"
         "  organisations:\n"
         "    trusts:\n"
         "      kind: trust\n"
         "      count: " +
         std::to_string(trusts) +
         "\n"
         "      networks:\n"
         "        wards: {hosts: 10, devices: {workstation: 100%}}\n"
         "        office: {hosts: 10, devices: {workstation: 80%, mobile: 20%}}\n"
         "        room: {hosts: 10, devices: {server: 100%}}\n"
         "  systems: {workstation: {windows_7: 100%}, server: {server_2008_r2: 100%}, mobile: {no_windows: 100%}}\n"
         "worm: {attempts: {lan: " +
         rate + "}, chances: {windows_7: 60%, server_2008_r2: 60%}}\n" + more;
}

const std::string from_wards = "entries: {first: {hosts: {count: 1, where: {networks: [wards]}}}}\n";

/// The networks in which hosts have fallen once whoever can be reached is.
std::set<std::string> fallen(const std::string& matrix) {
  const auto experiment = build(hospital(from_wards + matrix));
  Play play(experiment->model, Draws(341, 0));
  play.run();
  std::set<std::string> networks;
  const Estate& estate = experiment->estate;
  for (std::size_t h = 0; h < estate.hosts(); ++h)
    if (play.incident().infected(host(h)))
      networks.insert(estate.networks()[estate[estate.segment_of(host(h))].network]);
  return networks;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("A matrix by hand: the worm goes where a cell lists smb, or all, and nowhere else from a row") {
  CHECK(fallen("") == Names{"wards", "office", "room"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {wards: smb}}}}\n") == Names{"wards"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {wards: [web, all], room: web}}}}\n") == Names{"wards"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {room: [web, smb]}}}}\n") ==
        Names{"wards", "office", "room"});  // by the room, which has no row
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {room: smb}, room: {wards: all, room: all}}}}\n") ==
        Names{"wards", "room"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {wards: smb, room: []}}}}\n") == Names{"wards"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {office: {}, room: {}}}}\n") ==
        Names{"wards", "office", "room"});
}

TEST_CASE("A row that lets nothing through keeps the worm on its first host") {
  const auto experiment = build(hospital(from_wards + "segmentation: {m: {zone: lan, allow: {wards: {}}}}\n"));
  Play play(experiment->model, Draws(342, 0));
  play.run();
  CHECK(attack_size(play.incident()) == 1);
}

TEST_CASE("A matrix holds with all its rows or with none, in its share of the organisations") {
  const auto experiment = build(hospital(
      from_wards + "segmentation: {m: {zone: lan, share: 60%, misconfigured: 25%, allow: {wards: {}, room: {}}}}\n",
      "4/s", 400));
  const Model& model = experiment->model;
  REQUIRE(model.firewalls.size() == 2);
  Firewalls rules(experiment->estate, model.firewalls);
  rules.reset(Draws(343, 0));
  const Estate& estate = experiment->estate;
  const auto network = [&](const char* name) {
    const auto& names = estate.networks();
    return static_cast<std::uint16_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  double closed = 0;
  for (std::uint32_t o = 0; o < 400; ++o) {
    const SegmentId first = estate.first_segment(OrganisationId{o});
    const DeviceSet from_the_wards = rules.refused(0, network("wards"), first, Instant{});
    CHECK(from_the_wards == rules.refused(0, network("room"), first, Instant{}));
    CHECK(rules.refused(0, network("office"), first, Instant{}) == 0);
    closed += from_the_wards == all_devices;
  }
  CHECK(stats::within_five_errors(closed, 400, 0.6 * 0.75));
}

TEST_CASE(
    "Rules of the file on pairs of networks are exceptions from its matrices, and `where` is who is protected") {
  const std::string matrix = "segmentation: {m: {zone: lan, allow: {wards: {}}, where: {networks: [office]}}}\n";
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {}, room: {}}, where: {networks: [office]}}}\n") ==
        Names{"wards", "room"});
  CHECK(fallen(matrix + "firewalls: {gap: {zone: lan, action: open, from_networks: wards}}\n") ==
        Names{"wards", "office", "room"});
  CHECK(fallen("segmentation: {m: {zone: lan, allow: {wards: {wards: all}}}}\n"
               "firewalls: {gap: {zone: lan, action: open, from_networks: wards, where: {networks: [room]}}, "
               "shut: {zone: lan, from_networks: [room], where: {networks: [office]}}}\n") == Names{"wards", "room"});
}

TEST_CASE("What the schema cannot say of a matrix, of stops and of a row is told") {
  CHECK(tells(read(hospital(from_wards + "segmentation: {m: {zone: lan, allow: {ward: {wards: all}}}}\n")),
              "there is no network 'ward'"));
  CHECK(tells(read(hospital(from_wards + "segmentation: {m: {zone: lan, allow: {wards: {rom: all}}}}\n")),
              "did you mean room?"));
  CHECK(tells(read(hospital(from_wards + "segmentation: {m: {zone: lan, allow: {wards: {room: [smbs]}}}}\n")),
              "did you mean smb?"));
  CHECK(told(read(
            hospital(from_wards + "firewalls: {f: {zone: lan, stops: everything, from: +1h, until: +2h}}\n"))) == "");
}

TEST_CASE("Downloads are to the worm what attachments are") {
  const auto played = [](const std::string& entry) {
    const auto experiment = build(hospital("entries: {way in: {" + entry + "}}\n", "1/h", 20));
    Play play(experiment->model, Draws(344, 0));
    play.run();
    return infection_times(play.incident());
  };
  const auto web = played("web: {visits: 300, filter: 40%, runs: 20%, from: +1h, over: 9h}");
  CHECK(web == played("mail: {messages: 300, filter: 40%, click: 20%, from: +1h, over: 9h}"));
  CHECK(web != played("web: {visits: 300, filter: 90%, runs: 20%, from: +1h, over: 9h}"));
  CHECK(std::count(web.begin(), web.end(), never) < 580);
  CHECK(tells(read(hospital("entries: {way in: {web: {visits: 1, runs: 2%, from: +30d}}}\n")),
              "this entry lies at or beyond the horizon"));
}

TEST_CASE("A ban on personal devices, which cannot be infected, changes nothing at all") {
  const std::string base = from_wards + "patching: {coverage: 40%}\ndetection: {dwell: 2h}\n";
  const auto plain = build(hospital(base, "20/h", 5));
  const auto banned = build(
      hospital(base + "firewalls: {ban: {zone: lan, direction: both, where: {devices: [mobile]}}}\n", "20/h", 5));
  std::size_t infected = 0;
  for (std::uint32_t r = 0; r < 100; ++r) {
    Play without(plain->model, Draws(345, r));
    Play with(banned->model, Draws(345, r));
    without.run();
    with.run();
    CHECK(same(without.trace(), with.trace()));
    CHECK(same(measure(without), measure(with)));
    infected += attack_size(with.incident());
  }
  CHECK(infected > 500);
}
