#include "scenarios/inspection/closing_rules.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/community.h"
#include "tests/support/program.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

const std::string hospital = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/district-hospital.yaml";

/// A: office, ward, vault (a server and a workstation); B of another group: office. Zone kinds: 0 segment, 1
/// organisation, 2 everyone.
Estate two_groups() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "office"}, {{{4}}, "ward"}, {{{2, DeviceClass::server}, {2}}, "vault"}},
                   OrganisationKind::trust, "trusts");
  add_organisation(builder, "B", {{{{4}}, "surgery"}}, OrganisationKind::practice, "practices");
  builder.add_zones("segment", Pool::each_segment, 10, all_of(builder));
  builder.add_zones("organisation", Pool::each_organisation, 20, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 20, all_of(builder));
  return builder.build();
}

Where networks(const std::vector<std::string>& names) {
  Where where;
  where.networks = names;
  return where;
}
Where vault() { return networks({"vault"}); }

/// The rule as the models have it.
FirewallRule lowered(const Estate& estate, const ClosingRule& rule) {
  Where where;
  where.groups = {rule.group};
  where.networks = {rule.network};
  const auto& kinds = estate.zone_kinds();
  const auto kind = static_cast<std::uint16_t>(std::find(kinds.begin(), kinds.end(), rule.zone) - kinds.begin());
  return rule_of(estate, kind, rule.direction, 1, where);
}

/// In how many replicates a host of the part falls, with these rules behind those of the model but one.
int falls(Model model, const Where& part, const std::vector<ClosingRule>& rules, std::size_t without) {
  for (std::size_t r = 0; r < rules.size(); ++r)
    if (r != without) model.firewalls.push_back(lowered(*model.estate, rules[r]));
  model.firewalls = numbered(model.firewalls);
  const std::vector<HostId> guarded = Selector(*model.estate, part).hosts(*model.estate);
  int fallen = 0;
  Play play(model, Draws(41, 0));
  for (std::uint32_t replicate = 0; replicate < 100; ++replicate) {
    play.reset(Draws(41, replicate));
    play.run();
    fallen += std::any_of(guarded.begin(), guarded.end(), [&](HostId h) { return play.incident().infected(h); });
  }
  return fallen;
}

constexpr std::size_t none_left_out = static_cast<std::size_t>(-1);

/// The rules suffice in every replicate, and every one of them is needed in some.
void check_in_plays(const Model& model, const Where& part, std::size_t expected) {
  const ClosingRules found = closing_rules(model, part);
  CHECK(found.past.empty());
  REQUIRE(found.rules.size() == expected);
  CHECK(falls(model, part, found.rules, none_left_out) == 0);
  for (std::size_t r = 0; r < found.rules.size(); ++r) {
    INFO("without " << yaml_of(found.rules[r]));
    CHECK(falls(model, part, found.rules, r) > 0);
  }
}

Model open_model(const Estate& estate) {
  Model model = model_of(estate, {0.1, 0.1, 0.1}, 1h);
  model.entries = {entry_of({host(0)})};
  return model;
}

}  // namespace

TEST_CASE("A network is cut off by closing each zone that leads into it") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  check_in_plays(model, vault(), 2);
  model.entries = {OutsideEntry{zone(estate.zones() - 1), {{Instant{}, 3}}}};
  check_in_plays(model, vault(), 2);
}

TEST_CASE("A narrow place on the way is closed rather than all that lies behind it") {
  // Two ways into the vault, three into all of A, one out of the surgery.
  const Estate estate = two_groups();
  Model model = open_model(estate);
  model.entries = {entry_of({host(12)})};
  const Where others = networks({"office", "ward", "vault"});
  const ClosingRules found = closing_rules(model, others);
  REQUIRE(found.rules.size() == 1);
  CHECK(found.rules[0].network == "surgery");
  CHECK(found.rules[0].direction == Direction::outbound);
  CHECK(found.rules[0].zone == "everyone");
  check_in_plays(model, others, 1);
  check_in_plays(model, vault(), 1);
}

TEST_CASE("Servers among workstations need the segment closed too") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  Where servers;
  servers.devices = only(DeviceClass::server);
  // Into the vault's workstations through two zones, and as many into its servers: a rule is about both of them.
  check_in_plays(model, servers, 2);
  model.entries = {entry_of({host(10)})};  // a workstation of the vault: its segment and both other zones lead on
  check_in_plays(model, servers, 3);
}

