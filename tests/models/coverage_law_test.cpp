#include <catch2/catch.hpp>

#include "tests/support/community.h"
#include "tests/support/statistics.h"

// The coverage law holds replicate by replicate, in whole numbers and without tolerance.

using namespace trustfall;
using namespace trustfall::small;

namespace {

/// Moments at which each host was hit, whether it fell or crashed.
std::vector<Instant> hit_times(const Incident& incident) {
  std::vector<Instant> times(incident.estate().hosts(), never);
  for (const Step& step : incident.trace())
    if (step.what == Transition::infected || step.what == Transition::crashed || step.what == Transition::stopped)
      times[index(step.host)] = step.time;
  return times;
}

/// Plays both models on the same luck; how many hosts the stricter one infected, or had hit, that were spared or came
/// later in the other; and by how much it is smaller.
struct Comparison {
  std::size_t violations = 0;
  std::size_t fewer = 0;     // replicates with a smaller attack
  std::size_t infected = 0;  // hosts in all replicates of the looser one
};
Comparison compare(const Model& looser, const Model& stricter, std::uint32_t replicates) {
  Comparison result;
  Play a(looser, Draws(61, 0));
  Play b(stricter, Draws(61, 0));
  for (std::uint32_t r = 0; r < replicates; ++r) {
    a.reset(Draws(61, r));
    b.reset(Draws(61, r));
    a.run();
    b.run();
    const auto loose = infection_times(a.incident());
    const auto strict = infection_times(b.incident());
    const auto loose_hits = hit_times(a.incident());
    const auto strict_hits = hit_times(b.incident());
    for (std::size_t h = 0; h < loose.size(); ++h)
      result.violations += loose[h] > strict[h] || loose_hits[h] > strict_hits[h];
    result.fewer += attack_size(b.incident()) < attack_size(a.incident());
    result.infected += attack_size(a.incident());
  }
  return result;
}

}  // namespace

TEST_CASE("The coverage law: more patches never infect a host that would have been spared, nor any host sooner") {
  const Estate estate = community();
  const Model model = lawful(estate);
  const double coverages[] = {0, 0.3, 0.6, 0.8, 0.95};
  for (std::size_t i = 1; i < std::size(coverages); ++i) {
    Model looser = model;
    Model stricter = model;
    looser.patching.coverage = coverages[i - 1];
    stricter.patching.coverage = coverages[i];
    const Comparison found = compare(looser, stricter, 500);
    INFO(coverages[i - 1] << " to " << coverages[i] << ": " << found.infected << " infected");
    CHECK(found.violations == 0);
    CHECK(found.fewer > 250);
    CHECK(found.infected > 500 * 6);
  }
}

TEST_CASE("The coverage law holds for a campaign that starts sooner, for a larger group, and for a share patchable") {
  const Estate estate = community();
  Model looser = lawful(estate);
  looser.patching.coverage = 0.3;
  looser.patching.campaign = Campaign{Instant{} + 60s, 200s, 0.8};
  Model sooner = looser;
  sooner.patching.campaign->from = Instant{} + 20s;
  const Comparison by_time = compare(looser, sooner, 200);
  CHECK(by_time.violations == 0);
  CHECK(by_time.fewer > 20);
  Model higher = looser;
  higher.patching.campaign->coverage = 0.95;
  const Comparison by_level = compare(looser, higher, 200);
  CHECK(by_level.violations == 0);
  CHECK(by_level.fewer > 20);
  Model patchable = looser;
  patchable.patching.groups[0].patchable = 0.9;
  patchable.patching.groups[0].coverage = 0.5;
  Model before = looser;
  before.patching.groups[0].coverage = 0.4;
  const Comparison by_group = compare(before, patchable, 200);
  CHECK(by_group.violations == 0);
  CHECK(by_group.fewer > 20);
}

