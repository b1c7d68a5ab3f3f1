#pragma once

#include "models/model.h"
#include "scenarios/parts.h"

namespace trustfall {

// The sections of a scenario, each resolved against the estate; lower() puts them together.

Worm lower_worm(const Parts& parts);
std::vector<Entry> lower_entries(const Parts& parts);
PatchPlan lower_patching(const Parts& parts);
std::vector<FirewallRule> lower_firewalls(const Parts& parts);
std::vector<FirewallRule> lower_segmentation(const Parts& parts);
Detection lower_detection(const Parts& parts);
std::vector<BackupPolicy> lower_backups(const Parts& parts);
std::vector<PowerPlan> lower_power(const Parts& parts);
RecoveryPlan lower_recovery(const Parts& parts);
Services lower_services(const Parts& parts);
std::vector<Order> lower_orders(const Parts& parts);
Warning lower_warning(const Parts& parts);

Hours lower_hours(const Parts& parts, const schema::Hours& hours);

}  // namespace trustfall
