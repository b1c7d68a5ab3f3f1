#include "tests/support/first_passage.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <tuple>

#include "models/link_play.h"
#include "models/metrics.h"
#include "models/play.h"
#include "sim/estate/topology.h"
#include "tests/support/world.h"

// Links alone: the general play, the fast one and a relaxation over all links give every host the same nanosecond.

using namespace trustfall;
using namespace trustfall::small;

namespace {

using Shape = Distribution::Shape;

Distribution exponential_of(double mean) { return {Shape::exponential, mean, 0, {}, {}}; }
Distribution lognormal_of(double median, double spread) { return {Shape::lognormal, median, spread, {}, {}}; }
Distribution weibull_of(double scale, double shape) { return {Shape::weibull, scale, shape, {}, {}}; }

Instant at(double seconds) { return Instant{} + from_seconds(seconds); }

constexpr std::uint32_t size = 240;

EdgeList weighted(EdgeList graph) {
  for (std::size_t e = 0; e < graph.edges.size(); ++e)
    graph.weights.push_back(0.25f + static_cast<float>(e * 7 % 13) / 4);
  return graph;
}
EdgeList directed(EdgeList graph) {
  graph.directed = true;
  return graph;
}

std::map<std::string, EdgeList> graphs() {
  namespace t = topology;
  return {{"random", t::erdos_renyi(size, 4, 11)},
          {"by degree", t::barabasi_albert(size, 2, 12)},
          {"ring", weighted(t::watts_strogatz(size, 4, 0.1, 13))},
          {"quarters", directed(t::rmat(size, 8, {0.57, 0.19, 0.19}, 14))},
          {"star", t::star(size)},
          {"hubs", weighted(t::hub_and_site(size, 6))},
          {"blocks", weighted(t::blocks(size, 4, 3, 1, 15))}};
}

/// Two organisations, twelve segments of twenty hosts in three networks.
Estate estate_with(EdgeList graph) {
  EstateBuilder builder;
  for (const char* code : {"A", "B"})
    add_organisation(builder, code,
                     {{{{12}, {8, DeviceClass::server, System::server_2008}}, "office"},
                      {{{20, DeviceClass::workstation, System::windows_xp}}, "ward"},
                      {{{10}, {10, DeviceClass::imaging, System::windows_xp}}, "ward"},
                      {{{20, DeviceClass::server, System::server_2008}}, "core"},
                      {{{20}}, "office"},
                      {{{20, DeviceClass::workstation, System::windows_8}}, "office"}});
  builder.add_links("contacts", std::move(graph));
  return builder.build();
}

/// SI over exponential links of ten minutes, from three hosts.
Model plain(const Estate& estate) {
  Model model = model_of(estate, {}, 12h);
  model.worm.transmissions = {exponential_of(600)};
  std::vector<HostId> all;
  for (std::uint32_t h = 0; h < estate.hosts(); ++h) all.push_back(HostId{h});
  model.entries = {HostEntry{3, at(60), all, 1}};
  return model;
}

void add_chances(Model& model) {
  model.worm.infects.fill(0.6);
  model.worm.infects[static_cast<std::size_t>(System::windows_xp)] = 0.15;
  model.worm.infects[static_cast<std::size_t>(System::windows_8)] = 0;
}
void add_patches(Model& model) {
  model.patching.coverage = 0.2;
  model.patching.campaign = Campaign{at(1200), 2h, 0.9};
}
void add_response(Model& model) {
  model.worm.encryption = Encryption{1e6, {}};
  model.worm.encryption->data[static_cast<std::size_t>(DeviceClass::workstation)] = lognormal_of(1e9, 1);
  model.detection = Detection{lognormal_of(2400, 1), 0.7, exponential_of(300),
                              Isolation{Isolation::Scope::host, exponential_of(600), {}}};
  model.backups = {copies(static_cast<DeviceSet>(only(DeviceClass::workstation) | only(DeviceClass::server)), 0.8,
                          24h, false, lognormal_of(1800, 0.8), 720h)};
}

FirewallRule rule(const Model& model, FirewallRule::Direction direction, std::vector<std::string> networks,
                  double from, double until) {
  Where where;
  where.networks = std::move(networks);
  FirewallRule r;
  r.zone_kind = 0;
  r.direction = direction;
  r.where = Selector(*model.estate, where);
  r.from = at(from);
  r.until = until < 0 ? never : at(until);
  return r;
}
/// Ends that meet: one side opens as the other closes.
void add_rules(Model& model) {
  using Direction = FirewallRule::Direction;
  std::vector<FirewallRule> rules{
      rule(model, Direction::outbound, {"ward"}, 0, 2000),   rule(model, Direction::inbound, {"office"}, 2000, 4000),
      rule(model, Direction::inbound, {"ward"}, 4000, 6000), rule(model, Direction::outbound, {"office"}, 2500, 4000),
      rule(model, Direction::both, {"core"}, 600, 3000),     rule(model, Direction::inbound, {"core"}, 5000, -1)};
  rules[1].share = 0.6;
  rules[1].per = FirewallRule::Unit::segment;
  rules[4].misconfigured = 0.3;
  Where servers;
  servers.networks = {"core"};
  servers.devices = only(DeviceClass::server);
  rules.push_back(rule(model, Direction::inbound, {"core"}, 900, 1500));
  rules.back().closes = false;
  model.firewalls = numbered(std::move(rules));
}
void add_pair_rules(Model& model) {
  std::vector<FirewallRule> rules = model.firewalls;
  rules.push_back(rule(model, FirewallRule::Direction::inbound, {"ward"}, 300, 5000));
  rules.back().from_networks.assign(model.estate->networks().size(), 0);
  rules.back().from_networks[0] = 1;
  rules.push_back(rule(model, FirewallRule::Direction::inbound, {"office"}, 0, 3600));
  rules.back().from_networks.assign(model.estate->networks().size(), 1);
  rules.back().share = 0.5;
  rules.back().per = FirewallRule::Unit::segment;
  model.firewalls = numbered(std::move(rules));
}
void add_mail(Model& model) {
  std::vector<HostId> readers;
  for (std::uint32_t h = 0; h < model.estate->hosts(); h += 3) readers.push_back(HostId{h});
  model.entries.push_back(MailEntry{60, 0.5, 0.8, at(600), 2h, readers, 2});
}

using Alter = void (*)(Model&);
const std::map<std::string, std::vector<Alter>> variants{
    {"SI", {}},
    {"SIR", {[](Model& m) { m.worm.activity = exponential_of(900); }}},
    {"SEIR", {[](Model& m) {
       m.worm.latency = exponential_of(1200);
       m.worm.activity = exponential_of(900);
     }}},
    {"fixed delay",
     {[](Model& m) { m.worm.transmissions = {fixed(700)}; },
      [](Model& m) { m.worm.activity = exponential_of(1500); }}},
    {"lognormal delay, chances", {[](Model& m) { m.worm.transmissions = {lognormal_of(600, 1.2)}; }, add_chances}},
    {"weibull delay and activity", {[](Model& m) {
       m.worm.transmissions = {weibull_of(900, 0.7)};
       m.worm.activity = weibull_of(1800, 1.5);
     }}},
    {"gamma delay", {[](Model& m) {
       m.worm.transmissions = {Distribution{Shape::gamma, 800, 2.5, {}, {}}};
     }}},
    {"delays of a list", {[](Model& m) {
       m.worm.transmissions = {Distribution{Shape::discrete, 0, 0, {300, 2000}, {0.4, 1}}};
     }}},
    {"chances and patches", {add_chances, add_patches}},
    {"patches and mail", {add_patches, add_mail}},
    {"response", {add_response}},
    {"response after latency", {add_response, [](Model& m) { m.worm.latency = lognormal_of(900, 0.5); }}},
    {"rules", {add_rules}},
    {"rules, delays that come once", {add_rules, [](Model& m) { m.worm.transmissions = {weibull_of(900, 1)}; }}},
    {"rules on pairs", {add_pair_rules}},
    {"everything", {add_chances, add_patches, add_response, add_rules, add_pair_rules, add_mail, [](Model& m) {
                      m.worm.latency = exponential_of(300);
                      m.worm.activity = lognormal_of(7200, 1);
                    }}}};

std::vector<Instant> entered(const Model& model, const Draws& draws) {
  std::vector<Instant> times(model.estate->hosts(), never);
  for (const Entry& entry : model.entries)
    each_entry(entry, draws, [&](HostId h, Instant when) {
      if (when < model.horizon) times[index(h)] = std::min(times[index(h)], when);
    });
  return times;
}

/// At one moment several hosts may change: in which order they are told is nobody's concern.
Trace sorted(Trace trace) {
  const auto key = [](const Step& s) { return std::tuple(s.time, s.what, s.host); };
  std::sort(trace.begin(), trace.end(), [&](const Step& a, const Step& b) { return key(a) < key(b); });
  return trace;
}

}  // namespace

