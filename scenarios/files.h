#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/study/results.h"

namespace trustfall {

constexpr std::uint64_t largest_list = std::uint64_t{32} << 20;  // bytes of a list or a scenario
constexpr std::uint64_t largest_graph = std::uint64_t{8} << 30;  // bytes of the file of a graph
constexpr std::uint64_t largest_kept = largest_list;             // bytes of an input that results hold whole

/// Takes the content of a file, a piece at a time, in order.
using TakePiece = std::function<void(std::string_view piece)>;

/// Hands the content of a file named in a scenario, relative to it, to `take`, and returns what results keep of it.
/// Throws FileError, also when there are more than `most` bytes.
using ReadFile = std::function<InputFile(const std::string& name, std::uint64_t most, const TakePiece& take)>;

/// Reads from the folder that the scenario stands in.
ReadFile files_beside(const std::string& scenario_path, std::uint64_t kept = largest_kept);

/// Reads what a results file holds. A file of which it holds the digest only is looked for at its name, from the
/// current folder and then from that of the results file; throws InputError when it is not there, or not the same.
ReadFile files_in(const std::vector<InputFile>& inputs, const std::string& results_path);

/// A list, or a scenario, whole.
InputFile read_list(const ReadFile& read_file, const std::string& name);

}  // namespace trustfall
