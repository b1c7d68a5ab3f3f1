#include "sim/archive/replay_code.h"

#include "sim/archive/digest.h"
#include "sim/base/error.h"

namespace trustfall {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::uint64_t row_bits = 30;

std::uint64_t checksum(const Results& results) {
  const Manifest& m = results.manifest;
  std::string all = results.scenario + '\n' + std::to_string(m.seed) + '\n' + m.engine;
  for (std::size_t i = 1; i < results.inputs.size();
       ++i)  // the first is the scenario file, whose comments do not count
    all += '\n' + results.inputs[i].name + '\n' + sha256(results.inputs[i]);
  return short_digest(all) >> (64 - row_bits);
}

int digit(char c) {
  c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const auto at = digits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

[[noreturn]] void refuse(const std::string& code, std::string why) {
  throw InputError(
      {{"replay code", {1, 1, static_cast<int>(code.size())}, Severity::error, std::move(why), {}, code}});
}

}  // namespace

std::string replay_code(const Results& results, std::size_t strategy, std::uint32_t replicate) {
  const std::uint64_t row = strategy * results.manifest.replicates + replicate;
  std::uint64_t value = checksum(results) << row_bits | row;
  std::string code(12, '0');
  for (std::size_t i = code.size(); i-- > 0; value >>= 5) code[i] = digits[value & 31];
  return code;
}

PlayRow find_play(const Results& results, const std::string& code) {
  if (code.size() < 8 && code.find_first_not_of("0123456789") == std::string::npos && !code.empty()) {
    const auto replicate = static_cast<std::uint32_t>(std::stoul(code));
    if (replicate >= results.manifest.replicates)
      refuse(code, "these results have replicates 0 to " + std::to_string(results.manifest.replicates - 1));
    return {0, replicate};
  }
  std::uint64_t value = 0;
  int length = 0;
  for (const char c : code) {
    if (c == '-') continue;
    if (digit(c) < 0) refuse(code, std::string("'") + c + "' does not occur in replay codes");
    value = value << 5 | static_cast<std::uint64_t>(digit(c));
    if (++length > 12) break;
  }
  if (length != 12) refuse(code, "a replay code has twelve characters");
  if (value >> row_bits != checksum(results))
    refuse(code, "the code belongs to another scenario, seed or engine version");
  const std::uint64_t row = value & ((std::uint64_t{1} << row_bits) - 1);
  const std::uint32_t replicates = results.manifest.replicates;
  if (replicates == 0 || row / replicates >= results.strategies.size())
    refuse(code, "these results have no such play");
  return {row / replicates, static_cast<std::uint32_t>(row % replicates)};
}

}  // namespace trustfall
