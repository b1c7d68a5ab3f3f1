#include "models/played.h"

namespace trustfall {

Duration Played::work_lost(HostId host, Instant when) const {
  when = data_asked_for(host, when);
  const BackupPolicy* policy = policy_for(model().backups, model().estate->device(host));
  if (policy == nullptr) return loss_without_policy;
  if (without_copy(host, when)) return policy->loss_without_copy;
  return policy->since_last_copy(host, encrypted_at(host), draws());
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
