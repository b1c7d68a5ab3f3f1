#include "scenarios/reader.h"

#include <sys/stat.h>

#include <cmath>

#include "scenarios/rules.h"
#include "sim/estate/kinds.h"
#include "tests/scenarios/reading.h"
#include "tests/support/program.h"

using namespace trustfall;
namespace fs = std::filesystem;

TEST_CASE("Every broken file gets its messages") {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "broken")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    const std::string actual = told(read_scenario(entry.path().string()));
    INFO(entry.path().filename().string());
    CHECK_FALSE(actual.empty());
    if (actual != contents(expected))
      std::ofstream(fs::path(entry.path()).replace_extension(".new"), std::ios::binary) << actual;
    CHECK(actual == contents(expected));
  }
  CHECK(files >= 45);
}

TEST_CASE("The file that says everything once is read without a word") {
  const Document document = read_scenario((folder / "valid.yaml").string());
  CHECK(told(document) == "");
  CHECK_NOTHROW(throw_if_mistaken(document));
  const schema::Scenario& scenario = document.scenario;
  CHECK(scenario.description() == "Small enough to read at a glance.\n");
  CHECK(scenario.study().replicates() == 1000);
  CHECK(scenario.study().seed() == 18446744073709551615u);  // a double would round it
  CHECK(scenario.estate().zones(1).organisations_size() == 2);
  CHECK(scenario.estate().organisations(0).networks(2).always(1).count() == 2);
  CHECK(scenario.estate().organisations(0).devices().lognormal().median() == 400);
  CHECK(scenario.worm().attempts(0).rate() == 4);
  CHECK(scenario.worm().attempts(1).rate() == 0.5);
  CHECK(scenario.worm().latency().fixed() == 30);
  CHECK(scenario.worm().crash_downtime().discrete(0).value() == 600);
  CHECK(scenario.worm().crash_downtime().discrete(0).weight() == 2);
  CHECK(scenario.worm().encryption().data(1).size().lognormal().median() == 1e12);
  CHECK(scenario.worm().kill_switch().at() == 7 * 3600 + 19 * 60);  // 15:03 UTC is 16:03 in London
  CHECK(scenario.entries(4).hosts().where().organisations(0) == "hospitals");
  CHECK(scenario.patching().coverage() == 0.42);
  CHECK(scenario.patching().rings(0).rate() == Approx(0.05 / 3600));
  CHECK(scenario.patching().rings(1).staff().technicians().gamma().mean() == 2);
  CHECK(scenario.segmentation(0).allow(0).from() == "wards");
  CHECK(scenario.segmentation(0).allow(0).to(1).network() == "data_centre");
  CHECK(scenario.segmentation(0).allow(0).to(1).services(1) == schema::AllowTo::smb);
  CHECK(scenario.segmentation(0).allow(1).to_size() == 0);
  CHECK(scenario.segmentation(0).allow(2).to(0).services(0) == schema::AllowTo::web);
  CHECK(std::isinf(scenario.firewalls(0).until()));
  CHECK(scenario.power(0).off() == 19.5 * 3600);
}

TEST_CASE("The words of a file are those of the estate, number by number") {
  for (int i = 0; i < device_classes; ++i)
    CHECK(schema::DeviceClass_Name(static_cast<schema::DeviceClass>(i)) == name_of(static_cast<DeviceClass>(i)));
  for (int i = 0; i < systems; ++i)
    CHECK(schema::System_Name(static_cast<schema::System>(i)) == name_of(static_cast<System>(i)));
  for (int i = 0; i < organisation_kinds; ++i)
    CHECK(schema::OrganisationKind_Name(static_cast<schema::OrganisationKind>(i)) ==
          name_of(static_cast<OrganisationKind>(i)));
}

