// libFuzzer target: whatever the bytes, the reader comes back with a document, soon and in little memory. The part
// before a line `--set` is the file; each line after it is a setting.
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined ... && timeout -s KILL 180 ./reader_fuzz CORPUS
//       -rss_limit_mb=1000 -timeout=10
#include <cstddef>
#include <cstdint>
#include <sstream>

#include "scenarios/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trustfall;
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t split = all.find("\n--set\n");
  std::vector<std::string> settings;
  if (split != std::string::npos) {
    std::istringstream in(all.substr(split + 7));
    for (std::string line; std::getline(in, line);) settings.push_back(line);
  }
  const Document document = read_scenario_text("fuzz.yaml", all.substr(0, split), settings);
  try {
    throw_if_mistaken(document);
  } catch (const InputError& error) {
    if (error.mistakes().empty() || error.what()[0] == '\0') __builtin_trap();
  }
  return 0;
}
