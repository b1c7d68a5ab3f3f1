#include <catch2/catch.hpp>

#include <cmath>

#include "models/metrics.h"
#include "models/play.h"
#include "models/service_course.h"
#include "tests/support/staged_play.h"
#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr double hour = 3600;

/// All pay so many hours after encryption, whatever their copies; data come back ten hours later.
Model paying(const Estate& estate, double decides, double returns = 1) {
  Model model = model_of(estate, {}, 400h);
  model.worm.ransom = Ransom{300, 72h, 168h, Paying{1, false, fixed(decides * hour), returns, fixed(10 * hour), 0.8}};
  return model;
}

}  // namespace

TEST_CASE("The ransom doubles after three days, and cannot be paid after seven") {
  const Estate estate = one_segment(1, 256);
  const auto paid = [&](double decides) {
    const Model model = paying(estate, decides);
    StagedPlay play(model);
    play.encrypt(host(0), 10);
    return play.payment(play.last_fall(host(0)));
  };
  CHECK(paid(72).dollars == 300);
  CHECK(paid(72).paid == StagedPlay::at(82));
  CHECK(paid(72).returned == StagedPlay::at(92));
  CHECK(paid(73).dollars == 600);
  CHECK(paid(168).dollars == 600);
  CHECK(paid(169).paid == never);
  CHECK(paid(169).dollars == 0);
}

TEST_CASE("Nobody pays for a host that is back, or that has a copy where this matters, or beyond the horizon") {
  const Estate estate = one_segment(4, 256);
  Model model = paying(estate, 24);
  model.backups = {copies(all_devices, 1, 24h, false, fixed(1e9), 500h)};
  StagedPlay play(model);
  play.encrypt(host(0), 10, 30);
  play.encrypt(host(1), 10, 40);
  play.encrypt(host(2), 380);
  CHECK(play.payment(play.last_fall(host(0))).paid == never);
  CHECK(play.payment(play.last_fall(host(1))).paid == StagedPlay::at(34));
  CHECK(play.payment(play.last_fall(host(2))).paid == never);
  CHECK(play.payment(play.last_fall(host(3))).paid == never);  // never encrypted
  model.worm.ransom->paying->only_without_copy = true;
  CHECK(play.payment(play.last_fall(host(1))).paid == never);
  play.lose_backup_server(34);
  CHECK(play.payment(play.last_fall(host(1))).paid == never);
  play.lose_backup_server(33);
  CHECK(play.payment(play.last_fall(host(1))).paid == StagedPlay::at(34));
}

TEST_CASE("Data that are bought back are no work lost, and their host serves again") {
  const Estate estate = one_segment(2, 256);
  Model model = paying(estate, 24);
  model.backups = {copies(all_devices, 0, 24h, false, fixed(1e9), 500h)};
  ServicesBuilder builder(estate);
  const auto email = builder.add({ServiceKind::email, 0, {}, 0.1, 0, {}});
  const auto all = builder.hosts(builder.add_part(Selector(estate, Where{})), org(0));
  builder.add_unit(email, org(0), 1, {{Need::Of::hosts, *all, 2, 1, {}}});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.encrypt(host(0), 10);
  play.encrypt(host(1), 370);  // paid for, but the data are not back at the horizon
  CHECK(play.work_lost(play.last_fall(host(0)), model.horizon) == Duration{});
  CHECK(play.work_lost_unpaid(play.last_fall(host(0)), model.horizon) == 500h);
  CHECK(play.work_lost(play.last_fall(host(1)), model.horizon) == 500h);
  CHECK(reckon_services(play).units[0].degraded == 34h + 30h);
  const Outcome outcome = measure(play, told(model));
  const std::vector<Metric> list = metrics(told(model));
  REQUIRE(list.back().name == "data_returned");
  CHECK(outcome.metrics.back() == 500);
  CHECK(outcome.metrics[list.size() - 2] == 600);
  CHECK(outcome.metrics[list.size() - 3] == 2);
}

TEST_CASE("So many organisations pay, those nest, and so many hosts come back") {
  EstateBuilder builder;
  for (int o = 0; o < 500; ++o) add_organisation(builder, "O" + std::to_string(o), {{{{4}}}});
  const Estate estate = builder.build();
  Model model = paying(estate, 1, 0.65);
  StagedPlay play(model, Draws(81, 3));
  for (std::size_t h = 0; h < 2000; ++h) play.encrypt(host(h), 1);
  const auto count = [&](double organisations) {
    model.worm.ransom->paying->organisations = organisations;
    std::vector<std::uint8_t> pays(500);
    for (std::size_t h = 0; h < 2000; ++h) {
      const bool paid = play.payment(play.last_fall(host(h))).paid != never;
      if (h % 4 != 0) CHECK(paid == (pays[h / 4] != 0));
      pays[h / 4] = paid;
    }
    return pays;
  };
  const auto few = count(0.3);
  const auto many = count(0.6);
  double n = 0;
  for (std::size_t o = 0; o < 500; ++o) {
    n += few[o];
    CHECK(few[o] <= many[o]);
  }
  CHECK(stats::within_five_errors(n, 500, 0.3));
  count(1);
  double back = 0;
  for (std::size_t h = 0; h < 2000; ++h) back += play.payment(play.last_fall(host(h))).returned != never;
  CHECK(stats::within_five_errors(back, 2000, 0.65));
}

TEST_CASE("In a play, paying gets back what would have been lost, and nothing else changes") {
  const Estate estate = one_segment(6, 256);
  Model model = paying(estate, 24);
  model.worm.encryption = Encryption{1, {}};
  for (auto& data : model.worm.encryption->data) data = fixed(2 * hour);
  model.backups = {copies(all_devices, 0.5, 24h, true, fixed(1e9), 100h)};
  model.entries = {entry_of({host(0), host(1), host(2), host(3), host(4), host(5)})};
  model.worm.ransom->paying->only_without_copy = true;
  for (std::uint32_t r = 0; r < 20; ++r) {
    const auto lost = [&](double share) {
      model.worm.ransom->paying->organisations = share;
      Play play(model, Draws(82, r));
      play.run();
      const Outcome outcome = measure(play, told(model));
      const std::vector<Metric> list = metrics(told(model));
      double data = 0;
      for (std::size_t m = 0; m < list.size(); ++m)
        if (list[m].name == "data_lost") data = outcome.metrics[m];
      return std::pair{data, outcome.metrics.back()};
    };
    const auto nobody = lost(0);
    const auto all = lost(1);
    CHECK(nobody.second == 0);
    CHECK(all.first + all.second == Approx(nobody.first));
    CHECK(std::fmod(all.second, 100) == Approx(0).margin(1e-6));
  }
}
