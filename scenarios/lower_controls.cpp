#include <algorithm>

#include "scenarios/lower.h"
#include "scenarios/lower_parts.h"

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
static_assert(static_cast<int>(BackupPolicy::Kept::offline) == schema::offline &&
              static_cast<int>(BackupPolicy::Kept::immutable) == schema::immutable);

FirewallRule firewall(const Parts& parts, const schema::Firewall& said) {
  const std::string path = "firewalls." + said.name();
  FirewallRule rule{parts.zone_kind(said.zone()),
                    said.action() == schema::close,
                    static_cast<FirewallRule::Direction>(said.direction()),
                    parts.selector(said.has_where(), said.where(), path + ".where"),
                    {},
                    static_cast<FirewallRule::Unit>(said.per()),
                    said.share(),
                    said.misconfigured(),
                    moment_at(said.from()),
                    moment_at(said.until()),
                    luck_of(said.name()),
                    said.stops() == schema::Firewall::everything};
  if (!said.from_networks().empty()) {
    rule.from_networks.resize(parts.estate().networks().size());
    for (std::size_t n = 0; n < parts.estate().networks().size(); ++n)
      rule.from_networks[n] = std::find(said.from_networks().begin(), said.from_networks().end(),
                                        parts.estate().networks()[n]) != said.from_networks().end();
  }
  return rule;
}

BackupPolicy backup(const schema::BackupPolicy& said) {
  BackupPolicy policy{};
  for (const int device : said.devices()) policy.devices |= only(static_cast<DeviceClass>(device));
  policy.coverage = said.coverage();
  policy.interval = from_seconds(said.interval());
  policy.kept = static_cast<BackupPolicy::Kept>(said.kept());
  if (said.has_restore_time()) policy.restore_time = lower(said.restore_time());
  policy.loss_without_copy = from_seconds(said.loss_without_copy());
  if (said.has_retention()) policy.retention = from_seconds(said.retention());
  policy.verified = said.verified();
  if (said.has_fetch()) policy.fetch = lower(said.fetch());
  if (said.has_rpo()) policy.rpo = from_seconds(said.rpo());
  if (said.has_rto()) policy.rto = from_seconds(said.rto());
  return policy;
}

Antivirus antivirus(const schema::Antivirus& said) {
  Antivirus antivirus;
  if (said.has_at()) antivirus.at = moment_at(said.at());
  if (said.has_after_warning()) antivirus.after_warning = from_seconds(said.after_warning());
  if (said.has_delay()) antivirus.delay = lower(said.delay());
  antivirus.share = said.share();
  return antivirus;
}

PowerPlan power(const Parts& parts, const schema::PowerPlan& said) {
  return PowerPlan{parts.selector(said.has_where(), said.where(), "power." + said.name() + ".where"),
                   said.share(),
                   {from_seconds(said.on()), from_seconds(said.off()), said.weekends(), parts.start()}};
}

}  // namespace

std::vector<FirewallRule> lower_firewalls(const Parts& parts) {
  // Of rules on pairs of networks the last counts: those of the file are exceptions from its matrices.
  std::vector<FirewallRule> rules = lower_segmentation(parts);
  for (const auto& rule : parts.scenario().firewalls()) rules.push_back(firewall(parts, rule));
  return rules;
}

Detection lower_detection(const Parts& parts) {
  const schema::Detection& said = parts.scenario().detection();
  Detection detection{lower(said.dwell()), said.share(), lower(said.note_seen()), std::nullopt};
  if (said.has_monitoring())
    detection.monitoring = Monitoring{said.monitoring().share(), lower(said.monitoring().dwell())};
  if (said.has_antivirus()) detection.antivirus = antivirus(said.antivirus());
  for (const auto& part : said.attended())
    detection.attended.push_back(
        {parts.selector(part.has_where(), part.where(), "detection.attended." + part.name() + ".where"),
         lower_hours(parts, part.hours())});
  if (!said.has_isolation()) return detection;
  detection.isolation.emplace();
  detection.isolation->scope = static_cast<Isolation::Scope>(said.isolation().scope());
  if (said.isolation().has_delay()) detection.isolation->delay = lower(said.isolation().delay());
  if (said.isolation().has_lasts()) detection.isolation->lasts = lower(said.isolation().lasts());
  return detection;
}

std::vector<BackupPolicy> lower_backups(const Parts& parts) {
  std::vector<BackupPolicy> policies;
  for (const auto& policy : parts.scenario().backups()) policies.push_back(backup(policy));
  return policies;
}

std::vector<PowerPlan> lower_power(const Parts& parts) {
  std::vector<PowerPlan> plans;
  for (const auto& plan : parts.scenario().power()) plans.push_back(power(parts, plan));
  return plans;
}

Hours lower_hours(const Parts& parts, const schema::Hours& said) {
  return {from_seconds(said.on()), from_seconds(said.off()), said.weekends(), parts.start()};
}

}  // namespace trustfall
