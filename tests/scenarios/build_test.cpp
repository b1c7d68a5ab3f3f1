#include <cmath>
#include <limits>
#include <set>

#include "scenarios/experiment.h"
#include "scenarios/stored.h"
#include "tests/scenarios/reading.h"

// From a scenario and its lists to an estate, and from the scenario in a results file back to one.

using namespace trustfall;

namespace {

/// Where lists are read from in a test: one text for all of them.
ReadFile always(const std::string& content) {
  return [content](const std::string& name, std::uint64_t, const TakePiece&) { return InputFile{name, content}; };
}

std::shared_ptr<const Experiment> build(const std::string& text, const std::string& list = "") {
  Document document = read(text);
  INFO(told(document));
  std::vector<InputFile> inputs;
  return build_experiment(document, always(list), inputs);
}

/// What is found wrong while building, or nothing.
std::vector<Mistake> mistakes_in(const std::string& text, const std::string& list) {
  try {
    build(text, list);
  } catch (const InputError& error) {
    return error.mistakes();
  }
  return {};
}

std::string scenario(const std::string& organisations, const std::string& more = "") {
  return "name: small\n"
         "start: 2017-05-12T08:00:00Z\n"
         "estate:\n"
         "  zones: {lan: {pool: everyone, addresses: 65536}}\n"
         "  organisations: {group: {kind: trust, " +
         organisations +
         "}}\n"
         "  systems: {workstation: {windows_7: 100%}, imaging: {windows_7: 100%}}\n" +
         more +
         "worm: {attempts: {lan: 4/s}, chances: {windows_7: 60%}}\n"
         "entries: {first: {hosts: {count: 1}}}\n";
}

const std::string from_list = scenario(
    "list: broken/groups.csv, size_weight: 1, devices: 50, networks: {n: {share: 100%, devices: {workstation: "
    "100%}}}");
Document stored(const std::string& serialized, std::vector<InputFile> inputs = {}) {
  Results results;
  results.scenario = serialized;
  results.inputs = std::move(inputs);
  return stored_scenario("/none/results.tfr", results.scenario, results.inputs);
}

const std::string header = "code,name,class,region,community,latitude,longitude,size\n";

}  // namespace

TEST_CASE("A list with a bad number is refused at once, with that number and nothing else") {
  for (const char* size : {"", "nan", "-1", "1,5", "+3", "1e10"}) {
    INFO(size);
    const std::string cell = std::string(size).find(',') == std::string::npos ? size : '"' + std::string(size) + '"';
    const auto mistakes = mistakes_in(from_list, header + "A,a,x,y,z,0,0,1\nB,b,x,y,z,0,0," + cell + "\n");
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].file == "broken/groups.csv");
    CHECK(mistakes[0].place.line == 3);
    CHECK(mistakes[0].message.find("size is a number from 0 to 1e+09") == 0);
  }
}

TEST_CASE("A list may begin with a byte order mark, and its header be quoted") {
  const std::string quoted = "\xef\xbb\xbf\"code\",\"name\",class,region,community,latitude,longitude,size\r\n";
  const auto experiment = build(from_list, quoted + "A,\"a, \"\"b\"\"\",x,y,z,51.5,-0.1,1\r\n");
  REQUIRE(experiment->estate.organisations() == 1);
  CHECK(experiment->estate[OrganisationId{0}].name == "a, \"b\"");
  CHECK(experiment->estate.hosts() == 50);
}

TEST_CASE("A list that is wrong from end to end is told so in a thousand lines") {
  std::string rows = header;
  for (int i = 0; i < 5000; ++i) rows += "x\n";
  const auto mistakes = mistakes_in(from_list, rows);
  REQUIRE(mistakes.size() == 1001);
  CHECK(std::any_of(mistakes.begin(), mistakes.end(), [](const Mistake& mistake) {
    return mistake.message.find("more mistakes than are shown") != std::string::npos;
  }));
}

