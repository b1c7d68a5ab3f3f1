#include "models/service_course.h"
#include "scenarios/exercise/moments.h"
#include "tests/support/recovery.h"
#include "tests/support/told.h"

// Hosts that come back without the patch and fall again: nothing of the earlier fall is left in the later one, and
// what either costs is its own.

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Two linked hosts. The first falls at these moments, is found `dwell` later and back an hour after that.
struct Pair {
  Estate estate;
  Model model;

  Pair(std::initializer_list<Duration> falls, Duration dwell)
      : estate(two_linked()), model(model_for(falls, dwell)) {}

 private:
  static Estate two_linked() {
    EstateBuilder builder;
    add_organisation(builder, "A", {{{{2}}}});
    builder.close();
    builder.add_links("keys", {2, true, {{0, 1}}, {}});
    return builder.build();
  }

  Model model_for(std::initializer_list<Duration> falls, Duration dwell) const {
    Model made = falling(estate, {}, 1, 1h);
    made.worm.transmissions.resize(estate.zone_kinds().size());
    made.entries.clear();
    for (const Duration fall : falls) made.entries.emplace_back(entry_of({host(0)}, t0 + fall));
    made.detection->dwell = fixed(to_seconds(dwell));
    made.detection->isolation.reset();  // a technician unplugs it
    made.recovery->patched = 0;
    return made;
  }
};

std::optional<Distribution>& link_time(Model& model) { return model.worm.transmissions.back(); }

std::vector<Instant> times_of(const Play& play, std::size_t h, Transition what) {
  std::vector<Instant> times;
  for (const Step& step : play.incident().trace())
    if (step.host == host(h) && step.what == what) times.push_back(step.time);
  return times;
}

bool fell(const Play& play, std::size_t h) { return !times_of(play, h, Transition::infected).empty(); }

}  // namespace

TEST_CASE("Encryption that a technician has ended does not go on once the host is back") {
  Pair pair({0h, 30h}, 1h);
  encrypt(pair.model, 10 * 3600);
  const Play play = played(pair.model);
  CHECK(times_of(play, 0, Transition::restored) == std::vector<Instant>{t0 + 2h, t0 + 32h});
  CHECK(times_of(play, 0, Transition::encrypted).empty());
  CHECK(metric(play, "hosts_encrypted") == 0);
  CHECK(metric(play, "data_lost") == 0);
}

TEST_CASE("The latency of an earlier fall does not end that of a later one") {
  Pair pair({0h}, 6h);
  pair.model.worm.latency = fixed(10 * 3600);
  link_time(pair.model) = fixed(1);
  CHECK_FALSE(fell(played(pair.model), 1));
  // Found at 12 h and back at 13 h; the second fall is under way at 31 h, when the latency of the first would end.
  Pair late({0h, 29h}, 12h);
  late.model.worm.latency = fixed(31 * 3600);
  link_time(late.model) = fixed(1);
  CHECK_FALSE(fell(played(late.model), 1));
}

TEST_CASE("The silence of an earlier fall does not begin in a later one") {
  Pair pair({0h, 3h + 30min}, 2h);  // back at 3 h, found again at 5.5 h
  pair.model.worm.dormancy = Dormancy{fixed(4 * 3600), fixed(20 * 3600)};
  Play play(pair.model, Draws(300, 0));
  play.run(t0 + 5h);
  REQUIRE(times_of(play, 0, Transition::infected).size() == 2);
  CHECK(play.incident().infectious(host(0)));  // to 7.5 h
}

TEST_CASE("Links that were to be tried in an earlier fall are not in a later one") {
  Pair pair({0h, 7h}, 5h);  // back at 6 h, found again at 12 h
  link_time(pair.model) = fixed(10 * 3600);
  CHECK_FALSE(fell(played(pair.model), 1));  // at 10 h; at 17 h it is unplugged
  link_time(pair.model) = fixed(2 * 3600);
  CHECK(time_of(played(pair.model).incident(), host(1), Transition::infected) == t0 + 2h);
}

TEST_CASE("With links that are tried at random, two short falls infect as often as one that is as long as both") {
  Pair twice({0h, 10h}, 5h);
  Pair once({0h}, 10h);
  link_time(twice.model) = Distribution{Distribution::Shape::exponential, 20 * 3600, 0, {}, {}};
  link_time(once.model) = link_time(twice.model);
  constexpr int plays = 4000;
  const double chance = 1 - std::exp(-10.0 / 20);
  for (const Model* model : {&twice.model, &once.model}) {
    double hit = 0;
    Play play(*model, Draws(303, 0));
    for (std::uint32_t r = 0; r < plays; ++r) {
      play.reset(Draws(303, r));
      play.run();
      hit += fell(play, 1) ? 1 : 0;
    }
    CHECK(std::abs(hit - plays * chance) < 4 * std::sqrt(plays * chance * (1 - chance)));
  }
}

