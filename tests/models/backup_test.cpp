#include <catch2/catch.hpp>

#include "tests/support/statistics.h"
#include "tests/support/told.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};
constexpr DeviceSet workstation = only(DeviceClass::workstation);
constexpr DeviceSet server = only(DeviceClass::server);

BackupPolicy policy(DeviceSet devices, double coverage = 1, Duration interval = 24h, bool offline = false) {
  return copies(devices, coverage, interval, offline, fixed(1e9), 500h);
}

/// Hosts infected and encrypted after so many hours each; no scanning.
Model encrypting(const Estate& estate, const std::vector<HostId>& hosts, double hours) {
  Model model = model_of(estate, std::vector<double>(estate.zone_kinds().size()), 24h * 10);
  model.worm.encryption = Encryption{1, {}};
  for (auto& data : model.worm.encryption->data) data = fixed(hours * 3600);
  model.entries = {entry_of(hosts)};
  return model;
}

}  // namespace

TEST_CASE("The time since the last copy is less than the interval, even over it, and goes on with the clock") {
  const BackupPolicy daily = policy(workstation);
  const Draws draws(111, 0);
  std::vector<double> shares;
  for (std::size_t h = 0; h < 2000; ++h) {
    const Duration since = daily.since_last_copy(host(h), t0 + 100h, draws);
    CHECK(since >= Duration{});
    CHECK(since < 24h);
    shares.push_back(to_hours(since) / 24);
    // An hour later it is an hour more, or a copy was taken in between; a day later it is the same.
    const Duration later = daily.since_last_copy(host(h), t0 + 101h, draws);
    CHECK((later == since + 1h || later == since + 1h - 24h));
    CHECK(daily.since_last_copy(host(h), t0 + 124h, draws) == since);
  }
  CHECK(stats::ks_distance_to(shares, [](double x) { return x; }) < stats::ks_critical(shares.size()));
}

TEST_CASE("A share of the hosts has a copy, and those nest") {
  const Draws draws(112, 0);
  double few = 0;
  for (std::size_t h = 0; h < 2000; ++h) {
    few += policy(workstation, 0.3).has_copy(host(h), false, draws);
    CHECK(policy(workstation, 0.3).has_copy(host(h), false, draws) <=
          policy(workstation, 0.8).has_copy(host(h), false, draws));
    CHECK(policy(workstation, 1).has_copy(host(h), false, draws));
    CHECK_FALSE(policy(workstation, 0).has_copy(host(h), false, draws));
  }
  CHECK(stats::within_five_errors(few, 2000, 0.3));
}

TEST_CASE("Copies online are lost with the backup server, copies offline are not") {
  const Draws draws(113, 0);
  CHECK_FALSE(policy(workstation).has_copy(host(0), true, draws));
  CHECK(policy(workstation, 1, 24h, true).has_copy(host(0), true, draws));
}

TEST_CASE("The first policy that covers a device counts") {
  const std::vector<BackupPolicy> policies = {policy(server, 0.1),
                                              policy(static_cast<DeviceSet>(server | workstation), 0.2)};
  CHECK(policy_for(policies, DeviceClass::server) == &policies[0]);
  CHECK(policy_for(policies, DeviceClass::workstation) == &policies[1]);
  CHECK(policy_for(policies, DeviceClass::imaging) == nullptr);
  CHECK(policy_for({}, DeviceClass::server) == nullptr);
}

TEST_CASE("Encrypting an organisation's backup server takes the online copies of its hosts, and of nobody else's") {
  EstateBuilder builder;
  for (const char* code : {"A", "B"})
    add_organisation(builder, code,
                     {{{{1}, {1, DeviceClass::server}}, "n"}, {{{1, DeviceClass::backup_server}}, "backup"}});
  const Estate estate = builder.build();
  // A: 0 workstation (copies offline), 1 server (online), 2 backup server; B: 3, 4, 5.
  Model model = encrypting(estate, {host(0), host(1), host(2), host(3), host(4)}, 2);
  model.backups = {policy(workstation, 1, 12h, true), policy(server, 1, 24h, false)};
  Play play(model, Draws(114, 0));
  play.run();
  const Draws draws(114, 0);
  CHECK_FALSE(play.without_copy(play.last_fall(host(0)), model.horizon));
  CHECK(play.without_copy(play.last_fall(host(1)), model.horizon));
  CHECK(play.without_copy(play.last_fall(host(2)), model.horizon));  // no policy covers it
  CHECK_FALSE(play.without_copy(play.last_fall(host(3)), model.horizon));
  CHECK_FALSE(play.without_copy(play.last_fall(host(4)), model.horizon));
  CHECK(play.work_lost(play.last_fall(host(0)), model.horizon) ==
        model.backups[0].since_last_copy(host(0), t0 + 2h, draws));
  CHECK(play.work_lost(play.last_fall(host(0)), model.horizon) < 12h);
  CHECK(play.work_lost(play.last_fall(host(1)), model.horizon) == 500h);
  CHECK(play.work_lost(play.last_fall(host(2)), model.horizon) == loss_without_policy);
  CHECK(play.work_lost(play.last_fall(host(4)), model.horizon) ==
        model.backups[1].since_last_copy(host(4), t0 + 2h, draws));
}

