#include "models/play.h"
#include "models/service_course.h"
#include "scenarios/experiment.h"
#include "scenarios/stored.h"
#include "tests/scenarios/reading.h"

// From the services of a scenario to who has them, and what each rests on.

using namespace trustfall;

namespace {

const char* const list =
    "code,name,class,region,community,latitude,longitude,size\n"
    "P1,one,gp,North,N,54,-1,1\n"
    "P2,two,gp,North,S,54,-1,1\n"
    "P3,three,gp,North,,54,-1,1\n"
    "C1,north,ccg,North,N,54,-1,1\n"
    "C2,south,ccg,North,S,54,-1,1\n";

/// Three practices, two commissioners, a hospital of two sites, a supplier.
std::string scenario(const std::string& services) {
  return "name: small\n"
         "start: 2017-05-12T08:00:00Z\n"
         "estate:\n"
         "  zones: {n3: {pool: everyone, addresses: 65536}}\n"
         "  organisations:\n"
         "    practices: {kind: practice, list: broken/groups.csv, classes: [gp], networks: {desks: {hosts: 10, "
         "devices: "
         "{workstation: 100%}}}}\n"
         "    commissioners: {kind: commissioner, list: broken/groups.csv, classes: [ccg], networks: {hosting: "
         "{hosts: 4, "
         "devices: {server: 100%}}}}\n"
         "    hospital: {kind: trust, count: 1, sites: {general: 75%, cottage: 25%}, networks: {wards: {hosts: 40, "
         "devices: {workstation: 100%}}, cellar: {hosts: 8, sites: [general], devices: {server: 100%}}}}\n"
         "    supplier: {kind: supplier, count: 1, networks: {hall: {hosts: 6, devices: {server: 100%}}}}\n"
         "  systems: {workstation: {windows_7: 100%}, server: {server_2012: 100%}}\n"
         "worm: {attempts: {n3: 4/s}, chances: {windows_7: 60%, server_2012: 0%}}\n"
         "entries: {first: {hosts: {count: 1}}}\n"
         "services:\n" +
         services;
}

struct Built {
  std::shared_ptr<const Experiment> experiment;
  std::string told;
  const Services& services() const { return experiment->model.services; }
};

Built build(const std::string& services) {
  Document document = read(scenario(services));
  INFO(told(document));
  std::vector<InputFile> inputs;
  const ReadFile read_list = [](const std::string& name, std::uint64_t, const TakePiece&) {
    return InputFile{name, list};
  };
  Built built{build_experiment(document, read_list, inputs), ""};
  built.told = told(document);
  return built;
}

/// The organisation of each unit, by code.
std::vector<std::string> who(const Built& built) {
  std::vector<std::string> codes;
  for (const ServiceUnit& unit : built.services().units)
    codes.push_back(built.experiment->estate[unit.organisation].code);
  return codes;
}

const Need& need(const Built& built, std::size_t unit, std::size_t which) {
  return built.services().needs[built.services().units[unit].first_need + which];
}

}  // namespace

TEST_CASE("Who has hosts for each need has the service, and shares are rounded up to hosts") {
  const Built built =
      build("  surgery: {kind: gp_consultations, needs: {desks: {hosts: {networks: [desks]}, at_least: 55%}}}\n");
  CHECK(built.told == "");
  CHECK(who(built) == std::vector<std::string>{"P1", "P2", "P3"});
  CHECK(built.services().members == std::vector<std::uint32_t>{10, 10, 10});
  CHECK(need(built, 0, 0).enough == 6);
}

TEST_CASE("Where a group has several, the one of the community serves; one alone serves everybody") {
  const Built built = build(
      "  surgery: {kind: gp_consultations, where: {kinds: [practice]}, needs: {own: {hosts: {networks: [desks]}}, "
      "hosting: {hosts: {}, of: "
      "commissioners}, records: {hosts: {}, of: supplier, at_least_hosts: 99}}}\n");
  REQUIRE(who(built) == std::vector<std::string>{"P1", "P2", "P3"});
  const Services& services = built.services();
  CHECK(services.units[0].last_need - services.units[0].first_need == 3);
  CHECK(services.units[2].last_need - services.units[2].first_need == 2);  // in no community
  CHECK(need(built, 0, 1).resource != need(built, 1, 1).resource);
  CHECK(services.members[need(built, 0, 1).resource] == 4);
  CHECK(need(built, 0, 2).resource == need(built, 1, 2).resource);
  CHECK(need(built, 0, 2).enough == 6);
  CHECK(built.told.find("1 organisation does without") != std::string::npos);
}