TEST_CASE("A mix can name every system, and its hosts run it") {
  for (int s = 0; s < systems; ++s) {
    const std::string name(name_of(static_cast<System>(s)));
    std::string text = scenario("count: 1, networks: {n: {hosts: 30, devices: {workstation: 100%}}}");
    text.replace(text.find("windows_7: 100%"), std::string("windows_7: 100%").size(), name + ": 100%");
    if (name == "no_windows") continue;  // nothing could be infected at the start
    const auto experiment = build(text);
    for (std::size_t h = 0; h < 30; ++h) CHECK(name_of(experiment->estate.system(HostId(h))) == name);
  }
}

TEST_CASE("Links of a domain need a domain controller, and follow the organisations") {
  const auto with = [](const std::string& always) {
    return scenario("count: 2, networks: {n: {hosts: 30, devices: {workstation: 100%}" + always + "}}",
                    "  links: {keys: {graph: {domain: 0%}}}\n");
  };
  const std::vector<Mistake> mistakes = mistakes_in(with(""), "");
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].message == "there is no domain controller among these hosts, or nothing that it controls");
  std::string text = with(", always: {domain_controller: 1}");
  text.replace(text.find("imaging:"), std::string("imaging:").size(), "domain_controller:");
  const auto experiment = build(text);
  const Estate& estate = experiment->estate;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h) {
    const bool controls = estate.device(HostId{h}) == DeviceClass::domain_controller;
    const auto row = estate.links_of(ZoneId{1})->row(HostId{h});
    CHECK(row.size() == (controls ? 30 : 0));
    for (const std::uint32_t to : row) CHECK(estate.organisation_of(HostId{to}) == estate.organisation_of(HostId{h}));
  }
}

TEST_CASE("Networks by share and sites by share add up to an organisation's devices") {
  for (const int devices : {1, 2, 3, 10, 97})
    for (const int networks : {1, 3, 4, 10}) {
      std::string text =
          "count: 20, sites: {a: 60%, b: 30%, c: 10%}, devices: " + std::to_string(devices) + ", networks: {";
      for (int n = 0; n < networks; ++n)
        text += "n" + std::to_string(n) + ": {share: " + std::to_string(1.0 / networks) +
                ", devices: {workstation: 100%}}, ";
      INFO(devices << " devices in " << networks << " networks");
      CHECK(build(scenario(text + "}"))->estate.hosts() == static_cast<std::size_t>(20 * devices));
    }
}

TEST_CASE("A network in none of the sites that have devices is a mistake") {
  const Document document = read(scenario(
      "count: 1, sites: {a: 100%, b: 0%}, networks: {n: {hosts: 9, sites: [b], devices: {workstation: 100%}}}"));
  CHECK(tells(document, "none of the sites of n has a share"));
}

TEST_CASE("An organisation runs as many different models as it is said to, each vendor's with its number") {
  const std::string models = "  models: {imaging: {vendors: 3, models_per_vendor: 2, in_use: 4}}\n";
  const auto experiment =
      build(scenario("count: 200, networks: {n: {hosts: 300, devices: {imaging: 100%}}}", models));
  const Estate& estate = experiment->estate;
  std::set<std::string> market;
  std::vector<int> chosen(7);
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    std::set<std::uint16_t> used;
    const auto first = static_cast<std::uint32_t>(estate.first_host(estate.first_segment(OrganisationId{o})));
    for (std::uint32_t h = first; h < first + 300; ++h) used.insert(estate.model(HostId{h}));
    // Of 300 devices none of four models is missed but with a chance of 4 * 0.75^300 = 1e-37.
    CHECK(used.size() == 4);
    for (const std::uint16_t model : used) ++chosen[model];
    for (const std::uint16_t model : used) market.insert(estate.models()[model]);
  }
  CHECK(market == std::set<std::string>{"imaging vendor 1 model 1", "imaging vendor 1 model 2",
                                        "imaging vendor 2 model 1", "imaging vendor 2 model 2",
                                        "imaging vendor 3 model 1", "imaging vendor 3 model 2"});
  // Each of six is one of four in two thirds of the organisations.
  for (std::size_t m = 1; m <= 6; ++m)
    CHECK(std::abs(chosen[m] - 200 * 4 / 6.0) <= 5 * std::sqrt(200 * (4 / 6.0) * (2 / 6.0)));
}

