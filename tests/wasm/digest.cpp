// Plays a packed model and prints a digest of all that happened in each replicate, to compare one build of the core
// with another: digest IMAGE SEED REPLICATES
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "models/image.h"
#include "models/metrics.h"
#include "models/play.h"

namespace {

using namespace trustfall;

/// FNV-1a, 64 bits, of numbers as little-endian bytes.
class Digest {
 public:
  void add(std::uint64_t number, int bytes = 8) {
    for (int i = 0; i < bytes; ++i) value_ = (value_ ^ (number >> (8 * i) & 0xff)) * 0x100000001b3u;
  }
  void add(double number) {
    std::uint64_t bits = 0;
    if (number == number) std::memcpy(&bits, &number, sizeof bits);  // NaN has many patterns of bits
    add(bits);
  }
  unsigned long long value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

Digest digest_of(const Trace& trace) {
  Digest digest;
  for (const Step& step : trace) {
    digest.add(static_cast<std::uint64_t>(step.time.time_since_epoch().count()));
    digest.add(static_cast<std::uint64_t>(step.detail));
    digest.add(index(step.host), 4);
    digest.add(static_cast<std::uint32_t>(step.source), 4);
    digest.add(static_cast<std::uint32_t>(step.zone), 4);
    digest.add(static_cast<std::uint8_t>(step.what), 1);
  }
  return digest;
}

Digest digest_of(const Outcome& outcome) {
  Digest digest;
  for (const double metric : outcome.metrics) digest.add(metric);
  for (const std::uint32_t count : outcome.series) digest.add(count, 4);
  for (const OrganisationOutcome& organisation : outcome.organisations) {
    digest.add(index(organisation.organisation), 4);
    digest.add(organisation.infected, 4);
    digest.add(organisation.encrypted, 4);
  }
  return digest;
}

std::vector<std::uint8_t> read_file(const char* name) {
  std::vector<std::uint8_t> content;
  std::FILE* file = std::fopen(name, "rb");
  if (file == nullptr) return content;
  std::uint8_t block[1 << 16];
  while (const std::size_t size = std::fread(block, 1, sizeof block, file))
    content.insert(content.end(), block, block + size);
  std::fclose(file);
  return content;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return std::fputs("digest IMAGE SEED REPLICATES\n", stderr), 2;
  const Unpacked unpacked = unpack(read_file(arguments[1]));
  if (!unpacked.estate) {
    std::fprintf(stderr, "%s: %s\n", arguments[1], std::string(unpacked.refused).c_str());
    return 1;
  }
  const std::uint64_t seed = std::strtoull(arguments[2], nullptr, 10);
  const auto replicates = static_cast<std::uint32_t>(std::strtoul(arguments[3], nullptr, 10));

  Play play(unpacked.model, Draws(seed, 0));
  std::chrono::duration<double, std::milli> spent{};
  for (std::uint32_t replicate = 0; replicate < replicates; ++replicate) {
    const auto start = std::chrono::steady_clock::now();
    play.reset(Draws(seed, replicate));
    play.run();
    spent += std::chrono::steady_clock::now() - start;
    const Trace trace = play.trace();
    std::printf("replicate %u: %u events %016llx, metrics %016llx\n", static_cast<unsigned>(replicate),
                static_cast<unsigned>(trace.size()), digest_of(trace).value(), digest_of(measure(play)).value());
  }
  std::fprintf(stderr, "%.2f ms a play\n", spent.count() / replicates);
  return 0;
}
