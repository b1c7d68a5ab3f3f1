#include <sys/resource.h>

#include <random>

#include "tests/scenarios/reading.h"
#include "tests/support/program.h"

using namespace trustfall;
namespace fs = std::filesystem;

namespace {

/// Most memory that the process ever had, in MB; 0 under a sanitizer, which keeps what was freed.
long peak_memory() {
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
#endif
}

/// Reads and forgets: what matters is to come back, soon, with a word on what is wrong if anything is.
void survive(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  const long before = peak_memory();
  const Document document = read(text);
  REQUIRE(peak_memory() - before < 250);
  for (const Mistake& mistake : document.mistakes) REQUIRE(describe(mistake).size() < 5000);
  REQUIRE(seconds_since(start) < 20);  // megabytes under a sanitizer; a scenario takes milliseconds
}

}  // namespace

TEST_CASE("A file of 200 MB is refused without being read") {
  const Folder own;
  const fs::path path = own / "huge.yaml";
  std::ofstream(path) << "name: huge\n";
  fs::resize_file(path, 200000000);
  const auto start = std::chrono::steady_clock::now();
  CHECK(told(read_scenario(path.string())) ==
        "huge.yaml: error: the file is larger than 512 KiB, which no scenario is\n");
  CHECK(seconds_since(start) < 1);
}

TEST_CASE("Nesting is cut before it costs anything") {
  const std::size_t many = 500000;
  for (const char* part : {"[", "{", "[{", "- ", "? ", "{a: ", "[a, ", "[\n", "[]", "{}, ", "- - "})
    survive(repeated(part, many / std::string(part).size()));
  std::string steps;
  for (std::size_t i = 0; i < 1400; ++i) steps += std::string(i, ' ') + "a:\n";
  survive(steps);
  survive(minimal("detection: ") + steps);
}

TEST_CASE("Aliases are refused, so that nothing can refer to itself or multiply") {
  CHECK(tells(read("a: &a\n  b: *a\n"), "an alias (*) is not read here"));
  std::ostringstream bomb;
  bomb << "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = std::string("*a").append(std::to_string(i - 1)).append(", ");
    bomb << "a" << i << ": &a" << i << " [" << repeated(before, 9) << "]\n";
  }
  CHECK(tells(read(bomb.str()), "an alias (*) is not read here"));
}

TEST_CASE("Files of half a megabyte that are wrong from end to end are told so in a few lines", "[slow]") {
  survive(repeated("a: b\n", 100000));
  survive(repeated("a\n", 250000));
  survive(repeated("&a ", 150000));
  survive(repeated("*a ", 150000));
  survive(repeated("---\n", 250000));
  survive(repeated("- |\n", 100000));
  survive("{" + repeated("!,", 260000));
  survive("{" + repeated("a,", 260000));
  survive("\"" + repeated("x", 500000));
  survive("'" + repeated("''", 250000));
  survive(repeated("x", 500000) + ": 1\n");
  survive(minimal("firewalls: {" + repeated("a: {}, ", 70000) + "}\n"));
  survive(minimal("patching: {coverage: 62%, groups: {g: {where: {codes: [" + repeated("a,", 250000) + "]}}}}\n"));
  std::string references = minimal("firewalls:\n");
  for (int i = 0; i < 20000; ++i)
    references += "  r" + std::to_string(i) + ": {zone: lam" + std::to_string(i) + "}\n";
  survive(references);
  CHECK(read(references).mistakes.size() <= 1001);
}

TEST_CASE("Bytes that no text has are refused") {
  CHECK(tells(read(std::string("name: a\0b\n", 10)), "text.yaml:1:8: error: this is not a text file"));
  CHECK(tells(read("name: caf\xe9\n"), "this is not a text file"));
  CHECK(tells(read("\xff\xfen\0a\0"), "this is not a text file"));
  CHECK(tells(read("name: \xed\xa0\n"), "this is not a text file"));
  CHECK(tells(read(""), "the file says nothing"));
  CHECK(tells(read("\n\n# only this\n"), "the file says nothing"));
  CHECK(tells(read("~\n"), "a scenario consists of lines"));
}

TEST_CASE("A valid file that is cut at any byte is read or refused", "[slow]") {
  const std::string text = contents(folder / "valid.yaml");
  REQUIRE(text.size() > 3000);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Document document = read(text.substr(0, size));
    const bool whole = text.find_first_not_of(" \n", size) == std::string::npos;
    if (document.mistakes.empty() && !whole) {
      // A cut is silent only where all that is required has been said and a value is complete by itself.
      INFO(text.substr(0, size).substr(size > 60 ? size - 60 : 0));
      CHECK(size > text.find("entries:"));
    }
  }
}

TEST_CASE("A valid file with any bytes changed is read or refused", "[slow]") {
  const std::string text = contents(folder / "valid.yaml");
  const std::string odd = "{}[]:,-?&*!|>'\"%@`#\n\t ~0e+.\x80\xff";
  std::mt19937 random(20170512);
  for (int round = 0; round < 2000; ++round) {
    std::string changed = text;
    const int changes = static_cast<int>(random() % 4) + 1;
    for (int i = 0; i < changes; ++i) {
      const std::size_t at = random() % changed.size();
      switch (random() % 4) {
        case 0:
          changed[at] = odd[random() % odd.size()];
          break;
        case 1:
          changed.insert(at, 1, odd[random() % odd.size()]);
          break;
        case 2:
          changed.erase(at, random() % 8 + 1);
          break;
        default:
          changed.insert(at, changed.substr(random() % changed.size(), random() % 40));
          break;
      }
    }
    for (const Mistake& mistake : read(changed).mistakes) REQUIRE_FALSE(describe(mistake).empty());
  }
}
