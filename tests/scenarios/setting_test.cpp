#include "tests/scenarios/reading.h"

using namespace trustfall;

TEST_CASE("Settings change what the file says") {
  const std::string text = minimal("patching: {coverage: 62%}\n");
  const auto with = [&](const std::vector<std::string>& settings) {
    Document document = read(text, settings);
    CHECK(told(document) == "");
    return document;
  };
  CHECK(with({"patching.coverage=42%"}).scenario.patching().coverage() == 0.42);
  CHECK(with({"patching.coverage=42%", "patching.coverage=43%"}).scenario.patching().coverage() == 0.43);
  CHECK(with({"name=A: \"quoted\" = text"}).scenario.name() == "A: \"quoted\" = text");
  CHECK(with({"worm.chances={windows_7: 0.4}"}).scenario.worm().chances(0).infect() == 0.4);
  CHECK(with({"worm.chances.windows_7=0.4"}).scenario.worm().chances(0).infect() == 0.4);
  CHECK(with({"detection.dwell=4h"}).scenario.detection().dwell().fixed() == 14400);
  CHECK(with({"start=2017-05-12T08:44:00Z"}).scenario.start() == "2017-05-12T08:44:00Z");
  CHECK(with({"entries.first.hosts.at=+1h"}).scenario.entries(0).hosts().at() == 3600);
}

TEST_CASE("Settings make the sections and entries that they name") {
  const Document document =
      read(minimal(), {"worm.kill_switch.at=+6h", "worm.chances.windows_xp=5%", "firewalls.smb={zone: lan}",
                       "firewalls.smb.where.kinds=[trust, practice]"});
  CHECK(told(document) == "");
  CHECK(document.scenario.worm().kill_switch().at() == 21600);
  CHECK(document.scenario.worm().chances_size() == 2);
  CHECK(document.scenario.firewalls(0).where().kinds_size() == 2);
}

TEST_CASE("A setting does not make an entry by a slip of the pen") {
  const Document document = read(minimal(), {"entries.frist.hosts.at=+1h"});
  CHECK_THAT(told(document), Catch::Contains("there is no 'frist'") && Catch::Contains("did you mean first?"));
}

TEST_CASE("A setting opens up a plain value, and a new shape replaces the old one") {
  const std::string text = minimal("detection: {dwell: 4h}\n");
  const Document rate = read(text, {"worm.chances.windows_7.crash=10%"});
  CHECK(told(rate) == "");
  CHECK(rate.scenario.worm().chances(0).infect() == 0.6);
  CHECK(rate.scenario.worm().chances(0).crash() == 0.1);
  const Document shape = read(text, {"detection.dwell.lognormal={median: 2h, sigma: 1}"});
  CHECK(told(shape) == "");
  CHECK_FALSE(shape.scenario.detection().dwell().has_fixed());
  CHECK(shape.scenario.detection().dwell().lognormal().median() == 7200);
  const std::string with_source = minimal("detection: {dwell: {value: 4h, source: guess}}\n");
  const Document replaced = read(with_source, {"detection.dwell.exponential=2h"});
  CHECK(told(replaced) == "");
  CHECK(replaced.scenario.detection().dwell().exponential() == 7200);
  CHECK(replaced.scenario.ledger_size() == 0);  // the source was of the value that is no more
}

TEST_CASE("A setting of null removes, and only what is there") {
  const std::string text = minimal("patching: {coverage: 62%}\nfirewalls: {smb: {zone: lan}, rdp: {zone: lan}}\n");
  const Document removed =
      read(text, {"patching=null", "firewalls.smb=~", "worm.kill_switch=null", "worm.ransom.amount=null"});
  CHECK(told(removed) == "");
  CHECK_FALSE(removed.scenario.has_patching());
  CHECK_FALSE(removed.scenario.worm().has_kill_switch());
  CHECK_FALSE(removed.scenario.worm().has_ransom());
  REQUIRE(removed.scenario.firewalls_size() == 1);
  CHECK(removed.scenario.firewalls(0).name() == "rdp");
  CHECK(tells(read(text, {"worm=null"}), "text.yaml: error: the scenario lacks worm"));
  CHECK(tells(read(text, {"entries.first=null"}), "error: entries is empty"));
  CHECK(tells(read(text, {"firewalls.smv=null"}), "there is no 'smv' to remove\n    1 | firewalls.smv=null\n"));
  CHECK(tells(read(text, {"patchin=null"}), "did you mean patching?"));
}

TEST_CASE("A mistake in a setting is shown in the setting") {
  const auto mistakes = [](const std::vector<std::string>& settings) { return told(read(minimal(), settings)); };
  CHECK(mistakes({"horizon=24h", "patching.coverage=62"}) ==
        "--set:2:19: error: coverage is a share from 0 to 1 (or 0% to 100%); found 62\n"
        "    2 | patching.coverage=62\n"
        "      |                   ^~ did you mean 62%?\n");
  CHECK(mistakes({"patching.covrage=62%"}) ==
        "--set:1:10: error: patching has no key 'covrage'\n"
        "    1 | patching.covrage=62%\n"
        "      |          ^~~~~~~ did you mean coverage?\n");
  CHECK(mistakes({"patching"}) ==
        "--set:1:1: error: a setting is written path=value, such as patching.coverage=62%\n"
        "    1 | patching\n"
        "      | ^\n");
  CHECK(mistakes({"worm.chances={windows_7: 0.4"}) ==
        "--set:1:14: error: this `{` has no `}`\n"
        "    1 | worm.chances={windows_7: 0.4\n"
        "      |              ^\n");
  CHECK(mistakes({"worm.attempts.n3=4/s"}).find("--set:1:15: error: there is no zone 'n3'") == 0);
  CHECK(mistakes({"orders.off=null"}).find("there are no orders to remove one from") != std::string::npos);
  CHECK(mistakes({"patching.campaign=null"}).empty());
  CHECK(mistakes({"worm.chances.windows7=40%"}).find("did you mean windows_7?") != std::string::npos);
  CHECK(mistakes({"horizon=24h", "worm.chances={windows_7: 1%, windows_7: 2%}"})
            .find("--set:2:30: error: windows_7 is said twice in chances; the first is in line 2") == 0);
  CHECK(mistakes({"entries.first.mail.from=+1h"}).find("first is exactly one of") != std::string::npos);
  CHECK(mistakes({"horizon="}).find("horizon is empty") != std::string::npos);
  CHECK(mistakes({"horizon.x=5h"}).find("found a section") != std::string::npos);
  CHECK_FALSE(mistakes({"=5"}).empty());
  CHECK_FALSE(mistakes({"..=5"}).empty());
  CHECK_FALSE(mistakes({"name..x=5"}).empty());
  CHECK_FALSE(mistakes({repeated("a.", 5000) + "a=5"}).empty());
}

TEST_CASE("A setting reaches into a list by number") {
  const std::string text = minimal() + "";
  const std::string steps = "entries.out={outside: {zone: lan, infected: [{from: +0s, hosts: 5}]}}";
  const Document document = read(text, {steps, "entries.out.outside.infected.0.hosts=9",
                                        "entries.out.outside.infected.1={from: +2h, hosts: 0}"});
  CHECK(told(document) == "");
  CHECK(document.scenario.entries(1).outside().infected(0).hosts() == 9);
  CHECK(document.scenario.entries(1).outside().infected_size() == 2);
  CHECK(tells(read(text, {steps, "entries.out.outside.infected.7.hosts=9"}),
              "its parts are numbered from 0, and 1 adds one"));
}