TEST_CASE("A backup server that is infected but not yet encrypted still holds its copies") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{1, DeviceClass::server}, {1, DeviceClass::backup_server}}, "n"}});
  const Estate estate = builder.build();
  Model model = encrypting(estate, {host(0), host(1)}, 2);
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::backup_server)] = fixed(3 * 3600);
  model.backups = {policy(server)};
  Play play(model, Draws(115, 0));
  play.run();
  CHECK_FALSE(play.without_copy(play.last_fall(host(0)), t0 + 3h));  // at the same instant restoring goes first
  CHECK(play.without_copy(play.last_fall(host(0)), t0 + 3h + 1ns));
}

TEST_CASE("A host is restored so long after its detection, with the work lost since its last good copy then") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{1, DeviceClass::server}, {1}, {1, DeviceClass::backup_server}}, "n"}});
  builder.add_zones("lan", EstateBuilder::Pool::everyone, 3, all_of(builder));
  const Estate estate = builder.build();
  // The server is encrypted after 2 h and restored 6 h after the note is seen; the backup server falls at 5 h.
  Model model = encrypting(estate, {host(0), host(1)}, 2);
  model.entries.emplace_back(entry_of({host(2)}, t0 + 3h));
  model.detection = Detection{.dwell = fixed(1e9), .share = 0, .note_seen = fixed(1800), .isolation = {}};
  model.backups = {policy(server)};
  model.backups[0].restore_time = fixed(6 * 3600);
  Play play(model, Draws(116, 0));
  play.run();
  CHECK(time_of(play.incident(), host(0), Transition::encrypted) == t0 + 2h);
  CHECK(time_of(play.incident(), host(0), Transition::detected) == t0 + 2h + 30min);
  CHECK(time_of(play.incident(), host(0), Transition::restored) == t0 + 8h + 30min);
  CHECK(time_of(play.incident(), host(1), Transition::restored) == never);  // no policy
  for (const Step& step : play.trace())
    if (step.what == Transition::restored) CHECK(Duration(step.detail) == 500h);  // its copies were lost by then

  model.backups[0].restore_time = fixed(2 * 3600);  // at 4 h 30 min: in time
  Play sooner(model, Draws(116, 0));
  sooner.run();
  for (const Step& step : sooner.trace())
    if (step.what == Transition::restored) {
      CHECK(step.time == t0 + 4h + 30min);
      CHECK(Duration(step.detail) == model.backups[0].since_last_copy(host(0), t0 + 2h, Draws(116, 0)));
    }
}

TEST_CASE("A restored host scans no more and is immune") {
  const Estate estate = one_zone({{{{1, DeviceClass::server}}, "n"}, {{{500}}, "n"}}, 501);
  Model model = model_of(estate, {0.02}, 24h);
  model.entries = {entry_of({host(0)})};
  model.detection = Detection{.dwell = fixed(60), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  model.backups = {policy(static_cast<DeviceSet>(server | workstation))};
  model.backups[0].restore_time = fixed(240);
  Play play(model, Draws(117, 0));
  play.run();
  const auto infected = infection_times(play.incident());
  for (const Step& step : play.incident().trace()) {
    if (step.what == Transition::restored) CHECK(step.time == infected[index(step.host)] + 5min);
    if (step.what == Transition::infected && step.source != no_host)
      CHECK(step.time <= infected[index(step.source)] + 5min);
  }
  CHECK(count_of(play.incident(), Transition::restored) == attack_size(play.incident()));
}

TEST_CASE("What is lost and what a good copy saves make up what is lost without it") {
  const Estate estate = one_zone({{{{40}, {3, DeviceClass::server}}, "n"}}, 50);
  std::vector<HostId> all;
  for (std::size_t h = 0; h < 43; ++h) all.push_back(host(h));
  Model model = encrypting(estate, all, 1);
  model.backups = {policy(workstation, 0.5)};
  Play play(model, Draws(118, 0));
  play.run();
  const double with_copy = 43 - metric(play, "hosts_without_copy");
  REQUIRE(with_copy > 10);
  REQUIRE(with_copy < 30);
  // No policy covers servers: 720 hours each, and nothing saved.
  CHECK(metric(play, "data_lost") + metric(play, "data_saved") == Approx(40 * 500 + 3 * 720));
  CHECK(metric(play, "data_saved") <= 500 * with_copy);
  CHECK(metric(play, "data_saved") >= (500 - 24) * with_copy);
  model.backups[0].loss_without_copy = {};  // older than nothing
  Play worse(model, Draws(118, 0));
  worse.run();
  CHECK(metric(worse, "data_saved") == Approx(3 * 720 - metric(worse, "data_lost")));
  CHECK(metric(worse, "data_saved") < 0);
}
