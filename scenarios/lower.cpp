#include "scenarios/lower.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "scenarios/date.h"
#include "sim/base/numeric.h"

namespace trustfall {
namespace {

// Words of the schema become those of the models by their number.
constexpr int number_of(FirewallRule::Direction word) { return static_cast<int>(word); }
constexpr int number_of(FirewallRule::Unit word) { return static_cast<int>(word); }
constexpr int number_of(Isolation::Scope word) { return static_cast<int>(word); }
static_assert(number_of(FirewallRule::Direction::inbound) == schema::inbound &&
              number_of(FirewallRule::Direction::outbound) == schema::outbound &&
              number_of(FirewallRule::Direction::both) == schema::both);
static_assert(number_of(FirewallRule::Unit::organisation) == schema::organisation &&
              number_of(FirewallRule::Unit::site) == schema::site &&
              number_of(FirewallRule::Unit::segment) == schema::segment);
static_assert(number_of(Isolation::Scope::host) == schema::the_host &&
              number_of(Isolation::Scope::segment) == schema::the_segment &&
              number_of(Isolation::Scope::site) == schema::the_site &&
              number_of(Isolation::Scope::organisation) == schema::the_organisation);
static_assert(static_cast<int>(Uplink::Of::host) == schema::Uplink::host &&
              static_cast<int>(Uplink::Of::site) == schema::Uplink::site &&
              static_cast<int>(Uplink::Of::organisation) == schema::Uplink::organisation);

double mean_of(const Distribution& of) {
  switch (of.shape) {
    case Distribution::Shape::lognormal:
      return of.scale * exponential(of.spread * of.spread / 2);
    case Distribution::Shape::weibull:
      return of.scale * std::tgamma(1 + 1 / of.spread);
    case Distribution::Shape::discrete: {
      double sum = 0;
      for (std::size_t i = 0; i < of.values.size(); ++i)
        sum += of.values[i] * (of.cumulated[i] - (i == 0 ? 0 : of.cumulated[i - 1]));
      return sum;
    }
    default:
      return of.scale;
  }
}

template <class Known, class Listed>
std::vector<Known> kinds_of(const Listed& listed) {
  std::vector<Known> kinds;
  for (const int kind : listed) kinds.push_back(static_cast<Known>(kind));
  return kinds;
}

/// Lowers the parts that refer to the estate, reporting what refers to nothing.
class Lowering {
 public:
  Lowering(Document& document, const Estate& estate)
      : document_(document), scenario_(document.scenario), estate_(estate) {
    for (std::uint32_t s = 0; s < estate.sites(); ++s) sites_.insert(estate[SiteId{s}].name);
    for (std::uint32_t o = 0; o < estate.organisations(); ++o) codes_.insert(estate[OrganisationId{o}].code);
  }

  Model model() {
    Model model;
    model.estate = &estate_;
    model.horizon = moment_at(scenario_.horizon());
    model.large_from = scenario_.study().large_from();
    model.sample_every = from_seconds(scenario_.study().sample_every());
    model.worm = worm();
    for (const auto& entry : scenario_.entries()) model.entries.push_back(this->entry(entry));
    if (scenario_.has_patching()) model.patching = patching();
    for (const auto& rule : scenario_.firewalls()) model.firewalls.push_back(firewall(rule));
    if (scenario_.has_detection()) model.detection = detection();
    for (const auto& policy : scenario_.backups()) model.backups.push_back(backup(policy));
    for (const auto& plan : scenario_.power()) model.power.push_back(power(plan));
    check_rates(model);
    if (scenario_.horizon() / scenario_.study().sample_every() > 100000)
      report(document_, "study.sample_every", "the time series would have more than 100,000 samples");
    return model;
  }

  /// A part of the estate; warns when nothing is in it.
  Selector selector(bool said, const schema::Where& where, const std::string& path) {
    Where plain;
    if (said) {
      plain.kinds = kinds_of<OrganisationKind>(where.kinds());
      plain.groups = {where.organisations().begin(), where.organisations().end()};
      plain.codes = known(where.codes(), codes_, path + ".codes", "organisation with the code");
      plain.sites = known(where.sites(), sites_, path + ".sites", "site");
      plain.networks = {where.networks().begin(), where.networks().end()};
      if (where.devices_size() > 0) plain.devices = 0;
      for (const int device : where.devices()) plain.devices |= only(static_cast<DeviceClass>(device));
      if (where.systems_size() > 0) plain.systems = 0;
      for (const int system : where.systems()) plain.systems |= only(static_cast<System>(system));
    }
    Selector selector(estate_, plain);
    if (said && !any_host(selector))
      report(document_, path, "no host of the estate is in this part", {}, Severity::warning);
    return selector;
  }

