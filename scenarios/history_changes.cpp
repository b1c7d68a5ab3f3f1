#include "scenarios/history_changes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/history.h"
#include "sim/study/summary.h"

namespace trustfall {
namespace {

using Expects = HistoryChange::Expects;
using Settings = std::vector<std::string>;

const Settings no_kill_switch = {"worm.kill_switch=null"};

// Port 445 is closed towards the internet and N3, everywhere.
const Settings closed = {
    "firewalls.internet-trust-servers.share=0%", "firewalls.internet-practice-servers.share=0%",
    "firewalls.n3-inbound-trusts.share=100%",    "firewalls.n3-inbound-trusts.misconfigured=0%",
    "firewalls.n3-inbound-ccgs.share=100%",      "firewalls.n3-inbound-ccgs.misconfigured=0%",
    "firewalls.n3-inbound-practices.share=100%", "firewalls.n3-inbound-practices.misconfigured=0%",
};

// As if there had been a patch for everything, XP and medical devices included, and all had it.
const Settings patched = {
    "patching.coverage=100%",
    "patching.vendors=null",
    "patching.groups.without_a_patch.patchable=100%",
    "patching.groups.medical.patchable=100%",
    "patching.groups.critical_servers.coverage=100%",
};

const Settings without_xp = {"worm.chances.windows_xp.infect=0%", "worm.chances.windows_xp.crash=0%"};
const Settings by_proxy = {"worm.kill_switch.proxied=100%"};
const Settings on_monday = {"weekday=monday"};

// Who is warned sooner, and pulls the plug more often and sooner.
const Settings cautious = {"warning.after_reports=5", "warning.delay=10min", "orders.cut N3.share=90%",
                           "orders.cut N3.delay=20min"};

// Every trust stands open to the internet and to N3.
const Settings all_open = {
    "firewalls.internet-trust-servers.share=100%",
    "firewalls.n3-inbound-trusts.share=0%",
    "firewalls.n3-segments.share=0%",
};

// What H4f accepts: half of 35.0 million to twice as much.
constexpr double all_hit_low = 17.5, all_hit_high = 70;

const HistoryChange changes[] = {
    {"H4f", "every trust open: activity lost, m pounds", all_open, "H4e", Expects::in_band, all_hit_low, all_hit_high,
     "Ghafur et al. 2019: 35.0"},
    {"H5a", "no kill switch: trusts locked out", no_kill_switch, "H1a", Expects::more, 0, 0, "DHSC 2.4"},
    {"H5a", "no kill switch: practices infected", no_kill_switch, "H1d", Expects::more, 0, 0, "DHSC 2.4"},
    {"H5b", "445 closed to outside: trusts locked out", closed, "H1a", Expects::none, 0, 0, "NAO 12; DHSC 1.8"},
    {"H5b", "445 closed to outside: practices infected", closed, "H1d", Expects::none, 0, 0, "NAO 12; DHSC 1.8"},
    {"H5c", "all patched: hosts infected", patched, "hosts", Expects::none, 0, 0, "NAO; DHSC 1.8"},
    {"H5d", "without XP: hosts infected", without_xp, "hosts", Expects::nearly, 0, 0, "NAO 2.5, 2.7"},
    {"H5e", "web by proxy only: trusts locked out", by_proxy, "H1a", Expects::more, 0, 0, "proxies: VIPRE (C2)"},
    {"H5e", "web by proxy only: practices infected", by_proxy, "H1d", Expects::more, 0, 0, "proxies: VIPRE (C2)"},
    {"H5f", "on a Monday: consultations lost", on_monday, "consultations", Expects::more, 0, 0, "NAO 1.13"},
    {"H5g", "more self-isolation: trusts locked out", cautious, "H1a", Expects::less, 0, 0, "NAO 1.4"},
    {"H5g", "more self-isolation: disrupted only", cautious, "H1b", Expects::more, 0, 0, "NAO 1.4"},
};

/// Of all plays of all sets.
Summary summary_of(const std::vector<StrategyResults>& sets, std::size_t count) {
  std::vector<double> all;
  for (const StrategyResults& set : sets) {
    const std::vector<double> own = column(set, count);
    all.insert(all.end(), own.begin(), own.end());
  }
  return summarise(all);
}

bool meets(const HistoryChange& change, double before, double after) {
  switch (change.expects) {
    case Expects::more:
      return after > before;
    case Expects::less:
      return after < before;
    case Expects::none:
      return after == 0;
    case Expects::nearly:
      return std::fabs(after - before) < before / 10;
    case Expects::in_band:
      return after >= change.low && after <= change.high;
  }
  return false;
}

}  // namespace

std::span<const HistoryChange> history_changes() { return changes; }

HistoryChangeRow compare_history(const HistoryChange& change, const std::vector<StrategyResults>& before,
                                 const std::vector<StrategyResults>& after) {
  const std::size_t count = history_column(change.count);
  const auto of = [&](const std::vector<StrategyResults>& sets) {
    const Summary summary = summary_of(sets, count);
    return change.expects == Expects::in_band ? summary.q50 : summary.mean;
  };
  const double was = of(before), is = of(after);
  return {&change, was, is, meets(change, was, is)};
}

HistoryChangeRow cannot_compare(const HistoryChange& change) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  return {&change, unknown, unknown, false, false};
}

}  // namespace trustfall
