#include <catch2/catch.hpp>

#include <random>

#include "models/image.h"
#include "models/metrics.h"
#include "models/play.h"
#include "models/service_course.h"
#include "models/zone_play.h"
#include "tests/support/staged_play.h"
#include "tests/support/world.h"

// Services over many replicates, and against a reckoning that looks at every moment anew.

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Two trusts of two segments each, with a third organisation that both need, and an outbreak that ends.
struct World {
  Estate estate;
  Model model;
};

Estate two_trusts_and_supplier() {
  EstateBuilder builder;
  for (const char* code : {"A", "B"})
    add_organisation(builder, code, {{{{6}, {2, DeviceClass::server}}}, {{{4}}, "clinic"}});
  add_organisation(builder, "S", {{{{3, DeviceClass::server}}}}, OrganisationKind::supplier);
  builder.add_zones("all", EstateBuilder::Pool::everyone, 200, all_of(builder));
  return builder.build();
}

struct Setting {
  std::uint32_t enough = 7;  // of eight
  double paper = 0;
  Duration after{};
};

Services services_of(const Estate& estate, const Setting& setting) {
  ServicesBuilder builder(estate);
  const auto service = [](ServiceKind kind, double paper, Duration after) {
    Service made{kind, paper, after, 0.5, 0, {}};
    made.activities = {{ActivityKind::appointments, 5, false, 100, {8h, 18h, false, {4, 9h}}}};
    return made;
  };
  const auto records = builder.add(service(ServiceKind::patient_records, 0, {}));
  const auto wards = builder.add(service(ServiceKind::other, setting.paper, setting.after));
  const auto all = builder.add_part(Selector(estate, Where{}));
  Where office;
  office.networks = {"office"};
  const auto offices = builder.add_part(Selector(estate, office));
  const auto hosted =
      builder.add_unit(records, org(2), 1, {{Need::Of::hosts, *builder.hosts(all, org(2)), 2, 1, {}}});
  for (std::size_t o : {0, 1})
    builder.add_unit(wards, org(o), 1,
                     {{Need::Of::hosts, *builder.hosts(offices, org(o)), setting.enough, 1, {}},
                      {Need::Of::link, *builder.link(0, org(o)), 1, 1, {}},
                      {Need::Of::service, 0, 1, 0.8, {{hosted, 1}}}});
  return std::move(builder).build();
}

Model outbreak(const Estate& estate) {
  Model model = model_of(estate, {20.0 / 3600}, 120h);
  model.worm.encryption = Encryption{1, {}};
  for (auto& data : model.worm.encryption->data)
    data = Distribution{Distribution::Shape::exponential, 3600 * 4, 0, {}, {}};
  model.detection = Detection{{Distribution::Shape::exponential, 3600 * 20, 0, {}, {}}, 0.7, fixed(1800), {}};
  model.backups = {copies(all_devices, 1, 24h, true, {Distribution::Shape::lognormal, 3600 * 24, 0.7, {}, {}}, 100h)};
  model.entries = {entry_of({host(0)}), entry_of({host(15)}, Instant{} + 5h)};
  return model;
}

Duration down_of(const ServiceCourses& courses) { return courses.units[1].down + courses.units[2].down; }
double lost_of(const ServiceCourses& courses) { return courses.units[1].lost[0] + courses.units[2].lost[0]; }

}  // namespace

TEST_CASE("Over 200 replicates a lower at_least is never down for longer, and paper never loses more") {
  const Estate estate = two_trusts_and_supplier();
  Model model = outbreak(estate);
  Play play(model, Draws(71, 0));
  int differ = 0;
  int saved = 0;
  for (std::uint32_t r = 0; r < 200; ++r) {
    play.reset(Draws(71, r));
    play.run();
    const auto with = [&](const Setting& setting) {
      model.services = services_of(estate, setting);
      return reckon_services(play);
    };
    const ServiceCourses seven = with({7, 0, {}});
    const ServiceCourses four = with({4, 0, {}});
    CHECK(down_of(four) <= down_of(seven));
    CHECK(lost_of(four) <= lost_of(seven) + 1e-9);
    differ += down_of(four) < down_of(seven);
    const ServiceCourses some = with({7, 0.3, 2h});
    const ServiceCourses more = with({7, 0.6, 2h});
    CHECK(lost_of(some) <= lost_of(seven) + 1e-9);
    CHECK(lost_of(more) <= lost_of(some) + 1e-9);
    CHECK(down_of(more) <= down_of(some));
    saved += lost_of(more) < lost_of(some);
    for (const UnitCourse& unit : seven.units) {
      CHECK(unit.degraded >= Duration{});
      CHECK(unit.down + unit.degraded <= model.horizon.time_since_epoch());
      CHECK(unit.longest_down <= unit.down);
    }
  }
  CHECK(differ > 20);
  CHECK(saved > 20);
}

TEST_CASE("The fast play of one zone reckons the same services") {
  const Estate estate = two_trusts_and_supplier();
  Model model = outbreak(estate);
  model.services = services_of(estate, {7, 0.3, 2h});
  REQUIRE(spreads_in_one_zone(model));
  ZonePlay fast(model);
  Play full(model, Draws(72, 0));
  for (std::uint32_t r = 0; r < 20; ++r) {
    fast.play(Draws(72, r));
    full.reset(Draws(72, r));
    full.run();
    CHECK(same(measure(fast, told(model)), measure(full, told(model))));
  }
}