TEST_CASE("The coverage law: one more closed rule never infects a host that would have been spared") {
  const Estate estate = community();
  const Model model = lawful(estate);
  std::vector<FirewallRule> rules = {
      rule_of(estate, 2, Direction::inbound, 0.6),
      rule_of(estate, 2, Direction::outbound, 0.6),
      rule_of(estate, 0, Direction::both, 0.5, devices(only(DeviceClass::workstation))),
      rule_of(estate, 1, Direction::inbound, 1, devices(only(DeviceClass::imaging) | only(DeviceClass::server))),
      rule_of(estate, 1, Direction::both, 1),
  };
  rules[2].per = FirewallRule::Unit::segment;
  rules[4].from = Instant{} + 15s;
  for (const FirewallRule& rule : rules) {
    Model stricter = model;
    stricter.firewalls.push_back(rule);
    stricter.firewalls = numbered(stricter.firewalls);
    const Comparison found = compare(model, stricter, 200);
    CHECK(found.violations == 0);
    CHECK(found.fewer > 20);
  }
}

TEST_CASE("The coverage law: a rule held by more organisations, misconfigured in fewer") {
  const Estate estate = community();
  const Model model = lawful(estate);
  Model wider = model;
  wider.firewalls[0].share = 0.8;
  CHECK(compare(model, wider, 200).violations == 0);
  CHECK(compare(model, wider, 200).fewer > 20);
  Model better = model;
  better.firewalls[0].misconfigured = 0;
  CHECK(compare(model, better, 200).violations == 0);
}

TEST_CASE("The coverage law: detection that comes sooner, and an earlier kill switch") {
  const Estate estate = community();
  const Model model = lawful(estate);
  Model sooner = model;
  sooner.detection->dwell.scale /= 2;
  sooner.detection->share = 0.9;
  CHECK(compare(model, sooner, 200).violations == 0);
  CHECK(compare(model, sooner, 200).fewer > 20);
  Model late = model;
  late.worm.kill_switch = KillSwitch{Instant{} + 120s, 0.5};
  Model early = late;
  early.worm.kill_switch = KillSwitch{Instant{} + 60s, 0.3};
  // A host that is stopped is hit all the same: only infections are compared, and they nest.
  CHECK(compare(model, late, 200).violations == 0);
  CHECK(compare(late, early, 200).violations == 0);
}

TEST_CASE("The law's check can fail: isolation that ends is outside its class") {
  // Blocks that are lifted again let a host fall later that would have been attempted while it was cut off.
  const Estate estate = community();
  Model model = lawful(estate);
  model.firewalls.clear();
  model.firewalls.push_back(rule_of(estate, 1, Direction::inbound, 1));
  model.firewalls.back().from = Instant{} + 20s;
  model.firewalls.back().until = Instant{} + 90s;
  Model stricter = model;
  stricter.patching.coverage = 0.5;
  CHECK(compare(model, stricter, 500).violations > 0);
}

TEST_CASE(
    "The law's check can fail: a late click on a host that an attempt would have crashed is outside its class") {
  // With fewer patches the host is hit first and crashes for good; with more, it is up when the mail is opened.
  const Estate estate = community();
  Model model = lawful(estate);
  std::vector<HostId> readers;
  for (std::size_t h = 0; h < estate.hosts(); ++h)
    if (estate.system(host(h)) == System::windows_xp) readers.push_back(host(h));
  model.entries.emplace_back(MailEntry{10, 0, 1, Instant{} + 60s, 60s, readers});
  Model stricter = model;
  stricter.patching.coverage = 0.5;
  CHECK(compare(model, stricter, 500).violations > 0);
}

namespace {

/// A ring that begins in mid-outbreak, at which everything can be better.
Model ringed(const Estate& estate) {
  Model model = lawful(estate);
  model.patching.coverage = 0.3;
  model.patching.vendors = VendorApproval{fixed(0), 0};
  PatchRing ring;
  ring.where = Selector(estate, {});
  ring.from = Instant{} + 20s;
  ring.rate = 1.0 / 200;
  ring.ceiling = 0.9;
  ring.fails = 0.3;
  ring.reboot = Reboot{0.9, 0.3, Hours{0h, 18h, true, {0, 17h + 59min + 10s}}, 100s};
  model.patching.rings = {ring};
  return model;
}

}  // namespace