 private:
  /// Rates are summed in 64 bits: refuses what could overflow them.
  void check_rates(const Model& model) {
    std::vector<double> outside(estate_.zones());
    for (const Entry& entry : model.entries)
      if (const auto* from = std::get_if<OutsideEntry>(&entry)) {
        double most = 0;
        for (const OutsideEntry::Step& step : from->infected) most = std::max(most, step.hosts);
        if (from->zone != no_zone) outside[index(from->zone)] += most;
      }
    for (std::uint32_t z = 0; z < estate_.zones(); ++z) {
      const Zone& zone = estate_[ZoneId{z}];
      const double hosts = static_cast<double>(zone.hosts) + outside[z];
      const double most = model.worm.pacing.pace ? most_attempts_per_second / 2 : most_attempts_per_second;
      if (hosts * model.worm.rates[zone.kind] > most)
        return report(document_,
                      scenario_.worm().has_scanning() ? "worm.scanning.rate"
                                                      : "worm.attempts." + estate_.zone_kinds()[zone.kind],
                      std::string("all hosts of a zone together could make more than ") +
                          (model.worm.pacing.pace ? "2" : "4") + " billion attempts a second");
    }
  }

  /// Names that the lists may bring, so that only the estate can tell whether they exist.
  std::vector<std::string> known(const google::protobuf::RepeatedPtrField<std::string>& said,
                                 const std::set<std::string>& names, const std::string& path,
                                 const std::string& what) {
    for (int i = 0; i < said.size(); ++i)
      if (names.count(said[i]) == 0)
        report(document_, path + "." + std::to_string(i), "there is no " + what + " '" + said[i] + "' in the estate",
               nearest(said[i], {names.begin(), names.end()}));
    return {said.begin(), said.end()};
  }
  bool any_host(const Selector& selector) const {
    for (std::uint32_t s = 0; s < estate_.segments(); ++s) {
      if (!selector.covers(SegmentId{s})) continue;
      const auto last = static_cast<std::uint32_t>(estate_.last_host(SegmentId{s}));
      for (auto h = static_cast<std::uint32_t>(estate_.first_host(SegmentId{s})); h < last; ++h)
        if (selector.covers(SegmentId{s}, estate_.device(HostId{h}), estate_.system(HostId{h}))) return true;
    }
    return false;
  }
  std::uint16_t zone_kind(const std::string& name) const {
    const auto& kinds = estate_.zone_kinds();
    return static_cast<std::uint16_t>(std::find(kinds.begin(), kinds.end(), name) - kinds.begin());
  }

  Worm worm() {
    const schema::Worm& said = scenario_.worm();
    Worm worm;
    worm.rates.assign(estate_.zone_kinds().size(), 0);
    for (const auto& attempts : said.attempts()) worm.rates[zone_kind(attempts.zone())] = attempts.rate();
    for (const auto& of : said.scanning().shares())
      worm.rates[zone_kind(of.zone())] = said.scanning().rate() * of.share();
    worm.pacing = pacing(said);
    worm.transmissions.resize(estate_.zone_kinds().size());
    worm.by_credential.resize(estate_.zone_kinds().size());
    for (const auto& links : said.links()) {
      worm.transmissions[zone_kind(links.links())] = lower(links.time());
      worm.by_credential[zone_kind(links.links())] = !links.needs_exploit();
    }
    for (const auto& chance : said.chances()) {
      worm.infects[static_cast<std::size_t>(chance.system())] = chance.infect();
      worm.crashes[static_cast<std::size_t>(chance.system())] = chance.crash();
    }
    if (said.has_latency()) worm.latency = lower(said.latency());
    if (said.has_active_for()) worm.activity = lower(said.active_for());
    if (said.has_dormancy()) worm.dormancy = Dormancy{lower(said.dormancy().after()), lower(said.dormancy().lasts())};
    worm.again = said.reinfects();
    worm.crash_downtime = lower(said.crash_downtime());
    if (said.has_encryption()) {
      worm.encryption.emplace();
      worm.encryption->throughput = said.encryption().throughput();
      for (const auto& data : said.encryption().data())
        worm.encryption->data[static_cast<std::size_t>(data.device())] = lower(data.size());
    }
    if (said.has_kill_switch())
      worm.kill_switch = KillSwitch{moment_at(said.kill_switch().at()), said.kill_switch().proxied()};
    if (said.has_ransom())
      worm.ransom = Ransom{said.ransom().amount(), from_seconds(said.ransom().doubles_after()),
                           from_seconds(said.ransom().expires_after())};
    return worm;
  }

