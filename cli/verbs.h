#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace trustfall {

/// What a program reports to whoever started it.
enum ExitCode {
  done = 0,
  our_fault = 1,
  usage = 2,
  invalid_input = 3,
  file_trouble = 4,
  condition_holds = 6,
  interrupted = 130,
};

/// Each verb adds itself to the command line and sets `action` to what it does when it was the one given.
using Action = std::function<int()>;
void add_run(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_exercise(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_inspect(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_help(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);

}  // namespace trustfall
