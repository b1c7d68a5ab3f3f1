#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};
constexpr DeviceSet server = only(DeviceClass::server);

/// Segments 0 and 1 of A, 2 of B; zone 0 is everyone's.
Estate estate_of_two() {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{2}, {1, DeviceClass::server}}, "west"}, {{{1}}, "west"}});
  add_organisation(builder, "B", {{{{1}, {1, DeviceClass::server}}, "east"}});
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 10, all_of(builder));
  return builder.build();
}

FirewallRule cutting(const Estate& estate, const std::string& code, Instant from, Instant until,
                     DeviceSet devices = all_devices) {
  Where where;
  where.codes = {code};
  where.devices = devices;
  FirewallRule rule{.zone_kind = 0, .where = Selector(estate, where), .from_networks = {}};
  rule.direction = FirewallRule::Direction::both;
  rule.from = from;
  rule.until = until;
  rule.everything = true;
  return rule;
}

bool same(const Cut& a, const Cut& b) {
  return a.segment == b.segment && a.zone == b.zone && a.devices == b.devices && a.from == b.from &&
         a.until == b.until;
}

std::vector<Cut> cuts_of(const Estate& estate, std::vector<FirewallRule> rules) {
  Model model = model_of(estate, {0}, 24h);
  model.firewalls = numbered(std::move(rules));
  Play play(model, Draws(331, 0));
  play.schedule(t0 + 2h, {Change::Kind::isolate_organisation, org(1)});
  play.run();
  std::vector<Cut> found;
  play.each_cut([&](const Cut& cut) { found.push_back(cut); });
  return found;
}

void check(const std::vector<Cut>& found, const std::vector<Cut>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO(i);
    CHECK(same(found[i], expected[i]));
  }
}

}  // namespace

TEST_CASE("A rule that stops everything for a time is a cut of every segment behind it, among those by isolation") {
  const Estate estate = estate_of_two();
  const Cut isolated{segment(2), no_zone, all_devices, t0 + 2h, never};
  check(cuts_of(estate, {cutting(estate, "A", t0 + 1h, t0 + 5h)}),
        {{segment(0), zone(0), all_devices, t0 + 1h, t0 + 5h},
         {segment(1), zone(0), all_devices, t0 + 1h, t0 + 5h},
         isolated});
  check(cuts_of(estate, {cutting(estate, "B", t0 + 3h, never, server)}),
        {isolated, {segment(2), zone(0), server, t0 + 3h, never}});
  check(cuts_of(estate, {cutting(estate, "B", t0, t0 + 1h)}),
        {{segment(2), zone(0), all_devices, t0, t0 + 1h}, isolated});
}

TEST_CASE("What is cut off from the start to the end, or only from the worm, or beyond the horizon, is no cut") {
  const Estate estate = estate_of_two();
  const Cut isolated{segment(2), no_zone, all_devices, t0 + 2h, never};
  check(cuts_of(estate, {cutting(estate, "A", t0, never)}), {isolated});
  check(cuts_of(estate, {cutting(estate, "A", t0, t0 + 24h)}), {isolated});
  check(cuts_of(estate, {cutting(estate, "A", t0 + 24h, never)}), {isolated});
  FirewallRule smb = cutting(estate, "A", t0 + 1h, t0 + 5h);
  smb.everything = false;
  check(cuts_of(estate, {smb}), {isolated});
  FirewallRule nowhere = cutting(estate, "A", t0 + 1h, t0 + 5h);
  nowhere.share = 0;
  check(cuts_of(estate, {nowhere}), {isolated});
}

TEST_CASE("Rules that follow each other, open again or overlap make one cut, two, or more devices for a time") {
  const Estate estate = estate_of_two();
  const Cut isolated{segment(2), no_zone, all_devices, t0 + 2h, never};
  check(cuts_of(estate, {cutting(estate, "B", t0 + 3h, t0 + 4h), cutting(estate, "B", t0 + 4h, t0 + 6h)}),
        {isolated, {segment(2), zone(0), all_devices, t0 + 3h, t0 + 6h}});
  FirewallRule opens = cutting(estate, "B", t0 + 4h, t0 + 5h);
  opens.closes = false;
  check(cuts_of(estate, {cutting(estate, "B", t0 + 3h, t0 + 6h), opens}),
        {isolated,
         {segment(2), zone(0), all_devices, t0 + 3h, t0 + 4h},
         {segment(2), zone(0), all_devices, t0 + 5h, t0 + 6h}});
  check(cuts_of(estate, {cutting(estate, "B", t0, never, server), cutting(estate, "B", t0 + 3h, t0 + 6h)}),
        {isolated, {segment(2), zone(0), static_cast<DeviceSet>(all_devices & ~server), t0 + 3h, t0 + 6h}});
}

TEST_CASE("To the worm a rule that stops everything is any other rule") {
  const Estate estate = estate_of_two();
  Model model = model_of(estate, {0.01}, 2h);
  model.entries = {entry_of({host(0)})};
  model.firewalls = {cutting(estate, "B", t0 + 100s, t0 + 400s)};
  const auto times = [&] {
    Play play(model, Draws(332, 0));
    play.run();
    return infection_times(play.incident());
  };
  const auto everything = times();
  model.firewalls[0].everything = false;
  CHECK(times() == everything);
  model.firewalls.clear();
  CHECK(times() != everything);
}