TEST_CASE("An estate beyond what is accepted is refused before it is built") {
  const auto start = std::chrono::steady_clock::now();
  const std::string network = "networks: {n: {share: 100%, devices: {workstation: 100%}}}";
  for (const char* devices : {"3000", "{lognormal: {median: 1, sigma: 5}}"}) {
    const auto mistakes =
        mistakes_in(scenario("count: 100000, devices: " + std::string(devices) + ", " + network), "");
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].message == "the estate would have more than 200 million hosts");
  }
  CHECK(seconds_since(start) < 20);
  std::string zones = minimal();
  for (int z = 0; z < 16; ++z)
    zones.insert(zones.find("lan:"), "z" + std::to_string(z) + ": {pool: everyone, addresses: 9}, ");
  CHECK(tells(read(zones), "at most 15 zones"));
  std::string entries = minimal();
  for (int e = 0; e < 256; ++e) entries.insert(entries.find("first:"), "e" + std::to_string(e) + ": {hosts: {}}, ");
  CHECK(tells(read(entries), "at most 256 entries"));
}

TEST_CASE("The scenario of a results file is checked as if it stood in a scenario file") {
  const Document document = read_scenario((folder / "valid.yaml").string());
  REQUIRE(told(document) == "");
  CHECK(stored(document.scenario.SerializeAsString()).scenario.SerializeAsString() ==
        document.scenario.SerializeAsString());

  const auto refused = [&](const std::function<void(schema::Scenario&)>& change) {
    schema::Scenario changed = document.scenario;
    change(changed);
    try {
      stored(changed.SerializePartialAsString());
    } catch (const InputError&) {
      return true;
    }
    return false;
  };
  CHECK(refused([](auto& s) { s.mutable_worm()->mutable_attempts(0)->set_zone("zz"); }));
  CHECK(refused([](auto& s) { s.mutable_backups(0)->set_interval(0); }));
  CHECK(refused(
      [](auto& s) { s.mutable_estate()->mutable_organisations(0)->mutable_networks(0)->set_segment_size(0); }));
  CHECK(refused([](auto& s) { s.mutable_estate()->mutable_models(0)->set_models_per_vendor(0); }));
  CHECK(refused([](auto& s) { s.set_horizon(-1); }));
  CHECK(refused([](auto& s) { s.set_horizon(std::numeric_limits<double>::quiet_NaN()); }));
  CHECK(refused([](auto& s) { s.clear_horizon(); }));
  CHECK(refused([](auto& s) { s.set_start("soon"); }));
  CHECK(refused([](auto& s) { s.mutable_worm()->mutable_active_for()->mutable_weibull()->set_shape(0); }));
  CHECK(refused([](auto& s) { s.mutable_worm()->mutable_latency()->clear_fixed(); }));
  CHECK(refused([](auto& s) { s.clear_worm(); }));
  CHECK_THROWS_AS(stored("no message"), InputError);

  // A list is looked for in the results, not on the disk.
  schema::Scenario listed = read(from_list).scenario;
  CHECK_THROWS_AS(stored(listed.SerializeAsString()), InputError);
  CHECK_NOTHROW(stored(listed.SerializeAsString(), {{"broken/groups.csv", header}}));
}

TEST_CASE("Another day of the week moves office hours, and neither the clock nor a date") {
  const std::string more =
      "power: {desks: {on: 8h, off: 18h}}\nworm: {attempts: {lan: 4/s}, chances: {windows_7: 60%}, "
      "kill_switch: {at: 2017-05-12T15:03:00Z}}\n";
  std::string text = minimal(more);
  const std::size_t first = text.find("worm:");
  text.erase(first, text.find('\n', first) + 1 - first);  // the other one has a kill switch
  const auto friday = build(text);
  const auto monday = build("weekday: monday\n" + text);
  CHECK(friday->model.power.at(0).hours.start.weekday == 4);  // 12 May 2017
  CHECK(monday->model.power.at(0).hours.start.weekday == 0);
  CHECK(monday->model.power.at(0).hours.start.of_day == friday->model.power.at(0).hours.start.of_day);
  CHECK(monday->model.worm.kill_switch->at == friday->model.worm.kill_switch->at);
}
