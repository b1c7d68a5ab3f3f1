#include <catch2/catch.hpp>

#include "tests/support/agreement.h"

// The engine against an attempt-by-attempt simulation that shares no code with it: Kolmogorov and Smirnov's
// two-sample test at 1 % on the attack size and on the time to a given number of hosts (plays that never get there
// count as the latest of all, so their share is compared too).
//
// There are about two dozen such comparisons. Each has its own fixed seeds and its own 1 % critical value; were all
// correct and the seeds drawn afresh, one in five full runs would see a failure somewhere. So the seeds were fixed
// once, before the first run, and a failure is to be met with more plays and other seeds, never with a wider
// tolerance: a true difference grows beyond the critical value as 1/sqrt(plays), chance does not. The last tests show
// that a rate wrong by a tenth, a forgotten isolation or a block that counts double is found by the same statistic.

using namespace trustfall;
using namespace trustfall::small;
using namespace trustfall::agreement;

TEST_CASE("Brute force agrees: overlapping zones, latency and removal", "[oracle]") {
  const Estate estate = three_organisations();
  check_agreement(minutes(estate), half);
}

TEST_CASE("Brute force agrees: everyone falls, nobody is removed", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.activity.reset();
  model.horizon = Instant{} + 120s;
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: rules that close by class of device, in part of the organisations", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  const auto server = only(DeviceClass::server);
  model.firewalls = {
      closed(estate, 1, FirewallRule::Direction::inbound, devices(server)),
      closed(estate, 2, FirewallRule::Direction::outbound, devices(only(DeviceClass::imaging) | server)),
      closed(estate, 2, FirewallRule::Direction::both)};
  model.firewalls[2].share = 0.6;
  model.firewalls[2].misconfigured = 0.3;
  model.firewalls[0].per = FirewallRule::Unit::segment;
  model.firewalls[0].share = 0.7;
  model.firewalls = numbered(model.firewalls);
  model.worm.rates = {0.3, 0.4, 0.5};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: rules that come and go", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.18, 0.2, 0.35};
  model.firewalls = {closed(estate, 0, FirewallRule::Direction::inbound, devices(only(DeviceClass::workstation))),
                     closed(estate, 1, FirewallRule::Direction::both),
                     closed(estate, 1, FirewallRule::Direction::inbound, devices(only(DeviceClass::server))),
                     closed(estate, 2, FirewallRule::Direction::outbound, devices(only(DeviceClass::workstation))),
                     closed(estate, 2, FirewallRule::Direction::both)};
  model.firewalls[0].from = at(15);
  model.firewalls[0].until = at(45);
  model.firewalls[1].from = at(20);
  model.firewalls[1].until = at(60);
  model.firewalls[1].share = 0.7;
  model.firewalls[2].closes = false;  // opens for servers what the rule before closed, while it holds
  model.firewalls[2].from = at(30);
  model.firewalls[2].until = at(50);
  model.firewalls[3].until = at(40);
  model.firewalls[4].from = at(55);
  model.firewalls[4].until = at(70);
  check_agreement(model, half);
}

TEST_CASE("Brute force agrees: organisations that are isolated and come back, and isolate themselves", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.3, 0.3, 0.5};
  model.detection = Detection{.dwell = {Distribution::Shape::exponential, 150, 0, {}, {}},
                              .share = 0.5,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{}};
  model.detection->isolation =
      Isolation{Isolation::Scope::segment, fixed(5), Distribution{Distribution::Shape::exponential, 40, 0, {}, {}}};
  const Cuts cuts = {{20, 45, org(0)}, {30, 80, org(0)}, {25, 50, org(1)}, {60, 1000, org(2)}};
  check_agreement(model, half, cuts);
}

TEST_CASE("Brute force agrees: office hours that overlap with isolation and rules", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = days(estate);
  // From a Thursday noon over the weekend: workstations and imaging are off at night, most servers never.
  model.power = {office_hours(estate, 0.8, 8h, 18h, 12h, devices(only(DeviceClass::workstation))),
                 office_hours(estate, 1, 6h, 22h, 12h, devices(only(DeviceClass::imaging)))};
  model.power[1].hours.weekends = true;
  model.firewalls = {closed(estate, 2, FirewallRule::Direction::both)};
  model.firewalls[0].from = at(3600 * 5);
  model.firewalls[0].until = at(3600 * 22);
  const Cuts cuts = {{3600 * 3, 3600 * 21, org(0)}, {3600 * 8, 3600 * 40, org(1)}};
  check_agreement(model, half / 2, cuts);
}

TEST_CASE("Brute force agrees: rules on pairs of networks", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.15, 0.3, 0.3};
  // Servers cannot be reached from offices, except within the middle of the play.
  std::vector<std::uint8_t> from_office(estate.networks().size());
  from_office[estate[segment(0)].network] = 1;
  FirewallRule rule = closed(estate, 1, FirewallRule::Direction::inbound, devices(only(DeviceClass::server)));
  rule.from_networks = from_office;
  FirewallRule everywhere = rule;
  everywhere.zone_kind = 2;
  everywhere.share = 0.5;
  FirewallRule opened = rule;
  opened.closes = false;
  opened.from = at(40);
  opened.until = at(50);
  model.firewalls = numbered({rule, everywhere, opened});
  check_agreement(model, half);
}