TEST_CASE("Texts that YAML takes for something else stay texts") {
  for (const char* text : {"no", "null", "~", "true", "010", "1e3", ".inf", "2017-05-12"}) {
    const Document document = read(minimal(std::string("description: ") + text + "\n"));
    CHECK(told(document) == "");
    CHECK(document.scenario.description() == text);
  }
  const Document named = read(minimal("firewalls: {no: {zone: lan}, 010: {zone: lan}}\n"));
  CHECK(told(named) == "");
  CHECK(named.scenario.firewalls(0).name() == "no");
  CHECK(named.scenario.firewalls(1).name() == "010");
}

TEST_CASE("What the file leaves out gets its fallback, in the sections that are there") {
  const Document document = read(minimal("firewalls: {smb: {zone: lan}}\n"));
  CHECK(told(document) == "");
  CHECK(document.scenario.has_study());
  CHECK(document.scenario.study().replicates() == 200);
  CHECK(document.scenario.study().large_from() == 0.01);
  CHECK_FALSE(document.scenario.study().has_seed());
  CHECK(document.scenario.horizon() == 168 * 3600);
  CHECK(document.scenario.time_zone() == "UTC");
  CHECK(document.scenario.firewalls(0).action() == schema::close);
  CHECK(document.scenario.firewalls(0).has_per());
  CHECK(std::isinf(document.scenario.firewalls(0).until()));
  CHECK(document.scenario.entries(0).hosts().has_at());
  CHECK_FALSE(document.scenario.has_detection());
  CHECK_FALSE(document.scenario.has_patching());
}

TEST_CASE("Every value that the file says has its place, and only those") {
  const Document document =
      read(minimal("patching: {coverage: {value: 62%, source: guess}}\n"
                   "entries_: 1\n"
                   "detection:\n"
                   "  dwell: 4h\n"));
  const auto at = [&](const std::string& path) {
    const auto found = document.places.find(path);
    return found == document.places.end()
               ? std::string("nowhere")
               : std::to_string(found->second.line) + ":" + std::to_string(found->second.column) + "+" +
                     std::to_string(found->second.width);
  };
  CHECK(at("name") == "1:7+7");
  CHECK(at("estate.zones.lan") == "4:11+3");
  CHECK(at("estate.zones.lan.addresses") == "4:44+3");
  CHECK(at("worm.attempts.lan.rate") == "8:24+3");
  CHECK(at("patching") == "10:1+8");
  CHECK(at("patching.coverage") == "10:30+3");
  CHECK(at("detection.dwell.fixed") == "13:10+2");
  CHECK(at("horizon") == "nowhere");
  CHECK(at("detection.share") == "nowhere");
}

TEST_CASE("A list has its parts by number, and a single value is a list of one") {
  const Document document =
      read(minimal("firewalls: {smb: {zone: lan, from_networks: wards, where: {kinds: [trust, practice]}}}\n"));
  CHECK(told(document) == "");
  CHECK(document.scenario.firewalls(0).from_networks(0) == "wards");
  CHECK(document.places.count("firewalls.smb.from_networks.0") == 1);
  CHECK(document.places.at("firewalls.smb.where.kinds.1").column == 75);
}

TEST_CASE("A later stage reports at the value, or at the section around it") {
  Document document = read(minimal());
  report(document, "worm.attempts.lan.rate", "too fast");
  report(document, "worm.latency.lognormal.median", "too long");
  report(document, "detection.dwell", "nobody looks", "", Severity::warning);
  report(document, "detection.dwell", "nobody looks", "", Severity::warning);
  CHECK(told(document) ==
        "text.yaml: warning: nobody looks\n"
        "text.yaml:8:1: error: too long\n"
        "    8 | worm: {attempts: {lan: 4/s}, chances: {windows_7: 60%}}\n"
        "      | ^~~~\n"
        "text.yaml:8:24: error: too fast\n"
        "    8 | worm: {attempts: {lan: 4/s}, chances: {windows_7: 60%}}\n"
        "      |                        ^~~\n");
  CHECK_THROWS_AS(throw_if_mistaken(document), InputError);
}

TEST_CASE("Warnings alone do not stop a scenario") {
  Document document = read(minimal());
  report(document, "worm", "slow", "", Severity::warning);
  CHECK_NOTHROW(throw_if_mistaken(document));
}

