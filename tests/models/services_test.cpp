#include <catch2/catch.hpp>

#include "models/metrics.h"
#include "models/service_course.h"
#include "tests/support/staged_play.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

const Hours always{Duration{}, 24h, true, {}};

Service service(ServiceKind kind, double down_below, double paper = 0, Duration after = {}) {
  return {kind, paper, after, down_below, 0, {}};
}

Need of_hosts(std::optional<std::uint32_t> resource, std::uint32_t enough) {
  return {Need::Of::hosts, resource.value(), enough, 1, {}};
}
Need of_link(std::optional<std::uint32_t> resource) { return {Need::Of::link, resource.value(), 1, 1, {}}; }
Need of_service(std::uint32_t unit, double share = 1) { return {Need::Of::service, 0, 1, share, {{unit, 1}}}; }

Selector everything(const Estate& estate) { return Selector(estate, Where{}); }

double hours(Duration span) { return to_hours(span); }

/// Normal, degraded and down of a unit.
std::vector<double> states(const Model& model, const ServiceCourses& courses, std::size_t unit) {
  const UnitCourse& course = courses.units[unit];
  const double all = to_hours(model.horizon);
  return {all - hours(course.degraded) - hours(course.down), hours(course.degraded), hours(course.down)};
}

double value(const Model& model, const Outcome& outcome, std::string_view name) {
  const std::vector<Metric> list = metrics(told(model));
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].name == name) return outcome.metrics[i];
  FAIL("no metric " << name);
  return 0;
}

bool is_told(const Model& model, std::string_view name) {
  for (const Metric& metric : metrics(told(model)))
    if (metric.name == name) return true;
  return false;
}

}  // namespace

