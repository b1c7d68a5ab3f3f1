#include "scenarios/scanning_rules.h"

#include <fmt/format.h>

#include <cmath>

namespace trustfall {
namespace {

// A value that could not be read is NaN here: comparisons are written so that NaN breaks no rule.

void check_shares(Document& document, const schema::Scanning& scanning) {
  double sum = 0;
  for (const schema::ScanShare& of : scanning.shares()) sum += of.share();
  if (std::abs(sum - 1) > 1e-5)  // 1/3 written with six digits must do
    report(document, "worm.scanning.shares",
           fmt::format("the shares of the zones must sum to 100%; they sum to {:.6g}%", sum * 100));
}

/// A host that stops after so many attempts does so at a known moment only if its rate is constant.
void check_limit(Document& document, const schema::Worm& worm) {
  if (!scans(worm)) report(document, "worm.attempt_limit", "the worm does not scan: there are no attempts to limit");
  for (const schema::Uplink& uplink : worm.uplinks())
    if (uplink.has_of() && uplink.of() != schema::Uplink::host)
      report(document, "worm.attempt_limit",
             "a limit needs a constant rate, but hosts share the uplink of their " +
                 schema::Uplink::Of_Name(uplink.of()) + ": say with active_for how long a host scans");
}

void check_sweeps(Document& document, const schema::Worm& worm) {
  int swept = 0;
  for (const schema::Attempts& attempts : worm.attempts()) {
    if (attempts.order() != schema::Attempts::sweep) continue;
    const std::string path = "worm.attempts." + attempts.zone() + ".order";
    if (++swept > 1) report(document, path, "one zone at most is swept: a worm walks addresses that are near");
    for (const auto& [said, name] :
         {std::pair(worm.has_pace(), "pace"), std::pair(worm.uplinks_size() > 0, "uplinks")})
      if (said)
        report(document, path, std::string("a worm that sweeps a zone has no ") + name + ": leave one of them out");
  }
}

}  // namespace

bool scans(const schema::Worm& worm) { return worm.attempts_size() > 0 || worm.has_scanning(); }

void check_scanning(Document& document) {
  const schema::Worm& worm = document.scenario.worm();
  if (worm.has_scanning() && worm.attempts_size() > 0)
    report(document, "worm.scanning", "scanning and attempts are alternatives: leave one of them out");
  if (worm.scanning().shares_size() > 0) check_shares(document, worm.scanning());
  if (worm.has_attempt_limit()) check_limit(document, worm);
  check_sweeps(document, worm);
  for (const auto& [said, name] : {std::pair(worm.has_pace(), "pace"), std::pair(worm.uplinks_size() > 0, "uplinks")})
    if (said && !scans(worm))
      report(document, std::string("worm.") + name,
             std::string("the worm does not scan: its ") + name + " says nothing", "", Severity::warning);
}

}  // namespace trustfall
