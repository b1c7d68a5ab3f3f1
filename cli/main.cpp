#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/verbs.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

int main(int argc, char** argv) {
  using namespace trustfall;
  CLI::App app{
      "Trustfall plays how a network worm spreads through an estate, for planning and exercises.\n"
      "It simulates chances and rates; it never sends anything.",
      "trustfall"};
  app.footer(
      "Examples:\n"
      "  trustfall run scenarios/district-hospital.yaml --replicates 200 --seed 7 --out out/hospital\n"
      "  trustfall check my-estate.yaml\n"
      "  trustfall help worm.attempts\n\n"
      "Exit codes: 0 done, 1 our fault, also when a figure of validate fails, 2 usage,\n"
      "3 scenario or input invalid, 4 file or disk, 6 a --fail-if condition holds, 130 interrupted.");
  app.set_version_flag("--version", "trustfall " + std::string(version));
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_check(app, action);
  add_compare(app, action);
  add_export(app, action);
  add_exercise(app, action);
  add_replay(app, action);
  add_sweep(app, action);
  add_inspect(app, action);
  add_validate(app, action);
  add_help(app, action);
  add_completion(app, action);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::Error& error) {
    std::cerr << "trustfall: " << error.what() << "\nTry 'trustfall --help'.\n";
    return usage;
  }
  try {
    const int code = action();
    std::cout.flush();
    if (!std::cout) throw FileError("standard output: cannot be written");
    return code;
  } catch (const CLI::Error& error) {
    std::cerr << "trustfall: " << error.what() << '\n';
    return usage;
  } catch (const InputError& error) {
    for (const Mistake& mistake : error.mistakes()) std::cerr << describe(mistake) << '\n';
    return invalid_input;
  } catch (const FileError& error) {
    std::cerr << "trustfall: " << error.what() << "\n";
    return file_trouble;
  } catch (const std::bad_alloc&) {
    std::cerr << "trustfall: not enough memory for this estate on this machine\n";
    return our_fault;
  } catch (const std::exception& error) {
    std::cerr << "trustfall: this should not happen: " << error.what() << "\n";
    return our_fault;
  }
}
