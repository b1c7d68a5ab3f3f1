#include "tests/support/recovery.h"

#include "tests/support/statistics.h"
#include "tests/support/told.h"

using namespace trustfall;
using namespace trustfall::small;

TEST_CASE("One technician takes one host after another, two take two at a time") {
  const Estate estate = one_segment(3, 3);
  const Model alone = falling(estate, {host(0), host(1), host(2)}, 1, 2h);
  const Play one = played(alone);
  CHECK(back(one, 0) == t0 + 3h);
  CHECK(back(one, 1) == t0 + 5h);
  CHECK(back(one, 2) == t0 + 7h);
  const Model pair = falling(estate, {host(0), host(1), host(2)}, 2, 2h);
  const Play two = played(pair);
  CHECK(back(two, 0) == t0 + 3h);
  CHECK(back(two, 1) == t0 + 3h);
  CHECK(back(two, 2) == t0 + 5h);
  const Model nobody = falling(estate, {host(0)}, 0, 2h);
  CHECK(back(played(nobody), 0) == never);
}

TEST_CASE("One technician for so many hosts, at least one") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{10}}}});
  add_organisation(builder, "B", {{{{2}}}});
  const Estate estate = builder.build();
  Model model = falling(estate, {host(0), host(1), host(2), host(10), host(11)}, 1, 2h);
  model.recovery->teams[0].technicians.reset();
  model.recovery->teams[0].hosts_per_technician = 4;  // 2.5 in A, which makes 3; half a one in B, which makes 1
  const Play play = played(model);
  for (const std::size_t h : {0u, 1u, 2u, 10u}) CHECK(back(play, h) == t0 + 3h);
  CHECK(back(play, 11) == t0 + 5h);
}

TEST_CASE("Work rests from shift to shift, over night and over the weekend") {
  const Estate estate = one_segment(8, 8);
  Model model = falling(estate, {host(0), host(1), host(2), host(3), host(4), host(5), host(6), host(7)}, 1, 6h);
  model.recovery->teams[0].shift = office;  // found at 9, as it begins
  const Play play = played(model);
  // 8 hours a day: 6 h, then 2 h today and 4 h tomorrow, 4 h and 2 h, 6 h, ...
  const Duration nine = 1h;
  CHECK(back(play, 0) == t0 + nine + 6h);
  CHECK(back(play, 1) == t0 + nine + 24h + 4h);
  CHECK(back(play, 2) == t0 + nine + 48h + 2h);
  CHECK(back(play, 3) == t0 + nine + 48h + 8h);
  CHECK(back(play, 4) == t0 + nine + 72h + 6h);
  CHECK(back(play, 5) == t0 + nine + 96h + 4h);
  CHECK(back(play, 6) == t0 + nine + 168h + 2h);  // 4 h on Friday, 2 h on Monday
  CHECK(back(play, 7) == t0 + nine + 168h + 8h);
}

TEST_CASE("What is found out of hours waits for the shift, and then goes by triage") {
  const Estate estate = one_zone({{{{2}, {1, DeviceClass::server}}, "n"}}, 3);
  Model model = falling(estate, {host(0), host(1)}, 1, 1h);
  model.entries.emplace_back(entry_of({host(2)}, t0 + 15h));  // the server is found last, at midnight
  model.detection->dwell = fixed(9 * 3600);                   // at 17, when the shift is over
  model.recovery->teams[0].shift = office;
  model.recovery->order = {DeviceClass::server};
  const Play play = played(model);
  const Duration tomorrow_at_nine = 25h;
  CHECK(back(play, 2) == t0 + tomorrow_at_nine + 1h);
  CHECK(back(play, 0) == t0 + tomorrow_at_nine + 2h);
  CHECK(back(play, 1) == t0 + tomorrow_at_nine + 3h);
}

