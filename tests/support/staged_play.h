#pragma once

#include <map>
#include <vector>

#include "models/played.h"

/// Replicates whose course a test lays down itself.
namespace trustfall::small {

class StagedPlay final : public Played {
 public:
  explicit StagedPlay(const Model& model, Draws draws = Draws(1, 0))
      : model_(&model),
        draws_(draws),
        patched_(*model.estate, model.patching),
        firewalls_(*model.estate, model.firewalls) {
    patched_.reset(draws);
    firewalls_.reset(draws);
  }

  /// All its data are encrypted after so many hours; it is back after so many more than the start.
  void encrypt(HostId host, double hours, double restored = -1) {
    step(host, hours, Transition::infected);
    encrypted_[host] = at(hours);
    step(host, hours, Transition::encrypted);
    if (restored < 0) return;
    restored_[host] = at(restored);
    step(host, restored, Transition::restored);
  }
  void step(HostId host, double hours, Transition what) {
    if (at(hours) < model_->horizon) steps_.push_back({at(hours), 0, host, no_host, no_zone, what});
  }
  /// Negative hours are never.
  void cut(SegmentId segment, double from, double until, ZoneId zone = no_zone, DeviceSet devices = all_devices) {
    cuts_.push_back({segment, zone, devices, at(from), until < 0 ? never : at(until)});
  }
  void lose_backup_server(double hours) { server_lost_ = at(hours); }
  void report(OrganisationId organisation, double hours) { reports_.emplace_back(organisation, at(hours)); }
  void warn(double hours) { warned_ = at(hours); }

  const Model& model() const override { return *model_; }
  void each_step(const std::function<void(const Step&)>& take) const override {
    for (const Step& step : steps_) take(step);
  }
  void each_cut(const std::function<void(const Cut&)>& take) const override {
    for (const Cut& cut : cuts_) take(cut);
  }
  void each_report(const std::function<void(OrganisationId, Instant)>& take) const override {
    for (const auto& [organisation, time] : reports_) take(organisation, time);
  }
  Instant warned_at() const override { return warned_; }
  Instant encrypted_at(HostId host) const override { return when(encrypted_, host); }
  Instant restored_at(HostId host) const override { return when(restored_, host); }
  bool unpatched(HostId, Instant) const override { return true; }
  const Patched& patched() const override { return patched_; }
  const Firewalls& firewalls() const override { return firewalls_; }

  static Instant at(double hours) { return Instant{} + from_seconds(hours * 3600); }

 private:
  static Instant when(const std::map<HostId, Instant>& times, HostId host) {
    const auto found = times.find(host);
    return found == times.end() ? never : found->second;
  }
  const Draws& draws() const override { return draws_; }
  Instant backup_server_lost(OrganisationId) const override { return server_lost_; }

  const Model* model_;
  Draws draws_;
  Patched patched_;
  Firewalls firewalls_;
  std::vector<Step> steps_;
  std::vector<Cut> cuts_;
  std::map<HostId, Instant> encrypted_;
  std::map<HostId, Instant> restored_;
  std::vector<std::pair<OrganisationId, Instant>> reports_;
  Instant server_lost_ = never;
  Instant warned_ = never;
};

}  // namespace trustfall::small
