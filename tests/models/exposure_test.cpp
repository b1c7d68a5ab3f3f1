#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "tests/support/staged_play.h"
#include "tests/support/told.h"
#include "tests/support/world.h"

// What organisations were like at the start, and whether it tells those that were hit from the others.

using namespace trustfall;
using namespace trustfall::small;
using Pool = EstateBuilder::Pool;

namespace {

constexpr Instant t0{};
constexpr std::uint16_t shared = 1;

Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}
Where codes(std::vector<std::string> codes) {
  Where where;
  where.codes = std::move(codes);
  return where;
}
FirewallRule closing(const Estate& estate, const Where& where) {
  return {.zone_kind = shared, .where = Selector(estate, where), .from_networks = {}};
}

/// Trusts A: 0 to 3 workstations; B: 4, 5 workstations, 6 that the worm cannot run on; C: 7 to 9 workstations, 10 to
/// 12 servers; D: 13, 14 servers; P, a practice: 15 workstation. Zones: each segment's, and one of all.
Estate four_trusts() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "n"}});
  add_organisation(builder, "B", {{{{2}, {1, DeviceClass::workstation, System::windows_10}}, "n"}});
  add_organisation(builder, "C", {{{{3}, {3, DeviceClass::server}}, "n"}});
  add_organisation(builder, "D", {{{{2, DeviceClass::server}}, "n"}});
  add_organisation(builder, "P", {{{{1}}, "n"}}, OrganisationKind::practice);
  builder.add_zones("lan", Pool::each_segment, 256, all_of(builder));
  builder.add_zones("shared", Pool::everyone, 65536, all_of(builder));
  return builder.build();
}

/// Servers are patched, nobody else. B and D are closed, and servers everywhere; the worm encrypts.
Model four_trusts_model(const Estate& estate) {
  Model model = model_of(estate, {1, 1}, 200h);
  model.worm.infects[static_cast<std::size_t>(System::windows_10)] = 0;
  model.worm.encryption = Encryption{1, {}};
  model.worm.kill_switch = KillSwitch{t0 + 5h};
  model.patching.groups = {{Selector(estate, devices(only(DeviceClass::server))), 1.0, 1}};
  model.firewalls =
      numbered({closing(estate, codes({"B", "D"})), closing(estate, devices(only(DeviceClass::server)))});
  return model;
}

bool absent(const Played& play) {
  return std::isnan(metric(play, "told_apart_by_exposure")) && std::isnan(metric(play, "told_apart_by_coverage")) &&
         std::isnan(metric(play, "told_apart_by_size"));
}

}  // namespace

TEST_CASE("Four trusts, two of them locked out, told apart by hand") {
  const Estate estate = four_trusts();
  const Model model = four_trusts_model(estate);
  StagedPlay play(model);
  play.encrypt(host(0), 1);
  play.encrypt(host(4), 2);
  play.step(host(1), 6, Transition::stopped);  // locked out already
  play.step(host(8), 6, Transition::stopped);
  play.step(host(15), 6, Transition::stopped);   // no trust
  play.encrypt(host(9), 169);                    // too late to count
  play.step(host(13), 3, Transition::infected);  // infected, not locked out
  //                      A    B    C    D
  // hit                  x    x
  // open                 4    0    3    0
  // unpatched            1    1   1/2   0
  // hosts                4    3    6    2
  CHECK(metric(play, "compared_hit") == 2);
  CHECK(metric(play, "compared_open") == 2);
  CHECK(metric(play, "compared_hit_open") == 1);
  CHECK(metric(play, "compared_reached_late") == 1);
  CHECK(metric(play, "told_apart_by_exposure") == 0.625);  // AC, AD, half of BD
  // Of A and C alone, which are open.
  CHECK(metric(play, "told_apart_by_coverage") == 1);
  CHECK(metric(play, "told_apart_by_size") == 0);
  CHECK(metric(play, "unpatched_at_start") == 10.0 / 15);
}

TEST_CASE("Where none or all were hit nothing tells them apart") {
  const Estate estate = four_trusts();
  const Model model = four_trusts_model(estate);
  StagedPlay none(model);
  none.encrypt(host(15), 1);  // a practice
  CHECK(absent(none));
  CHECK(metric(none, "compared_hit") == 0);
  CHECK(metric(none, "compared_open") == 2);
  StagedPlay all(model);
  for (const std::size_t h : {0, 4, 7}) all.encrypt(host(h), 1);
  CHECK_FALSE(absent(all));
  all.encrypt(host(13), 1);
  CHECK(absent(all));
  CHECK(metric(all, "compared_hit") == 4);
}