TEST_CASE("Brute force agrees: patch coverage that differs between organisations, and a campaign in mid-outbreak",
          "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.4, 0.4, 0.6};
  model.patching.coverage = 0.3;
  model.patching.concentration = 1.5;
  model.patching.groups = {{Selector(estate, devices(only(DeviceClass::server))), 0.5, 0.8},
                           {Selector(estate, devices(only(DeviceClass::imaging))), std::nullopt, 0.3}};
  model.patching.campaign = Campaign{at(20), 60s, 0.9};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: rings by rate and by technicians, failures and reboots, in mid-outbreak", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.4, 0.4, 0.6};
  model.patching.coverage = 0.2;
  model.patching.concentration = 2;
  model.patching.groups = {{Selector(estate, devices(only(DeviceClass::imaging))), std::nullopt, 0.3}};
  PatchRing servers;
  servers.where = Selector(estate, devices(only(DeviceClass::server)));
  servers.from = at(10);
  servers.rate = 1.0 / 60;
  servers.ceiling = 0.9;
  servers.fails = 0.2;
  servers.reboot = Reboot{0.6, 0, {}, 15s};
  PatchRing rest;
  rest.where = Selector(estate, {});
  rest.from = at(5);
  rest.staff = PatchStaff{{Distribution::Shape::discrete, 0, 0, {1, 3}, {0.5, 1}}, 1.0 / 10, std::nullopt};
  model.patching.rings = {servers, rest};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: adoption that goes on, technicians by day, a window by night and the end of the day",
          "[oracle]") {
  const Estate estate = three_organisations();
  Model model = days(estate);
  const LocalStart noon{3, 12h};
  model.patching.age = 24h * 3;
  model.patching.concentration = 3;
  model.patching.adoption = Adoption{Adoption::Shape::weibull, 86400 * 12, 0.7, {}};
  model.patching.coverage = model.patching.adoption->coverage_at(86400 * 3);
  PatchRing servers;
  servers.where = Selector(estate, devices(only(DeviceClass::server)));
  servers.from = at(3600);
  servers.staff = PatchStaff{fixed(1), 1.0 / 7200, Hours{9h, 17h, false, noon}};
  PatchRing rest;
  rest.where = Selector(estate, {});
  rest.from = at(0);
  rest.rate = 0.5 / 86400;
  rest.window = Hours{20h, 23h, true, noon};
  rest.fails = 0.1;
  rest.reboot = Reboot{0.9, 0.6, Hours{0h, 18h, false, noon}, 30h};
  model.patching.rings = {servers, rest};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: mixed susceptibilities and crashes", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.5, 0.5, 0.6};
  model.worm.infects.fill(0.4);
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.05;
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.7;
  model.worm.crashes[static_cast<std::size_t>(System::server_2008_r2)] = 0.4;
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: detection by dwell time or by the note, isolated and restored hosts", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.25, 0.25, 0.35};
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] =
      Distribution{Distribution::Shape::exponential, 40e6, 0, {}, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::server)] =
      Distribution{Distribution::Shape::discrete, 0, 0, {10e6, 60e6}, {0.4, 1}};
  model.detection =
      Detection{.dwell = {Distribution::Shape::lognormal, 30, 0.7, {}, {}},
                .share = 0.6,
                .note_seen = {Distribution::Shape::exponential, 10, 0, {}, {}},
                .isolation = Isolation{Isolation::Scope::host, {Distribution::Shape::exponential, 8, 0, {}, {}}, {}}};
  model.backups = {
      copies(only(DeviceClass::server), 0.9, 24h, false, {Distribution::Shape::exponential, 6, 0, {}, {}}, 720h)};
  check_agreement(model, half);
}