TEST_CASE("Switching a rebuilt host off and on does not bring its worm back") {
  Pair pair({0h}, 1h);  // back at 2 h
  pair.model.recovery->patched = 1;
  pair.model.worm.latency = fixed(10 * 3600);
  encrypt(pair.model, 1e6);
  link_time(pair.model) = fixed(1);
  Order off;
  off.where = Selector(pair.estate, {});
  off.trigger.from = t0 + 5h;
  off.action.what = OrderedAction::What::power_down;
  off.lasts = fixed(3600);
  pair.model.orders = {off};
  const Play play = played(pair.model);
  CHECK_FALSE(fell(play, 1));
  CHECK(play.restored_at(host(0)) == t0 + 2h);
}

TEST_CASE("Each fall costs what it cost, whatever the next one comes to") {
  // Encrypted two hours after it fell; found an hour later.
  Pair pair({0h, 50h}, 3h);
  encrypt(pair.model, 2 * 3600);
  pair.model.backups = {kept(anything, BackupPolicy::Kept::offline)};
  pair.model.backups[0].rpo = 0h;
  pair.model.worm.ransom = Ransom{300, 72h, 168h, {}};
  const Play both = played(pair.model);
  const Draws draws(300, 0);
  const double first = to_hours(pair.model.backups[0].since_last_copy(host(0), t0 + 2h, draws));
  const double second = to_hours(pair.model.backups[0].since_last_copy(host(0), t0 + 52h, draws));
  CHECK(times_of(both, 0, Transition::encrypted) == std::vector<Instant>{t0 + 2h, t0 + 52h});
  CHECK(metric(both, "hosts_encrypted") == 1);
  CHECK(metric(both, "data_lost") == Approx(first + second).margin(1e-6));
  CHECK(metric(both, "rpo_missed") == 2);
  CHECK(metric(both, "ransom_demanded") == 600);
  CHECK(metric(both, "ransom_doubled") == 0);

  // The second time signatures find it before it is encrypted.
  Pair found({0h, 50h}, 3h);
  encrypt(found.model, 2 * 3600);
  found.model.backups = pair.model.backups;
  found.model.worm.ransom = pair.model.worm.ransom;
  found.model.detection->antivirus = Antivirus{t0 + 40h, {}, fixed(11 * 3600), 1};  // there at 51 h
  const Play once = played(found.model);
  CHECK(times_of(once, 0, Transition::encrypted) == std::vector<Instant>{t0 + 2h});
  REQUIRE(once.repairs().size() == 2);
  CHECK(metric(once, "data_lost") == Approx(first).margin(1e-6));
  CHECK(metric(once, "recovery_point") == Approx(first).margin(1e-6));
  CHECK(metric(once, "rpo_missed") == 1);
  CHECK(metric(once, "ransom_demanded") == 300);
}

TEST_CASE("A host that is rid of the worm and falls again at the same moment is told in that order") {
  Pair pair({0h, 2h}, 1h);  // back at 2 h
  const Play play = played(pair.model);
  std::vector<Transition> told;
  for (const Step& step : play.trace())
    if (step.time == t0 + 2h) told.push_back(step.what);
  CHECK(told == std::vector<Transition>{Transition::restored, Transition::cleared, Transition::infected});
}

TEST_CASE("A second fall that is worse than the first counts, and is what an exercise finds") {
  // Found and rebuilt at once on Monday; on Friday found at 17:00, when the shift is over.
  Pair pair({1h, 104h}, 1h);
  encrypt(pair.model, 1800);
  pair.model.recovery->teams[0].shift = office;
  pair.model.worm.ransom = Ransom{300, 24h, 168h, {}};
  const Play play = played(pair.model);
  CHECK(times_of(play, 0, Transition::restored) == std::vector<Instant>{t0 + 3h, t0 + 170h});
  CHECK(metric(play, "ransom_doubled") == 1);
  CHECK(metric(play, "ransom_demanded") == 900);
  const Moment doubling = find_moments(play)[static_cast<std::size_t>(Detector::ransom_doubles)];
  CHECK(doubling.time == t0 + 104h + 30min + 24h);
}

TEST_CASE("Data that were bought back for a fall that is over do not mend the next one") {
  Pair pair({0h, 10h}, 3h);
  encrypt(pair.model, 3600);
  pair.model.recovery->teams[0].shift = Hours{8h, 13h, true, {0, 8h}};  // to 5 h, and from 24 h on
  pair.model.worm.ransom = Ransom{300, 72h, 168h, Paying{1, false, fixed(3600), 1, fixed(21 * 3600), 1}};
  ServicesBuilder builder(pair.estate);
  const auto email = builder.add({ServiceKind::email, 0, {}, 0.9, 0, {}});
  const auto hosts = builder.hosts(builder.add_part(Selector(pair.estate, {})), org(0));
  builder.add_unit(email, org(0), 1, {{Need::Of::hosts, *hosts, 2, 1, {}}});
  pair.model.services = std::move(builder).build();
  const Play play = played(pair.model);
  REQUIRE(times_of(play, 0, Transition::restored) == std::vector<Instant>{t0 + 4h, t0 + 25h});
  const UnitCourse course = reckon_services(play).units[0];
  CHECK(to_hours(course.down) == 3 + 14);  // encrypted at 1 h and at 11 h; paid for at 2 h, which brings data at 23 h
  CHECK(to_hours(course.longest_down) == 14);
}
