#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sim/archive/results_file.h"
#include "sim/base/error.h"
#include "tests/support/program.h"

using namespace trustfall;

namespace {

const std::string plain = std::string(TRUSTFALL_SOURCE_DIR) + "/scenarios/plain-si.yaml";

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

}  // namespace

TEST_CASE("A results file that lacks its end, or of which a bit is wrong, is refused") {
  const Folder folder;
  REQUIRE(program("run " + plain + " --replicates 3 --seed 1 --quiet --out " + (folder / "out")).code == 0);
  const std::string whole = content(folder / "out/results.tfr");
  const std::string path = folder / "changed.tfr";
  write(path, whole);
  CHECK_NOTHROW(load_results(path));
  for (const std::size_t less : {1u, 4u, 8u, 9u, 100u}) {
    write(path, whole.substr(0, whole.size() - less));
    CHECK_THROWS_AS(load_results(path), InputError);
  }
  for (std::size_t at = 0; at < whole.size(); at += whole.size() / 50) {
    if (at >= 3 && at < 10) continue;  // flags and time of the header say nothing of the content
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    write(path, bytes);
    CHECK_THROWS_AS(load_results(path), InputError);
  }
  write(path, "");
  CHECK_THROWS_AS(load_results(path), InputError);
  write(path, "not zipped");
  CHECK_THROWS_AS(load_results(path), InputError);
  CHECK_THROWS_AS(load_results(folder / "missing.tfr"), FileError);
}