TEST_CASE("Brute force agrees: infected hosts outside, in steps, and mail", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.2, 0.15, 0.2};
  model.entries = {
      OutsideEntry{zone(estate.zones() - 1), {{Instant{}, 1}, {at(30), 3}, {at(40), 0}, {at(200), 2}, {at(220), 0}}},
      OutsideEntry{zone(estate.zones() - 1), {{at(10), 2}, {at(15), 0}}},
      MailEntry{20, 0.5, 0.05, at(100), 100s, hosts_between(16, 40)}};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: a kill switch, with organisations behind a proxy", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = days(estate);
  model.power = {office_hours(estate, 0.7, 8h, 18h, 12h)};
  model.worm.kill_switch = KillSwitch{at(3600 * 10), 0.4};
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: orders at given moments and after detections, signatures, networks that are watched",
          "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.25, 0.25, 0.4};
  const Distribution soon{Distribution::Shape::exponential, 10, 0, {}, {}};
  const Distribution long_after{Distribution::Shape::exponential, 50, 0, {}, {}};
  model.detection = Detection{.dwell = {Distribution::Shape::exponential, 60, 0, {}, {}},
                              .share = 0.3,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{Isolation::Scope::host, soon, {}}};
  model.detection->monitoring = Monitoring{0.5, {Distribution::Shape::exponential, 40, 0, {}, {}}};
  model.detection->antivirus = Antivirus{at(60), {}, long_after, 0.6};
  Order isolate;
  isolate.where = Selector(estate, {});
  isolate.share = 0.6;
  isolate.trigger.from = at(15);
  isolate.delay = soon;
  isolate.lasts = long_after;
  isolate.luck = 1;
  Order off = isolate;
  off.where = Selector(estate, devices(only(DeviceClass::workstation)));
  off.per = FirewallRule::Unit::segment;
  off.trigger = {Trigger::On::detection, {}, 2};
  off.share = 0.8;
  off.action.what = OrderedAction::What::power_down;
  off.luck = 2;
  Order close = isolate;
  close.where = Selector(estate, {});
  close.trigger = {Trigger::On::detection, {}, 1};
  close.action = {OrderedAction::What::close, 2, FirewallRule::Direction::outbound, all_devices};
  close.lasts.reset();
  close.luck = 3;
  model.orders = {isolate, off, close};
  model.firewalls = {closed(estate, 1, FirewallRule::Direction::both, devices(only(DeviceClass::server)))};
  model.firewalls[0].from = at(20);
  model.firewalls[0].until = at(60);
  check_agreement(model, half / 2);
}

TEST_CASE("Brute force agrees: everything at once", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = days(estate);
  model.worm.rates = {1.0 / 1200, 1.0 / 1200, 1.0 / 900};
  model.worm.infects.fill(0.7);
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.3;
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] =
      Distribution{Distribution::Shape::exponential, 2e10, 0, {}, {}};
  model.power = {office_hours(estate, 0.7, 8h, 18h, 12h, devices(only(DeviceClass::workstation)))};
  model.patching.coverage = 0.2;
  model.patching.concentration = 2;
  model.patching.campaign = Campaign{at(3600 * 4), 48h, 0.7};
  model.firewalls = {closed(estate, 2, FirewallRule::Direction::both, devices(only(DeviceClass::server))),
                     closed(estate, 1, FirewallRule::Direction::inbound, devices(only(DeviceClass::workstation))),
                     closed(estate, 1, FirewallRule::Direction::inbound, devices(only(DeviceClass::server)))};
  model.firewalls[0].share = 0.5;
  model.firewalls[1].from = at(3600 * 5);
  model.firewalls[1].until = at(3600 * 20);
  std::vector<std::uint8_t> from_office(estate.networks().size());
  from_office[estate[segment(0)].network] = 1;
  model.firewalls[2].from_networks = from_office;
  model.detection =
      Detection{.dwell = {Distribution::Shape::exponential, 40000, 0, {}, {}},
                .share = 0.6,
                .note_seen = {Distribution::Shape::exponential, 3600, 0, {}, {}},
                .isolation = Isolation{Isolation::Scope::segment, fixed(3600),
                                       Distribution{Distribution::Shape::exponential, 30000, 0, {}, {}}}};
  model.backups = {copies(all_devices, 0.9, 24h, false, {Distribution::Shape::exponential, 50000, 0, {}, {}}, 720h)};
  model.entries.emplace_back(OutsideEntry{zone(estate.zones() - 1), {{Instant{}, 1}, {at(3600 * 30), 0}}});
  const Cuts cuts = {{3600 * 6, 3600 * 25, org(0)}, {3600 * 8, 3600 * 12, org(1)}};
  check_agreement(model, half / 2, cuts);
}

// --- the comparisons can fail ---

TEST_CASE("The same statistic finds a rate that is a tenth too high", "[oracle]") {
  const Estate estate = three_organisations();
  const Model model = minutes(estate);
  Model faster = model;
  for (double& rate : faster.worm.rates) rate *= 1.1;
  const Sample engine = play_engine(faster, half);
  const Sample brute = play_brute_force(model, half);
  CHECK(stats::ks_distance(engine.size, brute.size) > stats::ks_critical(plays, plays));
  CHECK(stats::ks_distance(engine.time, brute.time) > stats::ks_critical(plays, plays));
}

TEST_CASE("The same statistic finds an isolation that ends ten seconds late", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = minutes(estate);
  model.worm.rates = {0.3, 0.3, 0.5};
  const Sample engine = play_engine(model, half, {{20, 90, org(0)}, {20, 60, org(1)}});
  const Sample brute = play_brute_force(model, half, {{20, 80, org(0)}, {20, 50, org(1)}});
  CHECK(stats::ks_distance(engine.time, brute.time) > stats::ks_critical(plays, plays));
}

TEST_CASE("The same statistic finds office hours that are ignored for the hosts that are hit", "[oracle]") {
  const Estate estate = three_organisations();
  Model model = days(estate);
  model.power = {office_hours(estate, 0.8, 8h, 18h, 12h)};
  const Model ignored = days(estate);
  const Sample engine = play_engine(ignored, half);
  const Sample brute = play_brute_force(model, half);
  CHECK(stats::ks_distance(engine.size, brute.size) > stats::ks_critical(plays, plays));
}