TEST_CASE("The coverage law: a ring that is faster, sooner, goes further, fails less or is started again sooner") {
  const Estate estate = community();
  const Model model = ringed(estate);
  const auto better = [&](const auto& change) {
    Model changed = model;
    change(changed.patching.rings[0]);
    const Comparison found = compare(model, changed, 200);
    CHECK(found.violations == 0);
    CHECK(found.fewer > 10);
  };
  better([](PatchRing& ring) { ring.rate *= 4; });
  better([](PatchRing& ring) { ring.from = Instant{}; });
  better([](PatchRing& ring) { ring.ceiling = 1, ring.rate *= 2; });
  better([](PatchRing& ring) { ring.fails = 0; });
  better([](PatchRing& ring) { ring.reboot->needed = 0.2; });
  better([](PatchRing& ring) { ring.reboot->daily = 0.9; });
  better([](PatchRing& ring) { ring.reboot->forced_after = 20s; });
  Model none = model;
  none.patching.rings.clear();
  CHECK(compare(none, model, 200).violations == 0);
  CHECK(compare(none, model, 200).fewer > 50);
}

TEST_CASE("The coverage law: more technicians, who do more an hour; and adoption of a patch that is older") {
  const Estate estate = community();
  Model few = ringed(estate);
  few.patching.rings[0].staff = PatchStaff{fixed(1), 1.0 / 20, std::nullopt};
  few.patching.rings[0].reboot.reset();
  Model many = few;
  many.patching.rings[0].staff->technicians = fixed(3);
  Model quick = few;
  quick.patching.rings[0].staff->per_technician = 1.0 / 8;
  for (const Model& better : {many, quick}) {
    const Comparison found = compare(few, better, 200);
    CHECK(found.violations == 0);
    CHECK(found.fewer > 20);
  }
  const auto adopting = [&](Duration age) {
    Model model = lawful(estate);
    model.patching.adoption = Adoption{Adoption::Shape::weibull, 600, 0.58, {}};
    model.patching.age = age;
    model.patching.coverage = model.patching.adoption->coverage_at(to_seconds(age));
    return model;
  };
  const Comparison by_age = compare(adopting(60s), adopting(120s), 200);
  CHECK(by_age.violations == 0);
  CHECK(by_age.fewer > 20);
}

TEST_CASE("One more closed cell of a matrix of networks infects fewer hosts, over replicates") {
  // Rules on pairs of networks are beyond the law's class: what a rule lets pass depends on who is drawn as the
  // source.
  const Estate estate = community();
  Model model = lawful(estate);
  model.detection.reset();
  const auto cell = [&](std::uint16_t kind, std::size_t from, const char* to) {
    Where where;
    where.networks = {to};
    FirewallRule rule = rule_of(estate, kind, Direction::inbound, 1, where);
    rule.from_networks.assign(estate.networks().size(), 0);
    rule.from_networks[estate[segment(from)].network] = 1;
    rule.luck = 77;
    return rule;
  };
  const auto sizes = [&](const Model& of) {
    std::vector<double> found;
    Play play(of, Draws(62, 0));
    for (std::uint32_t r = 0; r < 200; ++r) {
      play.reset(Draws(62, r));
      play.run();
      found.push_back(static_cast<double>(attack_size(play.incident())));
    }
    return found;
  };
  std::vector<double> looser = sizes(model);
  for (const FirewallRule& rule : {cell(2, 0, "servers"), cell(2, 0, "office"), cell(2, 1, "office")}) {
    model.firewalls.push_back(rule);
    const std::vector<double> stricter = sizes(model);
    std::vector<double> difference;
    for (std::size_t r = 0; r < stricter.size(); ++r) difference.push_back(stricter[r] - looser[r]);
    INFO(stats::mean(looser) << " and " << stats::mean(stricter));
    CHECK(stats::mean(difference) < -3 * stats::standard_error(difference));
    looser = stricter;
  }
}
