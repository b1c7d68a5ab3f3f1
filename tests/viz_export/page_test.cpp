#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/archive/replay_code.h"
#include "sim/base/draws.h"
#include "sim/study/summary.h"
#include "viz_export/json.h"
#include "viz_export/layout.h"
#include "viz_export/page.h"
#include "viz_export/page_data.h"
#include "viz_export/page_template.h"

using namespace trustfall;
using Json = nlohmann::json;

namespace {

constexpr std::uint32_t hosts_each = 30;
const std::string hostile = "</script><script>alert(1)</script> \"x\" \xf0\x9f\x8f\xa5";

/// A study of so many organisations, each one segment. In replicate r the hosts up to 10 r + 9 fall, one a minute,
/// and every second of them is encrypted an hour later; those are restored after ten hours.
Results study(std::uint32_t organisations, std::uint32_t replicates) {
  Results results;
  results.manifest = {hostile, "2024-02-01T08:00:00+01:00", "CET", 7, replicates, "0.1.0", "1", "gcc", {}};
  results.hosts = organisations * hosts_each;
  results.sites = {"site"};
  results.networks = {"office"};
  for (std::uint32_t o = 0; o < organisations; ++o) {
    results.organisations.push_back({"C", hostile, "practice", "g", "t", "r", 51 + 0.001 * o, -1, hosts_each});
    results.segments.push_back({o, 0, 0, hosts_each});
  }
  results.metrics = {
      {"hosts_infected", "hosts", ""}, {"hosts_encrypted", "hosts", ""}, {"large_outbreak", "share", ""}};
  results.series = {{"hosts_infected", "hosts", ""}, {"hosts_restored", "hosts", ""}};
  results.samples = 25;
  results.sample_hours = 1;
  StrategyResults& strategy = results.strategies.emplace_back();
  strategy.name = "baseline";
  for (std::uint32_t r = 0; r < replicates; ++r) {
    const double infected = std::min<double>(10 * r + 9, static_cast<double>(results.hosts));
    Outcome outcome{{infected, std::floor(infected / 2), std::nan("")}, std::vector<std::uint32_t>(50), {}};
    for (std::uint32_t s = 0; s < 25; ++s) {
      outcome.series[s] = static_cast<std::uint32_t>(std::min(infected, 60.0 * s));
      outcome.series[25 + s] = s < 11 ? 0 : static_cast<std::uint32_t>(std::min(infected / 2, 60.0 * s));
    }
    strategy.replicates.push_back(r);
    strategy.outcomes.push_back(outcome);
  }
  const std::size_t middle = nearest_replicate(strategy, 0, 0.5);
  KeptTrace kept{strategy.replicates[middle], 0.5, {}};
  for (std::uint32_t h = 0; h < strategy.outcomes[middle].metrics[0]; ++h) {
    const Instant at = Instant{} + std::chrono::minutes(h);
    kept.trace.push_back({at, 0, HostId{h}, no_host, no_zone, Transition::infected});
    if (h % 2 == 0) continue;
    kept.trace.push_back({at + 1h, 0, HostId{h}, no_host, no_zone, Transition::encrypted});
    kept.trace.push_back({at + 11h, 0, HostId{h}, no_host, no_zone, Transition::restored});
  }
  kept.trace = in_order(std::move(kept.trace));
  strategy.traces.push_back(std::move(kept));
  return results;
}

/// Reads back what encode_playback wrote: changes of each kind, by place.
std::vector<std::array<std::uint64_t, 4>> decode(const std::string& bytes, std::size_t places,
                                                 std::uint64_t& last_bin) {
  std::vector<std::array<std::uint64_t, 4>> counts(places);
  std::size_t at = 0;
  const auto next = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.at(at++));
      value |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return value;
    }
  };
  std::uint64_t bin = ~std::uint64_t{0};
  while (at < bytes.size()) {
    bin += next();
    std::uint64_t place = 0;
    for (std::uint64_t entries = next(); entries > 0; --entries) {
      place += next();
      const std::uint64_t code = next();
      counts.at(place)[code % 4] += code / 4 + 1;
    }
  }
  last_bin = bin;
  return counts;
}