TEST_CASE("Technicians travel between sites, and not within one") {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("north");
  add_lan(builder, {{{2}}});
  builder.add_site("south");
  add_lan(builder, {{{2}}});
  const Estate estate = builder.build();
  Model model = falling(estate, {host(0), host(2)}, 1, 2h);
  model.entries.emplace_back(entry_of({host(1), host(3)}, t0 + 1min));
  model.recovery->teams[0].travel = fixed(1800);
  const Play play = played(model);
  CHECK(back(play, 0) == t0 + 1h + 30min + 2h);
  CHECK(back(play, 2) == back(play, 0) + 30min + 2h);  // found earlier than host 1, which is nearer
  CHECK(back(play, 1) == back(play, 2) + 30min + 2h);
  CHECK(back(play, 3) == back(play, 1) + 30min + 2h);
  model.recovery->teams[0].technicians = fixed(2);
  const Play two = played(model);
  CHECK(back(two, 0) == t0 + 3h + 30min);
  CHECK(back(two, 2) == t0 + 3h + 30min);
  CHECK(back(two, 1) == back(two, 0) + 2h);  // both stay where they are
  CHECK(back(two, 3) == back(two, 2) + 2h);
}

TEST_CASE("Clients wait for the servers of their own organisation, and these for the domain controllers") {
  EstateBuilder builder;
  for (const char* code : {"A", "B"})
    add_organisation(builder, code, {{{{1}, {1, DeviceClass::server}, {1, DeviceClass::domain_controller}}, "n"}});
  const Estate estate = builder.build();
  // B's domain controller is spared.
  Model model = falling(estate, {host(0), host(1), host(2), host(3), host(4)}, 3, 2h);
  model.recovery->procedures = {procedure(workstation, 1h, server), procedure(server, 2h, controller),
                                procedure(controller, 4h)};
  const Play play = played(model);
  CHECK(back(play, 2) == t0 + 1h + 4h);
  CHECK(back(play, 1) == t0 + 1h + 4h + 2h);
  CHECK(back(play, 0) == t0 + 1h + 4h + 2h + 1h);
  CHECK(back(play, 4) == t0 + 1h + 2h);
  CHECK(back(play, 3) == t0 + 1h + 2h + 1h);
}

TEST_CASE("What is lost meanwhile holds up those that are not begun") {
  const Estate estate = one_zone({{{{2}, {1, DeviceClass::domain_controller}}, "n"}}, 3);
  Model model = falling(estate, {host(0), host(1)}, 1, 2h);
  model.entries.emplace_back(entry_of({host(2)}, t0 + 1h));  // found at 2 h, in the middle of the first client
  model.recovery->procedures = {procedure(workstation, 2h, controller), procedure(controller, 5h)};
  const Play play = played(model);
  CHECK(back(play, 0) == t0 + 3h);
  CHECK(back(play, 2) == t0 + 8h);
  CHECK(back(play, 1) == t0 + 10h);
}

TEST_CASE("Data come over the line of their site, one host's after another's") {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("north");
  add_lan(builder, {{{2}}});
  builder.add_site("south");
  add_lan(builder, {{{1}}});
  const Estate estate = builder.build();
  Model model = falling(estate, {host(0), host(1), host(2)}, 3, 2h);
  encrypt(model, 1800);                    // encrypted after half an hour, before they are found
  model.recovery->bandwidth = fixed(0.5);  // bytes per second: an hour for each
  model.recovery->procedures[0].verification = fixed(600);
  model.backups = {kept(anything, BackupPolicy::Kept::offline)};
  const Play play = played(model);
  CHECK(back(play, 0) == t0 + 1h + 2h + 1h + 10min);
  CHECK(back(play, 1) == t0 + 1h + 2h + 2h + 10min);
  CHECK(back(play, 2) == t0 + 1h + 2h + 1h + 10min);
  // Without a copy there is nothing to be fetched; nor where the host was found before it was encrypted.
  model.backups[0].coverage = 0;
  CHECK(back(played(model), 1) == t0 + 1h + 2h + 10min);
  model.backups[0].coverage = 1;
  encrypt(model, 7200);
  CHECK(back(played(model), 1) == t0 + 1h + 2h + 10min);
}

