#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace {

const std::string root = TRUSTFALL_SOURCE_DIR;
const std::string hospital = root + "/scenarios/district-hospital.yaml";
const std::string nhs = root + "/scenarios/nhs-2017.yaml";

nlohmann::json inspected(const std::string& arguments) {
  const Ran ran = program("inspect " + arguments + " --json");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  REQUIRE(std::count(ran.out.begin(), ran.out.end(), '\n') == 1);
  return nlohmann::json::parse(ran.out);
}

}  // namespace

TEST_CASE("What inspect does not know is refused, with its place") {
  const std::string si = "inspect " + root + "/scenarios/plain-si.yaml --replicates 1 --set ";
  const auto refused = [](const Ran& ran, const std::string& why) {
    INFO(ran.out << ran.err);
    CHECK(ran.code == 3);
    CHECK(ran.err.find(why) != std::string::npos);
  };
  refused(program(si + "'worm.dormancy={after: 1h, lasts: 1h}'"), "inspect does not know how long a worm is silent");
  // In a zone a host that can fall again changes nothing of R; over links it does.
  const std::string again = "worm.active_for=1h --set worm.reinfects=true";
  CHECK(program(si + again).code == 0);
  const Folder own;
  std::ofstream(own / "s.yaml") << "name: s\nstart: 2017-05-12T08:00:00Z\nplain: {graph: {line: {}}, hosts: 20, "
                                   "transmission: 4/h, removal: 1/h, model: sis}\n";
  refused(program("inspect '" + (own / "s.yaml") + "'"), "can be infected again by the one it infected");
}

TEST_CASE("Plain SI is what its arithmetic says") {
  // 8 attempts an hour for 12 hours on 20,000 addresses, half of which count, and 9,999 others.
  const auto json = inspected(root + "/scenarios/plain-si.yaml --replicates 3");
  const double r = 9999 * (1 - std::exp(-8 * 12 * 0.5 / 20000));
  CHECK(json["reproduction"]["unit"] == "hosts");
  CHECK(json["reproduction"]["r"]["q50"].get<double>() == Approx(r));
  CHECK(json["reproduction"]["hosts_within_segment"].get<double>() == Approx(r));
  CHECK(json["critical_coverage"]["coverage"]["q50"].get<double>() == Approx(1 - 1 / r).margin(0.012));
  CHECK(json["critical_coverage"]["scenario"] == 0);
  CHECK(json["reach"]["mean"] == 9999);
  double infected = 0;
  for (const auto& generation : json["played"]["hosts_by_generation"]) infected += generation.get<double>();
  CHECK(json["played"]["hosts_by_generation"][0] == 3 * 10);
  CHECK(infected > 3 * 9900);
  CHECK(json["closing_rules"].is_null());
}

TEST_CASE("An inspection says the same on the terminal as in JSON, and the same again") {
  const std::string arguments = hospital + " --replicates 5 --seed 9 --protect devices=data_centre_server";
  const auto json = inspected(arguments);
  const Ran text = program("inspect " + arguments + " --threads 1");
  REQUIRE(text.code == 0);
  CHECK(text.out == program("inspect " + arguments + " --threads 2").out);
  char r[16];
  std::snprintf(r, sizeof r, "%.2f", json["reproduction"]["r"]["q50"].get<double>());
  CHECK(text.out.find("begins " + std::string(r)) != std::string::npos);
  for (const auto& rule : json["closing_rules"]["rules"])
    CHECK(text.out.find("zone: " + rule["zone"].dump() + ", direction: " + rule["direction"].get<std::string>()) !=
          std::string::npos);
  CHECK(json["closing_rules"]["hosts"] == 110);

  // Where R falls below 1 it is below 1, and a little before it is not.
  const auto r_at = [&](double coverage) {
    const std::string value = std::to_string(coverage);
    return inspected(hospital + " --replicates 5 --seed 9 --set patching.coverage=" + value +
                     " --set patching.groups.data-centre.coverage=" + value +
                     " --set patching.groups.cottage-hospital.coverage=" + value)["reproduction"]["r"]["q50"]
        .get<double>();
  };
  const double enough = json["critical_coverage"]["coverage"]["q50"];
  CHECK(r_at(enough) < 1);
  CHECK(r_at(enough - 0.006) >= 1);
}

TEST_CASE("Shares of R and the trust network of the NHS scenario add up") {
  const auto json = inspected(nhs + " --replicates 2");
  double carried = 0;
  for (const auto& network : json["reproduction"]["networks"]) carried += network["carries"].get<double>();
  CHECK(carried == Approx(1));
  // Each commissioner is the hub of a star, so every connection is a bridge, and each hub of two or more falls apart.
  const auto& network = json["trust_network"];
  CHECK(network["bridges"].size() == network["connections"]);
  for (const auto& point : network["articulation_points"])
    CHECK(point["organisation"].get<std::string>().rfind("commissioner ", 0) == 0);
}

TEST_CASE("What cannot be protected, or does not exist, is said") {
  const std::string inspect = "inspect " + hospital + " --replicates 1 ";
  const Ran mail = program(inspect + "--protect devices=workstation");
  CHECK(mail.code == 0);
  CHECK(mail.out.find("invoice past every zone") != std::string::npos);
  const Ran both = program(inspect + "--protect imaging");
  CHECK(both.code == 2);
  CHECK(both.err.find("say devices=imaging or networks=imaging") != std::string::npos);
  const Ran typo = program(inspect + "--protect data_center_server");
  CHECK(typo.code == 2);
  CHECK(typo.err.find("did you mean data_centre_server?") != std::string::npos);
  CHECK(program(inspect + "--protect zones=trust").code == 2);
  CHECK(program(inspect + "--protect devices=").code == 2);
  CHECK(program("inspect " + hospital + " --set patching.coverage=62").code == 3);
  CHECK(program("inspect nowhere.yaml").code == 4);
}