/// Most by which two discs overlap.
double overlap(const std::vector<Disc>& discs) {
  double most = -1e300;
  for (std::size_t a = 0; a < discs.size(); ++a)
    for (std::size_t b = a + 1; b < discs.size(); ++b)
      most = std::max(
          most, discs[a].radius + discs[b].radius - std::hypot(discs[a].x - discs[b].x, discs[a].y - discs[b].y));
  return most;
}

}  // namespace

TEST_CASE("The page holds the very figures of summary.json and manifest.json") {
  const Results results = study(20, 40);
  Json data = Json::parse(page_data(results, Names::pseudonyms));
  Json summary = Json::parse(summary_json(results)), manifest = Json::parse(manifest_json(results));
  CHECK(data["summary"]["seed"] == "7");
  CHECK(data["manifest"]["seed"] == "7");
  data["summary"]["seed"] = data["manifest"]["seed"] = 7;
  CHECK(data["summary"] == summary);
  CHECK(data["manifest"] == manifest);
}

TEST_CASE("Twenty dots are the twenty futures in order, evenly from all plays") {
  // 40 plays with 9, 19, ... 399 infected: every second of them, from the first.
  const Json dots =
      Json::parse(page_data(study(20, 40), Names::pseudonyms))["strategies"][0]["dots"]["hosts_infected"];
  REQUIRE(dots.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK(dots[i] == 20 * i + 9);
}

TEST_CASE("The hour by which half are back is read from all plays together") {
  // Of 9 and 19 infected hosts 4 and 9 are restored: fewer than half. With 60 a sample they are back at once, at 11
  // h.
  Results results = study(20, 2);
  CHECK(Json::parse(page_data(results, Names::pseudonyms))["strategies"][0]["half_back_hours"].is_null());
  results.strategies[0].outcomes[0].series[25 + 24] = 5;
  CHECK(Json::parse(page_data(results, Names::pseudonyms))["strategies"][0]["half_back_hours"] == 24);
}

TEST_CASE("No text can end the element that holds the data, and no name is lost") {
  std::ostringstream out;
  write_page(study(20, 5), Names::real, out);
  const std::string page = out.str();
  const std::string opening = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(opening) + opening.size();
  const std::string json = page.substr(from, page.find("</script>", from) - from);
  CHECK(json.find('<') == std::string::npos);
  const Json data = Json::parse(json);
  CHECK(data["summary"]["scenario"] == hostile);
  CHECK(data["map"]["names"][3] == hostile);
  CHECK(page.find("@TRUSTFALL_DATA@") == std::string::npos);
}

TEST_CASE("Organisations go by pseudonyms and rounded places unless real names are asked for") {
  Results results = study(20, 5);
  results.manifest.scenario = "plain";
  CHECK(page_data(results, Names::pseudonyms).find("alert(1)") == std::string::npos);
  CHECK(page_data(results, Names::real).find("alert(1)") != std::string::npos);
  // Twenty places within a tenth of a degree say no more than that they are there.
  std::vector<Disc> before = lay_out(results, Names::pseudonyms).discs;
  for (OrganisationInfo& of : results.organisations)
    of.latitude = 51.0 + 0.0005 * (&of - results.organisations.data());
  std::vector<Disc> after = lay_out(results, Names::pseudonyms).discs;
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i].x == after[i].x);
}