TEST_CASE("Rules that hold for certain are counted on, those of chance or for a time are not") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  FirewallRule everyone = rule_of(estate, 2, Direction::inbound, 1, vault());
  model.firewalls = {everyone};
  check_in_plays(model, vault(), 1);
  model.firewalls[0].misconfigured = 0.2;
  check_in_plays(model, vault(), 2);
  model.firewalls[0] = everyone;
  model.firewalls[0].until = Instant{} + 10s;
  check_in_plays(model, vault(), 2);
  FirewallRule opening = everyone;
  opening.closes = false;
  opening.share = 0.3;
  model.firewalls = {everyone, opening};
  check_in_plays(model, vault(), 2);
  model.firewalls = {opening, everyone};
  check_in_plays(model, vault(), 1);
}

TEST_CASE("A rule on pairs of networks narrows the ways") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  model.firewalls = {rule_of(estate, 2, Direction::inbound, 1, vault()),
                     rule_of(estate, 1, Direction::inbound, 1, vault())};
  model.firewalls[1].from_networks.assign(estate.networks().size(), 0);
  model.firewalls[1].from_networks[estate[segment(0)].network] =
      1;  // none from the office, so only by way of the ward
  // One rule either way: into the vault, or the ward's way out.
  check_in_plays(model, vault(), 1);
  model.firewalls[1].from_networks[estate[segment(1)].network] = 1;
  CHECK(closing_rules(model, vault()).rules.empty());
}

TEST_CASE("What comes by mail or by stick comes past every rule, and is named") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  model.entries.push_back(MailEntry{1, 0, 1, Instant{}, 1h, {host(9)}});
  ClosingRules found = closing_rules(model, vault());
  CHECK(found.past == std::vector<std::size_t>{1});
  CHECK(found.rules.empty());
  model.entries[1] = StickEntry{1, Instant{}, 1h, fixed(1), 1, {host(9)}};
  found = closing_rules(model, vault());
  CHECK(found.past == std::vector<std::size_t>{0});  // a stick brings on what another entry has brought in
  model.entries = {model.entries[1]};
  CHECK(closing_rules(model, vault()).past.empty());
}

TEST_CASE("Where nothing can fall there is nothing to close") {
  const Estate estate = two_groups();
  Model model = open_model(estate);
  model.worm.infects.fill(0);
  CHECK(closing_rules(model, vault()).rules.empty());
  model = open_model(estate);
  model.worm.rates.assign(3, 0);
  CHECK(closing_rules(model, vault()).rules.empty());
}

TEST_CASE("The rules can be pasted into the scenario, and hold in every replicate") {
  namespace fs = std::filesystem;
  const Folder folder;
  const Ran ran = program("inspect " + hospital + " --replicates 2 --protect data_centre_server");
  REQUIRE(ran.code == 0);
  std::string rules;
  std::size_t number = 0;
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("  cut-", 0) == 0) rules += line + "\n", ++number;
  REQUIRE(number == 2);
  // As bad as can be: nothing is detected, nothing patched, and the neighbour's scan comes in.
  const std::string settings =
      " --replicates 60 --seed 3 --json --set detection=null --set patching=null --set backups=null --set "
      "firewalls.national-edge.misconfigured=100%";
  const auto infected = [&](const std::string& pasted) {
    std::string text = content(hospital);
    const std::size_t end = text.find("\ndetection:");
    REQUIRE(end != std::string::npos);
    text.insert(end, "\n" + pasted);
    const std::string file = folder / "pasted.yaml";
    std::ofstream(file) << text;
    const Ran played = program("run " + file + settings);
    INFO(played.err);
    REQUIRE(played.code == 0);
    return nlohmann::json::parse(played.out)["strategies"][0]["metrics"]["data_centre_infected"]["mean"]
        .get<double>();
  };
  CHECK(infected(rules) == 0);
  const std::size_t second = rules.find('\n') + 1;
  CHECK(infected(rules.substr(0, second)) > 0);
  CHECK(infected(rules.substr(second)) > 0);
}