TEST_CASE("Four of five hosts are enough, and fewer leave their share") {
  const Estate estate = one_segment(5, 256);
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto imaging = builder.add(service(ServiceKind::imaging, 0.6));
  const auto hosts = builder.hosts(builder.add_part(everything(estate)), org(0));
  builder.add_unit(imaging, org(0), 1, {of_hosts(hosts, 4)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.encrypt(host(0), 10, 50);
  play.encrypt(host(1), 20);
  play.encrypt(host(2), 30);
  // Full until 20 h, 3/4 until 30 h, 2/4 until 50 h, 3/4 again to the end.
  const ServiceCourses courses = reckon_services(play);
  CHECK(states(model, courses, 0) == std::vector<double>{20, 60, 20});
  CHECK(hours(courses.units[0].longest_down) == 20);
}

TEST_CASE("Isolated and crashed hosts are unusable until they are back, and a host is missing but once") {
  const Estate estate = one_segment(4, 256);
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto email = builder.add(service(ServiceKind::email, 0.6));
  builder.add_unit(email, org(0), 1, {of_hosts(builder.hosts(builder.add_part(everything(estate)), org(0)), 4)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.step(host(0), 10, Transition::isolated);
  play.step(host(0), 30, Transition::restored);
  play.step(host(1), 20, Transition::crashed);
  play.step(host(1), 25, Transition::recovered);
  play.encrypt(host(2), 60, 80);
  play.step(host(2), 61, Transition::isolated);
  play.step(host(3), 70, Transition::crashed);  // up again at once
  play.step(host(3), 70, Transition::recovered);
  CHECK(states(model, reckon_services(play), 0) == std::vector<double>{60, 35, 5});
}

TEST_CASE("Paper keeps its capacity once it is set up, and is put away when it is not needed") {
  const Estate estate = one_segment(4, 256);
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  Service wards = service(ServiceKind::other, 0.4, 0.5, 4h);
  wards.activities = {{ActivityKind::other, 10, false, 2, always}};
  const auto number = builder.add(wards);
  builder.add_unit(number, org(0), 1, {of_hosts(builder.hosts(builder.add_part(everything(estate)), org(0)), 4)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  for (std::size_t h : {0, 1, 2}) play.encrypt(host(h), 10, h == 0 ? 30 : -1);
  play.encrypt(host(3), 40);
  // 1/4 until paper is there at 14 h, half until 40 h, of which from 30 h on without paper; then the same again.
  const ServiceCourses courses = reckon_services(play);
  CHECK(states(model, courses, 0) == std::vector<double>{10, 82, 8});
  CHECK(hours(courses.units[0].longest_down) == 4);
  const double lost = 10 * (4 * 0.75 + 26 * 0.5 + 4 * 0.75 + 56 * 0.5);
  CHECK(courses.units[0].lost[static_cast<std::size_t>(ActivityKind::other)] == Approx(lost));
  CHECK(courses.units[0].pounds == Approx(2 * lost));
}

TEST_CASE("A link is gone while most of its segments are cut off, and only then") {
  EstateBuilder estates;
  add_organisation(estates, "A", {{{{1}, {1, DeviceClass::server}}}, {{{1}}}, {{{1}}}});
  estates.add_zones("national", EstateBuilder::Pool::everyone, 1000, all_of(estates));
  estates.add_zones("own", EstateBuilder::Pool::each_organisation, 100, all_of(estates));
  const Estate estate = estates.build();
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto records = builder.add(service(ServiceKind::patient_records, 0.5));
  builder.add_unit(records, org(0), 1, {of_link(builder.link(0, org(0)))});
  model.services = std::move(builder).build();
  const auto down = [&](const StagedPlay& play) { return states(model, reckon_services(play), 0)[2]; };

  StagedPlay one(model);
  one.cut(segment(0), 10, -1, zone(0));
  CHECK(down(one) == 0);
  StagedPlay two = one;
  two.cut(segment(1), 20, 50);  // from everything
  CHECK(down(two) == 30);
  StagedPlay again = two;
  again.cut(segment(1), 40, 60, zone(0));  // overlaps
  CHECK(down(again) == 40);
  StagedPlay elsewhere = one;
  elsewhere.cut(segment(1), 20, 50, zone(1));
  CHECK(down(elsewhere) == 0);
  StagedPlay servers(model);
  for (std::size_t s : {0, 1, 2}) servers.cut(segment(s), 20, 50, zone(0), only(DeviceClass::server));
  CHECK(down(servers) == 0);
  StagedPlay together(model);  // class by class
  for (std::size_t s : {0, 1, 2})
    for (const DeviceClass device : {DeviceClass::workstation, DeviceClass::server})
      together.cut(segment(s), device == DeviceClass::server ? 10 : 20, 50, zone(0), only(device));
  CHECK(down(together) == 30);
  StagedPlay workstations(model);  // all that there is in two of them
  for (std::size_t s : {0, 1, 2}) workstations.cut(segment(s), 20, 50, zone(0), only(DeviceClass::workstation));
  CHECK(down(workstations) == 30);
}

TEST_CASE("Hosts of a segment that is cut off from everything are unusable meanwhile, and counted once") {
  const Estate estate = one_zone({{{{2}, {1, DeviceClass::server}}}, {{{3}}}}, 256);
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto theatres = builder.add(service(ServiceKind::theatres, 0.45));
  builder.add_unit(theatres, org(0), 1, {of_hosts(builder.hosts(builder.add_part(everything(estate)), org(0)), 6)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.encrypt(host(0), 10, 60);
  play.cut(segment(0), 20, 40);  // two more than that one
  play.encrypt(host(3), 30, 50);
  play.cut(segment(1), 70, 80, no_zone, only(DeviceClass::server));  // there is none
  play.cut(segment(0), 82, 90, no_zone, only(DeviceClass::server));
  play.cut(segment(0), 84, 92);
  // 5/6 from 10 h, 3/6 from 20 h, 2/6 from 30 h, 4/6 from 40 h, 5/6 from 50 h to 60 h; 5/6 from 82 h, 3/6 from 84
  // to 92.
  CHECK(states(model, reckon_services(play), 0) == std::vector<double>{40, 50, 10});
}

TEST_CASE("Services pass on what they lack to those that need them, of the same organisation or another") {
  EstateBuilder estates;
  add_organisation(estates, "A", {{{{4}}}});
  add_organisation(estates, "B", {{{{2}}}}, OrganisationKind::practice);
  const Estate estate = estates.build();
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto part = builder.add_part(everything(estate));
  const auto pathology = builder.add(service(ServiceKind::pathology, 0.1));
  const auto emergency = builder.add(service(ServiceKind::emergency, 0.45, 0.4));
  const auto practice = builder.add(service(ServiceKind::gp_consultations, 0.1));
  const auto laboratory = builder.add_unit(pathology, org(0), 1, {of_hosts(builder.hosts(part, org(0)), 4)});
  const auto ward = builder.add_unit(emergency, org(0), 1, {of_service(laboratory, 0.75)});
  builder.add_unit(practice, org(1), 1,
                   {of_service(ward), of_service(laboratory), of_hosts(builder.hosts(part, org(1)), 2)});
  model.services = std::move(builder).build();
  REQUIRE_FALSE(circular(model.services));
  StagedPlay play(model);
  play.encrypt(host(0), 10, 40);
  play.encrypt(host(1), 20, 40);
  play.encrypt(host(2), 30, 40);
  // Laboratory 3/4, 2/4, 1/4; the ward has 1, 2/3 and then paper's 0.4; the practice the laboratory's.
  const ServiceCourses courses = reckon_services(play);
  CHECK(states(model, courses, 0) == std::vector<double>{70, 30, 0});
  CHECK(states(model, courses, 1) == std::vector<double>{80, 10, 10});
  CHECK(states(model, courses, 2) == std::vector<double>{70, 30, 0});

  ServicesBuilder round(estate);
  const auto first = round.add(service(ServiceKind::other, 0.1));
  round.add_unit(first, org(0), 1, {of_service(1)});
  round.add_unit(first, org(1), 1, {of_service(0)});
  CHECK(circular(std::move(round).build()));
}

TEST_CASE("One supplier's hosts stop forty trusts without a host of theirs being touched") {
  EstateBuilder estates;
  add_organisation(estates, "S", {{{{2}}}}, OrganisationKind::supplier);
  for (int t = 0; t < 40; ++t) add_organisation(estates, "T" + std::to_string(t), {{{{1}}}});
  const Estate estate = estates.build();
  Model model = model_of(estate, {}, 100h);
  ServicesBuilder builder(estate);
  const auto records = builder.add(service(ServiceKind::patient_records, 0.5));
  const auto hosted = builder.hosts(builder.add_part(everything(estate)), org(0));
  CHECK(hosted == builder.hosts(0, org(0)));
  for (std::size_t t = 1; t <= 40; ++t) builder.add_unit(records, org(t), 1, {of_hosts(hosted, 2)});
  model.services = std::move(builder).build();
  CHECK(model.services.members.size() == 1);
  StagedPlay play(model);
  play.encrypt(host(0), 10, 34);
  play.encrypt(host(2), 12);  // the second trust's, which no service needs
  const Outcome outcome = measure(play, told(model));
  CHECK(value(model, outcome, "organisations_disrupted") == 40);
  CHECK(value(model, outcome, "trusts_disrupted") == 40);
  CHECK(value(model, outcome, "trusts_disrupted_not_locked_out") == 39);
  CHECK(value(model, outcome, "patient_records_degraded") == Approx(40 * 24));
  CHECK(value(model, outcome, "patient_records_down") == 0);
  CHECK(value(model, outcome, "time_to_normal") == 34);
}

TEST_CASE("Activity is lost within its hours: over a weekend, nothing of a weekday's") {
  const Estate estate = one_segment(2, 256);
  Model model = model_of(estate, {}, 168h);
  const LocalStart friday{4, 16h};
  const Hours weekdays{8h, 18h, false, friday};
  ServicesBuilder builder(estate);
  Service clinic = service(ServiceKind::outpatients, 0.1);
  clinic.activities = {{ActivityKind::appointments, 6, false, 120, weekdays},
                       {ActivityKind::other, 10, true, 0, {Duration{}, 24h, true, friday}}};
  const auto number = builder.add(clinic);
  builder.add_unit(number, org(0), 1, {of_hosts(builder.hosts(builder.add_part(everything(estate)), org(0)), 2)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.encrypt(host(0), 1, 1 + 24 + 24 + 17);  // Friday 17:00 to Monday 10:00
  const UnitCourse course = reckon_services(play).units[0];
  CHECK(course.lost[static_cast<std::size_t>(ActivityKind::appointments)] == Approx(0.5 * 6 * (1 + 2)));
  CHECK(course.lost[static_cast<std::size_t>(ActivityKind::other)] == Approx(0.5 * 10 * 0.02 * 65));
  CHECK(course.pounds == Approx(9 * 120));
}

TEST_CASE("Time within hours is what lies between their changes") {
  for (const bool weekends : {false, true})
    for (const Hours plan : {Hours{8h, 18h, weekends, {3, 13h}}, Hours{Duration{}, 24h, weekends, {6, 23h + 1min}},
                             Hours{22h, 24h, weekends, {0, Duration{}}}}) {
      Duration within{};
      Instant at{};
      for (int turn = 0; turn < 40 && at < Instant{} + 500h; ++turn) {
        const Instant next = std::min(plan.next_change(at), Instant{} + 500h);
        if (plan.on_at(at)) within += next - at;
        at = next;
        REQUIRE(plan.within(Instant{}, at) == within);
      }
      REQUIRE(plan.within(Instant{} + 30h, Instant{} + 77h) ==
              plan.within(Instant{}, Instant{} + 77h) - plan.within(Instant{}, Instant{} + 30h));
    }
}

TEST_CASE("Emergency departments divert below their threshold, and the parts of the cost add up") {
  EstateBuilder estates;
  for (const char* code : {"A", "B"}) add_organisation(estates, code, {{{{4}}}});
  const Estate estate = estates.build();
  Model model = model_of(estate, {}, 100h);
  model.worm.ransom = Ransom{300, 72h, 168h, Paying{1, false, fixed(3600), 0, fixed(0), 0.5}};
  ServicesBuilder builder(estate);
  Service emergency = service(ServiceKind::emergency, 0.25);
  emergency.diverts_below = 0.6;
  emergency.activities = {{ActivityKind::attendances, 10, false, 148, always},
                          {ActivityKind::emergency_admissions, 2, false, 1590, always},
                          {ActivityKind::ambulance_arrivals, 3, false, 0, always}};
  const auto number = builder.add(emergency);
  const auto part = builder.add_part(everything(estate));
  for (std::size_t o : {0, 1}) builder.add_unit(number, org(o), 1, {of_hosts(builder.hosts(part, org(o)), 4)});
  model.services = std::move(builder).build();
  StagedPlay play(model);
  play.encrypt(host(0), 10, 30);
  play.encrypt(host(1), 20, 30);
  play.encrypt(host(4), 40);
  const Outcome outcome = measure(play, told(model));
  const double lost = 10 * 0.25 + 10 * 0.5 + 60 * 0.25;  // hours of a whole department
  CHECK(value(model, outcome, "trusts_diverting") == 1);
  CHECK(value(model, outcome, "hours_diverting") == 10);
  CHECK(value(model, outcome, "ambulances_diverted") == Approx(30));
  CHECK(value(model, outcome, "attendances_lost") == Approx(10 * lost));
  CHECK(value(model, outcome, "admissions_lost") == Approx(2 * lost));
  CHECK(value(model, outcome, "activity_lost") == Approx((10 * 148 + 2 * 1590) * lost));
  CHECK(value(model, outcome, "ransom_paid") == 900);
  CHECK(value(model, outcome, "ransom_pounds") == 450);
  CHECK(value(model, outcome, "cost") ==
        value(model, outcome, "activity_lost") + value(model, outcome, "ransom_pounds"));
  CHECK(value(model, outcome, "time_to_normal") == 100);  // one is not at the horizon
  const std::size_t n = samples(model);
  const std::size_t first = outcome.series.size() - 2 * n;
  CHECK(outcome.series[first + 9] == 0);
  CHECK(outcome.series[first + 10] == 1);
  CHECK(outcome.series[first + 30] == 0);
  CHECK(outcome.series[first + 99] == 1);
  CHECK(outcome.series[first + n + 20] == 1);
  CHECK(outcome.series[first + n + 30] == 0);
}

TEST_CASE("Only what a scenario has is told") {
  const Estate estate = one_segment(2, 256);
  Model model = model_of(estate, {}, 10h);
  CHECK_FALSE(is_told(model, "organisations_disrupted"));
  CHECK_FALSE(is_told(model, "ransom_paid"));
  const std::size_t before = metrics(told(model)).size();
  StagedPlay play(model);
  CHECK(measure(play, told(model)).metrics.size() == before);
  ServicesBuilder builder(estate);
  const auto email = builder.add(service(ServiceKind::email, 0.5));
  builder.add_unit(email, org(0), 1, {of_hosts(builder.hosts(builder.add_part(everything(estate)), org(0)), 2)});
  model.services = std::move(builder).build();
  CHECK(is_told(model, "email_down"));
  CHECK(is_told(model, "organisations_disrupted"));
  for (const char* name : {"imaging_down", "trusts_diverting", "appointments_cancelled", "activity_lost", "cost"})
    CHECK_FALSE(is_told(model, name));
  CHECK(measure(play, told(model)).metrics.size() == metrics(told(model)).size());
}