TEST_CASE("Tapes are fetched first, and hold nobody up meanwhile") {
  const Estate estate = one_zone({{{{1}, {1, DeviceClass::server}}, "n"}}, 2);
  Model model = falling(estate, {host(0), host(1)}, 2, 2h);
  encrypt(model, 1800);
  model.recovery->bandwidth = fixed(0.5);
  model.backups = {kept(workstation, BackupPolicy::Kept::offline), kept(server, BackupPolicy::Kept::offline)};
  model.backups[0].fetch = fixed(12 * 3600);
  const Play play = played(model);
  CHECK(back(play, 0) == t0 + 3h + 12h + 1h);
  CHECK(back(play, 1) == t0 + 3h + 1h);
}

TEST_CASE("On-line copies are lost with the backup server, immutable ones wait for it, off-line ones do not") {
  const Estate estate = one_zone({{{{1, DeviceClass::server}, {1, DeviceClass::backup_server}}, "n"}}, 2);
  Model model = falling(estate, {host(0), host(1)}, 2, 2h);
  encrypt(model, 1800);
  model.recovery->bandwidth = fixed(0.5);
  model.recovery->procedures = {procedure(server, 2h), procedure(backup, 24h)};
  const auto with = [&](BackupPolicy::Kept how) {
    model.backups = {kept(server, how)};
    return played(model);
  };
  const Play online = with(BackupPolicy::Kept::online);
  CHECK(back(online, 0) == t0 + 3h);  // empty
  CHECK(online.work_lost(online.last_fall(host(0)), model.horizon) == 500h);
  const Play immutable = with(BackupPolicy::Kept::immutable);
  CHECK(back(immutable, 0) == t0 + 25h + 1h);
  CHECK(immutable.work_lost(immutable.last_fall(host(0)), model.horizon) < 24h);
  const Play offline = with(BackupPolicy::Kept::offline);
  CHECK(back(offline, 0) == t0 + 3h + 1h);
  CHECK(offline.work_lost(offline.last_fall(host(0)), model.horizon) ==
        immutable.work_lost(immutable.last_fall(host(0)), model.horizon));
}

TEST_CASE("A copy that has outlived its retention is gone when it is asked for") {
  const Estate estate = one_segment(2, 2);
  Model model = falling(estate, {host(0), host(1)}, 1, 40h);  // asked for at 41 h and at 81 h
  encrypt(model, 1800);
  model.backups = {kept(anything, BackupPolicy::Kept::offline)};
  model.backups[0].retention = 72h;
  const Play play = played(model);
  const Draws draws(300, 0);
  for (const std::size_t h : {0u, 1u}) {
    const Duration since = model.backups[0].since_last_copy(host(h), t0 + 30min, draws);
    const bool kept_long_enough = (h == 0 ? 41h : 81h) - 30min + since <= 72h;
    CHECK(kept_long_enough == (h == 0));  // whatever the hour of the copy
    CHECK(play.work_lost(play.last_fall(host(h)), model.horizon) == (h == 0 ? since : Duration(500h)));
  }
}

TEST_CASE("Of copies that nobody has verified a share is bad, and those nest") {
  const Draws draws(301, 0);
  BackupPolicy policy = kept(anything, BackupPolicy::Kept::offline);
  double good = 0;
  for (std::size_t h = 0; h < 2000; ++h) {
    policy.verified = 0.7;
    const bool few = policy.has_copy(host(h), false, draws);
    good += few;
    policy.verified = 0.9;
    CHECK(few <= policy.has_copy(host(h), false, draws));
  }
  CHECK(stats::within_five_errors(good, 2000, 0.7));
}

TEST_CASE("A technician unplugs what nobody has unplugged, and stops its encryption") {
  const Estate estate = one_segment(2, 2);
  Model model = falling(estate, {host(0), host(1)}, 1, 2h);
  model.detection->isolation.reset();
  encrypt(model, 2 * 3600);  // due at 2 h: the first is taken on at 1 h, the second at 3 h
  const Play play = played(model);
  CHECK(time_of(play.incident(), host(0), Transition::isolated) == t0 + 1h);
  CHECK(time_of(play.incident(), host(0), Transition::encrypted) == never);
  CHECK(play.encrypted_at(host(0)) == never);
  CHECK(time_of(play.incident(), host(1), Transition::encrypted) == t0 + 2h);
  CHECK(time_of(play.incident(), host(1), Transition::isolated) == t0 + 3h);
}