TEST_CASE("A packed model reckons the same services and payments") {
  const Estate estate = two_trusts_and_supplier();
  Model model = outbreak(estate);
  model.services = services_of(estate, {7, 0.3, 2h});
  model.worm.ransom = Ransom{300, 72h, 168h, Paying{0.7, false, fixed(3600), 0.5, fixed(3600), 0.8}};
  const Unpacked unpacked = unpack(pack(model));
  REQUIRE(unpacked.estate);
  Play here(model, Draws(74, 0));
  here.run();
  Play there(unpacked.model, Draws(74, 0));
  there.run();
  const Outcome outcome = measure(here, told(model));
  CHECK(same(outcome, measure(there, told(unpacked.model))));
  CHECK(outcome.metrics.back() > 0);  // data returned
}

namespace {

/// Falls, cuts and what ends them, at whole hours, as plain lists.
struct Script {
  struct Span {
    int from, until;  // hours
  };
  std::vector<std::pair<std::uint32_t, Span>> hosts;
  std::vector<std::pair<Cut, Span>> cuts;

  static bool covers(Span span, double at) { return span.from < at && at < span.until; }
  bool usable(const Estate& estate, std::uint32_t h, double at) const {
    for (const auto& [fallen, span] : hosts)
      if (fallen == h && covers(span, at)) return false;
    for (const auto& [cut, span] : cuts)
      if (cut.zone == no_zone && cut.segment == estate.segment_of(HostId{h}) && covers(span, at) &&
          (cut.devices & only(estate.device(HostId{h}))) != 0)
        return false;
    return true;
  }
  /// Whether anything in the segment is not cut off.
  bool linked(const Estate& estate, std::uint32_t s, double at) const {
    const SegmentId segment{s};
    for (HostId h = estate.first_host(segment); h < estate.last_host(segment);
         h = HostId{static_cast<std::uint32_t>(h) + 1}) {
      const bool off = std::any_of(cuts.begin(), cuts.end(), [&](const auto& each) {
        const auto& [cut, span] = each;
        return cut.segment == segment && covers(span, at) && (cut.devices & only(estate.device(h))) != 0;
      });
      if (!off) return true;
    }
    return false;
  }
};

Script random_script(std::mt19937& numbers) {
  const auto below = [&](std::uint32_t n) { return static_cast<int>(numbers() % n); };
  Script script;
  for (std::uint32_t h = 0; h < 27; ++h)
    if (below(2) == 0) {
      const int from = below(60);
      script.hosts.push_back({h, {from, from + 1 + below(60)}});
    }
  for (int c = 0; c < 6; ++c) {
    const int from = below(80);
    const DeviceSet devices[] = {all_devices, only(DeviceClass::server), only(DeviceClass::workstation)};
    const Cut cut{SegmentId{static_cast<std::uint32_t>(below(5))},
                  below(2) == 0 ? no_zone : ZoneId{0},
                  devices[below(3)],
                  {},
                  {}};
    script.cuts.push_back({cut, {from, from + 1 + below(40)}});
  }
  return script;
}

/// Capacities of the three units at a moment, by the definition.
std::array<double, 3> capacities(const Estate& estate, const Script& script, double at, const Setting& setting) {
  const auto usable = [&](std::uint32_t first, std::uint32_t last) {
    double n = 0;
    for (std::uint32_t h = first; h < last; ++h) n += script.usable(estate, h, at);
    return n;
  };
  std::array<double, 3> capacity{std::min(1.0, usable(24, 27) / 2), 0, 0};
  for (std::uint32_t o : {0u, 1u}) {
    const double hosts = std::min(1.0, usable(12 * o, 12 * o + 8) / setting.enough);
    const int linked = script.linked(estate, 2 * o, at) + script.linked(estate, 2 * o + 1, at);
    const double needs = std::min({hosts, linked >= 1 ? 1.0 : 0.0, std::min(1.0, capacity[0] / 0.8)});
    capacity[1 + o] = std::max(needs, setting.paper);
  }
  return capacity;
}

}  // namespace

TEST_CASE("Services come to what a look at every hour says") {
  const Estate estate = two_trusts_and_supplier();
  Model model = model_of(estate, {}, 120h);
  std::mt19937 numbers(73);
  for (int round = 0; round < 300; ++round) {
    const Setting setting{static_cast<std::uint32_t>(3 + round % 6), round % 2 == 0 ? 0 : 0.2, {}};
    model.services = services_of(estate, setting);
    const Script script = random_script(numbers);
    StagedPlay play(model);
    for (const auto& [h, span] : script.hosts) play.encrypt(HostId{h}, span.from, span.until);
    for (const auto& [cut, span] : script.cuts) play.cut(cut.segment, span.from, span.until, cut.zone, cut.devices);
    std::array<double, 3> degraded{}, down{}, stretch{}, longest{}, lost{};
    for (int hour = 0; hour < 120; ++hour) {
      const auto capacity = capacities(estate, script, hour + 0.5, setting);
      const int weekday = (4 + (hour + 9) / 24) % 7;
      const int of_day = (hour + 9) % 24;
      for (std::size_t u = 0; u < 3; ++u) {
        (capacity[u] < 0.5 ? down : degraded)[u] += capacity[u] < 1;
        stretch[u] = capacity[u] < 0.5 ? stretch[u] + 1 : 0;
        longest[u] = std::max(longest[u], stretch[u]);
        if (weekday < 5 && of_day >= 8 && of_day < 18) lost[u] += 5 * (1 - capacity[u]);
      }
    }
    const ServiceCourses courses = reckon_services(play);
    for (std::size_t u = 0; u < 3; ++u) {
      REQUIRE(to_hours(courses.units[u].degraded) == degraded[u]);
      REQUIRE(to_hours(courses.units[u].down) == down[u]);
      REQUIRE(to_hours(courses.units[u].longest_down) == longest[u]);
      REQUIRE(courses.units[u].lost[0] == Approx(lost[u]).margin(1e-9));
    }
  }
}
