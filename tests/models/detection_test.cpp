#include <catch2/catch.hpp>

#include "tests/support/statistics.h"
#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

constexpr Instant t0{};
using Scope = Isolation::Scope;

Distribution exponential_of(double mean) { return {Distribution::Shape::exponential, mean, 0, {}, {}}; }

/// Two organisations; A has two sites: north with segments 0 and 1, south with segment 2; B one with segment 3. Two
/// hosts in each segment; zone kind 0 joins all.
Estate two_organisations() {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("north");
  add_lan(builder, {{{2}}, "n"});
  add_lan(builder, {{{2}}, "n"});
  builder.add_site("south");
  add_lan(builder, {{{2}}, "n"});
  add_organisation(builder, "B", {{{{2}}, "n"}});
  builder.add_zones("everyone", EstateBuilder::Pool::everyone, 8, all_of(builder));
  return builder.build();
}

/// Host 0 is infected at the start, detected after an hour and its scope isolated half an hour later; nobody scans.
Model isolating(const Estate& estate, Scope scope, std::optional<Distribution> lasts = {}) {
  Model model = model_of(estate, {0}, 24h);
  model.entries = {entry_of({host(0)})};
  model.detection = Detection{.dwell = fixed(3600),
                              .share = 1,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{scope, fixed(1800), std::move(lasts)}};
  return model;
}

std::vector<int> isolated_segments(const Play& play) {
  std::vector<int> result;
  for (std::size_t s = 0; s < play.model().estate->segments(); ++s)
    result.push_back(play.incident().isolated(segment(s)));
  return result;
}

}  // namespace

TEST_CASE("An infection is noticed after its dwell time, or when its note is seen") {
  const Draws draws(131, 0);
  Detection detection;
  detection.dwell = fixed(4 * 3600);
  detection.note_seen = fixed(1800);
  detection.share = 1;
  CHECK(detection.noticed_at(host(0), t0 + 1h, never, draws) == t0 + 5h);
  CHECK(detection.noticed_at(host(0), t0 + 1h, t0 + 2h, draws) == t0 + 2h + 30min);
  CHECK(detection.noticed_at(host(0), t0 + 1h, t0 + 4h + 40min, draws) == t0 + 5h);
  CHECK(detection.noticed_at(host(0), t0 + 1h, t0 + 9h, draws) == t0 + 5h);
  detection.share = 0;
  CHECK(detection.noticed_at(host(0), t0 + 1h, never, draws) == never);
  CHECK(detection.noticed_at(host(0), t0 + 1h, t0 + 9h, draws) == t0 + 9h + 30min);
}

TEST_CASE("A share of the infections is noticed, and those nest") {
  Detection few;
  few.dwell = exponential_of(3600);
  few.share = 0.3;
  Detection many = few;
  many.share = 0.8;
  double noticed = 0;
  for (std::size_t h = 0; h < 2000; ++h) {
    const Draws draws(132, 0);
    const Instant rarely = few.noticed_at(host(h), t0, never, draws);
    const Instant often = many.noticed_at(host(h), t0, never, draws);
    CHECK(often <= rarely);
    noticed += rarely != never;
  }
  CHECK(stats::within_five_errors(noticed, 2000, 0.3));
}

TEST_CASE("Every infected host of a play is detected once, at the moment reckoned") {
  const Estate estate = one_segment(200, 200);
  Model model = model_of(estate, {0.1}, 1h);
  model.entries = {entry_of({host(0)})};
  model.worm.encryption = Encryption{1, {}};
  model.worm.encryption->data[0] = exponential_of(300);
  model.detection =
      Detection{.dwell = exponential_of(400), .share = 0.6, .note_seen = exponential_of(60), .isolation = {}};
  Play play(model, Draws(133, 0));
  play.run();
  const Incident& incident = play.incident();
  const auto infected = infection_times(incident);
  std::size_t detected = 0;
  for (std::size_t h = 0; h < 200; ++h) {
    if (infected[h] == never) continue;
    const auto work = model.worm.encryption_time(host(h), DeviceClass::workstation, incident.draws());
    const Instant expected = model.detection->noticed_at(host(h), infected[h], infected[h] + *work, incident.draws());
    CHECK(time_of(incident, host(h), Transition::detected) == (expected < model.horizon ? expected : never));
    detected += expected < model.horizon;
  }
  CHECK(count_of(incident, Transition::detected) == detected);
  CHECK(detected > 150);
}

TEST_CASE("Isolation takes the host, its segment, its site or its organisation, so long after the detection") {
  const Estate estate = two_organisations();
  const auto after = [&](Scope scope) {
    const Model model = isolating(estate, scope);
    Play play(model, Draws(134, 0));
    play.run(t0 + 90min);
    CHECK(isolated_segments(play) == std::vector<int>{0, 0, 0, 0});
    CHECK_FALSE(play.incident().isolated(host(0)));
    play.run();
    CHECK(play.incident().isolated(host(0)) == (scope == Scope::host));
    CHECK(count_of(play.incident(), Transition::isolated) == (scope == Scope::host ? 1 : 0));
    return isolated_segments(play);
  };
  CHECK(after(Scope::host) == std::vector<int>{0, 0, 0, 0});
  CHECK(after(Scope::segment) == std::vector<int>{1, 0, 0, 0});
  CHECK(after(Scope::site) == std::vector<int>{1, 1, 0, 0});
  CHECK(after(Scope::organisation) == std::vector<int>{1, 1, 1, 0});
}

