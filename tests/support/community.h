#pragma once

#include "tests/support/world.h"

/// A community of trusts and practices in which much happens at once.
namespace trustfall::small {

using Pool = EstateBuilder::Pool;
using Direction = FirewallRule::Direction;

inline Distribution exponential_of(double mean) { return {Distribution::Shape::exponential, mean, 0, {}, {}}; }

/// Eight trusts and practices of two to three segments; zone kinds: 0 segment, 1 organisation, 2 everyone. 184 hosts.
inline Estate community() {
  EstateBuilder builder;
  for (int o = 0; o < 8; ++o) {
    const std::string code(1, static_cast<char>('A' + o));
    std::vector<Lan> lans = {{{{9}, {2, DeviceClass::clinical_workstation, System::windows_xp}}, "office"},
                             {{{3, DeviceClass::server, System::server_2008_r2}, {4}}, "servers"}};
    if (o % 2 == 0) lans.push_back({{{5, DeviceClass::imaging, System::windows_xp}, {5}}, "clinical"});
    const bool trust = o % 2 == 0;
    add_organisation(builder, code, lans, trust ? OrganisationKind::trust : OrganisationKind::practice,
                     trust ? "trusts" : "practices");
  }
  builder.add_zones("segment", Pool::each_segment, 40, all_of(builder));
  builder.add_zones("organisation", Pool::each_organisation, 150, all_of(builder));
  builder.add_zones("everyone", Pool::everyone, 1500, all_of(builder));
  return builder.build();
}

inline FirewallRule rule_of(const Estate& estate, std::uint16_t kind, Direction direction, double share,
                            const Where& where = {}) {
  return {.zone_kind = kind,
          .direction = direction,
          .where = Selector(estate, where),
          .from_networks = {},
          .share = share};
}

inline Where devices(DeviceSet set) {
  Where where;
  where.devices = set;
  return where;
}

/// A scenario of the law's class: entries are fixed, fates drawn once, rates add, triggers are local to a host,
/// blocks only tighten, restored hosts are immune.
inline Model lawful(const Estate& estate) {
  Model model = model_of(estate, {0.5, 0.5, 1.0}, 30min);
  model.worm.infects.fill(0.6);
  model.worm.crashes[static_cast<std::size_t>(System::windows_xp)] = 0.3;
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.2;
  model.worm.latency = exponential_of(4);
  model.worm.activity = exponential_of(120);
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = exponential_of(60e6);
  model.detection = Detection{.dwell = exponential_of(60),
                              .share = 0.7,
                              .note_seen = exponential_of(20),
                              .isolation = Isolation{Isolation::Scope::host, exponential_of(10), {}}};
  model.backups = {copies(all_devices, 0.8, 24h, false, exponential_of(90), 720h)};
  model.patching.concentration = 1;
  Where medical;
  medical.devices = only(DeviceClass::imaging);
  model.patching.groups = {{Selector(estate, medical), std::nullopt, 0.5}};
  model.firewalls = {rule_of(estate, 2, Direction::inbound, 0.3),
                     rule_of(estate, 1, Direction::both, 0.4, devices(only(DeviceClass::server)))};
  model.firewalls[0].misconfigured = 0.2;
  model.firewalls.push_back(rule_of(estate, 2, Direction::outbound, 1, devices(only(DeviceClass::imaging))));
  model.firewalls.push_back(rule_of(estate, 2, Direction::both, 0.5));
  model.firewalls.back().from = Instant{} + 40s;  // a block that begins late, and stays
  model.firewalls = numbered(model.firewalls);
  model.entries = {entry_of({host(0), host(30)}), entry_of({host(60)}, Instant{} + 20s),
                   OutsideEntry{zone(estate.zones() - 1), {{Instant{}, 1}, {Instant{} + 100s, 0}}}};
  return model;
}

/// A busy scenario without any class: everything that the models can do.
inline Model busy(const Estate& estate) {
  Model model = lawful(estate);
  model.horizon = Instant{} + 24h * 4;
  for (double& rate : model.worm.rates) rate /= 60;
  model.worm.latency = exponential_of(600);
  model.worm.activity = exponential_of(40000);
  model.worm.encryption->throughput = 1e4;
  model.worm.kill_switch = KillSwitch{Instant{} + 30h, 0.5};
  model.worm.ransom = Ransom{};
  model.detection->dwell = exponential_of(20000);
  model.detection->note_seen = exponential_of(7200);
  model.detection->isolation = Isolation{Isolation::Scope::site, exponential_of(3600), exponential_of(20000)};
  model.backups[0].restore_time = exponential_of(50000);
  model.patching.coverage = 0.2;
  model.patching.campaign = Campaign{Instant{} + 6h, 48h, 0.8};
  Where workstations;
  workstations.devices = only(DeviceClass::workstation);
  model.power = {PowerPlan{.where = Selector(estate, workstations),
                           .share = 0.7,
                           .hours = {.on = 8h, .off = 18h, .weekends = false, .start = {3, 11h}}}};
  std::vector<std::uint8_t> from_office(estate.networks().size());
  from_office[estate[segment(0)].network] = 1;
  FirewallRule pair = rule_of(estate, 1, Direction::inbound, 0.6, devices(only(DeviceClass::server)));
  pair.from_networks = from_office;
  model.firewalls.push_back(pair);
  model.firewalls.back().until = Instant{} + 40h;
  FirewallRule timed = rule_of(estate, 2, Direction::both, 0.5);
  timed.from = Instant{} + 5h;
  timed.until = Instant{} + 12h;
  model.firewalls.push_back(timed);
  model.firewalls = numbered(model.firewalls);
  std::vector<HostId> readers;
  for (std::size_t h = 0; h < estate.hosts(); h += 3) readers.push_back(host(h));
  model.entries = {entry_of({host(0), host(30)}), MailEntry{30, 0.4, 0.3, Instant{} + 1h, 20h, readers},
                   StickEntry{60, Instant{} + 2h, 40h, exponential_of(7200), 0.8, readers},
                   OutsideEntry{zone(estate.zones() - 1), {{Instant{} + 3h, 2}, {Instant{} + 9h, 0}}}};
  return model;
}

/// That, and whatever people may do about it: nothing can happen that does not happen here.
inline Model alarmed(const Estate& estate) {
  Model model = busy(estate);
  model.detection->monitoring = Monitoring{0.4, exponential_of(10000)};
  model.detection->antivirus = Antivirus{never, 2h, exponential_of(30000), 0.5};
  model.detection->attended = {{Selector(estate, devices(only(DeviceClass::workstation))),
                                {.on = 9h, .off = 17h, .weekends = false, .start = {3, 11h}}}};
  model.warning = Warning{exponential_of(3600), 3, exponential_of(7200), {}};
  model.worm.kill_switch->variants = {{Instant{} + 35h, 0.6, Instant{} + 50h, 1}, {Instant{} + 45h, 0.5, never, 2}};
  Order off;
  off.where = Selector(estate, devices(only(DeviceClass::workstation) | only(DeviceClass::server)));
  off.per = FirewallRule::Unit::site;
  off.trigger = {Trigger::On::detection, {}, 2};
  off.delay = exponential_of(3600);
  off.lasts = exponential_of(40000);
  off.action.what = OrderedAction::What::power_down;
  off.luck = 1;
  Order cut = off;
  cut.where = Selector(estate, {});
  cut.per = FirewallRule::Unit::organisation;
  cut.share = 0.7;
  cut.trigger = {Trigger::On::warning, {}, 1};
  cut.action = {OrderedAction::What::close, 2, Direction::both, all_devices};
  cut.luck = 2;
  Order alone = off;
  alone.per = FirewallRule::Unit::segment;
  alone.trigger = {Trigger::On::moment, Instant{} + 20h, 1};
  alone.share = 0.3;
  alone.action.what = OrderedAction::What::isolate;
  alone.luck = 3;
  model.orders = {off, cut, alone};
  return model;
}

}  // namespace trustfall::small
