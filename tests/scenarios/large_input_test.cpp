#include <algorithm>

#include "scenarios/experiment.h"
#include "scenarios/files.h"
#include "scenarios/reader.h"
#include "scenarios/vertex_ids.h"
#include "sim/archive/digest.h"
#include "sim/archive/replay_code.h"
#include "sim/archive/results_file.h"
#include "sim/study/study.h"
#include "sim/study/summary.h"
#include "tests/scenarios/reading.h"
#include "tests/support/program.h"
#include "viz_export/text.h"

// A graph that is too large for the results: they keep its digest, and a replay looks for the file. Here "too large"
// is what has more bytes than a test says.

using namespace trustfall;

namespace {

const std::string ring = "source,target\na,b\nb,c\nc,d\nd,e\ne,f\nf,a\n";

/// A folder with a graph, a scenario that plays it, and the results of three plays.
struct Study {
  Folder own;
  Results results;
  std::string code;

  explicit Study(std::uint64_t kept) {
    std::ofstream(own / "g.csv", std::ios::binary) << ring;
    std::ofstream(own / "s.yaml") << "name: plain\nstart: 2017-05-12T08:00:00Z\nplain: {graph: g.csv, transmission: "
                                     "1/h, removal: 1/h}\nstudy: {seed: 1, replicates: 3}\n";
    Document document = read_scenario(own / "s.yaml", {});
    std::vector<InputFile> inputs = {{"s.yaml", content(own / "s.yaml")}};
    const auto experiment = build_experiment(document, files_beside(own / "s.yaml", kept), inputs);
    results = describe_results(*experiment, document, inputs);
    StudyOptions options;
    options.replicates = 3;
    results.strategies = {run_study(player_maker(experiment), options, 0)};
    results.strategies[0].scenario = played_scenario(document);
    code = replay_code(results, 0, 1);
    std::filesystem::create_directory(own / "out");
    save_results(results, own / "out/results.tfr");
  }
  Ran replay(const std::string& from = ".") const {
    return program("replay " + code + " --from '" + (own / "out/results.tfr") + "'", own / from);
  }
};

bool says(const Ran& ran, const std::string& part) {
  UNSCOPED_INFO(ran.out + ran.err);
  return ran.err.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Of an input above the limit results keep size and digest, and everything hashed stays the same") {
  const Study whole(ring.size());
  const Study large(ring.size() - 1);
  REQUIRE(whole.results.inputs.size() == 2);
  REQUIRE(large.results.inputs.size() == 2);
  CHECK(whole.results.inputs[1].content == ring);
  CHECK(whole.results.inputs[1].whole());
  CHECK(large.results.inputs[1].content.empty());
  CHECK_FALSE(large.results.inputs[1].whole());

  const InputFile loaded = load_results(large.own / "out/results.tfr").inputs[1];
  CHECK(loaded.name == "g.csv");
  CHECK(loaded.content.empty());
  CHECK(loaded.bytes == ring.size());
  CHECK(loaded.digest == sha256(ring));
  CHECK(load_results(whole.own / "out/results.tfr").inputs[1].content == ring);
  CHECK(sha256(large.results.inputs[1]) == sha256(whole.results.inputs[1]));
  CHECK(large.code == whole.code);
}

TEST_CASE("A replay needs no file for a graph that is whole in the results, and finds a large one") {
  const Study whole(ring.size());
  std::filesystem::remove(whole.own / "g.csv");
  CHECK(whole.replay().code == 0);

  const Study large(0);
  const Ran told = large.replay();  // called from the folder of the scenario
  CHECK(told.code == 0);
  CHECK(told.out == whole.replay().out);
  std::filesystem::rename(large.own / "g.csv", large.own / "out/g.csv");
  CHECK(large.replay().out == told.out);  // found beside the results
  CHECK(large.replay("out").code == 0);
  std::ofstream(large.own / "g.csv") << "another,graph\n";
  CHECK(large.replay().out == told.out);  // of the two, that of the right size
}

TEST_CASE("A replay refuses a large graph that is missing or another one") {
  const Study large(0);
  std::string changed = ring;
  changed.back() = ' ';
  for (const std::string& other : {changed, ring + "a,b\n", std::string("a,b\nc\n"), std::string()}) {
    INFO(other);
    std::ofstream(large.own / "g.csv", std::ios::binary) << other;
    const Ran ran = large.replay();
    CHECK(ran.code == 3);
    CHECK(says(ran, "g.csv: error: is not the file that was played"));
    CHECK(says(ran, "put back the file as it was, or run the scenario again"));
  }
  std::filesystem::remove(large.own / "g.csv");
  const Ran ran = large.replay();
  CHECK(ran.code == 3);
  CHECK(says(ran, "out/results.tfr: error: the results know g.csv by its SHA-256 only"));
  CHECK(says(ran, "put it into the folder of the results"));
}

TEST_CASE("A file above what is asked for is refused, and read in pieces below it") {
  const Folder own;
  const std::string text = repeated("0123456789", 300000);
  std::ofstream(own / "g") << text;
  const ReadFile read_file = files_beside(own / "s.yaml");
  CHECK_THROWS_AS(read_file("g", text.size() - 1, [](std::string_view) {}), FileError);
  std::string taken;
  int pieces = 0;
  const InputFile input = read_file("g", text.size(), [&](std::string_view piece) {
    taken += piece;
    ++pieces;
  });
  CHECK(taken == text);
  CHECK(pieces > 1);
  CHECK(input.content == text);
  CHECK_THROWS_AS(read_list(read_file, "h"), FileError);
}

TEST_CASE("Two groups of links may have the same file") {
  const Folder own;
  std::ofstream(own / "g.csv") << ring;
  std::ofstream(own / "s.yaml")
      << "name: links\nstart: 2017-05-12T08:44:00+01:00\nestate:\n"
         "  organisations:\n    all: {kind: company, count: 1, networks: {flat: {hosts: 6, "
         "devices: {workstation: 100%}}}}\n"
         "  systems: {workstation: {windows_7: 100%}}\n  links: {a: {graph: g.csv}, b: {graph: g.csv}}\n"
         "worm: {links: {a: {exponential: 1h}, b: {exponential: 2h}}, chances: {windows_7: 60%}}\n"
         "entries: {first: {hosts: {count: 1}}}\n";
  Document document = read_scenario(own / "s.yaml", {});
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(own / "s.yaml", 0), inputs);
  CHECK(inputs.size() == 1);
  REQUIRE(experiment->estate.zones() == 2);
  for (const std::uint32_t zone : {0u, 1u}) CHECK(experiment->estate.links_of(ZoneId{zone})->size() == 12);
}