TEST_CASE("Where the worm encrypts nothing, who is infected is hit; of one trust and others all are compared") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{4}}, "n"}});
  add_organisation(builder, "B", {{{{2}}, "n"}}, OrganisationKind::practice);
  add_organisation(builder, "C", {{{{3}}, "n"}}, OrganisationKind::company);
  builder.add_zones("lan", Pool::each_segment, 256, all_of(builder));
  const Estate estate = builder.build();
  const Model model = model_of(estate, {1}, 200h);
  StagedPlay play(model);
  play.step(host(0), 190, Transition::infected);
  play.step(host(6), 1, Transition::infected);
  CHECK(metric(play, "compared_hit") == 2);
  CHECK(metric(play, "compared_open") == 0);  // no zone is shared
  CHECK(metric(play, "told_apart_by_exposure") == 0.5);
  CHECK(std::isnan(metric(play, "told_apart_by_size")));
  CHECK(metric(play, "unpatched_at_start") == 1);
}

TEST_CASE("They are told where there are two to compare, a patch, or what stops the worm") {
  const Estate one = one_segment(2, 2);
  const Estate several = four_trusts();
  const auto tells = [](const Model& model, std::string_view name) {
    const auto list = metrics(told(model));
    return std::any_of(list.begin(), list.end(), [&](const Metric& m) { return m.name == name; });
  };
  Model alone = model_of(one, {1}, 1h);
  CHECK_FALSE(tells(alone, "unpatched_at_start"));
  alone.patching.coverage = 0.5;
  alone.worm.kill_switch = KillSwitch{};
  CHECK(tells(alone, "unpatched_at_start"));
  CHECK_FALSE(tells(alone, "compared_hit"));
  CHECK_FALSE(tells(alone, "compared_reached_late"));
  Model model = model_of(several, {1, 1}, 1h);
  CHECK_FALSE(tells(model, "unpatched_at_start"));
  CHECK(tells(model, "told_apart_by_size"));
  CHECK_FALSE(tells(model, "compared_reached_late"));
  model.detection = Detection{};
  model.detection->antivirus = Antivirus{t0, {}};
  CHECK(tells(model, "compared_reached_late"));
}

TEST_CASE("A host is open to what comes from outside or over a link of another organisation") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}}, "n"}});
  add_organisation(builder, "B", {{{{2}}, "n"}});
  builder.add_zones("own", Pool::each_organisation, 256, all_of(builder));
  builder.add_zones("shared", Pool::everyone, 65536, all_of(builder));
  builder.add_links("links", {4, true, {{0, 1}, {0, 2}}, {}});
  const Estate estate = builder.build();
  const auto open = [&](const Model& model) { return metric(StagedPlay(model), "compared_open"); };
  Model model = model_of(estate, {1, 0, 0}, 1h);
  CHECK(open(model) == 0);  // nobody scans the zone that is shared
  const ZoneId own = estate.zones_of(segment(0))[0].zone;
  model.entries = {OutsideEntry{own, {{t0, 5}}}};
  CHECK(open(model) == 1);
  model.worm.transmissions.resize(3);
  model.worm.transmissions[2] = fixed(1);
  CHECK(open(model) == 2);
  FirewallRule closes = closing(estate, codes({"B"}));
  closes.zone_kind = 2;
  model.firewalls = {closes};
  CHECK(open(model) == 1);
  model.entries.clear();
  CHECK(open(model) == 0);
  model.worm.rates[1] = 1;
  CHECK(open(model) == 2);
}

// --- by brute force ---