TEST_CASE(
    "A need for a service of others that nobody offers is told of, and one of its own is not there to be lost") {
  const Built built = build(
      "  surgery: {kind: gp_consultations, where: {kinds: [practice]}, needs: {own: {hosts: {networks: [desks]}}, "
      "letters: {service: post, of: commissioners}}}\n"
      "  post: {kind: email, where: {kinds: [commissioner]}, needs: {servers: {hosts: {}}}}\n");
  CHECK(built.told.find("1 organisation does without") != std::string::npos);  // the practice in no community
  CHECK(built.told.find("services.surgery.needs.letters") == std::string::npos);
}

TEST_CASE("Each site has a service of its own, weighted by its hosts, and uses what stands elsewhere when named") {
  const Built built = build(
      "  wards: {kind: other, per: site, where: {kinds: [trust]}, needs: {desks: {hosts: {networks: [wards]}}, "
      "servers: {hosts: {networks: "
      "[cellar], sites: [general]}}}}\n"
      "  clinic: {kind: outpatients, per: site, where: {kinds: [trust]}, needs: {desks: {hosts: {networks: "
      "[wards]}}, wards: {service: wards}}}\n"
      "  letters: {kind: email, where: {kinds: [trust]}, needs: {wards: {service: wards, at_least: 50%}}}\n"
      "  cellar: {kind: patient_records, per: site, needs: {servers: {hosts: {networks: [cellar]}}}}\n");
  const Services& services = built.services();
  REQUIRE(services.units.size() == 6);  // two, two, one, and the cellar where it is
  CHECK(services.units[0].weight == Approx(38.0 / 48));
  CHECK(services.units[1].weight == Approx(10.0 / 48));
  CHECK(services.units[5].weight == 1);
  CHECK(need(built, 0, 1).resource == need(built, 1, 1).resource);
  CHECK(need(built, 2, 1).providers.front().unit == 0);
  CHECK(need(built, 3, 1).providers.front().unit == 1);
  REQUIRE(need(built, 4, 0).providers.size() == 2);
  CHECK(need(built, 4, 0).providers[1].weight == Approx(10.0 / 48));
  CHECK(need(built, 4, 0).share == 0.5);
}

TEST_CASE("Circles through other organisations are found once these are known") {
  const std::string text =
      "  hosting: {kind: other, where: {kinds: [supplier]}, needs: {halls: {hosts: {}}, line: {service: post, of: "
      "hospital}}}\n"
      "  post: {kind: email, where: {kinds: [trust]}, needs: {hosted: {service: hosting, of: supplier}}}\n";
  CHECK_THROWS_AS(build(text), InputError);
  // The same service of another organisation is no circle.
  CHECK_NOTHROW(build(
      "  post: {kind: email, where: {kinds: [supplier, trust]}, needs: {servers: {hosts: {devices: [server]}}}}\n"
      "  letters: {kind: other, where: {kinds: [practice]}, needs: {post: {service: post, of: supplier}}}\n"));
}

TEST_CASE("A service that nobody can have is told, and a day's activity is spread over its hours") {
  const Built built = build(
      "  scans: {kind: imaging, needs: {scanners: {hosts: {devices: [imaging]}}}}\n"
      "  surgery: {kind: gp_consultations, needs: {desks: {hosts: {networks: [desks]}}}, activity: {appointments: "
      "{per_day: 84, hours: "
      "{on: 8h, off: 18h30min}, tariff: 36}}}\n");
  CHECK(built.told.find("nobody has this service") != std::string::npos);
  const Activity& activity = built.services().services[1].activities.front();
  CHECK(activity.per_hour == Approx(8));
  CHECK(activity.tariff == 36);
  CHECK(activity.hours.start.weekday == 4);
}

TEST_CASE("Ransom is paid as the scenario says") {
  Document document = read(minimal(), {"worm.ransom={paying: {organisations: 10%, decides_after: 30h}}"});
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(
      document,
      [](const std::string& name, std::uint64_t, const TakePiece&) {
        return InputFile{name, ""};
      },
      inputs);
  REQUIRE(experiment->model.worm.ransom);
  REQUIRE(experiment->model.worm.ransom->paying);
  const Paying& paying = *experiment->model.worm.ransom->paying;
  CHECK(paying.organisations == 0.1);
  CHECK(paying.only_without_copy);
  CHECK(paying.decides_after.at(0.5) == 30 * 3600);
  CHECK(paying.returns == 0.65);
  CHECK(paying.decrypts.at(0.5) == 24 * 3600);
}