TEST_CASE("The rules can be checked again without saying anything twice") {
  Document document = read(minimal("power: {nights: {on: 19h, off: 7h}}\n"));
  const std::string once = told(document);
  CHECK(once.find("off is not later than on") != std::string::npos);
  check_rules(document);
  CHECK(told(document) == once);
}

TEST_CASE("Sources go to the ledger in the order of the file") {
  const Document document = read_scenario((folder / "valid.yaml").string());
  REQUIRE(document.scenario.ledger_size() == 5);
  CHECK(document.scenario.ledger(0).path() == "worm.attempts.n3");
  CHECK(document.scenario.ledger(0).source() == "assumed; a tenth of the local rate");
  CHECK(document.scenario.ledger(1).path() == "worm.chances.server_2008_r2");
  CHECK(document.scenario.ledger(2).path() == "patching.coverage");
  CHECK(document.scenario.ledger(3).path() == "patching.rings.wards.rate");
  CHECK(document.scenario.ledger(4).path() == "detection.dwell");
}

TEST_CASE("A field that is called value is not taken for a value with its source") {
  const Document document =
      read(minimal("detection: {dwell: {discrete: [{value: 1h, weight: 1}, "
                   "{value: {value: 2h, source: guess}, weight: 3}]}}\n"));
  CHECK(told(document) == "");
  CHECK(document.scenario.detection().dwell().discrete(1).value() == 7200);
  REQUIRE(document.scenario.ledger_size() == 1);
  CHECK(document.scenario.ledger(0).path() == "detection.dwell.discrete.1.value");
}

TEST_CASE("Line ends of Windows, and the mark that its editors put first, make no difference") {
  std::string text;
  for (const char c : minimal("patching: {coverage: 62}\n"))
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(told(read("\xef\xbb\xbf" + text)) == told(read(minimal("patching: {coverage: 62}\n"))));
}

TEST_CASE("What is not a plain file is refused by name") {
  const auto refused = [](const std::string& path) {
    try {
      read_scenario(path);
    } catch (const FileError& error) {
      return std::string(error.what()).find(path) == 0;
    }
    return false;
  };
  CHECK(refused((folder / "nowhere.yaml").string()));
  CHECK(refused(folder.string()));
  CHECK(refused("/dev/zero"));
  CHECK(refused("/dev/null"));
  const Folder own;
  const std::string pipe = own / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(refused(pipe));
}

TEST_CASE("A mistake is described within the width of a screen") {
  Mistake mistake{"a.yaml", {3, 150, 5}, Severity::error, "wrong", "right", std::string(400, 'x')};
  const std::string text = describe(mistake);
  std::istringstream lines(text);
  std::string line;
  for (std::size_t count = 0; std::getline(lines, line); ++count) CHECK(line.size() < 120);
  mistake.source_line = "caf\xc3\xa9 \x1b[31m\xff\t| \xe2\x80\xae";
  mistake.place = {12345, 6, 3};
  CHECK(describe(mistake) ==
        "a.yaml:12345:6: error: wrong\n12345 | caf\xc3\xa9 ?[31m? | ?\n      |      ^~~ did you mean right?");
  mistake.source_line.clear();
  CHECK(describe(mistake) == "a.yaml:12345:6: error: wrong; did you mean right?");
  mistake.place = {};
  CHECK(describe(mistake) == "a.yaml: error: wrong; did you mean right?");
}

TEST_CASE("The nearest word is near") {
  const std::vector<std::string> words = {"patching", "coverage", "detection", "on", "off"};
  CHECK(nearest("pathcing", words) == "patching");
  CHECK(nearest("covrage", words) == "coverage");
  CHECK(nearest("dtection", words) == "detection");
  CHECK(nearest("zebra", words) == "");
  CHECK(nearest("", words) == "");
  CHECK(nearest("xy", words) == "");
  CHECK(nearest(std::string(1000000, 'c'), words) == "");
}
