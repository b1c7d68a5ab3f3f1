// Packs what a scenario describes, for programs that cannot read scenarios: pack SCENARIO IMAGE
#include <exception>
#include <fstream>
#include <iostream>

#include "models/image.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"

int main(int count, char** arguments) {
  using namespace trustfall;
  if (count != 3) return std::cerr << "pack SCENARIO IMAGE\n", 2;
  try {
    const std::string path = arguments[1];
    Document document = read_scenario(path);
    std::vector<InputFile> inputs;
    const std::vector<std::uint8_t> image = pack(build_experiment(document, files_beside(path), inputs)->model);
    std::ofstream out(arguments[2], std::ios::binary);
    out.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
    return out.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