namespace {

/// Thirty trusts of two segments each, and a practice from which the worm sets out.
Estate random_trusts(std::mt19937_64& luck) {
  EstateBuilder builder;
  for (int o = 0; o < 30; ++o)
    add_organisation(builder, "T" + std::to_string(o),
                     {{{{1 + luck() % 8}, {luck() % 3, DeviceClass::server}}, "offices"},
                      {{{luck() % 5, DeviceClass::workstation, System::windows_10}, {1 + luck() % 4}}, "wards"}});
  add_organisation(builder, "P", {{{{1}}, "n"}}, OrganisationKind::practice);
  builder.add_zones("lan", Pool::each_segment, 256, all_of(builder));
  builder.add_zones("shared", Pool::everyone, 4096, all_of(builder));
  return builder.build();
}

std::vector<FirewallRule> random_rules(const Estate& estate) {
  std::vector<FirewallRule> rules = numbered({closing(estate, {}), closing(estate, {}), closing(estate, {})});
  rules[0].share = 0.6;
  rules[0].misconfigured = 0.2;
  rules[1].where = Selector(estate, devices(only(DeviceClass::server)));
  rules[1].closes = false;
  rules[1].share = 0.3;
  rules[2].per = FirewallRule::Unit::segment;
  rules[2].share = 0.3;
  for (FirewallRule& rule : rules) rule.where.limit_to(estate, {1, 1, 0});
  return rules;
}

/// By organisation: hosts that fall to a worm that sets out from the practice and scans the shared zone alone.
std::vector<double> open_by_play(const Model& model, const Draws& draws) {
  const Estate& estate = *model.estate;
  Model bare = model_of(estate, {0, 1}, 24h * 365);
  bare.worm.infects = model.worm.infects;
  bare.firewalls = model.firewalls;
  bare.entries = {entry_of({host(estate.hosts() - 1)})};
  Play play(bare, draws);
  play.run();
  std::vector<double> open(estate.organisations());
  for (const Step& step : play.incident().steps()) open[index(estate.organisation_of(step.host))] += 1;
  return open;
}

/// Over all pairs of those that have some of `among`.
double told_apart(const std::vector<double>& values, const std::vector<bool>& hit, const std::vector<double>& among) {
  double above = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < hit.size(); ++a)
    for (std::size_t b = 0; b < hit.size(); ++b) {
      if (!hit[a] || hit[b] || among[a] == 0 || among[b] == 0) continue;
      pairs += 1;
      above += values[a] > values[b] ? 1 : values[a] == values[b] ? 0.5 : 0;
    }
  return above / pairs;
}

}  // namespace

TEST_CASE("In random estates exposure is who can be reached, and pairs counted one by one agree") {
  std::mt19937_64 luck(161);
  double open_trusts = 0;
  for (std::uint32_t r = 0; r < 30; ++r) {
    const Estate estate = random_trusts(luck);
    Model model = model_of(estate, {1, 1}, 200h);
    model.worm.infects[static_cast<std::size_t>(System::windows_10)] = 0;
    model.firewalls = random_rules(estate);
    model.patching.coverage = 0.5;
    model.patching.concentration = 1;
    model.patching.groups = {{Selector(estate, devices(only(DeviceClass::server))), {}, 0.6}};
    const Draws draws(161, r);
    StagedPlay play(model, draws);
    std::vector<bool> hit(30);
    std::vector<double> open = open_by_play(model, draws), unpatched(30), size(30), can_run(30);
    open.resize(30);
    for (std::uint32_t h = 0; h + 1 < estate.hosts(); ++h) {
      const std::size_t o = index(estate.organisation_of(HostId{h}));
      size[o] += 1;
      if (estate.system(HostId{h}) == System::windows_10) continue;
      can_run[o] += 1;
      unpatched[o] += !play.patched().at_start(HostId{h}, estate.segment_of(HostId{h}));
    }
    for (std::size_t o = 0; o < 30; ++o) {
      unpatched[o] /= can_run[o];
      hit[o] = o == 0 || (o > 1 && luck() % 3 == 0);
      if (hit[o]) play.step(estate.first_host(estate.first_segment(org(o))), 1, Transition::infected);
      open_trusts += open[o] > 0;
    }
    CHECK(metric(play, "compared_open") == std::count_if(open.begin(), open.end(), [](double n) { return n > 0; }));
    CHECK(metric(play, "told_apart_by_exposure") ==
          Approx(told_apart(open, hit, std::vector<double>(30, 1))).epsilon(1e-12));
    CHECK(metric(play, "told_apart_by_coverage") == Approx(told_apart(unpatched, hit, open)).epsilon(1e-12));
    CHECK(metric(play, "told_apart_by_size") == Approx(told_apart(size, hit, open)).epsilon(1e-12));
  }
  CHECK(open_trusts > 300);  // so that there is something to tell
  CHECK(open_trusts < 700);
}
