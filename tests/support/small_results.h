#pragma once

#include <limits>
#include <string>

#include "sim/schema/scenario.pb.h"
#include "sim/study/results.h"

/// A finished study that can be checked by hand.
namespace trustfall::small {

inline Step step(double hours, std::uint32_t host, Transition what, HostId source = no_host) {
  return {moment_at(hours * 3600), 0, HostId{host}, source, no_zone, what};
}

/// Two trusts (hosts 0 to 3 at two sites, and 4, 5), a practice (host 6) and two links. Two strategies, three
/// replicates each; the last of each infects nobody, so that `time_to_peak` does not occur in it. One kept trace:
/// host 0 falls first, then 4 from it, then 1 from 4; host 2 only crashes.
inline Results results() {
  Results r;
  r.manifest = {"A <b> & \"c\" \xf0\x9f\x8f\xa5\x01",
                "2017-05-12T08:00:00Z",
                "GMT",
                18446744073709551615u,
                3,
                "0.1.0",
                "3",
                "GCC 12",
                {"worm.latency=1min"}};
  r.scenario = schema::Scenario().SerializeAsString();
  r.inputs = {{"small.yaml", "name: small\n"}};
  r.hosts = 7;
  r.organisations = {
      {"RX1", "Real \"Trust\" \xf0\x9f\x8f\xa5", "trust", "=group", "acute", "North", 51.4993, -0.1188, 4},
      {"RX2", "Second Trust", "trust", "=group", "", "South", 0, 0, 2},
      {"P1", "Dr\x02\xff One", "practice", "practices", "", "North", 53.26, -2.44, 1}};
  r.sites = {"St Mary's", "St Anne's", "Only", "Surgery"};
  r.networks = {"wards", "offices"};
  r.segments = {{0, 0, 0, 3}, {0, 1, 1, 1}, {1, 2, 0, 2}, {2, 3, 1, 1}};
  r.links = {{0, 1, "shared <VPN>"}, {0, 2, "community"}};
  r.metrics = {{"hosts_infected", "hosts", "Hosts in which the worm ran.", Better::lower},
               {"time_to_peak", "h", "Start to the peak.", Better::higher}};
  r.series = {{"hosts_infected", "hosts", "Hosts infected so far.", Better::neither}};
  r.samples = 2;
  r.sample_hours = 0.5;
  const double none = std::numeric_limits<double>::quiet_NaN();
  r.strategies = {{"baseline",
                   r.scenario,
                   {0, 1, 2},
                   {{{3, 1.25}, {1, 3}, {{OrganisationId{0}, 2, 1}, {OrganisationId{1}, 1, 0}}},
                    {{1, 0.5}, {1, 1}, {{OrganisationId{2}, 1, 0}}},
                    {{0, none}, {0, 0}, {}}},
                   {{0,
                     0.95,
                     {step(0.25, 0, Transition::infected), step(0.5, 2, Transition::crashed),
                      step(1, 4, Transition::infected, HostId{0}), step(1.5, 0, Transition::encrypted),
                      step(2, 1, Transition::infected, HostId{4}), step(2.5, 0, Transition::detected),
                      step(30, 0, Transition::restored), step(31, 2, Transition::recovered)}}}},
                  {"=HYPERLINK(\"x\")",
                   r.scenario,
                   {0, 1, 2},
                   {{{1, 1.25}, {1, 1}, {{OrganisationId{0}, 1, 0}}},
                    {{1, 0.5}, {1, 1}, {{OrganisationId{2}, 1, 0}}},
                    {{0, none}, {0, 0}, {}}},
                   {}}};
  return r;
}

}  // namespace trustfall::small
