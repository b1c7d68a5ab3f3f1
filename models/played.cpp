#include "models/played.h"

namespace trustfall {

Payment Played::payment(HostId host) const {
  const auto& ransom = model().worm.ransom;
  if (!ransom || !ransom->paying) return {};
  const Instant encrypted = encrypted_at(host);
  if (encrypted == never) return {};
  const Paying& paying = *ransom->paying;
  const auto owner = static_cast<std::uint32_t>(model().estate->organisation_of(host));
  if (draws().uniform(Purpose::pays, owner) >= paying.organisations) return {};
  const Duration waited = from_seconds(paying.decides_after.at(draws().uniform(Purpose::payment, owner)));
  Payment payment{encrypted + waited, waited > ransom->doubles_after ? 2 * ransom->amount : ransom->amount, never};
  if (waited > ransom->expires_after || payment.paid >= model().horizon || payment.paid >= restored_at(host) ||
      (paying.only_without_copy && !without_copy(host, payment.paid)))
    return {};
  const auto subject = static_cast<std::uint32_t>(host);
  if (draws().uniform(Purpose::data_returned, subject) < paying.returns)
    payment.returned = payment.paid + from_seconds(paying.decrypts.at(draws().uniform(Purpose::decryption, subject)));
  return payment;
}

Duration Played::work_lost(HostId host, Instant when) const {
  if (payment(host).returned < model().horizon) return {};
  return work_lost_unpaid(host, when);
}

Duration Played::work_lost_unpaid(HostId host, Instant when) const {
  when = data_asked_for(host, when);
  const BackupPolicy* policy = policy_for(model().backups, model().estate->device(host));
  if (policy == nullptr) return loss_without_policy;
  if (without_copy(host, when)) return policy->loss_without_copy;
  return policy->since_last_copy(host, encrypted_at(host), draws());
}

Duration Played::work_saved(HostId host, Instant when) const {
  const BackupPolicy* policy = policy_for(model().backups, model().estate->device(host));
  if (policy == nullptr || without_copy(host, when)) return {};
  return policy->loss_without_copy - policy->since_last_copy(host, encrypted_at(host), draws());
}

bool Played::without_copy(HostId host, Instant when) const {
  when = data_asked_for(host, when);
  const Estate& estate = *model().estate;
  const BackupPolicy* policy = policy_for(model().backups, estate.device(host));
  if (policy == nullptr) return true;
  // At the same instant restoring goes first.
  const bool server_lost = backup_server_lost(estate.organisation_of(host)) < when;
  return !policy->has_copy(host, server_lost, draws()) || policy->outdated(host, encrypted_at(host), when, draws());
}

Trace Played::trace() const {
  Trace trace;
  each_step([&](const Step& step) {
    trace.push_back(step);
    if (step.what == Transition::restored && encrypted_at(step.host) < step.time)
      trace.back().detail = work_lost(step.host, step.time).count();
  });
  name_sources(trace);
  return in_order(std::move(trace));
}

}  // namespace trustfall
