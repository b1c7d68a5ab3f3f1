#include <algorithm>
#include <limits>

#include "models/measures.h"

namespace trustfall {
namespace {

enum Name : std::size_t {
  hosts_lost,
  hosts_not_back,
  days_to_half_back,
  days_to_95_back,
  days_to_all_back,
  recovery_time,
  recovery_point,
  rto_missed,
  rpo_missed,
  technician_hours,
  travel_hours,
  count
};

constexpr Metric table[] = {
    {"hosts_lost", "hosts",
     "Infected hosts that were found and have to be rebuilt; one that falls twice counts twice, as in all "
     "metrics of recovery."},
    {"hosts_not_back", "hosts", "Those of them that were not back in service at the horizon."},
    {"days_to_half_back", "d",
     "Start to the moment when half of the hosts lost were back; the horizon where they are not. Does not occur "
     "where "
     "none was lost."},
    {"days_to_95_back", "d", "Likewise for 95 % of them."},
    {"days_to_all_back", "d", "Likewise for all of them."},
    {"recovery_time", "h",
     "Time out of service that 95 % of the hosts lost did not exceed, from found and out of reach to back; those not "
     "back count up to the horizon. Does not occur where none was lost."},
    {"recovery_point", "h",
     "Work lost that 95 % of the encrypted hosts among them did not exceed. Does not occur where there is none."},
    {"rto_missed", "hosts", "Hosts out of service for longer than the `rto` of their policy."},
    {"rpo_missed", "hosts", "Encrypted hosts that lost more work than the `rpo` of their policy."},
    {"technician_hours", "h", "Work of technicians on hosts lost up to the horizon, without travel.",
     Better::neither},
    {"travel_hours", "h", "Travel of technicians to them.", Better::neither},
};
static_assert(std::size(table) == count);

constexpr Metric curve_table[] = {
    {"hosts_waiting", "hosts", "Hosts that are found, out of reach, and not back in service.", Better::neither},
};

constexpr double not_occurring = std::numeric_limits<double>::quiet_NaN();

/// The value that so large a share of them does not exceed.
double upper(std::vector<double>& values, double share) {
  if (values.empty()) return not_occurring;
  const double rank = share * static_cast<double>(values.size());
  auto at = static_cast<std::size_t>(rank);
  if (static_cast<double>(at) < rank) ++at;
  const auto found = values.begin() + static_cast<std::ptrdiff_t>(at - 1);
  std::nth_element(values.begin(), found, values.end());
  return *found;
}

class Count {
 public:
  explicit Count(const Played& play) : play_(play), metrics_(count), curves_(play.model(), std::size(curve_table)) {}

  void take(Outcome& outcome) {
    for (const Repair& repair : play_.repairs()) add(repair);
    at(hosts_lost) = static_cast<double>(play_.repairs().size());
    at(hosts_not_back) = at(hosts_lost) - static_cast<double>(back_.size());
    std::sort(back_.begin(), back_.end());
    at(days_to_half_back) = days_to(0.5);
    at(days_to_95_back) = days_to(0.95);
    at(days_to_all_back) = days_to(1);
    at(recovery_time) = upper(out_of_service_, 0.95);
    at(recovery_point) = upper(work_lost_, 0.95);
    outcome.metrics.insert(outcome.metrics.end(), metrics_.begin(), metrics_.end());
    curves_.append_to(outcome);
  }

 private:
  double& at(Name name) { return metrics_[name]; }

  void add(const Repair& repair) {
    const Instant horizon = play_.model().horizon;
    curves_.mark(0, repair.reported);
    if (repair.back < horizon) {
      curves_.mark(0, repair.back, -1u);
      back_.push_back(repair.back);
    }
    const Duration out = std::min(repair.back, horizon) - repair.reported;
    out_of_service_.push_back(to_hours(out));
    const BackupPolicy* policy = policy_for(play_.model().backups, play_.model().estate->device(repair.host));
    at(rto_missed) += policy != nullptr && policy->rto && out > *policy->rto;
    const Effort spent = effort(*play_.model().recovery, repair, horizon);
    at(technician_hours) += to_hours(spent.worked);
    at(travel_hours) += to_hours(spent.travelled);
    const Fall fall = play_.fall_at(repair.host, repair.reported);
    if (fall.encrypted >= horizon) return;
    const Duration lost = play_.work_lost(fall, horizon);
    work_lost_.push_back(to_hours(lost));
    at(rpo_missed) += policy != nullptr && policy->rpo && lost > *policy->rpo;
  }

  /// When so large a share of the lost was back, or the horizon: who never comes back is no better off for it.
  double days_to(double share) const {
    const double wanted = share * at_lost();
    auto needed = static_cast<std::size_t>(wanted);
    if (static_cast<double>(needed) < wanted) ++needed;
    if (needed == 0) return not_occurring;
    return to_hours(needed > back_.size() ? play_.model().horizon : back_[needed - 1]) / 24;
  }
  double at_lost() const { return static_cast<double>(play_.repairs().size()); }

  const Played& play_;
  std::vector<double> metrics_;  // by Name
  Curves curves_;
  std::vector<Instant> back_;           // moments at which hosts came back
  std::vector<double> out_of_service_;  // hours of each host lost
  std::vector<double> work_lost_;       // hours of each that was encrypted
};

}  // namespace

const Measure recovery_measure = {table, curve_table, [](const Model& model) { return model.recovery.has_value(); },
                                  [](const Played& play, Outcome& outcome) { Count(play).take(outcome); }};

}  // namespace trustfall