  Pacing pacing(const schema::Worm& said) {
    Pacing pacing;
    if (said.has_pace()) {
      pacing.pace = lower(said.pace());
      const double mean = mean_of(*pacing.pace);
      if (!(mean > 0)) report(document_, "worm.pace", "the mean of the pace is 0: nobody would scan");
      pacing.pace->scale /= mean;
      for (double& value : pacing.pace->values) value /= mean;
    }
    for (const auto& uplink : said.uplinks()) {
      Uplink lowered{static_cast<Uplink::Of>(uplink.of()), lower(uplink.cap()), {}};
      lowered.beyond.resize(estate_.zone_kinds().size());
      for (const auto& zone : uplink.beyond()) lowered.beyond[zone_kind(zone)] = 1;
      pacing.uplinks.push_back(std::move(lowered));
    }
    std::sort(pacing.uplinks.begin(), pacing.uplinks.end(),
              [](const Uplink& a, const Uplink& b) { return a.of < b.of; });
    if (said.has_attempt_limit()) pacing.limit = said.attempt_limit();
    for (const auto& attempts : said.attempts())
      if (attempts.order() == schema::Attempts::sweep) pacing.swept = swept_kind(attempts);
    return pacing;
  }

  std::uint16_t swept_kind(const schema::Attempts& attempts) {
    constexpr std::size_t most = 65536;
    const std::uint16_t kind = zone_kind(attempts.zone());
    for (std::uint32_t z = 0; z < estate_.zones(); ++z)
      if (const Zone& zone = estate_[ZoneId{z}]; zone.kind == kind && zone.hosts > most)
        report(document_, "worm.attempts." + attempts.zone() + ".order",
               "a swept zone has at most 65,536 hosts, and one of these has " + std::to_string(zone.hosts));
    return kind;
  }

  Entry entry(const schema::Entry& entry) {
    const std::string path = "entries." + entry.name();
    if (entry.has_outside()) return outside(entry.outside(), path + ".outside");
    if (entry.has_mail()) return mail(entry.mail(), path + ".mail.where", luck_of(entry.name()));
    if (entry.has_sticks()) return sticks(entry.sticks(), path + ".sticks.where", luck_of(entry.name()));
    const Selector where = selector(entry.hosts().has_where(), entry.hosts().where(), path + ".hosts.where");
    std::vector<HostId> hosts = windows(where);
    if (entry.hosts().count() > hosts.size())
      report(document_, path + ".hosts.count",
             "there are only " + std::to_string(hosts.size()) + " hosts with Windows in this part of the estate");
    return HostEntry{entry.hosts().count(), moment_at(entry.hosts().at()), std::move(hosts), luck_of(entry.name())};
  }
  /// Hosts on which a worm can run at all.
  std::vector<HostId> windows(const Selector& where) const {
    std::vector<HostId> hosts = where.hosts(estate_);
    std::erase_if(hosts, [&](HostId host) { return estate_.system(host) == System::no_windows; });
    return hosts;
  }
  Entry outside(const schema::OutsideEntry& said, const std::string& path) {
    OutsideEntry entry{};
    entry.zone = no_zone;
    std::size_t pools = 0;
    const std::uint16_t kind = zone_kind(said.zone());
    for (std::uint32_t z = 0; z < estate_.zones(); ++z) {
      const Zone& zone = estate_[ZoneId{z}];
      if (zone.kind != kind) continue;
      const SegmentId first = estate_.memberships()[zone.first].segment;
      if (said.has_organisation() && estate_[estate_[first].organisation].group != said.organisation()) continue;
      if (pools++ == 0) entry.zone = ZoneId{z};
    }
    if (pools == 0)
      report(document_, path + ".zone", "no part of the estate is in the zone '" + said.zone() + "' there");
    if (pools > 1 && !said.has_organisation())
      report(document_, path + ".zone",
             "the zone '" + said.zone() + "' has many pools: say with `organisation` which of them is scanned");
    for (const auto& step : said.infected()) entry.infected.push_back({moment_at(step.from()), step.hosts()});
    return entry;
  }
  Entry mail(const schema::MailEntry& said, const std::string& path, std::uint32_t luck) {
    schema::Where readers = said.where();
    if (readers.devices().empty()) {
      readers.add_devices(schema::workstation);
      readers.add_devices(schema::clinical_workstation);
    }
    return MailEntry{static_cast<std::uint32_t>(said.messages()),
                     said.filter(),
                     said.click(),
                     moment_at(said.from()),
                     from_seconds(said.over()),
                     windows(selector(true, readers, path)),
                     luck};
  }
  Entry sticks(const schema::StickEntry& said, const std::string& path, std::uint32_t luck) {
    const Selector where = selector(said.has_where(), said.where(), path);
    return StickEntry{static_cast<std::uint32_t>(said.sticks()),
                      moment_at(said.from()),
                      from_seconds(said.over()),
                      lower(said.carry()),
                      said.runs(),
                      windows(where),
                      luck};
  }