TEST_CASE("The template allows nothing from outside and lets only its own script run") {
  const std::string page(page_template());
  CHECK(page.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
  CHECK(page.find("unsafe") > page.find("</head>"));
  for (const char* outside : {" src=", "@import", "url(h", "fetch(", "XMLHttpRequest", "WebSocket", "import("})
    CHECK(page.find(outside) == std::string::npos);
}

TEST_CASE("A playback holds every infection, encryption and restoration of its play, at its place") {
  const Results results = study(20, 40);
  const Trace& trace = results.strategies[0].traces[0].trace;
  std::vector<std::uint32_t> place_of_host;
  for (std::uint32_t h = 0; h < results.hosts; ++h) place_of_host.push_back(h / hosts_each);
  std::uint64_t last = 0;
  const Playback playback = encode_playback(trace, place_of_host, 24, 1'000'000);
  CHECK(playback.bin_hours == Approx(1 / 60.0));
  const auto counts = decode(playback.events, 20, last);
  // 199 hosts, 30 an organisation; every second is encrypted and restored, the last of these, 197, after 14 h 17 min.
  CHECK(counts[0] == std::array<std::uint64_t, 4>{30, 15, 0, 15});
  CHECK(counts[6] == std::array<std::uint64_t, 4>{19, 9, 0, 9});
  CHECK(counts[7] == std::array<std::uint64_t, 4>{0, 0, 0, 0});
  CHECK(last == 14 * 60 + 17);
}

TEST_CASE("A playback that would be too large is told in longer steps and loses no event") {
  const Results results = study(20, 40);
  const std::vector<std::uint32_t> one_place(results.hosts, 0);
  const Trace& trace = results.strategies[0].traces[0].trace;
  std::uint64_t last = 0;
  const Playback playback = encode_playback(trace, one_place, 24, 200);
  CHECK(playback.events.size() <= 200);
  CHECK(playback.bin_hours > 1 / 60.0);
  CHECK(decode(playback.events, 1, last)[0] == std::array<std::uint64_t, 4>{199, 99, 0, 99});
  CHECK(static_cast<double>(last) * playback.bin_hours >= 14 + 17 / 60.0);
  CHECK(static_cast<double>(last - 1) * playback.bin_hours < 14 + 17 / 60.0);
}

TEST_CASE("Base 64 is as in RFC 4648, section 10") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe") == "//4=");
}

TEST_CASE("Discs pushed apart do not overlap, however they began, and always end the same") {
  const Draws draws(3, 0);
  std::vector<Disc> discs;
  for (std::uint32_t i = 0; i < 1500; ++i) {
    const double x = draws.uniform(Purpose::threshold, i, 0, 0), y = draws.uniform(Purpose::threshold, i, 1, 0);
    discs.push_back({i % 3 == 0 ? 50 : 100 * x, i % 3 == 0 ? 50 : 100 * y, i % 40 == 0 ? 6.0 : 1.0});
  }
  std::vector<Disc> again = discs;
  REQUIRE(overlap(discs) > 1);
  push_apart(discs, 100);
  push_apart(again, 100);
  CHECK(overlap(discs) < 1e-9);
  CHECK(std::memcmp(discs.data(), again.data(), discs.size() * sizeof(Disc)) == 0);
  double smallest = 1;
  for (const Disc& disc : discs) smallest = std::min(smallest, disc.radius);
  CHECK(smallest > 0);
}

TEST_CASE("Organisations without coordinates are laid out too, and one organisation by its networks and sites") {
  Results results = study(50, 3);
  for (OrganisationInfo& of : results.organisations) of.latitude = of.longitude = 0;
  CHECK(overlap(lay_out(results, Names::pseudonyms).discs) < 1e-9);
  results.organisations[0].latitude = 51;
  CHECK(overlap(lay_out(results, Names::pseudonyms).discs) < 1e-9);

  Results one = study(1, 3);
  one.sites = {"east", "west"};
  one.networks = {"office", "wards"};
  one.segments = {{0, 0, 0, 10}, {0, 0, 0, 8}, {0, 0, 1, 5}, {0, 1, 0, 7}};
  const Map map = lay_out(one, Names::pseudonyms);
  CHECK(map.groups);
  CHECK(map.names == std::vector<std::string>{"office, east", "wards, east", "office, west"});
  CHECK(map.hosts == std::vector<std::uint64_t>{18, 5, 7});
  CHECK(map.place_of_segment == std::vector<std::uint32_t>{0, 0, 1, 2});
  CHECK(map.discs[0].x == map.discs[1].x);
  CHECK(map.discs[0].y == map.discs[2].y);
  CHECK(overlap(map.discs) < 0);
}

TEST_CASE("A page of twenty organisations takes little more than its template") {
  std::ostringstream out;
  write_page(study(20, 200), Names::pseudonyms, out);
  CHECK(out.str().size() < page_template().size() + 40'000);
}