TEST_CASE("A restored host without the patch falls again, one with it does not") {
  const Estate estate = one_segment(1, 1);
  Model model = falling(estate, {host(0)}, 1, 2h);
  model.entries.emplace_back(entry_of({host(0)}, t0 + 2h));   // it is being rebuilt
  model.entries.emplace_back(entry_of({host(0)}, t0 + 10h));  // it is back since 3 h
  CHECK(count_of(played(model).incident(), Transition::infected) == 1);
  model.recovery->patched = 0;
  const Play play = played(model);
  CHECK(count_of(play.incident(), Transition::infected) == 2);
  REQUIRE(play.repairs().size() == 2);
  CHECK(play.repairs()[0].back == t0 + 3h);
  CHECK(play.repairs()[1].back == t0 + 13h);
  const Outcome outcome = measure(play);
  CHECK(outcome.metrics[0] == 1);  // hosts, not infections
}

TEST_CASE("Hosts that are rebuilt without the patch fall as often as renewal theory has it") {
  // Hit from outside 1.5 times a day on average; away for three hours each time.
  constexpr double days = 20;
  constexpr double rate = 1.5;
  const Estate estate = one_segment(1, 1);
  Model model = falling(estate, {}, 1, 2h);
  constexpr double attempts = 1e-4;  // a second, of the host's own at nobody but itself
  model.worm.rates = {attempts};
  model.entries = {OutsideEntry{zone(0), {{t0, rate / 86400 / attempts}}}};
  model.horizon = t0 + std::chrono::hours(static_cast<int>(days * 24));
  model.recovery->patched = 0;
  // Infections by T: the n-th comes before T with the chance that a gamma of shape n lies below T - (n - 1) D.
  double mean = 0;
  double square = 0;
  for (int n = 1; n * 3 < days * 24; ++n) {
    const double expected_hits = rate * (days - (n - 1) * 3 / 24.0);
    double below = std::exp(-expected_hits);
    double term = below;
    for (int k = 1; k < n; ++k) below += term *= expected_hits / k;
    mean += 1 - below;
    square += (2 * n - 1) * (1 - below);
  }
  constexpr int plays = 2000;
  double sum = 0;
  Play play(model, Draws(302, 0));
  for (std::uint32_t r = 0; r < plays; ++r) {
    play.reset(Draws(302, r));
    play.run();
    REQUIRE(play.consistent());
    sum += static_cast<double>(attack_size(play.incident()));
  }
  CHECK(std::abs(sum / plays - mean) < 4 * std::sqrt((square - mean * mean) / plays));
}

TEST_CASE("Days until half, 95 % and all of the lost are back, and what it took") {
  const Estate estate = one_segment(4, 4);
  Model model = falling(estate, {host(0), host(1), host(2), host(3)}, 1, 12h);
  encrypt(model, 1800);
  model.backups = {kept(anything, BackupPolicy::Kept::offline)};
  model.backups[0].interval = 1h;
  model.backups[0].rto = 30h;
  model.backups[0].rpo = 0h;
  model.recovery->teams[0].travel = fixed(3600);
  const Play play = played(model);  // back at 14, 26, 38 and 50 h
  CHECK(metric(play, "hosts_lost") == 4);
  CHECK(metric(play, "hosts_not_back") == 0);
  CHECK(metric(play, "days_to_half_back") == Approx(26.0 / 24));
  CHECK(metric(play, "days_to_95_back") == Approx(50.0 / 24));
  CHECK(metric(play, "days_to_all_back") == Approx(50.0 / 24));
  CHECK(metric(play, "recovery_time") == 49);
  CHECK(metric(play, "recovery_point") <= 1);
  CHECK(metric(play, "rto_missed") == 2);  // 37 and 49 h
  CHECK(metric(play, "rpo_missed") == 4);
  CHECK(metric(play, "technician_hours") == 48);
  CHECK(metric(play, "travel_hours") == 1);
}