TEST_CASE("The last site of an organisation is isolated alone too") {
  const Estate estate = two_organisations();
  Model model = isolating(estate, Scope::site);
  model.entries = {entry_of({host(5)}), entry_of({host(6)})};
  Play play(model, Draws(135, 0));
  play.run();
  CHECK(isolated_segments(play) == std::vector<int>{0, 0, 1, 1});
}

TEST_CASE("An isolation that lasts ends, and of two that overlap the later end counts") {
  const Estate estate = two_organisations();
  Model model = isolating(estate, Scope::segment, fixed(2 * 3600));
  model.entries = {entry_of({host(0)}), entry_of({host(1)}, t0 + 1h)};
  // Host 0: 1.5 h to 3.5 h; host 1: 2.5 h to 4.5 h.
  Play play(model, Draws(136, 0));
  const auto isolated_at = [&](Duration time) {
    play.run(t0 + time + 1ns);
    return play.incident().isolated(segment(0));
  };
  CHECK_FALSE(isolated_at(89min));
  CHECK(isolated_at(90min));
  CHECK(isolated_at(3h + 29min));
  CHECK(isolated_at(3h + 31min));
  CHECK(isolated_at(4h + 29min));
  CHECK_FALSE(isolated_at(4h + 30min));
}

TEST_CASE("An isolation of the exercise and one after a detection add up") {
  const Estate estate = two_organisations();
  const Model model = isolating(estate, Scope::organisation, fixed(2 * 3600));
  Play play(model, Draws(137, 0));
  play.schedule(t0 + 3h, {Change::Kind::isolate_organisation, org(0)});
  play.schedule(t0 + 5h, {Change::Kind::reconnect_organisation, org(0)});
  play.run(t0 + 4h);
  CHECK(play.incident().isolated(segment(2)));  // from 1.5 h to 3.5 h after the detection, from 3 h by hand
  play.run(t0 + 5h);
  CHECK(play.incident().isolated(segment(2)));
  play.run();
  CHECK(isolated_segments(play) == std::vector<int>{0, 0, 0, 0});
}

TEST_CASE("Nobody infects from or into what is isolated") {
  const Estate estate = two_organisations();
  for (std::uint32_t r = 0; r < 100; ++r) {
    Model model = isolating(estate, Scope::segment, exponential_of(1800));
    model.worm.rates = {1.0 / 1000};
    model.detection->dwell = exponential_of(1200);
    Play play(model, Draws(138, r));
    play.run();
    // Follow the isolations by hand from the steps.
    std::vector<std::vector<std::pair<Instant, Instant>>> cut(estate.segments());
    for (const Step& step : play.incident().trace())
      if (step.what == Transition::detected) {
        const Draws& draws = play.incident().draws();
        const Instant from = step.time + 30min;
        cut[index(estate.segment_of(step.host))].emplace_back(
            from, from + span_of(*model.detection->isolation->lasts, Purpose::isolation_end, step.host, draws));
      }
    for (const Step& step : play.incident().trace()) {
      if (step.what != Transition::infected || step.source == no_host) continue;
      for (const HostId end : {step.host, step.source})
        for (const auto& [from, until] : cut[index(estate.segment_of(end))])
          CHECK_FALSE((from <= step.time && step.time < until));
    }
    CHECK(play.incident().consistent());
  }
}

TEST_CASE("A host that is isolated infects nobody from then on") {
  const Estate estate = one_segment(300, 300);
  Model model = model_of(estate, {0.2}, 1h);
  model.entries = {entry_of({host(0)})};
  model.detection = Detection{.dwell = exponential_of(8),
                              .share = 1,
                              .note_seen = fixed(1800),
                              .isolation = Isolation{Scope::host, fixed(2), {}}};
  Play play(model, Draws(139, 0));
  play.run();
  std::size_t fell = 0;
  for (const Step& step : play.incident().trace()) {
    if (step.what != Transition::infected || step.source == no_host) continue;
    CHECK(step.time <= time_of(play.incident(), step.source, Transition::isolated));
    ++fell;
  }
  CHECK(fell > 50);
}

TEST_CASE("Who is found by the note at once has been encrypted, though isolated at the same moment") {
  const Estate estate = one_segment(1, 1);
  Model model = isolating(estate, Scope::host);
  model.worm.encryption = Encryption{1, {}};
  for (auto& data : model.worm.encryption->data) data = fixed(3600);
  model.detection->share = 0;
  model.detection->note_seen = fixed(0);
  model.detection->isolation->delay = fixed(0);
  const auto check = [&] {
    Play play(model, Draws(134, 0));
    play.run();
    for (const Transition what : {Transition::encrypted, Transition::detected, Transition::isolated})
      CHECK(time_of(play.incident(), host(0), what) == t0 + 1h);
    CHECK(play.encrypted_at(host(0)) == t0 + 1h);
  };
  check();
  model.warning = Warning{};  // now the course may change
  check();
}