TEST_CASE("Over links alone every host falls at the same nanosecond, however that is found") {
  for (const auto& [graph_name, graph] : graphs()) {
    const Estate estate = estate_with(EdgeList(graph));
    REQUIRE(estate.hosts() == size);
    for (const auto& [name, changes] : variants) {
      Model model = plain(estate);
      for (const Alter change : changes) change(model);
      REQUIRE(spreads_over_links_alone(model));
      Play play(model, Draws(1, 0));
      LinkPlay fast(model);
      std::size_t reached = 0;
      for (std::uint32_t replicate = 0; replicate < 4; ++replicate) {
        INFO(graph_name << ", " << name << ", replicate " << replicate);
        const Draws draws(77, replicate);
        oracle::FirstPassage passage(model, zone(0), draws);
        const std::vector<Instant> expected = passage.solve(entered(model, draws));
        play.reset(draws);
        play.run();
        REQUIRE(play.incident().consistent());
        fast.play(draws);
        std::size_t wrong = 0;
        const std::vector<Instant> slow = infection_times(play.incident());
        for (std::uint32_t h = 0; h < size; ++h) {
          wrong += slow[h] != expected[h];
          wrong += fast.wave().infected_at(HostId{h}) != expected[h];
          reached += expected[h] != never;
        }
        CHECK(wrong == 0);
        CHECK(same(sorted(play.trace()), sorted(fast.trace())));
        CHECK(same(measure(play), measure(fast)));
        const Shape shape = model.worm.transmissions[0]->shape;
        if (shape != Shape::fixed && shape != Shape::discrete) CHECK(same(play.trace(), fast.trace()));
      }
      INFO(graph_name << ", " << name);
      CHECK(reached > 4 * 3);  // somebody was infected over a link
    }
  }
}

