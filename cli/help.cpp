#include <iostream>

#include "cli/verbs.h"
#include "scenarios/reference.h"

namespace trustfall {

void add_help(CLI::App& app, Action& action) {
  struct Options {
    std::string key;
    bool schema = false;
    bool page = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("help", "Explain a key of the scenario file, or a verb.");
  verb->add_option("key", options->key, "A key (coverage), a path (worm.attempts), a section or a verb")
      ->type_name("KEY");
  verb->add_flag("--json-schema", options->schema, "Print the JSON Schema that editors complete scenario files with");
  verb->add_flag("--reference", options->page, "Print the reference of all keys as Markdown");
  verb->footer("Examples:\n  trustfall help worm.kill_switch\n  trustfall help run\n  trustfall help --json-schema");
  verb->callback([options, &app, &action] {
    action = [options, &app] {
      if (options->schema) {
        std::cout << json_schema();
      } else if (options->page) {
        std::cout << reference_page();
      } else if (options->key.empty()) {
        std::cout << app.help();
      } else {
        for (const CLI::App* other : app.get_subcommands({}))
          if (other->get_name() == options->key) {
            std::cout << other->help();
            return done;
          }
        std::cout << help_for(options->key);
      }
      return done;
    };
  });
}

}  // namespace trustfall
