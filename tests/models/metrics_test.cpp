#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "models/metrics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};

double value(const Outcome& outcome, std::string_view name) {
  for (std::size_t i = 0; i < metrics().size(); ++i)
    if (metrics()[i].name == name) return outcome.metrics[i];
  FAIL("no metric " << name);
  return 0;
}

/// A curve's samples.
std::vector<std::uint32_t> curve(const Outcome& outcome, const Model& model, std::string_view name) {
  const std::size_t n = samples(model);
  for (std::size_t i = 0; i < series().size(); ++i)
    if (series()[i].name == name)
      return {outcome.series.begin() + static_cast<std::ptrdiff_t>(i * n),
              outcome.series.begin() + static_cast<std::ptrdiff_t>((i + 1) * n)};
  FAIL("no curve " << name);
  return {};
}

/// T, a trust: 0 workstation, 1 server, 2 backup server, 3 imaging; P, a practice: 4 workstation, 5 data-centre
/// server; Q, a practice: 6 workstation; N, a company: 7 domain controller, 8 clinical workstation.
Estate four_organisations() {
  EstateBuilder builder;
  add_organisation(
      builder, "T",
      {{{{1}, {1, DeviceClass::server}, {1, DeviceClass::backup_server}, {1, DeviceClass::imaging}}, "n"}});
  add_organisation(builder, "P", {{{{1}, {1, DeviceClass::data_centre_server}}, "n"}}, OrganisationKind::practice);
  add_organisation(builder, "Q", {{{{1}}, "n"}}, OrganisationKind::practice);
  add_organisation(builder, "N",
                   {{{{1, DeviceClass::domain_controller}, {1, DeviceClass::clinical_workstation}}, "n"}},
                   OrganisationKind::company);
  return builder.build();
}

void give(Model& model, DeviceClass device, double hours) {
  model.worm.encryption->data[static_cast<std::size_t>(device)] = fixed(hours * 3600);
}

}  // namespace

TEST_CASE("Every metric has a name of its own, a unit and a meaning") {
  std::set<std::string_view> names;
  for (const auto& list : {metrics(), series()}) {
    names.clear();
    for (const Metric& metric : list) {
      CHECK(names.insert(metric.name).second);
      CHECK_FALSE(metric.unit.empty());
      CHECK_FALSE(metric.meaning.empty());
    }
  }
}