TEST_CASE("A source that the trace names infects its target at that very moment") {
  const Estate estate = estate_with(topology::barabasi_albert(size, 3, 5));
  Model model = plain(estate);
  add_chances(model);
  add_rules(model);
  const Draws draws(5, 0);
  LinkPlay fast(model);
  fast.play(draws);
  const oracle::FirstPassage passage(model, zone(0), draws);
  std::size_t over_links = 0;
  for (const Step& step : fast.trace()) {
    if (step.what != Transition::infected || step.source == no_host) continue;
    ++over_links;
    const auto row = estate.links_of(zone(0))->row(step.source);
    const auto place = std::find(row.begin(), row.end(), static_cast<std::uint32_t>(step.host)) - row.begin();
    REQUIRE(place < static_cast<std::ptrdiff_t>(row.size()));
    CHECK(passage.arrival(static_cast<std::uint32_t>(step.source), static_cast<std::uint32_t>(place),
                          fast.wave().infected_at(step.source)) == step.time);
  }
  CHECK(over_links > 20);
}

TEST_CASE("However slow links are, and however late the worm comes, the fast play ends and says the same") {
  EdgeList graph = topology::star(size);
  graph.weights.assign(graph.edges.size(), 1e-12f);
  graph.weights[0] = 1;
  for (const auto& [mean, weights] : {std::pair(36e6, false), {36e7, false}, {3600.0, true}, {1e13, true}}) {
    EdgeList copy = graph;
    if (!weights) copy.weights.clear();
    const Estate estate = estate_with(std::move(copy));
    Model model = plain(estate);
    model.horizon = Instant{} + 24h * 300;
    model.worm.transmissions = {exponential_of(mean)};
    model.worm.activity.reset();
    model.entries = {entry_of({host(0)}, Instant{} + 24h * 40)};
    REQUIRE(spreads_over_links_alone(model));
    LinkPlay fast(model);
    Play play(model, Draws(3, 0));
    play.run();
    fast.play(Draws(3, 0));
    CHECK(same(sorted(play.trace()), sorted(fast.trace())));
  }
}
