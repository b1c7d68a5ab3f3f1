#include "tests/support/recovery.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Two organisations of 60 hosts in which a worm goes about, with data, copies, shifts and travel.
Model outbreak(const Estate& estate, double technicians) {
  Model model = model_of(estate, {1.0 / 3600}, 24h * 20);
  model.entries = {entry_of({host(0)})};
  model.detection = Detection{{Distribution::Shape::exponential, 4 * 3600, 0, {}, {}}, 1, fixed(1800), Isolation{}};
  encrypt(model, 3 * 3600);
  model.recovery = RecoveryPlan{{procedure(anything, 3h)}, {team_of(estate, technicians)}, {}, std::nullopt, 1};
  model.backups = {kept(anything, BackupPolicy::Kept::online)};
  return model;
}

Estate two_hospitals() {
  EstateBuilder builder;
  for (const char* code : {"A", "B"}) {
    builder.add_organisation(organisation(code));
    for (const char* site : {"north", "south"}) {
      builder.add_site(std::string(code) + site);
      add_lan(builder, {{{20}, {5, DeviceClass::server}}});
      add_lan(builder, {{{1, DeviceClass::domain_controller}, {1, DeviceClass::backup_server}, {3}}});
    }
  }
  builder.add_zones("lan", EstateBuilder::Pool::everyone, 120, all_of(builder));
  return builder.build();
}

}  // namespace

TEST_CASE("More technicians bring no host back later, where work is fixed and first come is first served") {
  const Estate estate = two_hospitals();
  Model few_model = outbreak(estate, 2);
  Model more_model = outbreak(estate, 3);
  few_model.backups.clear();  // whoever is rebuilt in time to have a copy may wait for its server
  more_model.backups.clear();
  Play few(few_model, Draws(303, 0));
  Play more(more_model, Draws(303, 0));
  double earlier = 0;
  for (std::uint32_t r = 0; r < 200; ++r) {
    few.reset(Draws(303, r));
    more.reset(Draws(303, r));
    few.run();
    more.run();
    REQUIRE(few.consistent());
    REQUIRE(more.consistent());
    for (std::size_t h = 0; h < estate.hosts(); ++h) {
      if (!few.incident().infected(host(h))) continue;
      REQUIRE(more.restored_at(host(h)) <= few.restored_at(host(h)));
      earlier += more.restored_at(host(h)) < few.restored_at(host(h));
    }
  }
  CHECK(earlier > 1000);
}

TEST_CASE("With triage, dependencies, shifts and travel more technicians are sooner done on average") {
  const Estate estate = two_hospitals();
  const auto mean_days = [&](double technicians) {
    Model model = outbreak(estate, technicians);
    model.recovery->procedures = {procedure(workstation, 2h, static_cast<DeviceSet>(server | controller)),
                                  procedure(server, 4h, controller), procedure(anything, 6h)};
    model.recovery->order = {DeviceClass::domain_controller, DeviceClass::backup_server, DeviceClass::server};
    model.recovery->teams[0].shift = office;
    model.recovery->teams[0].travel = fixed(1800);
    model.recovery->bandwidth = fixed(20);
    model.horizon = t0 + 24h * 60;
    Play play(model, Draws(304, 0));
    double sum = 0;
    int all_back = 0;
    for (std::uint32_t r = 0; r < 200; ++r) {
      play.reset(Draws(304, r));
      play.run();
      REQUIRE(play.consistent());
      Instant last{};
      for (const Repair& repair : play.repairs()) last = std::max(last, repair.back);
      if (last == never) continue;
      ++all_back;
      sum += to_hours(last) / 24;
    }
    CHECK(all_back == 200);
    return sum / all_back;
  };
  const double two = mean_days(2);
  const double four = mean_days(4);
  CHECK(four < two);
}

TEST_CASE("Off-line copies never lose more than immutable ones, nor these more than on-line ones") {
  const Estate estate = two_hospitals();
  Model model = outbreak(estate, 3);
  const auto lost = [&](BackupPolicy::Kept how, std::uint32_t r) {
    model.backups = {kept(anything, how)};
    const Play play = played(model, r);
    std::vector<Duration> hours(estate.hosts());
    for (std::size_t h = 0; h < estate.hosts(); ++h)
      if (play.incident().encrypted(host(h))) hours[h] = play.work_lost(play.last_fall(host(h)), model.horizon);
    return hours;
  };
  double saved = 0;
  for (std::uint32_t r = 0; r < 200; ++r) {
    const auto online = lost(BackupPolicy::Kept::online, r);
    const auto immutable = lost(BackupPolicy::Kept::immutable, r);
    const auto offline = lost(BackupPolicy::Kept::offline, r);
    for (std::size_t h = 0; h < estate.hosts(); ++h) {
      REQUIRE(offline[h] <= immutable[h]);
      REQUIRE(immutable[h] <= online[h]);
      saved += offline[h] < online[h];
    }
  }
  CHECK(saved > 1000);
}

TEST_CASE("A fork with repairs under way ends like the original") {
  const Estate estate = two_hospitals();
  Model model = outbreak(estate, 2);
  model.recovery->teams[0].shift = office;
  model.recovery->patched = 0.5;
  Play original(model, Draws(305, 0));
  original.run(t0 + 40h);
  Play fork = original;
  original.run();
  fork.run();
  CHECK(same(original.trace(), fork.trace()));
  CHECK(original.repairs().size() == fork.repairs().size());
}