TEST_CASE("A tiny incident, counted by hand") {
  const Estate estate = four_organisations();
  Model model = model_of(estate, {}, 200h);
  // Nobody scans: infections come at 0 h, 0.5 h, 1 h, 5 h, 169 h and 199 h, five hosts' data take 1, 2 or 3 hours.
  model.entries = {
      entry_of({host(0)}),           entry_of({host(1)}, t0 + 30min),      entry_of({host(2)}, t0 + 1h),
      entry_of({host(4)}, t0 + 5h),  entry_of({host(3)}, t0 + 5h + 30min), entry_of({host(6)}, t0 + 169h),
      entry_of({host(8)}, t0 + 199h)};
  model.worm.encryption = Encryption{1, {}};
  give(model, DeviceClass::workstation, 1);
  give(model, DeviceClass::server, 2);
  give(model, DeviceClass::backup_server, 3);
  give(model, DeviceClass::clinical_workstation, 1);  // done at the horizon: not any more
  model.worm.ransom = Ransom{300, 72h, 168h};
  // A note is seen after half an hour; else it takes four hours.
  model.detection = Detection{.dwell = fixed(4 * 3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  model.backups = {copies(only(DeviceClass::server), 1, 24h, false, fixed(10 * 3600), 100h),
                   copies(only(DeviceClass::workstation), 1, 12h, true, fixed(1e9), 100h)};
  Where practices;
  practices.kinds = {OrganisationKind::practice};
  model.patching.groups = {{Selector(estate, practices), 1.0, 1}};
  model.sample_every = 30min;
  Play play(model, Draws(151, 0));
  play.run();
  const Outcome outcome = measure(play);
  const auto metric = [&](std::string_view name) { return value(outcome, name); };

  CHECK(metric("hosts_infected") == 7);
  CHECK(metric("hosts_encrypted") == 5);  // 0 at 1 h, 1 at 2.5 h, 2 at 4 h, 4 at 6 h, 6 at 170 h
  CHECK(metric("hosts_crashed") == 0);
  CHECK(metric("hosts_stopped") == 0);
  CHECK(metric("hosts_detected") == 6);  // 0 at 1.5 h, 1 at 3 h, 2 at 4.5 h, 4 at 6.5 h, 3 at 9.5 h, 6 at 170.5 h
  CHECK(metric("hosts_isolated") == 0);
  CHECK(metric("hosts_restored") == 1);  // host 1 at 13 h
  CHECK(metric("terminals_infected") == 4);
  CHECK(metric("servers_infected") == 2);
  CHECK(metric("data_centre_infected") == 0);
  CHECK(metric("medical_devices_infected") == 1);
  CHECK(metric("terminals_encrypted") == 3);
  CHECK(metric("servers_encrypted") == 2);
  CHECK(metric("data_centre_encrypted") == 0);
  CHECK(metric("medical_devices_encrypted") == 0);
  CHECK(metric("infected_unpatched") == 5);  // 4 and 6 stand in practices, which are all patched
  CHECK(metric("organisations_infected") == 4);
  CHECK(metric("organisations_locked_out") == 2);  // T and P; Q only after 168 h
  CHECK(metric("trusts_infected") == 1);
  CHECK(metric("trusts_locked_out") == 1);
  CHECK(metric("practices_infected") == 2);
  CHECK(metric("practices_locked_out") == 1);
  CHECK(metric("peak_new_infections_per_hour") == 2);
  CHECK(metric("time_to_peak") == 0.5);
  CHECK(metric("time_to_first_infection") == 0);
  CHECK(metric("time_to_first_encryption") == 1);
  CHECK(metric("time_to_first_detection") == 1.5);
  CHECK(metric("large_outbreak") == Approx(7.0 / 9));
  // The server's copies were lost with the backup server at 4 h: 100 h of work. The backup server has no policy. The
  // workstations' copies are offline.
  const Draws draws(151, 0);
  double lost = 100 + to_hours(loss_without_policy);
  for (const auto& [h, at] : {std::pair{host(0), t0 + 1h}, {host(4), t0 + 6h}, {host(6), t0 + 170h}})
    lost += to_hours(model.backups[1].since_last_copy(h, at, draws));
  CHECK(metric("data_lost") == Approx(lost));
  CHECK(metric("hosts_without_copy") == 2);
  // Not restored for 72 h and 168 h: 0, 2 and 4; the server was back after 10.5 h; 6 has waited 30 h.
  CHECK(metric("ransom_doubled") == 3);
  CHECK(metric("ransom_expired") == 3);
  CHECK(metric("ransom_demanded") == 3 * 600 + 2 * 300);

  // Samples every half hour, each with what happened up to and at it.
  CHECK(samples(model) == 401);
  const auto infected = curve(outcome, model, "hosts_infected");
  CHECK(infected.size() == 401);
  const std::vector<std::uint32_t> begin(infected.begin(), infected.begin() + 13);
  CHECK(begin == std::vector<std::uint32_t>{1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 5});
  CHECK(infected[337] == 5);
  CHECK(infected[338] == 6);
  CHECK(infected[400] == 7);
  const auto encrypted = curve(outcome, model, "hosts_encrypted");
  CHECK(std::vector<std::uint32_t>(encrypted.begin(), encrypted.begin() + 9) ==
        std::vector<std::uint32_t>{0, 0, 1, 1, 1, 2, 2, 2, 3});
  CHECK(encrypted[400] == 5);
  const auto detected = curve(outcome, model, "hosts_detected");
  CHECK(detected[2] == 0);
  CHECK(detected[3] == 1);
  CHECK(detected[400] == 6);
  const auto restored = curve(outcome, model, "hosts_restored");
  CHECK(restored[25] == 0);
  CHECK(restored[26] == 1);
  const auto reached = curve(outcome, model, "organisations_infected");
  CHECK(reached[0] == 1);
  CHECK(reached[9] == 1);
  CHECK(reached[10] == 2);
  CHECK(reached[400] == 4);

  REQUIRE(outcome.organisations.size() == 4);
  const std::uint32_t counts[4][2] = {{4, 3}, {1, 1}, {1, 0}, {1, 0}};  // encrypted within 168 h
  for (std::size_t o = 0; o < 4; ++o) {
    CHECK(outcome.organisations[o].organisation == org(o));
    CHECK(outcome.organisations[o].infected == counts[o][0]);
    CHECK(outcome.organisations[o].encrypted == counts[o][1]);
  }
}

TEST_CASE("A host that was restored in time had its copy, whatever became of the copies later") {
  EstateBuilder builder;
  add_organisation(builder, "A", {{{{3}, {1, DeviceClass::backup_server}}, "n"}});
  const Estate estate = builder.build();
  // Three workstations are encrypted at 1 h; two of them would be back at 3 h, but the backup server goes at 2 h or
  // 29 h.
  Model model = model_of(estate, {}, 100h);
  model.worm.encryption = Encryption{1, {}};
  give(model, DeviceClass::workstation, 1);
  give(model, DeviceClass::backup_server, 1);
  model.detection = Detection{.dwell = fixed(3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  model.backups = {copies(only(DeviceClass::workstation), 1, 24h, false, fixed(2 * 3600), 100h),
                   copies(only(DeviceClass::backup_server), 1, 24h, true, fixed(1e9), 100h)};
  for (const auto& [server_hit, without] : {std::pair{28h, 0}, {1h, 3}}) {
    model.entries = {entry_of({host(0), host(1), host(2)}), entry_of({host(3)}, t0 + server_hit)};
    Play play(model, Draws(153, 0));
    play.run();
    const Outcome outcome = measure(play);
    CHECK(value(outcome, "hosts_restored") == 3);
    CHECK(value(outcome, "hosts_encrypted") == 4);
    CHECK(value(outcome, "hosts_without_copy") == without);
  }
}

TEST_CASE("Where nothing happens there is nothing to tell the time of") {
  const Estate estate = four_organisations();
  Model model = model_of(estate, {}, 10h);
  Play play(model, Draws(152, 0));
  play.run();
  const Outcome outcome = measure(play);
  const std::set<std::string_view> absent = {"time_to_peak",
                                             "time_to_first_infection",
                                             "time_to_first_encryption",
                                             "time_to_first_detection",
                                             "large_outbreak",
                                             "peak_attempts_per_second",
                                             "days_to_half_back",
                                             "days_to_95_back",
                                             "days_to_all_back",
                                             "recovery_time",
                                             "recovery_point",
                                             "time_to_normal",
                                             "time_to_warning",
                                             "unpatched_at_start",
                                             "told_apart_by_exposure",
                                             "told_apart_by_coverage",
                                             "told_apart_by_size"};
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    INFO(metrics()[i].name);
    if (absent.count(metrics()[i].name) > 0)
      CHECK(std::isnan(outcome.metrics[i]));
    else
      CHECK(outcome.metrics[i] == 0);
  }
  for (const std::uint32_t count : outcome.series) CHECK(count == 0);
  CHECK(outcome.organisations.empty());
}

TEST_CASE("An outbreak is large from its share of the hosts on") {
  const Estate estate = one_segment(10, 10);
  Model model = model_of(estate, {}, 10h);
  model.entries = {entry_of({host(0), host(1), host(2)})};
  Play play(model, Draws(153, 0));
  play.run();
  model.large_from = 0.3;
  CHECK(value(measure(play), "large_outbreak") == Approx(0.3));
  model.large_from = 0.31;
  CHECK(std::isnan(value(measure(play), "large_outbreak")));
}

TEST_CASE("The ransom doubles and expires to the nanosecond, up to the restoration or the horizon") {
  const Estate estate = one_segment(1, 1);
  Model model = model_of(estate, {}, 80h);
  model.entries = {entry_of({host(0)})};
  model.worm.encryption = Encryption{1, {}};
  give(model, DeviceClass::workstation, 2);
  const auto demanded = [&](Duration doubles, Duration expires) {
    model.worm.ransom = Ransom{300, doubles, expires};
    Play play(model, Draws(154, 0));
    play.run();
    const Outcome outcome = measure(play);
    return std::array{value(outcome, "ransom_doubled"), value(outcome, "ransom_expired"),
                      value(outcome, "ransom_demanded")};
  };
  using Found = std::array<double, 3>;
  CHECK(demanded(78h, 100h) == Found{0, 0, 300});  // at the horizon
  CHECK(demanded(78h - 1ns, 100h) == Found{1, 0, 600});
  CHECK(demanded(40h, 78h) == Found{1, 0, 600});
  CHECK(demanded(40h, 78h - 1ns) == Found{1, 1, 600});
  // Restored at 12 h: ten hours after it was encrypted.
  model.detection = Detection{.dwell = fixed(3600), .share = 1, .note_seen = fixed(1800), .isolation = {}};
  model.backups = {copies(all_devices, 1, 24h, true, fixed(11 * 3600), 24h)};
  CHECK(demanded(10h, 20h) == Found{0, 0, 300});
  CHECK(demanded(10h - 1ns, 20h) == Found{1, 0, 600});
  model.worm.ransom.reset();
  Play play(model, Draws(154, 0));
  play.run();
  CHECK(value(measure(play), "ransom_demanded") == 0);
}

TEST_CASE("Crashed and stopped hosts are counted, and are not infected") {
  const Estate estate = one_zone({{{{10, DeviceClass::workstation, System::windows_xp}, {10}}, "n"}}, 20);
  Model model = model_of(estate, {1}, 10h);
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0;
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 1;
  model.worm.kill_switch = KillSwitch{t0 + 20s, 0};
  model.entries = {entry_of({host(10)})};
  Play play(model, Draws(155, 0));
  play.run();
  const Outcome outcome = measure(play);
  CHECK(value(outcome, "hosts_crashed") == 10);
  CHECK(value(outcome, "hosts_infected") + value(outcome, "hosts_stopped") == 10);
  CHECK(value(outcome, "hosts_infected") == static_cast<double>(attack_size(play.incident())));
  CHECK(value(outcome, "infected_unpatched") == value(outcome, "hosts_infected"));
}

TEST_CASE("The metrics of a random play add up with its steps") {
  EstateBuilder builder;
  for (int o = 0; o < 6; ++o)
    add_organisation(builder, "O" + std::to_string(o),
                     {{{{10},
                        {4, DeviceClass::server},
                        {3, DeviceClass::imaging, System::windows_xp},
                        {2, DeviceClass::data_centre_server}},
                       "n"}},
                     o % 2 ? OrganisationKind::practice : OrganisationKind::trust);
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 300, all_of(builder));
  const Estate estate = builder.build();
  Model model = model_of(estate, {1.0 / 600}, 72h);
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 1;
  model.worm.encryption = Encryption{1, {}};
  give(model, DeviceClass::workstation, 3);
  give(model, DeviceClass::server, 5);
  model.detection = Detection{.dwell = {Distribution::Shape::exponential, 40000, 0, {}, {}},
                              .share = 0.5,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{}};
  model.backups = {copies(only(DeviceClass::server), 0.8, 24h, true, fixed(3600 * 8), 720h)};
  model.entries = {entry_of({host(0), host(20)})};
  Play play(model, Draws(156, 0));
  for (std::uint32_t r = 0; r < 20; ++r) {
    play.reset(Draws(156, r));
    play.run();
    const Incident& incident = play.incident();
    const Outcome outcome = measure(play);
    const auto metric = [&](std::string_view name) { return value(outcome, name); };
    for (const auto& [name, what] : {std::pair{"hosts_infected", Transition::infected},
                                     {"hosts_encrypted", Transition::encrypted},
                                     {"hosts_detected", Transition::detected},
                                     {"hosts_restored", Transition::restored},
                                     {"hosts_crashed", Transition::crashed},
                                     {"hosts_isolated", Transition::isolated}}) {
      const auto counted = static_cast<double>(count_of(incident, what));
      CHECK(metric(name) == counted);
      if (what == Transition::crashed || what == Transition::isolated) continue;
      const auto samples_of = curve(outcome, model, name);
      CHECK(std::is_sorted(samples_of.begin(), samples_of.end()));
      CHECK(samples_of.back() == counted);
    }
    CHECK(metric("terminals_infected") + metric("servers_infected") + metric("data_centre_infected") +
              metric("medical_devices_infected") ==
          metric("hosts_infected"));
    CHECK(metric("terminals_encrypted") + metric("servers_encrypted") + metric("data_centre_encrypted") +
              metric("medical_devices_encrypted") ==
          metric("hosts_encrypted"));
    CHECK(metric("trusts_infected") + metric("practices_infected") == metric("organisations_infected"));
    CHECK(metric("organisations_locked_out") <= metric("organisations_infected"));
    CHECK(curve(outcome, model, "organisations_infected").back() == metric("organisations_infected"));
    CHECK(metric("peak_new_infections_per_hour") <= metric("hosts_infected"));
    CHECK(metric("hosts_without_copy") >= metric("terminals_encrypted"));  // only servers have a policy
    CHECK(metric("hosts_without_copy") <= metric("hosts_encrypted"));
    double infected = 0;
    double encrypted = 0;
    for (const OrganisationOutcome& o : outcome.organisations) {
      CHECK(o.infected > 0);
      CHECK(o.encrypted <= o.infected);
      infected += o.infected;
      encrypted += o.encrypted;
    }
    CHECK(infected == metric("hosts_infected"));
    CHECK(encrypted == metric("hosts_encrypted"));  // all within 168 h
  }
}
