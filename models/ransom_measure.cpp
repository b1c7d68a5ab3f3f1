#include "models/measures.h"

namespace trustfall {
namespace {

constexpr Metric table[] = {
    {"hosts_paid_for", "hosts",
     "Encrypted hosts for which the ransom was paid, as often as it was; only where worm.ransom.paying is said."},
    {"ransom_paid", "US dollars", "Ransom paid for these."},
    {"data_returned", "host-hours", "Work that would have been lost on hosts whose data paying brought back.",
     Better::higher},
};

bool paid(const Model& model) { return model.worm.ransom && model.worm.ransom->paying; }

void take(const Played& play, Outcome& outcome) {
  const Instant horizon = play.model().horizon;
  double hosts = 0;
  double dollars = 0;
  std::chrono::milliseconds returned{};  // an integer, so that its sum does not depend on the order
  if (paid(play.model()))
    play.each_step([&](const Step& step) {
      if (step.what != Transition::encrypted) return;
      const Fall fall = play.fall_at(step.host, step.time);
      const Payment payment = play.payment(fall);
      if (payment.paid == never) return;
      hosts += 1;
      dollars += payment.dollars;
      if (payment.returned < horizon)
        returned += std::chrono::duration_cast<std::chrono::milliseconds>(
            play.work_lost_unpaid(fall, std::min(fall.restored, horizon)));
    });
  outcome.metrics.insert(outcome.metrics.end(), {hosts, dollars, static_cast<double>(returned.count()) / 3.6e6});
}

}  // namespace

const Measure ransom_measure = {table, {}, paid, take};

}  // namespace trustfall