  PatchPlan patching() {
    const schema::Patching& said = scenario_.patching();
    PatchPlan plan;
    plan.coverage = said.coverage();
    if (said.has_concentration()) plan.concentration = said.concentration();
    plan.age = from_seconds(said.age());
    for (const auto& group : said.groups()) {
      PatchGroup lowered{selector(true, group.where(), "patching.groups." + group.name() + ".where"), std::nullopt,
                         group.patchable()};
      if (group.has_coverage()) lowered.coverage = group.coverage();
      plan.groups.push_back(std::move(lowered));
    }
    if (said.has_vendors())
      plan.vendors = VendorApproval{lower(said.vendors().approval()), said.vendors().slower_per_model()};
    if (said.has_campaign())
      plan.campaign = Campaign{moment_at(said.campaign().from()), from_seconds(said.campaign().over()),
                               said.campaign().coverage()};
    return plan;
  }

  FirewallRule firewall(const schema::Firewall& said) {
    const std::string path = "firewalls." + said.name();
    FirewallRule rule{zone_kind(said.zone()),
                      said.action() == schema::close,
                      static_cast<FirewallRule::Direction>(said.direction()),
                      selector(said.has_where(), said.where(), path + ".where"),
                      {},
                      static_cast<FirewallRule::Unit>(said.per()),
                      said.share(),
                      said.misconfigured(),
                      moment_at(said.from()),
                      moment_at(said.until()),
                      luck_of(said.name())};
    if (!said.from_networks().empty()) {
      rule.from_networks.resize(estate_.networks().size());
      for (std::size_t n = 0; n < estate_.networks().size(); ++n)
        rule.from_networks[n] = std::find(said.from_networks().begin(), said.from_networks().end(),
                                          estate_.networks()[n]) != said.from_networks().end();
    }
    return rule;
  }

  Detection detection() {
    const schema::Detection& said = scenario_.detection();
    Detection detection{lower(said.dwell()), said.share(), lower(said.note_seen()), std::nullopt};
    if (!said.has_isolation()) return detection;
    detection.isolation.emplace();
    detection.isolation->scope = static_cast<Isolation::Scope>(said.isolation().scope());
    if (said.isolation().has_delay()) detection.isolation->delay = lower(said.isolation().delay());
    if (said.isolation().has_lasts()) detection.isolation->lasts = lower(said.isolation().lasts());
    return detection;
  }

  BackupPolicy backup(const schema::BackupPolicy& said) {
    BackupPolicy policy{0,
                        said.coverage(),
                        from_seconds(said.interval()),
                        said.kept() == schema::offline,
                        lower(said.restore_time()),
                        from_seconds(said.loss_without_copy())};
    for (const int device : said.devices()) policy.devices |= only(static_cast<DeviceClass>(device));
    return policy;
  }

  PowerPlan power(const schema::PowerPlan& said) {
    return PowerPlan{selector(said.has_where(), said.where(), "power." + said.name() + ".where"),
                     said.share(),
                     from_seconds(said.on()),
                     from_seconds(said.off()),
                     said.weekends(),
                     local_start(scenario_.start())};
  }

  Document& document_;
  const schema::Scenario& scenario_;
  const Estate& estate_;
  std::set<std::string> sites_;  // names
  std::set<std::string> codes_;  // of organisations
};

}  // namespace

Distribution lower(const schema::Distribution& said) {
  using Shape = Distribution::Shape;
  if (said.has_exponential()) return {Shape::exponential, said.exponential(), 0, {}, {}};
  if (said.has_lognormal()) return {Shape::lognormal, said.lognormal().median(), said.lognormal().sigma(), {}, {}};
  if (said.has_weibull()) return {Shape::weibull, said.weibull().scale(), said.weibull().shape(), {}, {}};
  if (said.has_gamma()) return {Shape::gamma, said.gamma().mean(), said.gamma().shape(), {}, {}};
  if (said.discrete_size() == 0) return fixed(said.fixed());
  std::vector<std::pair<double, double>> weighted;
  double total = 0;
  for (const auto& value : said.discrete()) {
    weighted.emplace_back(value.value(), value.weight());
    total += value.weight();
  }
  std::sort(weighted.begin(), weighted.end());
  Distribution discrete{Shape::discrete, 0, 0, {}, {}};
  double sum = 0;
  for (const auto& [value, weight] : weighted) {
    discrete.values.push_back(value);
    discrete.cumulated.push_back((sum += weight) / total);
  }
  return discrete;
}

Selector select(Document& document, const Estate& estate, const schema::Where& where, const std::string& path) {
  return Lowering(document, estate).selector(true, where, path);
}

Model lower(Document& document, const Estate& estate) { return Lowering(document, estate).model(); }

}  // namespace trustfall