TEST_CASE("Ids of any length have their numbers, however many there are") {
  VertexIds ids;
  const auto id = [](std::uint32_t i) { return repeated("x", i % 40) + std::to_string(i); };
  for (std::uint32_t i = 0; i < 20000; ++i) CHECK(ids.number(id(i)) == std::pair(i, true));
  for (std::uint32_t i = 20000; i-- > 0;) CHECK(ids.number(id(i)) == std::pair(i, false));
  CHECK(ids.size() == 20000);
  CHECK(ids.id_of(12345) == id(12345));
  CHECK(ids.number("") == std::pair(20000u, true));
  CHECK(ids.number(std::string_view("\0", 1)) == std::pair(20001u, true));
}

TEST_CASE("The SHA-256 of pieces is that of the whole") {
  Sha256 digest;
  for (const char* piece : {"a", "", "bc"}) digest.take(piece);
  CHECK(digest.hexadecimal() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(short_digest("abc") == 0xba7816bf8f01cfea);
}

TEST_CASE("Of plays with too many infected hosts no trace is kept, but their codes are") {
  const Study study(0);
  Document document = read_scenario(study.own / "s.yaml", {});
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(study.own / "s.yaml"), inputs);
  StudyOptions options;
  options.replicates = 40;
  const std::size_t ranking = metric_index(study.results.metrics, "hosts_infected");
  options.most_traced = 3;
  Results results = study.results;
  results.strategies = {run_study(player_maker(experiment), options, ranking)};
  results.strategies[0].scenario = study.results.strategies[0].scenario;
  save_results(results, study.own / "out/results.tfr");
  const StrategyResults loaded = load_results(study.own / "out/results.tfr").strategies[0];
  REQUIRE(loaded.traces.size() == 6);
  for (const KeptTrace& kept : loaded.traces) {
    const double infected = loaded.outcomes[kept.replicate].metrics[ranking];
    INFO(kept.percentile << ": " << infected);
    CHECK(kept.left_out == (infected > 3));
    CHECK(kept.trace.empty() == kept.left_out);
  }
  CHECK_FALSE(loaded.traces.front().left_out);
  CHECK(loaded.traces.back().left_out);
  const std::string text = summary_text(results);
  CHECK(text.find("are not kept event by event; `trustfall replay` plays them again") != std::string::npos);
  CHECK(text.find(replay_code(results, 0, loaded.traces.back().replicate)) != std::string::npos);
  CHECK(summary_text(study.results).find("are not kept event by event") == std::string::npos);

  REQUIRE(
      program("export '" + (study.own / "out/results.tfr") + "' --to graphml --out '" + (study.own / "trees") + "'")
          .code == 0);
  std::size_t trees = 0;
  for (const auto& entry : std::filesystem::directory_iterator(study.own / "trees"))
    trees += entry.path().filename().string().rfind("tree-", 0) == 0;
  CHECK(trees == static_cast<std::size_t>(std::count_if(loaded.traces.begin(), loaded.traces.end(),
                                                        [](const KeptTrace& kept) { return !kept.left_out; })));
}