TEST_CASE("What technicians have spent counts up to the horizon, and on shift only") {
  const Estate estate = one_segment(2, 2);
  Model model = falling(estate, {host(0), host(1)}, 1, 100h);
  model.horizon = t0 + 24h;
  model.recovery->teams[0].travel = fixed(1800);
  const Play around_the_clock = played(model);  // begun at 1 h
  REQUIRE(around_the_clock.repairs().size() == 2);
  const Effort all_day = effort(*model.recovery, around_the_clock.repairs()[0], model.horizon);
  CHECK(all_day.travelled == 30min);
  CHECK(all_day.worked == 22h + 30min);
  CHECK(effort(*model.recovery, around_the_clock.repairs()[1], model.horizon).worked == Duration{});  // never begun
  model.recovery->teams[0].shift = office;  // from 9, which is 1 h, to 17
  const Play by_day = played(model);
  CHECK(effort(*model.recovery, by_day.repairs()[0], model.horizon).worked == 7h + 30min);
}

TEST_CASE("A line that would take centuries brings nothing back, not even the third in the queue") {
  const Estate estate = one_segment(6, 6);
  Model model = falling(estate, {host(0), host(1), host(2), host(3), host(4), host(5)}, 6, 2h);
  encrypt(model, 1800);
  model.recovery->bandwidth = fixed(1e-6);
  model.backups = {kept(anything, BackupPolicy::Kept::offline)};
  const Play play = played(model);
  for (std::size_t h = 0; h < 6; ++h) CHECK(back(play, h) == never);
  model.recovery->bandwidth = fixed(1800 / 3e9);  // 95 years each
  const Play slow = played(model);
  for (std::size_t h = 0; h < 6; ++h) CHECK(back(slow, h) == never);
}

TEST_CASE("Who has no procedure or no team stays lost, and what needs it waits for good") {
  const Estate estate = one_zone({{{{1}, {1, DeviceClass::domain_controller}}, "n"}}, 2);
  Model model = falling(estate, {host(0), host(1)}, 2, 2h);
  model.recovery->procedures = {procedure(workstation, 2h)};
  const Play no_procedure = played(model);
  CHECK(metric(no_procedure, "hosts_lost") == 2);
  CHECK(metric(no_procedure, "hosts_not_back") == 1);
  CHECK(metric(no_procedure, "days_to_half_back") == Approx(3.0 / 24));
  CHECK(metric(no_procedure, "days_to_all_back") == 30);  // the horizon
  CHECK(metric(no_procedure, "recovery_time") == 24 * 30 - 1);
  CHECK(back(no_procedure, 0) == t0 + 3h);
  model.recovery->procedures = {procedure(workstation, 2h, controller), procedure(controller, 2h)};
  Where clients;
  clients.devices = workstation;
  model.recovery->teams[0].where = Selector(estate, clients);
  const Play no_team = played(model);
  CHECK(back(no_team, 0) == never);
  CHECK(back(no_team, 1) == never);
  CHECK(metric(no_team, "hosts_not_back") == 2);
}

TEST_CASE("Copies on a backup server that is encrypted cannot be had, whether anybody knows of it or not") {
  const Estate estate = one_zone({{{{1, DeviceClass::server}, {1, DeviceClass::backup_server}}, "n"}}, 2);
  Model model = falling(estate, {host(0)}, 2, 2h);
  encrypt(model, 1800);
  model.recovery->bandwidth = fixed(0.5);
  model.backups = {kept(server, BackupPolicy::Kept::immutable)};
  // The backup server is encrypted at 1.5 h, found at 2 h, rebuilt by 6 h; the server asks for its data at 3 h.
  model.entries.emplace_back(entry_of({host(1)}, t0 + 1h));
  model.recovery->procedures = {procedure(server, 2h), procedure(backup, 4h)};
  CHECK(back(played(model), 0) == t0 + 6h + 1h);
  model.entries.back() =
      entry_of({host(1)}, t0 + 2h + 15min);  // encrypted at 2 h 45, found at 3 h 15, back at 7 h 15
  CHECK(back(played(model), 0) == t0 + 7h + 15min + 1h);
  model.entries.back() = entry_of({host(1)}, t0 + 2h + 45min);  // encrypted at 3 h 15, when the line has begun
  CHECK(back(played(model), 0) == t0 + 4h);
  model.recovery->procedures.pop_back();
  model.entries.back() = entry_of({host(1)}, t0 + 1h);
  CHECK(back(played(model), 0) == never);
}
