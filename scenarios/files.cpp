#include "scenarios/files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/archive/digest.h"
#include "sim/base/error.h"

namespace trustfall {
namespace {

namespace fs = std::filesystem;

std::string size_text(std::uint64_t bytes) {
  return bytes >> 30 > 0 ? std::to_string(bytes >> 30) + " GiB" : std::to_string(bytes >> 20) + " MiB";
}

/// What results keep of a file, found out while it is read.
class Keeping {
 public:
  Keeping(const std::string& name, std::uint64_t most) : most_(most) { input_.name = name; }

  void take(std::string_view piece) {
    input_.bytes += piece.size();
    digest_.take(piece);
    if (input_.bytes <= most_)
      input_.content += piece;
    else
      std::string().swap(input_.content);
  }
  InputFile done() {
    if (input_.bytes > most_) input_.digest = digest_.hexadecimal();
    return std::move(input_);
  }

 private:
  std::uint64_t most_;
  InputFile input_;
  Sha256 digest_;
};

InputFile read(const fs::path& path, const std::string& name, std::uint64_t most, std::uint64_t kept,
               const TakePiece& take) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) throw FileError(path.string() + ": no such file");
  const auto refuse_beyond = [&](std::uint64_t bytes) {
    if (bytes > most) throw FileError(path.string() + ": larger than " + size_text(most));
  };
  refuse_beyond(fs::file_size(path, error));
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FileError(path.string() + ": cannot be read");
  Keeping keeping(name, kept);
  std::string buffer(std::size_t{1} << 20, '\0');
  std::uint64_t bytes = 0;
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(in.gcount()));
    refuse_beyond(bytes += piece.size());  // it may grow while it is read
    keeping.take(piece);
    take(piece);
  }
  if (!in.eof()) throw FileError(path.string() + ": cannot be read");
  return keeping.done();
}

/// Where a file stands of which results hold the digest only.
fs::path find(const InputFile& input, const std::string& results_path) {
  const fs::path places[] = {input.name, fs::path(results_path).parent_path() / input.name};
  const auto there = [](const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
  };
  // Of two files the one of the right size.
  for (const fs::path& path : places)
    if (there(path) && fs::file_size(path) == input.bytes) return path;
  for (const fs::path& path : places)
    if (there(path)) return path;
  throw InputError(
      {{results_path,
        {},
        Severity::error,
        "the results know " + input.name + " by its SHA-256 only, because it is large, and it is neither " +
            places[0].string() + " nor " + places[1].string() +
            ": put it into the folder of the results, or call from the folder of the scenario",
        {},
        {}}});
}

[[noreturn]] void refuse_other(const fs::path& path, const std::string& results_path) {
  throw InputError({{path.string(),
                     {},
                     Severity::error,
                     "is not the file that was played: its SHA-256 is not the one in " + results_path +
                         "; put back the file as it was, or run the scenario again",
                     {},
                     {}}});
}

}  // namespace

ReadFile files_beside(const std::string& scenario_path, std::uint64_t kept) {
  const fs::path folder = fs::path(scenario_path).parent_path();
  return [folder, kept](const std::string& name, std::uint64_t most, const TakePiece& take) {
    return read(folder / name, name, most, kept, take);
  };
}

ReadFile files_in(const std::vector<InputFile>& inputs, const std::string& results_path) {
  return [&inputs, results_path](const std::string& name, std::uint64_t most, const TakePiece& take) {
    const auto input =
        std::find_if(inputs.begin(), inputs.end(), [&](const InputFile& one) { return one.name == name; });
    if (input == inputs.end()) throw FileError("the results do not hold " + name);
    if (input->whole()) {
      take(input->content);
      return *input;
    }
    const fs::path path = find(*input, results_path);
    if (fs::file_size(path) != input->bytes) refuse_other(path, results_path);
    InputFile found = read(path, name, most, 0, take);
    if (found.digest != input->digest) refuse_other(path, results_path);
    return found;
  };
}

InputFile read_list(const ReadFile& read_file, const std::string& name) {
  return read_file(name, largest_list, [](std::string_view) {});
}

}  // namespace trustfall
