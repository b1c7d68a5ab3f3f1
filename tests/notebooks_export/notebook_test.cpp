#include "notebooks_export/notebook.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/support/small_results.h"

using namespace trustfall;
using Json = nlohmann::json;

namespace {

Json notebook(const Results& results) { return Json::parse(notebook_json(results)); }

std::string source(const Json& cell) {
  std::string text;
  for (const Json& line : cell["source"]) text += line.get<std::string>();
  return text;
}

bool has_cell(const Json& of, const std::string& id) {
  return std::any_of(of["cells"].begin(), of["cells"].end(), [&](const Json& cell) { return cell["id"] == id; });
}

}  // namespace

TEST_CASE("A notebook is what Jupyter's format 4.5 asks for") {
  const Json of = notebook(small::results());
  CHECK(of["nbformat"] == 4);
  CHECK(of["nbformat_minor"] == 5);
  CHECK(of["metadata"]["kernelspec"]["name"] == "python3");
  std::set<std::string> ids;
  const std::regex id("[a-zA-Z0-9_-]{1,64}");
  for (const Json& cell : of["cells"]) {
    INFO(cell["id"]);
    CHECK(std::regex_match(cell["id"].get<std::string>(), id));
    CHECK(ids.insert(cell["id"]).second);
    CHECK(cell["metadata"].is_object());
    const std::string text = source(cell);
    CHECK_FALSE(text.empty());
    CHECK(text.front() != '\n');
    CHECK(text.back() != '\n');
    for (std::size_t i = 0; i < cell["source"].size(); ++i) {
      const std::string line = cell["source"][i];
      CHECK(line.find('\n') == (i + 1 < cell["source"].size() ? line.size() - 1 : std::string::npos));
    }
    CHECK(cell.contains("outputs") == (cell["cell_type"] == "code"));
    CHECK(cell.contains("execution_count") == (cell["cell_type"] == "code"));
  }
}

TEST_CASE("Every code cell is explained by the text above it") {
  const Json of = notebook(small::results());
  std::string before;
  for (const Json& cell : of["cells"]) {
    // The picture of the strategies goes with their table.
    if (cell["cell_type"] == "code" && cell["id"] != "strategies-picture") {
      INFO(cell["id"]);
      CHECK(before == "markdown");
    }
    before = cell["cell_type"];
  }
}

TEST_CASE("The heading tells what was played, and a scenario's name means nothing but itself") {
  const std::string text = source(notebook(small::results())["cells"][0]);
  CHECK(text.rfind("# A \\<b\\> \\& \"c\" \xf0\x9f\x8f\xa5 \n", 0) == 0);
  CHECK(text.find("<b>") == std::string::npos);
  for (const char* part :
       {"7 hosts in 3 organisations", "baseline: 3 replicates", "18446744073709551615", "worm.latency=1min",
        "Trustfall 0.1.0, engine 3, GCC 12", "To cite: The Trustfall developers"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("No name of a scenario gets into the code") {
  Results other = small::results();
  other.manifest.scenario = "x\"\"\"\nimport os";
  other.strategies[1].name = "'); evil('";
  const auto code = [](const Json& of) {
    std::string all;
    for (const Json& cell : of["cells"])
      if (cell["cell_type"] == "code") all += source(cell);
    return all;
  };
  CHECK(code(notebook(other)) == code(notebook(small::results())));
}

TEST_CASE("Strategies and organisations are compared only where there are several") {
  Results one = small::results();
  const Json several = notebook(one);
  one.strategies.resize(1);
  one.organisations.resize(1);
  const Json alone = notebook(one);
  for (const std::string id : {"strategies-about", "strategies", "strategies-picture", "organisations"}) {
    INFO(id);
    CHECK(has_cell(several, id));
    CHECK_FALSE(has_cell(alone, id));
  }
  for (const std::string id : {"table", "distribution", "fan"}) CHECK(has_cell(alone, id));
  CHECK_FALSE(has_cell(several, "sweep"));
  const Json sweep = Json::parse(sweep_notebook_json(one, 12));
  CHECK(has_cell(sweep, "sweep"));
  CHECK(source(sweep["cells"][0]).find("12 points") != std::string::npos);
}
