#include <catch2/catch.hpp>
#include <tuple>

#include "models/happenings.h"
#include "scenarios/exercise/moments.h"
#include "tests/support/staged_play.h"
#include "tests/support/world.h"

// What people did and what became of services, told beside the steps of hosts, and what exercises find in it.

using namespace trustfall;
using namespace trustfall::small;

namespace {

using What = Happening::What;

/// Two trusts with a network of four hosts and one of a single server each; pathology needs three of the four, the
/// emergency department all of them, and diverts below a half.
struct World {
  Estate estate;
  Model model;

  World() : estate(two_trusts()), model(model_of(estate, {}, 100h)) {
    ServicesBuilder builder(estate);
    const auto pathology = builder.add({ServiceKind::pathology, 0, {}, 0.9, 0, {}});
    const auto emergency = builder.add({ServiceKind::emergency, 0, {}, 0.1, 0.5, {}});
    Where offices;
    offices.networks = {"office"};
    const auto part = builder.add_part(Selector(estate, offices));
    for (std::size_t o : {0, 1}) {
      const std::uint32_t hosts = *builder.hosts(part, org(o));
      builder.add_unit(pathology, org(o), 1, {{Need::Of::hosts, hosts, 3, 1, {}}});
      builder.add_unit(emergency, org(o), 1, {{Need::Of::hosts, hosts, 4, 1, {}}});
    }
    model.services = std::move(builder).build();
  }

  static Estate two_trusts() {
    EstateBuilder builder;
    for (const char* code : {"A", "B"})
      add_organisation(builder, code, {{{{4}}}, {{{1, DeviceClass::server}}, "servers"}});
    builder.add_zones("all", EstateBuilder::Pool::everyone, 200, all_of(builder));
    return builder.build();
  }
};

/// Kind, hour, and organisation where there is one.
using Line = std::tuple<What, double, int>;

std::vector<Line> lines_of(const Played& play) {
  std::vector<Line> lines;
  for (const Happening& happening : happenings_of(play))
    lines.emplace_back(happening.what, to_hours(happening.time.time_since_epoch()),
                       happening.organisation ? static_cast<int>(index(*happening.organisation)) : -1);
  return lines;
}

const Moment& of(const Moments& moments, Detector detector) { return moments[static_cast<std::size_t>(detector)]; }

}  // namespace

TEST_CASE("Cuts that overlap or follow each other without a gap are one, and one of no length is none") {
  const World world;
  StagedPlay play(world.model);
  play.cut(segment(1), 10, 20);
  play.cut(segment(1), 15, 30, zone(0));
  play.cut(segment(1), 30, 40);
  play.cut(segment(1), 50, -1);
  play.cut(segment(3), 25, 25);
  play.cut(segment(3), 35, 100, zone(0), only(DeviceClass::server));  // to the horizon
  CHECK(lines_of(play) ==
        std::vector<Line>{
            {What::cut_off, 10, 0}, {What::cut_off, 35, 1}, {What::reconnected, 40, 0}, {What::cut_off, 50, 0}});
  const Moment moment = of(find_moments(play), Detector::place_cut_off);
  CHECK(moment.time == StagedPlay::at(10));
  CHECK(moment.host == world.estate.first_host(segment(1)));
}

TEST_CASE("Reports and the warning are told where they came") {
  const World world;
  StagedPlay play(world.model);
  CHECK(lines_of(play).empty());
  CHECK(of(find_moments(play), Detector::national_warning).time == never);
  play.report(org(1), 3);
  play.report(org(0), 2);
  play.warn(2);
  CHECK(lines_of(play) == std::vector<Line>{{What::reported, 2, 0}, {What::warned, 2, -1}, {What::reported, 3, 1}});
  CHECK(of(find_moments(play), Detector::national_warning).time == StagedPlay::at(2));
}

TEST_CASE("A service is down and up where hosts fall and return, and is missed once it was down for two hours") {
  const World world;
  StagedPlay play(world.model);
  // A's pathology is down from 10 to 11.5 h and from 30 h on; B's from 20 to 22 h.
  play.encrypt(host(0), 5);
  play.encrypt(host(1), 10, 11.5);
  play.encrypt(host(2), 30);
  for (std::size_t h : {5, 6}) play.encrypt(host(h), 20, 22);
  CHECK(lines_of(play) == std::vector<Line>{{What::service_down, 10, 0},
                                            {What::service_up, 11.5, 0},
                                            {What::service_down, 20, 1},
                                            {What::service_up, 22, 1},
                                            {What::service_down, 30, 0}});
  const Moment first = of(find_moments(play), Detector::service_down);
  CHECK(first.time == StagedPlay::at(22));
  CHECK(first.organisation == org(1));
  CHECK(first.service == ServiceKind::pathology);

  StagedPlay late(world.model);  // two hours would be over at the horizon
  for (std::size_t h : {0, 1}) late.encrypt(host(h), 98);
  CHECK(of(find_moments(late), Detector::service_down).time == never);
}

TEST_CASE("Ambulances are diverted below the capacity for it, and not for no time") {
  const World world;
  StagedPlay play(world.model);
  for (std::size_t h : {0, 1}) play.step(host(h), 10, Transition::isolated);
  play.step(host(2), 20, Transition::crashed);  // up again at once
  play.step(host(2), 20, Transition::recovered);
  for (std::size_t h : {0, 1}) play.step(host(h), 40, Transition::restored);
  for (std::size_t h : {5, 6, 7}) play.encrypt(host(h), 50, h == 5 ? 60 : -1);
  std::vector<Line> diversions;
  for (const Line& line : lines_of(play))
    if (std::get<What>(line) == What::diverting || std::get<What>(line) == What::receiving)
      diversions.push_back(line);
  CHECK(diversions == std::vector<Line>{{What::diverting, 50, 1}, {What::receiving, 60, 1}});
  const Moment moment = of(find_moments(play), Detector::ambulances_diverted);
  CHECK(moment.time == StagedPlay::at(50));
  CHECK(moment.organisation == org(1));
}
