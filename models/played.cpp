#include "models/played.h"

namespace trustfall {

Payment Played::payment(const Fall& fall) const {
  const auto& ransom = model().worm.ransom;
  if (!ransom || !ransom->paying || fall.encrypted == never) return {};
  const Paying& paying = *ransom->paying;
  const auto owner = static_cast<std::uint32_t>(model().estate->organisation_of(fall.host));
  if (draws().uniform(Purpose::pays, owner) >= paying.organisations) return {};
  const Duration waited = from_seconds(paying.decides_after.at(draws().uniform(Purpose::payment, owner)));
  Payment payment{fall.encrypted + waited, waited > ransom->doubles_after ? 2 * ransom->amount : ransom->amount,
                  never};
  if (waited > ransom->expires_after || payment.paid >= model().horizon || payment.paid >= fall.restored ||
      (paying.only_without_copy && !without_copy(fall, payment.paid)))
    return {};
  const auto subject = static_cast<std::uint32_t>(fall.host);
  if (draws().uniform(Purpose::data_returned, subject) < paying.returns)
    payment.returned = payment.paid + from_seconds(paying.decrypts.at(draws().uniform(Purpose::decryption, subject)));
  return payment;
}

Duration Played::work_lost(const Fall& fall, Instant when) const {
  if (payment(fall).returned < model().horizon) return {};
  return work_lost_unpaid(fall, when);
}

Duration Played::work_lost_unpaid(const Fall& fall, Instant when) const {
  when = data_asked_for(fall, when);
  const BackupPolicy* policy = policy_for(model().backups, model().estate->device(fall.host));
  if (policy == nullptr) return loss_without_policy;
  if (without_copy(fall, when)) return policy->loss_without_copy;
  return policy->since_last_copy(fall.host, fall.encrypted, draws());
}

Duration Played::work_saved(const Fall& fall, Instant when) const {
  const BackupPolicy* policy = policy_for(model().backups, model().estate->device(fall.host));
  if (policy == nullptr || without_copy(fall, when)) return {};
  return policy->loss_without_copy - policy->since_last_copy(fall.host, fall.encrypted, draws());
}

bool Played::without_copy(const Fall& fall, Instant when) const {
  when = data_asked_for(fall, when);
  const Estate& estate = *model().estate;
  const BackupPolicy* policy = policy_for(model().backups, estate.device(fall.host));
  if (policy == nullptr) return true;
  // At the same instant restoring goes first.
  const bool server_lost = backup_server_lost(estate.organisation_of(fall.host)) < when;
  return !policy->has_copy(fall.host, server_lost, draws()) ||
         policy->outdated(fall.host, fall.encrypted, when, draws());
}

Trace Played::trace() const {
  Trace trace;
  each_step([&](const Step& step) {
    trace.push_back(step);
    if (step.what != Transition::restored) return;
    const Fall fall = fall_at(step.host, step.time);
    if (fall.encrypted < step.time) trace.back().detail = work_lost(fall, step.time).count();
  });
  name_sources(trace);
  return in_order(std::move(trace));
}

}  // namespace trustfall
